"""Monday morning: what a coordinator needs in the twenty minutes before the meeting, of one round, as it stands now.

Reads alone, by services and counts that other pages have too. Of what tells of danger it knows one number.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.services.coding_queue import Progress
from bot.services.dates import begins, local_date
from bot.services.decisions import sensitive_categories
from bot.services.gathering import gather_codebook, load_flows, roles_of
from bot.services.handing_over import TAKEN_OUT
from bot.services.live_picture import problem_categories
from bot.services.promise_register import Registered, list_waiting
from bot.services.representing import Crossed, Sparse, crossed, sparsest
from bot.services.rounds import RoundRefused
from bot.services.watching import SHOWN_FROM, Labels
from storage import audit, codings, condition, filtering, messages, priorities, reading, rounds, watching
from storage.audit import Entry
from storage.database import Session, Sessions
from storage.filtering import Part
from storage.rounds import RoundRow
from storage.selecting import Roles
from storage.tally import Tally
from summary.picture import ProblemPicture, from_json
from summary.rows import COUNTED, Stream, Table

WORKER_RESTS_FOR = timedelta(hours=1)
"""Longer than that the worker has stopped: it comes round every five minutes."""
LATE_AFTER = timedelta(hours=1)
"""A text of ours that has waited longer."""
QUIET_AFTER = timedelta(days=7)
JUMP_FROM, JUMP_TIMES = 5, 2
"""Opt-outs since Friday that are a jump: so many, and so many times those of as many days before."""
FAULTS_FROM, FAULT_SHARE = 5, 0.1
"""Texts that did not arrive which are a fire: so many, and that share of all."""
_FRIDAY = 4
_MOST_CHANGED = 5
_MOST_LOGGED = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarms:
    """Whether anything is on fire. `since` is last Friday; `before` counts as many days before it."""

    since: date
    worker_ran_at: datetime | None
    worker_rests: bool
    overdue: int
    """Texts that should have left an hour ago."""
    sent: int
    undelivered: int
    opted_out: int
    opted_out_before: int
    safety_replies: int | None
    """Of every kind together, of the whole round; None for fewer than five, which may be none."""
    begun: int
    begun_before: int

    @property
    def has_delivery_fault(self) -> bool:
        return self.undelivered >= max(FAULTS_FROM, FAULT_SHARE * self.sent)

    @property
    def opt_outs_jump(self) -> bool:
        return self.opted_out >= max(JUMP_FROM, JUMP_TIMES * self.opted_out_before)

    @property
    def is_silent(self) -> bool:
        """Nobody has begun since Friday, where somebody did before."""
        return self.begun == 0 and self.begun_before > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Poster:
    """A place code: answers that count, in so many days that it has been up, and those begun in the last seven."""

    label: str
    code: str
    answers: int
    days: int
    recent: int

    @property
    def is_quiet(self) -> bool:
        return self.recent == 0 and self.days >= QUIET_AFTER.days


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Persons who said it in the last seven days, and in the seven before; its place in this round and in the last."""

    code: str
    label: str
    week: int
    before: int
    place: int
    last_place: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Monday:
    row: RoundRow
    counted_at: datetime
    days_left: int
    counted: int
    alarms: Alarms
    covered: Crossed
    sparse: tuple[Sparse, ...]
    posters: tuple[Poster, ...]
    """The quiet ones first."""
    progress: Progress
    inbox: int
    problems: tuple[Change, ...]
    places: tuple[Change, ...]
    times: tuple[Change, ...]
    last_round: str
    """Name of the round before, where a report of it was released."""
    promises: tuple[Registered, ...]
    """Of any round, those that somebody must do something about; the late ones first."""
    log: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mondays:
    """Reads alone."""

    sessions: Sessions
    now: Callable[[], datetime]

    def list_rounds(self) -> tuple[RoundRow, ...]:
        """Rounds that have been opened, those under way first, then the latest."""
        with self.sessions.reading() as session:
            rows = [row for row in rounds.list_rounds(session) if row.status != "draft"]
        return tuple(sorted(rows, key=lambda row: (not row.is_under_way, -row.opens_on.toordinal())))

    def look(self, round_code: str, language: str) -> Monday:
        """Raises RoundRefused for an unknown round, and for a draft, of which there is nothing to see."""
        now = self.now()
        with self.sessions.reading() as session, reading.unhurried(session):
            row = rounds.get_round(session, round_code)
            if row is None or row.status == "draft":
                raise RoundRefused(f"no round {round_code} has been opened")
            return _look(session, row, now, language)


def last_friday(today: date) -> date:
    """Before today: on a Friday, that of the week before."""
    return today - timedelta(days=(today.weekday() - _FRIDAY) % 7 or 7)


def _look(session: Session, row: RoundRow, now: datetime, language: str) -> Monday:
    flows = load_flows(session, row)
    book = Labels(gather_codebook(session, row, flows), language)
    roles = roles_of(flows)
    persons = _persons(session, row)
    choices = priorities.get_choices(session, row.id)
    areas = rounds.list_round_areas(session, row.id)
    found = crossed(persons, areas, book, choices.population.get("age", {}))
    coded, decided, waiting = codings.count_coded_answers(session, row.id, sensitive_categories())
    changes = _Changes(session, row, roles, book, now, language)
    return Monday(
        row=row,
        counted_at=now,
        days_left=(row.closes_on - local_date(now)).days,
        counted=sum(persons.values()),
        alarms=_alarms(session, row, now),
        covered=found,
        sparse=sparsest(found),
        posters=_posters(session, row, now),
        progress=Progress(coded=coded, decided=decided, waiting=waiting),
        inbox=messages.count_inbox(session),
        problems=changes.of(Table.PROBLEM, "category", "problems", set(problem_categories())),
        places=changes.of(Table.PLACE, "place", "places"),
        times=changes.of(Table.TIME, "when", "times"),
        last_round=changes.last_round,
        promises=list_waiting(session, local_date(now)),
        log=tuple(audit.list_entries(session, limit=_MOST_LOGGED, actions=TAKEN_OUT, round_id=row.id)),
    )


def _persons(session: Session, row: RoundRow) -> Counter[tuple[str, str]]:
    """Residents in the picture, by area and age."""
    found: Counter[tuple[str, str]] = Counter()
    for persons in watching.count_persons(session, row.id):
        if persons.stream == Stream.RESIDENTS and persons.outcome in COUNTED:
            found[persons.area or "", persons.age or ""] += persons.number
    return found


def _alarms(session: Session, row: RoundRow, now: datetime) -> Alarms:
    friday = last_friday(local_date(now))
    since = begins(friday)
    before = since - (now - since)
    deliveries = watching.count_deliveries(session, since, now)
    ran_at = condition.get_last_run(session, condition.UPKEEP)
    replies = watching.count_safeguards_since(session, row.id, since)
    return Alarms(
        since=friday,
        worker_ran_at=ran_at,
        worker_rests=ran_at is None or now - ran_at > WORKER_RESTS_FOR,
        overdue=watching.count_overdue(session, now - LATE_AFTER),
        sent=sum(count for *_, count in deliveries),
        undelivered=sum(count for state, _, count in deliveries if state == "failed"),
        opted_out=watching.count_opt_outs(session, since, now),
        opted_out_before=watching.count_opt_outs(session, before, since),
        safety_replies=replies if replies >= SHOWN_FROM else None,
        begun=_begun(session, row, since, now),
        begun_before=_begun(session, row, before, since),
    )


def _begun(session: Session, row: RoundRow, start: datetime, end: datetime) -> int:
    found = watching.count_begun(session, row.id, start, end)
    return sum(begun.number for begun in found if begun.stream == Stream.RESIDENTS)


def _posters(session: Session, row: RoundRow, now: datetime) -> tuple[Poster, ...]:
    used = {use.code: use for use in rounds.list_code_uses(session, row.id, now - QUIET_AFTER)}
    days = max(1, (min(local_date(now), row.closes_on) - row.opens_on).days)
    posters = [
        Poster(
            label=code.label,
            code=code.code,
            answers=used[code.code].finished if code.code in used else 0,
            days=days,
            recent=used[code.code].recent if code.code in used else 0,
        )
        for code in rounds.list_place_codes(session, row.id)
        if code.kind != "meeting"
    ]
    return tuple(sorted(posters, key=lambda poster: (not poster.is_quiet, poster.answers, poster.label)))


class _Changes:
    """What residents said in the last seven days, beside the seven before, all of the round, and the round before."""

    def __init__(
        self, session: Session, row: RoundRow, roles: Roles, book: Labels, now: datetime, language: str
    ) -> None:
        week = timedelta(days=7)
        ended = min(now, begins(row.closes_on + timedelta(days=1)))
        self._book = book
        self._week = _tally(session, row, roles, ended - week, ended)
        self._before = _tally(session, row, roles, ended - 2 * week, ended - week)
        self._all = _tally(session, row, roles, None, None)
        self._last, self.last_round = _last_released(session, row, language)

    def of(
        self, table: Table, list_name: str, released: str, wanted: set[str] | None = None
    ) -> tuple[Change, ...]:
        whole, week, before = (
            {code: count for code, count in _rows(tally, table).items() if wanted is None or code in wanted}
            for tally in (self._all, self._week, self._before)
        )
        order = sorted(whole, key=lambda code: (-whole[code], code))
        last = [code for code in _order(self._last, released) if wanted is None or code in wanted]
        first = sorted(order, key=lambda code: (-week.get(code, 0), order.index(code)))[:_MOST_CHANGED]
        return tuple(
            Change(
                code=code,
                label=self._book(list_name, code),
                week=week.get(code, 0),
                before=before.get(code, 0),
                place=order.index(code) + 1,
                last_place=last.index(code) + 1 if code in last else None,
            )
            for code in first
            if week.get(code, 0) or before.get(code, 0)
        )


def _tally(
    session: Session, row: RoundRow, roles: Roles, since: datetime | None, until: datetime | None
) -> Tally:
    return filtering.tally_part(session, row.id, Part(since=since, until=until), roles)


def _rows(tally: Mapping[tuple[Table, str, str, str], int], table: Table) -> Counter[str]:
    found: Counter[str] = Counter()
    for (of, _, row, _), count in tally.items():
        if of == table and row:
            found[row] += count
    return found


def _last_released(session: Session, row: RoundRow, language: str) -> tuple[ProblemPicture | None, str]:
    """The report of the round that was chosen to compare with, or of the latest that ended before this one began."""
    chosen = priorities.get_choices(session, row.id).previous_round_id
    before = [
        other
        for other in rounds.list_rounds(session)
        if other.id == chosen or (chosen is None and other.closes_on < row.opens_on)
    ]
    for other in sorted(before, key=lambda other: other.closes_on, reverse=True):
        last = audit.get_latest_release(session, other.id)
        if last is not None:
            return from_json(last.picture[language]), other.name
    return None, ""


def _order(picture: ProblemPicture | None, table: str) -> Sequence[str]:
    """Codes of a released table, the most said first: what is no subject by itself stands out of it by its figure."""
    found = picture.table(table) if picture else None
    if found is None:
        return ()
    at = next((n for n, column in enumerate(found.columns) if column.code in ("residents", "count")), 0)
    counted = [(row.code, row.values[at]) for row in found.rows]
    shown = [(code, count) for code, count in counted if isinstance(count, int)]
    return [code for code, _ in sorted(shown, key=lambda pair: -pair[1])]
