"""A survey of the chat goes on by text message, when the resident texts a code that the page shows.

No number is ever typed on a page. The code lasts half an hour, works once, and stands in the database as a keyed hash.
From then on there is one conversation, the telephone's; the page takes no more answers and can still erase them.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.channels.numbers import to_readable
from bot.services.arrivals import Arrival, Parts, Response, Standing, find_standing, key_in, language_of
from bot.services.dates import local_date
from bot.services.filing import store_turn
from bot.services.limiting import TooMany, this_hour, wait_s
from bot.services.reading import CodedMessage
from bot.services.surveys import Survey, fold_code
from flows import engine
from flows.conversation import Status, from_json
from flows.events import Said
from flows.reading import ReadMessage
from storage import conversations, limits, rounds, transfers
from storage.database import Session
from text.transfer_codes import make_code, read_code

LASTS = timedelta(minutes=30)
CODES_OF_A_NETWORK = 300
"""In an hour by the clock: a school class behind one address may all want one, and again."""
TRIES_OF_A_TELEPHONE = 5
"""In an hour by the clock. With a hundred codes waiting, a try finds one of them once in 63,000."""
_LONGEST_TEXT = 40
_WITHOUT_ANSWERS = frozenset({Status.ERASED, Status.UNDER_AGE})


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneCode:
    """What the resident is shown: `text` is to be sent to `number`, which stands in `readable` as people write it."""

    number: str
    readable: str
    text: str
    minutes: int


def may_go_on_by_phone(survey: Survey, stream: str) -> bool:
    """Whether a text can name the survey: one that has a keyword."""
    return any(named == stream for named, _ in survey.keywords.values())


def show_code(parts: Parts, round_code: str, sender: str, *, network: str) -> PhoneCode | None:
    """A new code for the chat of `sender`; one before it is void. None where its survey cannot go on by telephone.

    Raises TooMany.
    """
    lock = parts.keys.standing_key(sender)
    with parts.sessions.begin(contact=lock) as session:
        row = rounds.get_round(session, round_code)
        if row is None or not row.takes_answers(local_date(parts.now())):
            return None
        _count(parts, session, f"telephone codes from {network}" if network else "", CODES_OF_A_NETWORK)
        chat_key = key_in(parts, row, sender)
        found = conversations.get_latest_conversation(session, chat_key) if chat_key else None
        if chat_key is None or found is None or not from_json(found.state).is_open:
            return None
        word = _keyword(
            rounds.get_round_document(session, row.id), found.stream, str(found.state["language"])
        )
        if not word:
            return None
        code = _new_code(parts, session, parts.surveys.of(session, row))
        transfers.set_code(
            session,
            chat_key=chat_key,
            round_id=row.id,
            conversation_id=found.id,
            chat_lock=lock,
            code_hash=parts.keys.standing_key(_named(code)),
            expires_at=parts.now() + LASTS,
        )
    return PhoneCode(
        number=row.phone_number,
        readable=to_readable(row.phone_number),
        text=f"{word} {code}",
        minutes=int(LASTS.total_seconds()) // 60,
    )


def _keyword(document: Mapping[str, Any], stream: str, language: str) -> str:
    """Of the survey, best in the language of the conversation; empty where it has none."""
    of_stream = [k for k in document["keywords"] if k["flow"] == stream]
    of_stream.sort(key=lambda k: k.get("language") != language)
    return str(of_stream[0]["word"]).upper() if of_stream else ""


def _new_code(parts: Parts, session: Session, survey: Survey) -> str:
    while True:
        code = make_code(secrets.randbelow)
        is_taken = transfers.is_taken(session, parts.keys.standing_key(_named(code)))
        if not is_taken and survey.find_place_code(code) is None:
            return code


def _named(code: str) -> str:
    return f"transfer {code}"


def _count(parts: Parts, session: Session, of: str, most: int) -> None:
    if not of:
        return
    now = parts.now()
    key = parts.keys.passing_key(of, now.date())
    if limits.count_up(session, [key], this_hour(now))[key] > most:
        raise TooMany(wait_s(now))


# --- what the telephone sends ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class SentCode:
    """What stands in a text such as "TRYGG 7KF2QM" or "7kf 2qm"."""

    code: str
    with_keyword: bool


def code_in(survey: Survey, text: str) -> SentCode | None:
    """The code in a text; None where there is none."""
    if len(text) > _LONGEST_TEXT:
        return None
    plain = fold_code(text.strip(" .,!\"'"))
    words = ("", *(word for word in survey.keywords if plain.startswith(word)))
    for word in words:
        code = read_code(plain[len(word) :])
        if code and not survey.find_place_code(code):
            return SentCode(code=code, with_keyword=bool(word))
    return None


def take_over(parts: Parts, arrival: Arrival, survey: Survey, sent: SentCode) -> Response | None:
    """The telephone has the chat's conversation from now on. One that it has in the round already stays as it is.

    None for what looks like a code, comes without a keyword and is none: an answer.
    """
    language = language_of(parts, arrival)
    unknown = Response(said=(Said(key="code_unknown", language=language),)) if sent.with_keyword else None
    try:
        _count(parts, arrival.session, f"codes tried by {arrival.incoming.sender}", TRIES_OF_A_TELEPHONE)
    except TooMany:
        return unknown
    hashes = parts.keys.standing_keys(_named(sent.code))
    waiting = transfers.take_code(arrival.session, survey.round_id, hashes, arrival.now)
    found = conversations.get_conversation(arrival.session, waiting.conversation_id) if waiting else None
    if waiting is None or found is None:
        return unknown
    flow = parts.surveys.flow(arrival.session, survey, found.flow_version_id)
    state = from_json(found.state)
    before = find_standing(parts, arrival, found.stream)
    has_another = before is not None and before.state.status not in _WITHOUT_ANSWERS
    if has_another or not state.is_open or found.contact_key != waiting.chat_key:
        transfers.forget(arrival.session, waiting.chat_key)
        kept = Said(key="phone_has_survey", language=state.language)
        return Response(said=(kept,)) if has_another else unknown
    turn = engine.carry_on(flow, state, channel=arrival.incoming.channel)
    last_at = max(arrival.moved_at, found.last_at + timedelta(microseconds=1))
    standing = Standing(row=found, state=state, flow=flow)
    nothing_said = CodedMessage(message=ReadMessage(text=""))
    response = store_turn(replace(arrival, moved_at=last_at), standing, turn, nothing_said)
    conversations.update_conversation(arrival.session, found.id, {"contact_key": arrival.contact_key})
    return response
