"""Fills the round of a migrated database with invented conversations, as many as are wanted, in bulk.

Nothing that a turn does is done here: rows are made directly, and indexes are built when all are there. A database that
holds something already is added to; take another seed then, or ids will meet.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.inventing import Given, Invented, Inventor
from benchmarks.loading import Rows, loading
from bot.services.applying import BITS_OF_ITS_OWN
from bot.services.surveys import Survey, build_survey
from flows.conversation import Conversation, Position, Status, to_json
from storage import rounds
from storage.database import open_database
from summary.rows import outcome_of

PERIOD = timedelta(days=28)
"""How long before now the first conversations began."""
REPLIES_KEPT = timedelta(hours=48)
_AT_A_TIME = 2_000
_IDS_BELOW = 1 << 62


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """What was added."""

    conversations: int = 0
    answers: int = 0


def fill_with_conversations(database_url: str, how_many: int, *, seed: int = 1) -> Filled:
    """Add so many conversations to the only round of the database."""
    return _fill(database_url, lambda filled: filled.conversations >= how_many, seed)


def fill_with_answers(database_url: str, how_many: int, *, seed: int = 1) -> Filled:
    """Add conversations until there are at least so many answers more: about ten or eleven in each."""
    return _fill(database_url, lambda filled: filled.answers >= how_many, seed)


def _fill(database_url: str, is_enough: Callable[[Filled], bool], seed: int) -> Filled:
    chance = random.Random(seed)  # noqa: S311  invention, not secrecy
    survey, filled = _survey(database_url), Filled()
    inventor, rows = Inventor(survey, chance), _RowMaker(survey, chance)
    with loading(database_url) as load:
        while not is_enough(filled):
            invented = inventor.conversation()
            rows.add(invented)
            filled = Filled(
                conversations=filled.conversations + 1, answers=filled.answers + len(invented.given)
            )
            if filled.conversations % _AT_A_TIME == 0:
                load(rows.take())
        load(rows.take())
    return filled


def _survey(database_url: str) -> Survey:
    database = open_database(database_url)
    try:
        with database.sessions.reading() as session:
            (row,) = rounds.list_rounds(session)
            return build_survey(session, row)
    finally:
        database.close()


class _RowMaker:
    """Makes the rows that a conversation leaves, each with its columns in the order of the table."""

    def __init__(self, survey: Survey, chance: random.Random) -> None:
        self._survey = survey
        self._chance = chance
        self._until = datetime.now(UTC)
        self._rows: Rows = defaultdict(list)

    def take(self) -> Rows:
        taken, self._rows = self._rows, defaultdict(list)
        return taken

    def add(self, invented: Invented) -> None:
        conversation_id = self._id()
        version_id = self._survey.versions[invented.flow.stream]
        started_at = self._until - self._chance.random() * PERIOD
        self._rows["conversations"].append(
            self._conversation(invented, conversation_id, version_id, started_at)
        )
        self._add_messages(invented, conversation_id, version_id, started_at)
        for given in invented.given:
            self._add_answer(invented, given, conversation_id, version_id)

    def _conversation(
        self, invented: Invented, conversation_id: int, version_id: int, started_at: datetime
    ) -> tuple[Any, ...]:
        first = {given.question.name: given.reply.value for given in invented.given if given.turn == 0}
        is_whole = invented.left_at is None
        ended_at = started_at + timedelta(minutes=len(invented.given))
        return (
            conversation_id,
            self._survey.round_id,
            version_id,
            invented.flow.stream,
            invented.channel,
            invented.language,
            invented.place_code,
            self._key("r1"),
            2 if invented.is_marked else 1,
            "finished" if is_whole else "asking",
            _outcome(invented),
            invented.left_at,
            first.get("area"),
            first.get("age"),
            first.get("gender"),
            first.get("role") or first.get("workplace"),
            self._state(invented),
            started_at,
            ended_at,
            ended_at if is_whole else None,
            None,
            "",
            json.dumps([]),
        )

    def _state(self, invented: Invented) -> str:
        """As the engine keeps it."""
        answers: dict[Position, str] = {}
        for question, turn, reply in invented.given:
            answers[Position(question.name, turn)] = reply.value
            if reply.coded is not None:
                message = reply.coded.message
                answers[Position(f"{question.name}_category", turn)] = " ".join(message.categories)
                answers[Position(f"{question.name}_place", turn)] = " ".join(message.places)
        state = Conversation(
            flow=invented.flow.id,
            version=invented.flow.version,
            language=invented.language,
            channel=invented.channel,
            status=Status.ASKING if invented.left_at else Status.FINISHED,
            at=Position(invented.left_at, 0) if invented.left_at else None,
            answers=answers,
            given={
                **self._survey.given,
                "place_code": invented.place_code or "",
                "channel": invented.channel,
            },
        )
        return json.dumps(to_json(state))

    def _add_messages(
        self, invented: Invented, conversation_id: int, version_id: int, started_at: datetime
    ) -> None:
        """One that began it, one for each answer; sender and reply are forgotten after two days."""
        is_kept = started_at > self._until - REPLIES_KEPT
        said = [{"key": "question:area", "language": invented.language, "values": {}}]
        reply = {"round": self._survey.round_id, "flow_version": version_id, "said": said}
        for number in range(len(invented.given) + 1):
            self._rows["messages"].append(
                (
                    "twilio" if invented.channel == "sms" else "webchat",
                    f"SM{self._chance.getrandbits(128):032x}",
                    self._survey.round_id,
                    conversation_id,
                    self._key("k1") if is_kept else None,
                    started_at + timedelta(minutes=number),
                    json.dumps(reply) if is_kept else None,
                )
            )

    def _add_answer(self, invented: Invented, given: Given, conversation_id: int, version_id: int) -> None:
        answer_id, reply = self._id_beside(conversation_id), given.reply
        self._rows["answers"].append(
            (
                answer_id,
                conversation_id,
                self._survey.round_id,
                version_id,
                invented.flow.stream,
                given.question.name,
                given.turn,
                reply.value,
                reply.text,
                "number" if reply.text is None else "text",
                1.0,
                "current",
            )
        )
        if reply.coded is not None:
            self._rows["codings"] += [
                (
                    self._id_beside(answer_id),
                    answer_id,
                    c.category,
                    c.primary,
                    True,
                    c.score,
                    c.rule,
                    "rules",
                    None,
                    0,
                    None,
                    None,
                )
                for c in reply.coded.codings
            ]
            self._rows["answer_places"] += [(answer_id, p.code, p.matched_how) for p in reply.coded.places]

    def _id(self) -> int:
        return self._chance.randrange(_IDS_BELOW) + 1

    def _id_beside(self, owner_id: int) -> int:
        """As bot.services.applying.new_id_beside makes it."""
        return owner_id >> BITS_OF_ITS_OWN << BITS_OF_ITS_OWN | self._chance.getrandbits(BITS_OF_ITS_OWN)

    def _key(self, prefix: str) -> str:
        return f"{prefix}.{self._chance.getrandbits(128):032x}"


def _outcome(invented: Invented) -> str:
    """As the program reckons it, from the core questions that were on the path."""
    answered = {given.question.name for given in invented.given}
    core = invented.flow.core
    reached = len(core) if invented.left_at else sum(name in answered for name in core)
    return outcome_of(
        status="asking" if invented.left_at else "finished",
        core_answered=sum(name in answered for name in core),
        core_applicable=reached,
        has_safety="safety" in answered,
        has_problem=any(given.question.role == "problem" for given in invented.given),
    ).value
