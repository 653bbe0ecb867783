"""Answers to code as a coder goes through them: filtered, a page at a time, with the categories that are near at hand.

Reads alone: bot.services.deciding decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.services.deciding import answers_to_code
from bot.services.decisions import NOTHING_FITS, AnswerToCode, category_names, person, sensitive_categories
from bot.services.rounds import get_existing
from storage import codings, rounds
from storage.codings import Position, Wanted
from storage.database import Session, Sessions
from storage.rounds import RoundRow

PAGE = 20
KEYS = 9
"""Number keys on a keyboard, and so categories near at hand."""


class Show(StrEnum):
    """Which answers a coder looks at, in the order in which they are offered."""

    TODO = "todo"
    SENSITIVE = "sensitive"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What a coder has chosen to see. Empty takes every category and area."""

    show: Show = Show.TODO
    category: str = ""
    area: str = ""

    def wanted(self, me: str) -> Wanted:
        return Wanted(
            only_waiting=self.show is Show.SENSITIVE,
            only_undecided=self.show is Show.TODO,
            decided_by=me if self.show is Show.MINE else "",
            category=self.category,
            area=self.area,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Answers of a round that have a category; those decided by a person; sensitive ones that wait for one."""

    coded: int
    decided: int
    waiting: int

    @property
    def left(self) -> int:
        return self.coded - self.decided


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundToCode:
    code: str
    name: str
    status: str
    progress: Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuePage:
    """`follows` is the answer behind the last one, with the mark from which its page goes on; None at the end."""

    round: RoundToCode
    answers: tuple[AnswerToCode, ...]
    follows: AnswerToCode | None
    next_mark: str
    near: tuple[str, ...]
    """Categories that `me` gives most often, then everybody, in the taxonomy's order: keys must not change places."""
    areas: Mapping[str, str]
    """Names of the round's areas by code."""

    def after(self, answer_id: int) -> AnswerToCode | None:
        """The one behind that answer; None at the end."""
        row = [*self.answers, *([self.follows] if self.follows else [])]
        ids = [answer.answer_id for answer in row]
        at = ids.index(answer_id) + 1 if answer_id in ids else len(ids)
        return row[at] if at < len(row) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class CodingQueue:
    """`me` is the coder's name, as it stands with decisions."""

    sessions: Sessions
    me: str

    def list_rounds(self) -> tuple[RoundToCode, ...]:
        """Rounds that have been opened, the latest first."""
        with self.sessions.reading() as session:
            rows = [row for row in rounds.list_rounds(session) if row.status != "draft"]
            return tuple(_round(session, row) for row in reversed(rows))

    def page(
        self, round_code: str, selection: Selection, *, mark: str = "", language: str = "sv"
    ) -> QueuePage:
        """The answers behind `mark`, from the beginning without one. Raises RoundRefused for an unknown round."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            found = codings.list_coded_answers(
                session,
                row.id,
                sensitive_categories(),
                wanted=selection.wanted(person(self.me)),
                after=_position(mark),
                limit=PAGE + 1,
            )
            answers = tuple(answers_to_code(session, row, found, language))
            return QueuePage(
                round=_round(session, row),
                answers=answers[:PAGE],
                follows=answers[PAGE] if len(answers) > PAGE else None,
                next_mark=_mark(found[PAGE - 1].at) if len(answers) > PAGE else "",
                near=tuple(self._near(session, row)),
                areas={area.code: area.name for area in rounds.list_round_areas(session, row.id)},
            )

    def find_round(self, round_code: str) -> RoundToCode:
        """Raises RoundRefused for an unknown round."""
        with self.sessions.reading() as session:
            return _round(session, get_existing(session, round_code))

    def find(self, round_code: str, answer_id: int, language: str = "sv") -> AnswerToCode | None:
        """One answer of the round, whatever the selection; None where it was erased or replaced."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            wanted = replace(codings.EVERY, answer_id=answer_id)
            found = codings.list_coded_answers(session, row.id, sensitive_categories(), wanted=wanted)
            return next(iter(answers_to_code(session, row, found, language)), None)

    def _near(self, session: Session, row: RoundRow) -> Iterable[str]:
        given = codings.list_most_given(session, row.id, person(self.me), KEYS)
        every = [category for category in category_names("sv") if category != NOTHING_FITS]
        near = set(list(dict.fromkeys((*given, *every)))[:KEYS])
        return [category for category in every if category in near]


def _round(session: Session, row: RoundRow) -> RoundToCode:
    coded, decided, waiting = codings.count_coded_answers(session, row.id, sensitive_categories())
    progress = Progress(coded=coded, decided=decided, waiting=waiting)
    return RoundToCode(code=row.code, name=row.name, status=row.status, progress=progress)


def _mark(position: Position) -> str:
    """As it stands in an address."""
    return "_".join(repr(value) for value in position)


def _position(mark: str) -> Position | None:
    """None for what is no mark: the list then begins at its beginning."""
    try:
        waiting, decided, score, answer_id = mark.split("_")
        position = Position(int(waiting), int(decided), float(score), int(answer_id))
    except ValueError:
        return None
    return position if 0 <= position.answer_id < 2**63 and position.score == position.score else None
