"""A number, a token and a telling word go in by every door; then the processes' whole output, faults included, their
pages and a dump of the database are searched for them.
"""

import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from postgresql_server import PostgresqlServer
from serving import Caller, Program, Response
from sqlalchemy import select, update
from town import ROUND, Town, message_fields

from bot.channels import webchat
from bot.channels.twilio_sms import SMS_PATH, STATUS_PATH
from storage.tables import Conversation

NUMBER, OTHER = "+46701741901", "+46701741902"
WORD = "kvitterlyktan"
TEXT = f"{WORD} vid torget, ring 070-174 19 03 eller vitsippa.blom@example.com, 19811218-9876"
FAULT = "felordet"
"""What is wrong with a row, as the fault that it makes says it."""
SOMEBODY = ("701741901", "701741902", "701741903", "70-174 19 03", "174 19 03", "vitsippa", "811218-9876")
ENCODED = tuple(b64encode(NUMBER[cut:].encode())[:12].decode() for cut in range(4))
CHAT = f"/chat/{ROUND}/residents"


def test_no_log_page_or_dump_tells_who_wrote_or_what(
    shared_program: Program, request: pytest.FixtureRequest
) -> None:
    """The words themselves stand in the database, masked; nowhere else."""
    program, since = shared_program, len(shared_program.output.read_bytes())
    with closing(program.caller()) as caller:
        pages = [*_survey(caller), *_refused(caller), *_broken(caller, program.town)]
        token = _chat(caller)
    told = program.told(since)
    for event in ("webhook_refused", "unexpected_error"):
        assert event in told
    assert _found(told, (*SOMEBODY, *ENCODED, WORD, FAULT, token)) == []
    assert _found("".join(pages), (*SOMEBODY, WORD, FAULT)) == []
    dump = _dump(program.town, request)
    assert WORD in dump
    assert _found(dump, (*SOMEBODY, *ENCODED, token)) == []


def _survey(caller: Caller) -> Iterator[str]:
    more = {"ProfileName": "vitsippa", "WaId": NUMBER, "FromCity": TEXT, "MediaUrl0": TEXT}
    for text in (
        TEXT,
        "TRYGG",
        TEXT,
        "ja",
        TEXT,
        TEXT,
        "Duved",
        "4",
        TEXT,
        TEXT,
        "2,5",
        TEXT,
        "RESULTAT",
        TEXT,
    ):
        yield _page(caller.deliver({**message_fields(text, sender=NUMBER), **more}))
    failed = {
        **message_fields("", sender=NUMBER),
        "To": NUMBER,
        "MessageStatus": "failed",
        "ErrorCode": NUMBER,
    }
    yield _page(caller.deliver({**failed, "ErrorMessage": TEXT}, STATUS_PATH))


def _refused(caller: Caller) -> Iterator[str]:
    fields = message_fields(TEXT, sender=NUMBER)
    yield _page(caller.post(SMS_PATH, urlencode(fields), signature="forged"))
    yield _page(caller.deliver({**fields, "MessageSid": TEXT}))
    yield _page(caller.deliver({**fields, "From": f"whatsapp:{NUMBER}"}))
    yield _page(caller.deliver({**fields, "Body": TEXT * 1000}))
    caller.close()  # a connection on which too much came is not kept


def _broken(caller: Caller, town: Town) -> Iterator[str]:
    """A conversation that the program cannot read: a fault in earnest, whose words are personal."""
    known = set(_states(town))
    assert caller.deliver(message_fields("TRYGG", sender=OTHER)).status_code == 200
    (broken,) = set(_states(town)) - known
    state = _states(town)[broken]
    _set_state(town, broken, {"v": FAULT})
    response = caller.deliver(message_fields(TEXT, sender=OTHER))
    assert response.status_code == 500
    yield _page(response)
    _set_state(town, broken, state)


def _chat(caller: Caller) -> str:
    """The token of a chat in which all is said; its pages say the words back to whom they are from."""
    start = {"message_id": secrets.token_hex(16), "action": "start", "language": "sv", "place_code": NUMBER}
    assert caller.post(CHAT, urlencode(start)).status_code == 200
    token = webchat.begun_with(webchat.parse({name: [value] for name, value in start.items()}))
    for question in ("role", "role", "area", "safety", "avoided", "problem", "when"):
        form = {
            "message_id": secrets.token_hex(16),
            "token": token,
            "question": f"{question}.0",
            "text": TEXT,
        }
        assert caller.post(CHAT, urlencode(form)).status_code == 200
    assert caller.post(CHAT, urlencode({**form, "message_id": TEXT})).status_code == 400
    assert caller.post(CHAT, urlencode({**form, "text": TEXT * 1000})).status_code == 413
    return token


def _states(town: Town) -> dict[int, Any]:
    with town.house.database.sessions.reading() as session:
        return {row.id: row.state for row in session.execute(select(Conversation.id, Conversation.state))}


def _set_state(town: Town, conversation: int, state: Any) -> None:
    with town.house.database.sessions.begin() as session:
        session.execute(update(Conversation).where(Conversation.id == conversation).values(state=state))


def _dump(town: Town, request: pytest.FixtureRequest) -> str:
    """The file with all that was deleted or never committed; of PostgreSQL what a backup has."""
    url = town.house.database.engine.url
    if url.get_backend_name() == "sqlite":
        folder = Path(url.database or "").parent
        return "".join(path.read_bytes().decode("latin-1") for path in folder.glob("lyhord.db*"))
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.dump(url.render_as_string(hide_password=False))


def _page(response: Response) -> str:
    return f"{response.headers}\n{response.data.decode()}"


def _found(text: str, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word.lower() in text.lower()]
