"""A form taken: what is said to it, and where its conversation stands then. The same for pages and for the API.

No Flask here, and nothing of how it is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.channels import webchat
from bot.channels.webchat import Action, Form
from bot.services import internal_links, viewing
from bot.services.inbound import Inbound
from bot.services.transferring import PhoneCode, show_code
from bot.services.viewing import View, find_open_round
from bot.web import chat_page
from bot.web.chat_page import Asked, Heard
from flows.conversation import Position, Status
from flows.model import Kind
from text.normalising import clean

_WITHOUT_ANSWERS = frozenset({Status.ERASED, Status.UNDER_AGE})


class Place(NamedTuple):
    """Where in the address a chat is. `stream` is empty where the token alone tells."""

    round_code: str
    stream: str = ""


def place_in(round_code: str, stream: str = "") -> Place:
    """As the address says, without what a database cannot take."""
    return Place(clean(round_code), clean(stream))


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What there is to show. `view` is None for a token that is unknown, erased or past its round's key.

    `asked` is None where nothing waits for an answer, `is_open` whether the round takes answers today.
    """

    token: str
    language: str
    values: Mapping[str, str]
    is_open: bool
    heard: Heard
    view: View | None
    asked: Asked | None
    phone: PhoneCode | None = None
    """What to text to go on by telephone, where that was asked for."""

    @property
    def may_erase(self) -> bool:
        return self.view is not None and self.view.status not in _WITHOUT_ANSWERS


class NotAdmitted(Exception):
    """The code does not open the survey. Nothing was stored."""


def begin(inbound: Inbound, place: Place, form: Form) -> Shown | None:
    """Start is what a keyword is in a text, and at once the yes to whether to begin. None where nothing is open.

    Raises NotAdmitted, and TooMany.
    """
    found = find_open_round(inbound.parts, place.round_code)
    flow = found.flows.get(place.stream) if found else None
    if flow is None or not internal_links.is_offered(inbound.parts, place.round_code, place.stream):
        return None
    if not internal_links.admits(
        inbound.parts, place.round_code, place.stream, form.internal_code, network=form.network
    ):
        raise NotAdmitted
    reply = inbound.receive(webchat.start_message(form, round_code=place.round_code, stream=place.stream))
    first = flow.questions[0]
    if first.kind is Kind.CONSENT:
        shown = Position(first.name, 0)
        reply = inbound.receive(webchat.consent_message(form, round_code=place.round_code, shown=shown))
    return _show(inbound, place, webchat.begun_with(form), form, chat_page.heard(reply))


def answer(inbound: Inbound, place: Place, form: Form) -> Shown:
    """Take the form as a message, and see where the conversation stands then. Only looking is no message."""
    if form.action is Action.LOOK:
        return look(inbound, place, form.token, form)
    if form.action is Action.PHONE:
        return _show_code(inbound, place, form)
    if form.action is Action.ANSWER and not form.words:
        heard = Heard(is_empty=True)
    else:
        heard = chat_page.heard(inbound.receive(webchat.message(form, round_code=place.round_code)))
    return _show(inbound, place, form.token, form, heard)


def _show_code(inbound: Inbound, place: Place, form: Form) -> Shown:
    """No message: a code is shown once and stored as a hash. Raises TooMany."""
    sender = webchat.sender(form.token)
    phone = show_code(inbound.parts, place.round_code, sender, network=form.network)
    return replace(_show(inbound, place, form.token, None, Heard(is_code=True)), phone=phone)


def look(inbound: Inbound, place: Place, token: str, form: Form | None = None) -> Shown:
    """Where the conversation of a token stands, with the answers so far. Changes nothing."""
    return _show(inbound, place, token, form, Heard(is_look=True))


def _show(inbound: Inbound, place: Place, token: str, form: Form | None, heard: Heard) -> Shown:
    """What `form` said stands in its question again, if that still waits."""
    found = find_open_round(inbound.parts, place.round_code)
    view = viewing.look(inbound.parts, place.round_code, webchat.sender(token), with_answers=heard.is_look)
    values = found.values if found else {}
    asked = None
    if found is not None and view is not None and view.at is not None and view.question is not None:
        asked = chat_page.asked(view, view.at, view.question, form, heard, values)
    if view is not None and view.is_on_phone and not heard.has_words:
        heard = replace(heard, texts=(chat_page.words(view.language)["on_phone_explained"],))
    return Shown(
        token=token,
        language=view.language if view else (form.language if form else ""),
        values=values,
        is_open=found is not None,
        heard=heard,
        view=view,
        asked=asked,
    )
