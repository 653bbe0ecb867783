"""Plays the transcripts of timed/: through the signed webhook and the database, with the clock that they turn.

Lines: `+ 5 s` moves the clock (s, min, h, d; `- 1 h` sets it back); `> ` a text to the number; `~ 40 s: ` a text that
was written so long ago and comes to us late; `< ` the beginning of what is answered, all of it in order (a late text's
by the outbox); `= question value: text` an answer that stands from now on, in the order of the alphabet; `? ` what
stands in the inbox, the last of it; `! close` closes the round.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from town import OUR_NUMBER, ROUND, Town, message_fields

from bot.channels.base import InboundMessage
from bot.services.replies import stored_texts
from storage.database import Database
from storage.tables import Answer, InboxMessage, OutboxMessage

TRANSCRIPTS = sorted((Path(__file__).parent / "timed").glob("*.txt"))
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}


@dataclass
class Play:
    """A telephone in a town, and what stood of its answers before the last message."""

    town: Town
    said: list[str] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    number: str = "+46701740605"

    def write(self, text: str) -> None:
        self.before = self.answers()
        reply = self.town.phone(self.number).say(text)
        self.said = reply.splitlines()

    def write_late(self, ago: timedelta, text: str) -> None:
        self.before = self.answers()
        message = InboundMessage(
            provider="twilio",
            provider_id=message_fields(text)["MessageSid"],
            channel="sms",
            sender=self.number,
            recipient=OUR_NUMBER,
            text=text,
            sent_at=self.town.clock() - ago,
        )
        self.town.house.inbound.receive_late(message)
        self.said = [line for text in self._posted() for line in text.splitlines()]

    def _posted(self) -> list[str]:
        parts = self.town.house.inbound.parts
        with self.town.house.database.sessions.begin() as session:
            found = list(session.scalars(select(OutboxMessage.reply)))
            session.execute(delete(OutboxMessage))
            return [text for reply in found for text in stored_texts(parts, session, reply, "sms")]

    def answers(self) -> dict[str, str]:
        with self.town.house.database.sessions.reading() as session:
            rows = session.execute(
                select(Answer.question, Answer.repeat, Answer.value, Answer.text).where(
                    Answer.standing == "current"
                )
            )
            return {
                f"{row.question}.{row.repeat}": f"{row.question} {row.value}"
                + (f": {row.text}" if row.text else "")
                for row in rows
            }

    def changed(self) -> list[str]:
        now = self.answers()
        return sorted(answer for place, answer in now.items() if self.before.get(place) != answer)

    def inbox(self) -> list[str]:
        with self.town.house.database.sessions.reading() as session:
            return list(session.scalars(select(InboxMessage.text)))


def _span(text: str) -> timedelta:
    number, unit = text.split()
    return timedelta(**{_UNITS[unit]: float(number)})


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_conversation_goes_as_written_in_time(path: Path, database: Database) -> None:
    play = Play(town=Town.build(database))
    taken: list[str] | None = None
    for number, line in _lines(path):
        where, kind, rest = f"{path.name}:{number}: {line}", line[0], line[2:]
        if kind in ">~":
            assert not play.said, f"{where}: not mentioned before: {play.said}"
            assert not taken, f"{where}: not mentioned before: {taken}"
            _write(play, kind, rest)
            taken = play.changed()
        elif kind in "+-":
            play.town.clock.time += _span(rest) if kind == "+" else -_span(rest)
        elif kind == "!":
            play.town.rounds.close(ROUND)
        elif kind == "?":
            assert play.inbox()[-1:] == [rest], where
        elif kind == "<":
            assert play.said, f"{where}: nothing more was said"
            assert play.said.pop(0).startswith(rest), where
        else:
            assert taken, f"{where}: no answer was taken"
            assert taken.pop(0) == rest, where
    assert not play.said, f"{path.name}: not mentioned at the end: {play.said}"
    assert not taken, f"{path.name}: not mentioned at the end: {taken}"


def _write(play: Play, kind: str, rest: str) -> None:
    if kind == ">":
        play.write(rest)
    else:
        ago, text = re.fullmatch(r"(\S+ \w+): (.*)", rest).groups()  # type: ignore[union-attr]
        play.write_late(_span(ago), text)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.rstrip()


def test_there_are_timed_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 8
