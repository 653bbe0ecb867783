"""The problem picture as it stands now, of a round or a part of it: working material for the coordinator, who sees the
answers themselves too. What may leave the house is made elsewhere (bot.services.reporting).

Sensitive subjects are counted for the whole municipality alone, from five on, whoever looks.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from bot.services.dates import begins
from bot.services.decisions import sensitive_categories
from bot.services.gathering import gather_codebook, load_flows, roles_of
from bot.services.rounds import get_existing
from bot.services.watching import SHOWN_FROM, Labels
from categories.catalogue import CURRENT, taxonomy
from storage import filtering, quotes, reading, rounds
from storage.database import Session, Sessions
from storage.filtering import Part
from storage.rounds import AreaRow, RoundRow
from storage.tally import Tally
from summary.material import percent
from summary.rows import Stream, Table

STREAMS = (Stream.RESIDENTS, Stream.EMPLOYEES)
"""Those that count persons."""
CERTAIN_FROM = 50
"""Persons, below which a share is said to be uncertain (domain: disclosure rules, 3)."""
MOST_CROSSED = 8
"""Problems that are crossed with areas and times: as many as a page is read to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is wanted, as an address says it; what is empty takes everybody. `until` is the last day."""

    stream: str = Stream.RESIDENTS.value
    area: str = ""
    age: str = ""
    gender: str = ""
    role: str = ""
    category: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_part(self) -> bool:
        """Whether anybody of the stream is left out."""
        return any((self.area, self.age, self.gender, self.role, self.category, self.since, self.until))


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What may be asked for: labels by code."""

    streams: Mapping[str, str]
    areas: Mapping[str, str]
    ages: Mapping[str, str]
    genders: Mapping[str, str]
    roles: Mapping[str, str]
    categories: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """So many persons, and whole percent of those who are counted; None where they are too few for shares."""

    code: str
    label: str
    count: int
    share: int | None
    quotes: int = 0
    """Approved ones, of this stream."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """Problems by something else, cell by cell. `most` is the largest figure."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Counted, tuple[int, ...]], ...]

    @property
    def most(self) -> int:
        return max((cell for _, cells in self.rows for cell in cells), default=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class LivePicture:
    """Persons of one stream who are in the picture, and what they say."""

    row: RoundRow
    counted_at: datetime
    asked: Asked
    choices: Choices
    persons: int
    problems: tuple[Counted, ...]
    """The most first."""
    others: tuple[Counted, ...]
    """Answers to the question about the problem that name none."""
    sensitive: tuple[Counted, ...]
    """For the municipality as a whole, from five on."""
    areas: tuple[Counted, ...]
    places: tuple[Counted, ...]
    times: tuple[Counted, ...]
    wishes: tuple[Counted, ...]
    safety: tuple[Counted, ...]
    by_area: Grid
    by_time: Grid

    @property
    def is_uncertain(self) -> bool:
        return self.persons < CERTAIN_FROM


@dataclass(frozen=True, kw_only=True, slots=True)
class LivePictures:
    """Reads alone. Nothing is kept."""

    sessions: Sessions
    now: Callable[[], datetime]

    def look(self, round_code: str, asked: Asked, language: str) -> LivePicture:
        """Raises RoundRefused for an unknown round. What is asked for and is not there takes everybody."""
        with self.sessions.reading() as session, reading.unhurried(session):
            row = get_existing(session, round_code)
            flows = load_flows(session, row)
            book = Labels(gather_codebook(session, row, flows), language)
            areas = rounds.list_round_areas(session, row.id)
            choices = _choices(book, areas, [Stream(flow.stream) for flow in flows])
            known = _known(asked, choices)
            tally = filtering.tally_part(session, row.id, _part(known, areas), roles_of(flows))
            quoted = _count_quotes(session, row, known.stream)
        return _picture(row, self.now(), known, choices, _Counts(tally, book, quoted))


def _choices(book: Labels, areas: Iterable[AreaRow], streams: Iterable[Stream]) -> Choices:
    def labels(list_name: str) -> dict[str, str]:
        return {code: book(list_name, code) for code in book.known(list_name)}

    return Choices(
        streams={stream.value: book("stream", stream.value) for stream in STREAMS if stream in set(streams)},
        areas={area.code: area.name for area in areas},
        ages=labels("age"),
        genders=labels("gender"),
        roles=labels("role"),
        categories={code: book("category", code) for code in problem_categories()},
    )


def _known(asked: Asked, choices: Choices) -> Asked:
    """Without what nobody could have chosen. Employees are told apart by area, days and problem alone."""
    of_residents = asked.stream == Stream.RESIDENTS
    return Asked(
        stream=asked.stream if asked.stream in choices.streams else Stream.RESIDENTS.value,
        area=asked.area if asked.area in choices.areas else "",
        age=asked.age if of_residents and asked.age in choices.ages else "",
        gender=asked.gender if of_residents and asked.gender in choices.genders else "",
        role=asked.role if of_residents and asked.role in choices.roles else "",
        category=asked.category if asked.category in choices.categories else "",
        since=asked.since,
        until=asked.until,
    )


def _part(asked: Asked, areas: Iterable[AreaRow]) -> Part:
    within = [area.code for area in areas if asked.area in (area.code, area.parent_code)]
    return Part(
        stream=Stream(asked.stream),
        areas=tuple(within) if asked.area else (),
        age=asked.age,
        gender=asked.gender,
        role=asked.role,
        since=begins(asked.since) if asked.since else None,
        until=begins(asked.until + timedelta(days=1)) if asked.until else None,
        category=asked.category,
    )


@cache
def problem_categories() -> tuple[str, ...]:
    """Categories that are a problem and may be counted for a part of the municipality, in the taxonomy's order."""
    return tuple(
        category.id for category in taxonomy(CURRENT) if category.focus is not None and not category.sensitive
    )


def _count_quotes(session: Session, row: RoundRow, stream: str) -> Counter[str]:
    return Counter(quote.category for quote in quotes.list_quotes(session, row.id) if quote.stream == stream)


class _Counts:
    """The tally with its words. Rows of sensitive subjects are in no table that is crossed or taken a part of."""

    def __init__(self, tally: Tally, book: Labels, quoted: Mapping[str, int]) -> None:
        self._tally = tally
        self._book = book
        self._quoted = quoted
        self.persons = sum(count for (table, *_), count in tally.items() if table == Table.AREA)

    def rows(self, table: Table, list_name: str, *, known: Iterable[str] = ()) -> tuple[Counted, ...]:
        """In the order of the codebook; those of `known` also where nobody said them."""
        found = Counter(dict.fromkeys(known, 0))
        for (of, _, row, _), count in self._tally.items():
            if of == table and row:
                found[row] += count
        return tuple(
            self.counted(list_name, code, found[code]) for code in self._book.order(list_name, found)
        )

    def most_first(
        self, table: Table, list_name: str, codes: Iterable[str] | None = None
    ) -> tuple[Counted, ...]:
        wanted = None if codes is None else set(codes)
        rows = (row for row in self.rows(table, list_name) if wanted is None or row.code in wanted)
        return tuple(sorted(rows, key=lambda row: -row.count))

    def counted(self, list_name: str, code: str, count: int) -> Counted:
        return Counted(
            code=code,
            label=self._book(list_name, code),
            count=count,
            share=percent(count, self.persons),
            quotes=self._quoted.get(code, 0) if list_name == "category" else 0,
        )

    def grid(
        self, table: Table, problems: Iterable[Counted], columns: Mapping[str, str] | None, list_name: str
    ) -> Grid:
        cells: Counter[tuple[str, str]] = Counter()
        for (of, _, row, column), count in self._tally.items():
            if of == table and column:
                cells[row, column] += count
        met = {column for _, column in cells}
        codes = [code for code in columns or self._book.order(list_name, met) if code in met]
        return Grid(
            columns=tuple((code, self._book(list_name, code)) for code in codes),
            rows=tuple((problem, tuple(cells[problem.code, code] for code in codes)) for problem in problems),
        )


def _picture(row: RoundRow, now: datetime, asked: Asked, choices: Choices, counts: _Counts) -> LivePicture:
    problems = counts.most_first(Table.PROBLEM, "category", problem_categories())
    sensitive = counts.most_first(Table.PROBLEM, "category", sensitive_categories())
    others = {c.id for c in taxonomy(CURRENT)} - {*problem_categories(), *sensitive_categories()}
    wished = {c.id for c in taxonomy(CURRENT)} - sensitive_categories()
    crossed = problems[:MOST_CROSSED]
    return LivePicture(
        row=row,
        counted_at=now,
        asked=asked,
        choices=choices,
        persons=counts.persons,
        problems=problems,
        others=counts.most_first(Table.PROBLEM, "category", others),
        sensitive=() if asked.is_part else tuple(row for row in sensitive if row.count >= SHOWN_FROM),
        areas=counts.rows(Table.AREA, "area"),
        places=counts.most_first(Table.PLACE, "place"),
        times=counts.rows(Table.TIME, "when"),
        wishes=counts.most_first(Table.WISH, "category", wished),
        safety=counts.rows(Table.SAFETY_AREA, "safety"),
        by_area=counts.grid(Table.PROBLEM_AREA, crossed, choices.areas, "area"),
        by_time=counts.grid(Table.PROBLEM_TIME, crossed, None, "when"),
    )
