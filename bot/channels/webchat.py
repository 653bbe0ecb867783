"""The web chat: tokens, and a posted form as a message. What a page looks like is bot.web's; nothing is kept here.

A token is 128 random bits that only the page knows; whoever has it has the conversation. It never stands in an
address, and what is stored of it is a keyed hash.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.channels.base import InboundMessage, Malformed, PressedStart
from flows.conversation import Position
from privacy.pseudonyms import token_hash
from text.normalising import clean

PROVIDER = "webchat"
CHANNEL = "chat"
LANGUAGE_NAMES = {
    "sv": "Svenska",
    "en": "English",
    "fi": "Suomi",
    "ar": "العربية",
    "so": "Soomaali",
    "no": "Norsk",
    "sma": "Åarjelsaemien",
}
"""Each language in its own words: stands on the button and is what the button says."""

Fields = Mapping[str, Sequence[str]]
"""Form fields as they came: every value of every name."""

ID = re.compile(r"[0-9a-f]{32}")
"""128 bits in hexadecimal: a token, or the id of a message."""
QUESTION = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,63})\.([0-9]{1,3})")
LONGEST_CODE = 40
TRAP = "website"
"""A field that no person sees. What fills it in is a machine."""


class Action(StrEnum):
    """The button that was pressed."""

    START = "start"
    ANSWER = "answer"
    DONT_KNOW = "dont_know"
    REFUSE = "refuse"
    SKIP = "skip"
    BACK = "back"
    CONTINUE = "continue"
    LANGUAGE = "language"
    ERASE = "erase"
    STOP = "stop"
    CHANGE = "change"
    LOOK = "look"
    PHONE = "phone"


_HEARD_ANYWHERE = frozenset({Action.ERASE, Action.STOP})
_SAYS = {
    Action.DONT_KNOW: "vet ej",
    Action.REFUSE: "0",
    Action.SKIP: "hoppa över",
    Action.BACK: "tillbaka",
    Action.CONTINUE: "fortsätt",
    Action.ERASE: "radera",
    Action.STOP: "stopp",
}
"""What buttons say to the engine: words that it reads in a conversation in any language."""


YES = "ok"
"""What Start says to whether to begin: "ja" is *and* in a Finnish conversation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form as it came. `token` is empty where there is none, or none that could be ours.

    `language` is that of the page; after Start and a language button, the one that was asked for. `shown` is the
    question that the page shows; with CHANGE, the one whose answer is to be given anew.
    """

    token: str
    message_id: str
    action: Action
    language: str
    shown: Position | None
    choices: tuple[str, ...]
    text: str
    place_code: str
    network: str = ""
    is_machine: bool = False
    internal_code: str = ""
    """With Start: what lets employees in to their survey."""

    @property
    def words(self) -> str:
        """What the message says: the button's words, else what was typed, else what was chosen, cut as a text is."""
        if self.action is Action.LANGUAGE:
            return LANGUAGE_NAMES[self.language]
        return _SAYS.get(self.action) or self.text or clean(",".join(self.choices))


def new_message_id() -> str:
    """An id for the one message that a form may become: 128 random bits."""
    return secrets.token_hex(16)


def parse(fields: Fields, *, network: str = "") -> Form:
    """Raises Malformed for what no page of ours sends. `network` is where it was sent from."""
    if any(len(values) != 1 for name, values in fields.items() if name != "choice"):
        raise Malformed("a field came more than once")
    value = {name: values[0] for name, values in fields.items()}
    message_id = value.get("message_id", "")
    if not ID.fullmatch(message_id):
        raise Malformed("message_id is not 128 bits in hexadecimal")
    action, _, argument = value.get("action", Action.ANSWER.value).partition(".")
    if action not in set(Action):
        raise Malformed("no such button")
    token, page_language = value.get("token", ""), value.get("language", "")
    is_change = action == Action.CHANGE
    return Form(
        token=token if ID.fullmatch(token) else "",
        message_id=message_id,
        action=Action(action),
        language=_language(Action(action), page_language if is_change else argument or page_language),
        shown=_shown(argument if is_change else value.get("question", "")),
        choices=tuple(clean(choice) for choice in fields.get("choice", ())),
        text=clean(value.get("text", "").replace("\r\n", "\n").strip()),
        place_code=clean(value.get("place_code", ""))[:LONGEST_CODE],
        network=network,
        is_machine=bool(value.get(TRAP)),
        internal_code=clean(value.get("internal_code", ""))[:LONGEST_CODE],
    )


def sender(token: str) -> str:
    """Who holds the conversation, as the rest of the program names them."""
    return f"chat:{token}"


def begun_with(start: Form) -> str:
    """The token of the conversation that `start` begins: always the same one, since Start may be pressed twice."""
    return hashlib.sha256(f"token of {start.message_id}".encode()).hexdigest()[:32]


def start_message(start: Form, *, round_code: str, stream: str) -> InboundMessage:
    """Start pressed: a conversation begins."""
    pressed = PressedStart(
        stream=stream, language=start.language, place_code=start.place_code, is_machine=start.is_machine
    )
    return _message(start, begun_with(start), round_code, text="", start=pressed)


def consent_message(start: Form, *, round_code: str, shown: Position) -> InboundMessage:
    """Start pressed: also the answer to whether to begin, which has stood beside the button."""
    return _message(start, begun_with(start), round_code, text=YES, shown=shown)


def message(form: Form, *, round_code: str) -> InboundMessage:
    """Any other form. Stop and erase are heard whatever the page shows; the rest answers the question shown."""
    if form.action is Action.CHANGE:
        return _message(form, form.token, round_code, text="", changes=form.shown or Position("", 0))
    shown = None if form.action in _HEARD_ANYWHERE else form.shown or Position("", 0)
    return _message(form, form.token, round_code, text=form.words, shown=shown)


def _message(
    form: Form,
    token: str,
    round_code: str,
    *,
    text: str,
    start: PressedStart | None = None,
    shown: Position | None = None,
    changes: Position | None = None,
) -> InboundMessage:
    says = f"change {changes.question}.{changes.repeat}" if changes else text
    return InboundMessage(
        provider=PROVIDER,
        provider_id=_provider_id(token, form.message_id, says),
        channel=CHANNEL,
        sender=sender(token),
        recipient="",
        text=text,
        round_code=round_code,
        start=start,
        answers=shown,
        network=form.network,
        changes=changes,
    )


def _provider_id(token: str, message_id: str, text: str) -> str:
    """The same words in the same form are the same message; ids of two chats never meet.

    Words count, since a browser's own Back shows the old form again: with another answer in it, it is another
    message (and left behind). Nobody without the token can try out words on the hash.
    """
    return token_hash(f"{token}:{message_id}:{text}")


def _language(action: Action, code: str) -> str:
    if action is Action.LANGUAGE and code not in LANGUAGE_NAMES:
        raise Malformed("no such language")
    return code[:8]


def _shown(text: str) -> Position | None:
    match = QUESTION.fullmatch(text)
    return Position(match[1], int(match[2])) if match else None
