"""What no program of this kind can go below: the same server, signature check and one fsynced commit a message.

`statements` makes the statements of a turn by hand in SQLAlchemy Core, without understanding anything; `constant`
only inserts that the message came. Both answer TwiML. Served by gunicorn as the program is.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, bindparam, func, insert, select, update
from twilio.request_validator import RequestValidator

from bot.channels.twilio_sms import MEDIA_TYPE, SMS_PATH
from bot.config import read_settings
from storage.database import open_database
from storage.tables import Answer, Conversation, Message, Round, RoundFlow

_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Vilken by gäller det?</Message></Response>'
_STATE = {
    "flow": "residents",
    "version": "1",
    "language": "sv",
    "answers": {f"question{n}": "value" for n in range(9)},
}
_SEEN = select(Message.reply).where(
    Message.provider == "twilio", Message.provider_id == bindparam("provider_id")
)
_ROUND = select(Round.id, Round.status, Round.document, Round.wrapped_key).where(
    Round.phone_number == bindparam("phone_number")
)
_LATELY = select(func.count()).where(
    Message.sender_key == bindparam("sender_key"), Message.received_at > bindparam("since")
)
_LATEST = (
    select(Conversation.id, Conversation.flow_version_id, Conversation.state)
    .where(Conversation.contact_key == bindparam("contact_key"))
    .order_by(Conversation.last_at.desc())
    .limit(1)
)
_FLOW = select(RoundFlow.flow_version_id).limit(1)
_ADD_CONVERSATION, _ADD_ANSWER, _ADD_MESSAGE = insert(Conversation), insert(Answer), insert(Message)
_CHANGE = update(Conversation).where(Conversation.id == bindparam("conversation_id"))

Fields = Mapping[str, str]


def statements() -> Flask:
    """One turn by hand: four reads, an answer, the conversation's new state, the message."""
    return _serve(_turn)


def constant() -> Flask:
    """One row a message."""
    return _serve(_note)


def _serve(work: Callable[[Connection, Fields], None]) -> Flask:
    settings = read_settings()
    engine = open_database(settings.database_url).engine
    validator = RequestValidator(settings.twilio_auth_tokens[0])
    one_writer = threading.Lock() if engine.dialect.name == "sqlite" else threading.BoundedSemaphore(16)
    app = Flask(__name__, static_folder=None)

    @app.get("/health/ready")
    def ready() -> str:
        return "ok"

    @app.post(SMS_PATH)
    def receive() -> tuple[Response, int]:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(settings.public_url + SMS_PATH, request.form, signature):
            return Response(status=403), 403
        with one_writer, engine.begin() as connection:
            work(connection, request.form)
        return Response(_TWIML, content_type=MEDIA_TYPE), 200

    return app


def _note(connection: Connection, fields: Fields) -> None:
    connection.execute(_ADD_MESSAGE, _message(fields, None, None))


def _turn(connection: Connection, fields: Fields) -> None:
    sender, now = _key(fields), datetime.now(UTC)
    if connection.execute(_SEEN, {"provider_id": fields["MessageSid"]}).first():
        return
    round_row = connection.execute(_ROUND, {"phone_number": fields["To"]}).one()
    connection.execute(_LATELY, {"sender_key": sender, "since": now - timedelta(hours=1)}).scalar_one()
    known = connection.execute(_LATEST, {"contact_key": sender}).first()
    if known is None:
        conversation_id = _begin(connection, round_row.id, sender, now)
    else:
        conversation_id = known.id
        _go_on(connection, round_row.id, known, now)
    connection.execute(_ADD_MESSAGE, _message(fields, round_row.id, conversation_id))


def _begin(connection: Connection, round_id: int, sender: str, now: datetime) -> int:
    version_id = connection.execute(_FLOW).scalar_one()
    conversation_id = secrets.randbelow(1 << 62)
    connection.execute(
        _ADD_CONVERSATION,
        {
            "id": conversation_id,
            "round_id": round_id,
            "flow_version_id": version_id,
            "stream": "residents",
            "channel": "sms",
            "language": "sv",
            "contact_key": sender,
            "ordinal": 1,
            "status": "asking",
            "outcome": "break_off",
            "state": _STATE,
            "started_at": now,
            "last_at": now,
        },
    )
    return conversation_id


def _go_on(connection: Connection, round_id: int, known: Any, now: datetime) -> None:
    connection.execute(
        _ADD_ANSWER,
        {
            "id": secrets.randbelow(1 << 62),
            "conversation_id": known.id,
            "round_id": round_id,
            "flow_version_id": known.flow_version_id,
            "stream": "residents",
            "question": "problem",
            "repeat": 0,
            "value": "answered",
            "text": "Folk kör för fort på E14",
            "read_how": "whole",
            "read_score": 1.0,
            "standing": "current",
        },
    )
    state = {**known.state, "tries": 0}
    changed = {"conversation_id": known.id, "state": state, "at_question": "where", "last_at": now}
    connection.execute(_CHANGE, changed)


def _message(fields: Fields, round_id: int | None, conversation_id: int | None) -> dict[str, Any]:
    return {
        "provider": "twilio",
        "provider_id": fields["MessageSid"],
        "round_id": round_id,
        "conversation_id": conversation_id,
        "sender_key": _key(fields),
        "received_at": datetime.now(UTC),
        "reply": {
            "round": round_id,
            "flow_version": 1,
            "said": [{"key": "question:where", "language": "sv"}],
        },
    }


def _key(fields: Fields) -> str:
    return hashlib.sha256(fields["From"].encode()).hexdigest()
