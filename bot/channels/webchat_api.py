"""The web chat's programming interface: a posted JSON document as the form that a page without script would send."""

import json
import re
from typing import Any

from bot.channels.base import Malformed
from bot.channels.webchat import ID, LANGUAGE_NAMES, LONGEST_CODE, QUESTION, TRAP, Action, Form
from flows.conversation import Position
from text.normalising import clean

MEDIA_TYPE = "application/json"

SHORTEST_WAIT_MS = 1_000
"""Between the page's coming and Start. A person needs longer to see who asks; who is quicker is marked."""
_BEARER = re.compile(r"Bearer +([0-9a-f]{32})")
_MOST_CHOICES = 64
_LONGEST_LANGUAGE = 8
_HAVE_A_ROUTE = frozenset({Action.START, Action.LOOK})


def bearer(header: str) -> str:
    """The token in an Authorization header; empty where there is none that could be ours."""
    match = _BEARER.fullmatch(header)
    return match[1] if match else ""


def parse_start(body: bytes, *, network: str = "") -> Form:
    """What begins a conversation. Raises Malformed for what does not fit docs/chat-api.md."""
    document = _Document(body)
    return Form(
        token="",
        message_id=document.message_id(),
        action=Action.START,
        language=document.language(),
        shown=None,
        choices=(),
        text="",
        place_code=clean(document.text("place_code"))[:LONGEST_CODE],
        network=network,
        is_machine=bool(document.text(TRAP)) or document.waited_ms() < SHORTEST_WAIT_MS,
        internal_code=clean(document.text("internal_code"))[:LONGEST_CODE],
    )


def parse_message(body: bytes, token: str, *, network: str = "") -> Form:
    """Any later message of the conversation of `token`. Raises Malformed as `parse_start`."""
    document = _Document(body)
    action = document.action()
    language = document.language()
    if action is Action.LANGUAGE and language not in LANGUAGE_NAMES:
        raise Malformed("no such language")
    return Form(
        token=token,
        message_id=document.message_id(),
        action=action,
        language=language,
        shown=document.question(),
        choices=document.choices(),
        text=clean(document.text("text").replace("\r\n", "\n").strip()),
        place_code="",
        network=network,
    )


class _Document:
    """The fields of a posted document, each of its own type. What we do not know is passed over."""

    def __init__(self, body: bytes) -> None:
        self._fields = _object(body)

    def text(self, name: str) -> str:
        value = self._fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Malformed(f"{name} is not a text")
        return value

    def message_id(self) -> str:
        value = self.text("message_id")
        if not ID.fullmatch(value):
            raise Malformed("message_id is not 128 bits in hexadecimal")
        return value

    def waited_ms(self) -> int:
        value = self._fields.get("waited_ms")
        if value is None:
            return SHORTEST_WAIT_MS
        if not isinstance(value, int) or isinstance(value, bool):
            raise Malformed("waited_ms is not a whole number")
        return value

    def language(self) -> str:
        return clean(self.text("language"))[:_LONGEST_LANGUAGE]

    def action(self) -> Action:
        value = self.text("action")
        if value not in set(Action) - _HAVE_A_ROUTE:
            raise Malformed("no such action")
        return Action(value)

    def question(self) -> Position | None:
        if self._fields.get("question") is None:
            return None
        match = QUESTION.fullmatch(self.text("question"))
        if not match:
            raise Malformed("question does not name one")
        return Position(match[1], int(match[2]))

    def choices(self) -> tuple[str, ...]:
        value = self._fields.get("choices")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(choice, str) for choice in value):
            raise Malformed("choices is not a list of texts")
        if len(value) > _MOST_CHOICES:
            raise Malformed("more choices than any question has")
        return tuple(clean(choice) for choice in value)


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body.decode("utf-8"))
    except (
        ValueError,
        RecursionError,
    ):  # not UTF-8, not JSON, a number of thousands of digits; nested without end
        raise Malformed("not a JSON document") from None
    if not isinstance(document, dict):
        raise Malformed("not a JSON object")
    return document
