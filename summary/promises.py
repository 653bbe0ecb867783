"""Promises to citizens, put into a released picture beside its figures: those of its round with owner, number and date,
and what became of those of an earlier round.

Put in when the picture is written and not when it is released: promises come after the report that they are made from.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from summary.picture import Block, Chapter, Column, PictureTable, ProblemPicture, Row, Section, Unit
from summary.wording import Words

PROPOSALS, FOLLOW_UP = "proposals", "follow_up"


class Status(StrEnum):
    """How far a promise has come."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    NOT_KEPT = "not_kept"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Nobody has said yet what became of it."""
        return self in (Status.PLANNED, Status.UNDER_WAY)


class Frequency(StrEnum):
    """How often what is promised is done; ONCE says that the number is of the whole time."""

    ONCE = ""
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """A promise: `problem` is a code of the picture, `area` a name or empty for the whole municipality.

    `target` and `result_number` are a number of `unit`. Texts are empty, and numbers and days None, until decided.
    """

    problem: str
    wording: str
    area: str = ""
    owner: str = ""
    co_actors: str = ""
    indicator: str = ""
    target: float | None = None
    unit: str = ""
    frequency: Frequency = Frequency.ONCE
    deadline: date | None = None
    status: Status = Status.PLANNED
    result: str = ""
    result_number: float | None = None
    followed_up_on: date | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it can be followed up."""
        return bool(self.owner) and self.target is not None and self.deadline is not None

    @property
    def has_result(self) -> bool:
        return bool(self.result) or self.result_number is not None

    def is_late(self, today: date) -> bool:
        """The time is up and nobody has said what became of it."""
        return self.status.is_open and self.deadline is not None and self.deadline < today


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierPromises:
    """What was promised because of an earlier round, by its name, as it stands on `today`."""

    round: str
    promises: tuple[Promised, ...]
    today: date


def with_promises(picture: ProblemPicture, promises: Iterable[Promised]) -> ProblemPicture:
    """The picture with the promises that stand; as it is where there are none.

    Problems without a promise keep their questions.
    """
    standing = [promise for promise in promises if promise.status is not Status.WITHDRAWN]
    if not standing:
        return picture
    words = Words(picture.language)
    table = _promises(picture, standing, words)
    answered = {code for promise in standing for code in _about(picture, promise)}

    def changed(chapter: Chapter) -> Chapter:
        lead, *rest = chapter.blocks
        asked = [block for block in rest if block.code.partition(":")[2] not in answered]
        return replace(chapter, blocks=(replace(lead, tables=(*lead.tables, table.code)), *asked))

    alone = Chapter(
        code=PROPOSALS,
        heading=words(f"ch_{PROPOSALS}"),
        blocks=(Block(code=PROPOSALS, texts=(words("proposals_lead"),)),),
    )
    chapters = [changed(each) if each.code == PROPOSALS else each for each in _having(picture, alone)]
    return replace(picture, tables=_placed(picture.tables, table), chapters=tuple(chapters))


def with_earlier_promises(picture: ProblemPicture, earlier: EarlierPromises | None) -> ProblemPicture:
    """The picture with what became of the earlier round's promises; as it is where there are none."""
    if earlier is None or not earlier.promises:
        return picture
    words = Words(picture.language)
    table = _followed_up(earlier, words)
    block = Block(code=table.code, heading=table.title, tables=(table.code,))
    known = {words("ask_follow_up_1")}
    if not any(each.status in (Status.PARTLY_KEPT, Status.NOT_KEPT) for each in earlier.promises):
        known.add(words("ask_follow_up_2"))

    def changed(chapter: Chapter) -> Chapter:
        first = [each for each in chapter.blocks if each.code != FOLLOW_UP]
        asked = [each for each in chapter.blocks if each.code == FOLLOW_UP]
        left = [
            replace(each, to_fill_in=tuple(text for text in each.to_fill_in if text not in known))
            for each in asked
        ]
        return replace(chapter, blocks=(*first, block, *left))

    chapters = [changed(each) if each.code == FOLLOW_UP else each for each in picture.chapters]
    return replace(picture, tables=_placed(picture.tables, table), chapters=tuple(chapters))


def outcome(promises: Sequence[Promised], language: str) -> str:
    """How many were kept, in one or two sentences; nothing is said of those that nobody has followed up."""
    words = Words(language)
    counts = Counter("open" if each.status.is_open else each.status.value for each in promises)
    order = (Status.KEPT, Status.PARTLY_KEPT, Status.NOT_KEPT, "open", Status.WITHDRAWN)
    parts = words.and_([words(f"of_{key}", count=counts[key]) for key in order if counts[key]])
    made = words("made_one" if len(promises) == 1 else "made_many", count=len(promises), parts=parts)
    unsaid = sum(each.status is Status.KEPT and not each.has_result for each in promises)
    return f"{made} {words('kept_without_result', count=unsaid)}" if unsaid else made


def goal_of(promise: Promised, language: str) -> str:
    """``100 trafikkontroller om året``; empty where there is no number."""
    words = Words(language)
    if promise.target is None:
        return ""
    often = words(f"often_{promise.frequency}") if promise.frequency else ""
    return " ".join(filter(None, [_number(promise.target, words), promise.unit, often]))


def result_of(promise: Promised, language: str) -> str:
    """``303 kontroller. Med egna ord.``, or ``1 av 2`` of no unit; empty where nobody has said."""
    words = Words(language)
    counted = "" if promise.result_number is None else _number(promise.result_number, words)
    if counted and promise.unit:
        counted = f"{counted} {promise.unit}"
    elif counted and promise.target is not None:
        counted = words("promise_of", number=counted, target=_number(promise.target, words))
    return ". ".join(filter(None, [counted, promise.result]))


# In the picture


def _promises(picture: ProblemPicture, promises: Sequence[Promised], words: Words) -> PictureTable:
    lacking = sum(not promise.is_whole for promise in promises)
    lead = (
        words("l_promises_lack", count=lacking, total=len(promises)) if lacking else words("l_promises_whole")
    )
    return PictureTable(
        code="promises",
        section=Section.PRIORITIES,
        title=words("t_promises"),
        corner=words("promise"),
        columns=(
            Column(code="problem", heading=words("problem"), unit=Unit.WORDS),
            *_columns(words, "owner", "goal", "until"),
        ),
        rows=tuple(
            Row(
                code=f"promise_{number}",
                label=promise.wording,
                values=(
                    _where(picture, promise, words),
                    _owner(promise, words),
                    _goal(promise, words),
                    words.day(promise.deadline) if promise.deadline else words("promise_undecided"),
                ),
            )
            for number, promise in enumerate(promises, 1)
        ),
        lead=lead,
    )


def _followed_up(earlier: EarlierPromises, words: Words) -> PictureTable:
    language = words.language
    return PictureTable(
        code="promises_before",
        section=Section.TREND,
        title=words("t_promises_before", round=earlier.round),
        corner=words("promise"),
        columns=_columns(words, "goal", "result", "status"),
        rows=tuple(
            Row(
                code=f"promise_{number}",
                label=promise.wording,
                values=(
                    _goal_and_day(promise, words),
                    result_of(promise, language) or words("promise_no_result"),
                    _status(promise, earlier.today, words),
                ),
            )
            for number, promise in enumerate(earlier.promises, 1)
        ),
        lead=outcome(earlier.promises, language),
        note=words("n_promises_before"),
    )


def _columns(words: Words, *codes: str) -> tuple[Column, ...]:
    return tuple(Column(code=code, heading=words(f"promise_{code}"), unit=Unit.WORDS) for code in codes)


def _where(picture: ProblemPicture, promise: Promised, words: Words) -> str:
    names = {term.code: term.label for term in picture.codebook if term.list == "category"}
    problem = names.get(promise.problem, promise.problem)
    return words("promise_at", problem=problem, area=promise.area) if promise.area else problem


def _owner(promise: Promised, words: Words) -> str:
    owner = promise.owner or words("promise_undecided")
    return words("promise_with", owner=owner, others=promise.co_actors) if promise.co_actors else owner


def _goal(promise: Promised, words: Words) -> str:
    goal = goal_of(promise, words.language) or words("promise_undecided")
    if not promise.indicator:
        return goal
    return words("promise_measured", goal=goal, indicator=promise.indicator)


def _goal_and_day(promise: Promised, words: Words) -> str:
    goal = goal_of(promise, words.language) or words("promise_no_goal")
    return words("promise_by", goal=goal, day=words.day(promise.deadline)) if promise.deadline else goal


def _status(promise: Promised, today: date, words: Words) -> str:
    said = words(f"is_{promise.status}")
    if promise.is_late(today):
        return words("is_late", status=said)
    return (
        words("is_on", status=said, day=words.day(promise.followed_up_on)) if promise.followed_up_on else said
    )


def _about(picture: ProblemPicture, promise: Promised) -> tuple[str, ...]:
    """The problem, its parts, and the focus issue that it is part of."""
    whole = (term.code for term in picture.codebook if promise.problem in picture.parts_of(term.code))
    return (*picture.parts_of(promise.problem), *whole)


def _having(picture: ProblemPicture, chapter: Chapter) -> Iterable[Chapter]:
    """The picture's chapters with this one among them: a round with few answers has no problems to propose for. A
    picture of a version without chapters keeps none.
    """
    if any(each.code == chapter.code for each in picture.chapters):
        return picture.chapters
    at = next((at for at, each in enumerate(picture.chapters) if each.code == FOLLOW_UP), None)
    return picture.chapters if at is None else (*picture.chapters[:at], chapter, *picture.chapters[at:])


def _placed(tables: Sequence[PictureTable], table: PictureTable) -> tuple[PictureTable, ...]:
    """Behind the other tables of its section."""
    last = max(
        (at for at, each in enumerate(tables) if each.section is table.section), default=len(tables) - 1
    )
    return (*tables[: last + 1], table, *tables[last + 1 :])


def _number(value: float, words: Words) -> str:
    """``1 062`` or ``8,25``, as people write it."""
    thousands, decimal = ("\N{NO-BREAK SPACE}", ",") if words.language == "sv" else (",", ".")
    plain = f"{value:,.2f}".rstrip("0").rstrip(".")
    return plain.replace(",", "\0").replace(".", decimal).replace("\0", thousands)
