"""Watching a round while it is open: live, exact counts for its coordinator, with and without what is marked.

What may leave the house is made elsewhere (bot.services.reporting). Only what tells of danger is protected here too:
the domain's rule is that its counts stand for the round as a whole, and from five on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.dates import ended_on, local_date
from bot.services.gathering import gather_codebook, load_flows
from bot.services.surveys import keeps_alarms
from bot.services.withholding import KEPT
from storage import quarantine, reading, rounds, watching
from storage.database import Session, Sessions
from storage.rounds import RoundRow
from storage.watching import Persons
from summary.codebook import Codebook
from summary.coverage import FEWER, MORE
from summary.material import PERCENT_BASE, percent
from summary.rows import COUNTED, Stream

SHARE_FROM = PERCENT_BASE
"""Conversations, below which no share is told."""
SHOWN_FROM = 5
"""Replies to danger of one kind, below which their number is not shown."""
UNDER_WAY_FOR = timedelta(hours=24)
"""A conversation that has rested longer has been left (domain: most answers come within minutes)."""
MOST_DAYS = 42
AGAIN = "again"
"""Marked for coming from the same telephone as another."""
_ZONE = ZoneInfo("Europe/Stockholm")
_FAULTS = {
    "30003": "unreachable",
    "30004": "blocked",
    "30005": "unknown_number",
    "30006": "landline",
    "30007": "filtered",
    "30034": "filtered",
    "21610": "stopped",
}
"""The provider's codes (twilio.com/docs/api/errors) as kinds of fault; others are `other`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """With and without the conversations that are marked."""

    everybody: int = 0
    unmarked: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(everybody=self.everybody + other.everybody, unmarked=self.unmarked + other.unmarked)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row of a table: those who began, and those whose answers count."""

    code: str
    label: str
    begun: Count
    counted: Count


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """An area beside its inhabitants: shares in whole percent, and ``fewer``, ``level`` or ``more``."""

    answers: int
    population: int
    verdict: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One stream."""

    stream: Stream
    label: str
    total: Line
    under_way: Count
    outcomes: tuple[Line, ...]
    left_at: tuple[Line, ...]
    """By question, in the order in which they are asked; `begun` are those who left there."""
    channels: tuple[Line, ...]
    languages: tuple[Line, ...]
    place_codes: tuple[Line, ...]
    marks: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    on: date
    line: Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Deliveries:
    """Texts to telephones in the round's period, of the installation as a whole."""

    arrived: int
    on_their_way: int
    faults: tuple[tuple[str, int], ...]
    """Kind and how many, the most first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchedRound:
    """Everything on the page. `quarantined` is None in mode A."""

    row: RoundRow
    counted_at: datetime
    streams: tuple[Watched, ...]
    areas: tuple[Line, ...]
    ages: tuple[Line, ...]
    coverage: Mapping[str, Coverage]
    """By area whose population is known, where enough have answered."""
    days: tuple[Day, ...]
    before_days: Line
    """Before the first of `days`."""
    deliveries: Deliveries
    safeguards: tuple[tuple[str, int | None], ...]
    """What was answered to, and how often; None for fewer than five of a kind that tells of danger."""
    quarantined: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Watching:
    """Reads alone."""

    sessions: Sessions
    now: Callable[[], datetime]

    def look(self, code: str, language: str) -> WatchedRound | None:
        """The round as it stands, labels in that language. None for no such round."""
        now = self.now()
        with self.sessions.reading() as session, reading.unhurried(session):
            row = rounds.get_round(session, code)
            return _look(session, row, now, language) if row is not None else None


def _look(session: Session, row: RoundRow, now: datetime, language: str) -> WatchedRound:
    flows = load_flows(session, row)
    book = Labels(gather_codebook(session, row, flows), language)
    tally = _Tally(watching.count_persons(session, row.id))
    left = _left(session, row, now)
    areas = rounds.list_round_areas(session, row.id)
    place_codes = rounds.list_place_codes(session, row.id)
    streams = {Stream(flow.stream) for flow in flows}
    posters = {c.code: "dialogue" if c.kind == "meeting" else "residents" for c in place_codes}
    area_lines = tally.lines("area", Stream.RESIDENTS, book, [area.code for area in areas])
    days, before = _days(session, row, now)
    return WatchedRound(
        row=row,
        counted_at=now,
        streams=tuple(
            _watched(stream, tally, left, book, [c for c, at in posters.items() if at == stream])
            for stream in sorted(streams, key=list(Stream).index)
        ),
        areas=area_lines,
        ages=tally.lines("age", Stream.RESIDENTS, book, book.known("age")),
        coverage=_coverage(area_lines, {area.code: area.population for area in areas}),
        days=days,
        before_days=before,
        deliveries=_deliveries(watching.count_deliveries(session, *_period(row, now))),
        safeguards=_protected(watching.count_safeguards(session, row.id), book),
        quarantined=(
            quarantine.count_messages(session, row.id)
            if keeps_alarms(rounds.get_round_document(session, row.id))
            else None
        ),
    )


class Labels:
    """The codebook in one language."""

    def __init__(self, book: Codebook, language: str) -> None:
        self._book = book
        self._language = language

    def __call__(self, list_name: str, code: str) -> str:
        return self._book.label(list_name, code, self._language)

    def order(self, list_name: str, codes: Iterable[str]) -> list[str]:
        return self._book.order(list_name, codes)

    def known(self, list_name: str) -> list[str]:
        return [entry.code for entry in self._book.entries(list_name) if not entry.code.startswith("_")]


# Counting


def mark_of(stream: str, ordinal: int, mark: str) -> str:
    """Why a conversation is marked; empty where it is not. A note-taker notes many meetings."""
    return mark or (AGAIN if ordinal > 1 and stream != Stream.DIALOGUE else "")


class _Tally:
    """Conversations by stream and one more column: begun, counted, each with and without the marked."""

    def __init__(self, persons: Iterable[Persons]) -> None:
        self._cells: Counter[tuple[str, str, str, bool, bool]] = Counter()
        """By column, stream, code, whether counted, whether marked."""
        for row in persons:
            mark = mark_of(row.stream, row.ordinal, row.mark)
            facts = (row.outcome in COUNTED, bool(mark))
            for column, code in (
                ("outcome", row.outcome),
                ("channel", row.channel),
                ("language", row.language),
                ("place_code", row.place_code),
                ("area", row.area),
                ("age", row.age),
                ("mark", mark),
            ):
                self._cells[column, row.stream, code or "", *facts] += row.number

    def total(self, stream: Stream) -> Line:
        codes = self._codes("outcome", stream)
        return _sum("", "", (self._line("outcome", stream, code, "") for code in codes))

    def lines(
        self, column: str, stream: Stream, book: Labels, known: Iterable[str] = (), list_name: str = ""
    ) -> tuple[Line, ...]:
        """A line for each code that is known or was met, in the order of the codebook, unknown ones last."""
        name = list_name or column
        codes = book.order(name, {*known, *self._codes(column, stream)})
        return tuple(self._line(column, stream, code, book(name, code)) for code in codes)

    def _codes(self, column: str, stream: Stream) -> set[str]:
        return {code for at, of, code, *_ in self._cells if (at, of) == (column, stream)}

    def _line(self, column: str, stream: Stream, code: str, label: str) -> Line:
        def cell(*, counted: bool, marked: bool) -> int:
            return self._cells[column, stream.value, code, counted, marked]

        counted = Count(
            everybody=cell(counted=True, marked=False) + cell(counted=True, marked=True),
            unmarked=cell(counted=True, marked=False),
        )
        other = Count(
            everybody=cell(counted=False, marked=False) + cell(counted=False, marked=True),
            unmarked=cell(counted=False, marked=False),
        )
        return Line(code=code, label=label, begun=counted + other, counted=counted)


def _sum(code: str, label: str, lines: Iterable[Line]) -> Line:
    begun = counted = Count()
    for line in lines:
        begun, counted = begun + line.begun, counted + line.counted
    return Line(code=code, label=label, begun=begun, counted=counted)


def _left(session: Session, row: RoundRow, now: datetime) -> dict[tuple[str, str], Count]:
    """By stream and question; those under way stand under the question "" """
    left: dict[tuple[str, str], Count] = {}
    is_open = row.takes_answers(local_date(now))
    for at in watching.count_left(session, row.id, now - UNDER_WAY_FOR):
        is_marked = bool(mark_of(at.stream, at.ordinal, at.mark))
        question = "" if at.is_under_way and is_open else at.question or "?"
        count = Count(everybody=at.number, unmarked=0 if is_marked else at.number)
        left[at.stream, question] = left.get((at.stream, question), Count()) + count
    return left


def _watched(
    stream: Stream,
    tally: _Tally,
    left: Mapping[tuple[str, str], Count],
    book: Labels,
    place_codes: Iterable[str],
) -> Watched:
    asked = f"question_{stream.value}"
    at = {question: count for (of, question), count in left.items() if of == stream and question}
    marks = [line for line in tally.lines("mark", stream, book) if line.code]
    return Watched(
        stream=stream,
        label=book("stream", stream.value),
        total=tally.total(stream),
        under_way=left.get((stream.value, ""), Count()),
        outcomes=tally.lines("outcome", stream, book),
        left_at=tuple(
            Line(code=q, label=book(asked, q) if q != "?" else "", begun=at[q], counted=Count())
            for q in book.order(asked, at)
        ),
        channels=tally.lines("channel", stream, book),
        languages=tally.lines("language", stream, book),
        place_codes=tally.lines("place_code", stream, book, place_codes),
        marks=tuple(marks),
    )


# Beside the inhabitants


def _coverage(lines: Iterable[Line], inhabitants: Mapping[str, int | None]) -> dict[str, Coverage]:
    """Shares among those who named an area whose population is known; none for one area or with too few answers."""
    people = {code: population for code, population in inhabitants.items() if population}
    answers = {line.code: line.counted.everybody for line in lines if line.code in people}
    base, everybody = sum(answers.values()), sum(people.values())
    if base < PERCENT_BASE or len(people) < 2:
        return {}
    return {
        code: Coverage(
            answers=percent(answers[code], base) or 0,
            population=percent(population, everybody) or 0,
            verdict=_verdict(answers[code] / base / (population / everybody)),
        )
        for code, population in people.items()
    }


def _verdict(ratio: float) -> str:
    return "fewer" if ratio < FEWER else "more" if ratio > MORE else "level"


# Days


def _days(session: Session, row: RoundRow, now: datetime) -> tuple[tuple[Day, ...], Line]:
    """Residents by the day on which they began, in Sweden's days: from the first on which somebody did, at most so many
    days back; and all before those.
    """
    last = min(local_date(now), row.closes_on)
    first = max(row.opens_on, last - timedelta(days=MOST_DAYS - 1))
    shown = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = tuple(
        Day(on=day, line=_begun(session, row.id, _midnight(day), _midnight(day + timedelta(days=1))))
        for day in shown
    )
    silent = next((n for n, day in enumerate(days) if day.line.begun.everybody), len(days))
    return days[silent:], _begun(session, row.id, _midnight(row.opens_on), _midnight(first))


def _begun(session: Session, round_id: int, start: datetime, end: datetime) -> Line:
    begun = counted = Count()
    for found in watching.count_begun(session, round_id, start, end):
        if found.stream != Stream.RESIDENTS:
            continue
        is_marked = bool(mark_of(found.stream, found.ordinal, found.mark))
        count = Count(everybody=found.number, unmarked=0 if is_marked else found.number)
        begun += count
        if found.outcome in COUNTED:
            counted += count
    return Line(code="", label="", begun=begun, counted=counted)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _ZONE).astimezone(UTC)


def _period(row: RoundRow, now: datetime) -> tuple[datetime, datetime]:
    """From the round's first day to the day after its last, when what was sent then has arrived."""
    return _midnight(row.opens_on), min(now, _midnight(ended_on(row) + timedelta(days=2)))


# What happened to our texts, and what was answered to danger


def _deliveries(counts: Iterable[tuple[str, str | None, int]]) -> Deliveries:
    arrived = on_their_way = 0
    faults: Counter[str] = Counter()
    for state, code, count in counts:
        if state == "failed":
            faults[_FAULTS.get(code or "", "other")] += count
        elif state in ("delivered", "read"):
            arrived += count
        else:
            on_their_way += count
    return Deliveries(arrived=arrived, on_their_way=on_their_way, faults=tuple(faults.most_common()))


def _protected(counts: Mapping[str, int], book: Labels) -> tuple[tuple[str, int | None], ...]:
    """Every kind that tells of danger stands there whether it came or not: fewer than five may be none."""
    kinds = book.order("safeguard", {*counts, *(kind.value for kind in KEPT)})
    hidden = {kind.value for kind in KEPT if counts.get(kind.value, 0) < SHOWN_FROM}
    return tuple((book("safeguard", kind), None if kind in hidden else counts.get(kind, 0)) for kind in kinds)
