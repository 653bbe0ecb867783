"""The priority matrix as it stands: what the latest report suggests for each problem, and what the working group says.

Nothing is added up and nothing decided: bot.services.prioritising keeps what the group gives. Reads alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.rounds import get_existing
from bot.services.statistics.importing import published_tables
from storage import audit, priorities
from storage.database import Sessions
from storage.priorities import ScoreRow
from storage.rounds import RoundRow
from summary.beside import with_statistics
from summary.picture import PictureTable, ProblemPicture, from_json
from summary.priorities import Criterion


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """`suggested`, for the reason `why`, is None where the answers cannot tell. `history`: the latest first."""

    criterion: Criterion
    suggested: int | None
    why: str
    history: tuple[ScoreRow, ...] = ()

    @property
    def given(self) -> ScoreRow | None:
        """What the group says; None where it has said nothing or taken it back."""
        return self.history[0] if self.history and self.history[0].score is not None else None

    @property
    def standing(self) -> int | None:
        return self.given.score if self.given else self.suggested


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    code: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """`problems` as the report names them, the most first; empty where no report has any."""

    row: RoundRow
    released_at: datetime | None
    problems: tuple[Problem, ...]
    note: str

    def find(self, problem: str, criterion: str) -> tuple[Problem, Cell] | None:
        found = (
            (p, c) for p in self.problems for c in p.cells if (p.code, c.criterion) == (problem, criterion)
        )
        return next(found, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrices:
    sessions: Sessions
    now: Callable[[], datetime]

    def look(self, round_code: str, language: str) -> Matrix:
        """Raises RoundRefused for an unknown round."""
        with self.sessions.reading() as session:
            row = get_existing(session, round_code)
            last = audit.get_latest_release(session, row.id)
            given = priorities.list_scores(session, row.id)
            published = published_tables(session, row.id) if last else ()
        if last is None:
            return Matrix(row=row, released_at=None, problems=(), note="")
        picture = with_statistics(from_json(last.picture[language]), published)
        table = picture.table("priorities")
        problems = _problems(picture, table, given) if table else ()
        return Matrix(
            row=row, released_at=last.released_at, problems=problems, note=table.note if table else ""
        )


def _problems(picture: ProblemPicture, table: PictureTable, given: list[ScoreRow]) -> tuple[Problem, ...]:
    reasons = _reasons(picture)
    codes = [column.code for column in table.columns]
    return tuple(
        Problem(
            code=row.code,
            label=row.label,
            cells=tuple(
                Cell(
                    criterion=criterion,
                    suggested=_score(dict(zip(codes, row.values, strict=True)).get(criterion)),
                    why=reasons.get((row.code, criterion), ""),
                    history=tuple(
                        each
                        for each in reversed(given)
                        if (each.problem, each.criterion) == (row.code, criterion)
                    ),
                )
                for criterion in Criterion
            ),
        )
        for row in table.rows
    )


def _reasons(picture: ProblemPicture) -> Mapping[tuple[str, str], str]:
    """By problem and criterion, as the chapter on priorities has them."""
    return {
        (block.code.removeprefix("priority:"), fact.code): fact.text
        for chapter in picture.chapters
        for block in chapter.blocks
        if block.code.startswith("priority:")
        for fact in block.facts
    }


def _score(value: object) -> int | None:
    return value if isinstance(value, int) else None
