"""A town for tests: the real program around a database of the test's own, an open round, phones that send signed
webhooks, and a clock that the test turns.
"""

import secrets
import xml.etree.ElementTree as ElementTree
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.channels.twilio_sms import SMS_PATH, STATUS_PATH
from bot.cli.demo import demonstration_round
from bot.config import Settings
from bot.services.internal_links import InternalLinks
from bot.services.publishing import load_flow
from bot.services.rounds import LoadFlow, Rounds
from bot.wiring import House, assemble
from storage.database import Database

OUR_NUMBER = "+46700000100"
ACCOUNT = "AC" + "1" * 32
METRICS_TOKEN = "for-the-tests-and-no-other-reader"
PUBLIC_URL = "https://trygg.example.se"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ROUND = "are-demo"
_round_document = cache(demonstration_round)  # read and checked once for all towns
_flow_document = cache(lambda name: load_flow(name, Path()))


@dataclass
class Clock:
    """Stands still until the test moves it."""

    time: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.time

    def move(self, **duration: float) -> None:
        self.time += timedelta(**duration)


def settings() -> Settings:
    return Settings(
        database_url="unused",
        master_keys=f"k1:{b64encode(bytes(range(32))).decode()}",
        public_url=PUBLIC_URL,
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=("12345",),
        metrics_token=METRICS_TOKEN,
    )


def mode_b() -> dict[str, Any]:
    """What `Town.build` takes for a round whose safeguards are of mode B."""
    return {"values": {**_round_document().values, "safeguard_mode": "B"}}


@dataclass
class Town:
    """`house` is the program, `client` its web, `clock` its time."""

    house: House
    clock: Clock
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = create_app(self.house).test_client()

    @classmethod
    def build(cls, database: Database, load: LoadFlow = _flow_document, **changes: Any) -> "Town":
        """A town whose demonstration round is open from a month before to a month after the clock. `load` gives the
        documents of its flows.
        """
        clock = Clock()
        house = assemble(settings(), database, clock)
        town = cls(house=house, clock=clock)
        document = replace(
            _round_document(),
            **{
                "opens_on": MONDAY.date() - timedelta(days=30),
                "closes_on": MONDAY.date() + timedelta(days=30),
                **changes,
            },
        )
        town.rounds.create(document, load, is_demonstration=True)
        town.rounds.open(document.code)
        return town

    @property
    def rounds(self) -> Rounds:
        database = self.house.database
        return Rounds(sessions=database.sessions, keys=self.house.keys, now=self.clock, actor="test")

    def internal_code(self) -> str:
        """A new code for employees."""
        links = InternalLinks(
            sessions=self.house.database.sessions,
            keys=self.house.keys,
            now=self.clock,
            actor="test",
            public_url=PUBLIC_URL,
        )
        links.renew(ROUND)
        link = links.find(ROUND).link
        assert link is not None
        return link.code

    def webhook(
        self, fields: dict[str, str], path: str = SMS_PATH, signature: str | None = None
    ) -> TestResponse:
        """Post a webhook, signed unless a signature is handed in."""
        signed = self.house.twilio.sign(path, fields) if signature is None else signature
        return self.client.post(path, data=fields, headers={"X-Twilio-Signature": signed})

    def status(self, sid: str, state: str, **more: str) -> TestResponse:
        fields = {**message_fields("", sid=sid), "MessageStatus": state, **more}
        return self.webhook(fields, path=STATUS_PATH)

    def phone(self, number: str = "+46701740605") -> "Phone":
        return Phone(town=self, number=number)


def message_fields(text: str, *, sender: str = "+46701740605", sid: str = "") -> dict[str, str]:
    """What the provider posts for a message."""
    return {
        "MessageSid": sid or f"SM{secrets.token_hex(16)}",
        "AccountSid": ACCOUNT,
        "From": sender,
        "To": OUR_NUMBER,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
    }


@dataclass
class Phone:
    """A telephone. `say` returns the text that comes back, empty where nothing does."""

    town: Town
    number: str

    def say(self, text: str, **fields: str) -> str:
        response = self.town.webhook({**message_fields(text, sender=self.number), **fields})
        assert response.status_code == 200, response.status
        return twiml_text(response)

    def answer_all(self, *texts: str) -> str:
        """Say one after the other; the last reply."""
        reply = ""
        for text in texts:
            reply = self.say(text)
        return reply


class Answered(Protocol):
    """A response of the test client or of a real server."""

    @property
    def content_type(self) -> str | None: ...
    @property
    def data(self) -> bytes: ...


def twiml_text(response: Answered) -> str:
    assert response.content_type == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(response.data)
    return "\n".join("".join(message.itertext()) for message in root.iter("Message"))


RESIDENT = (
    "TRYGG DUVED3",
    "ja",
    "1",
    "Duved",
    "4",
    "Folk kör för fort på E14",
    "2,5",
    "fartkamera",
    "47",
    "1",
)
"""A whole survey by SMS; the place is known from the problem, so it is not asked."""
