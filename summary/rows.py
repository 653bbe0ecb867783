"""What the database hands over to be added up, as counted there: flat cells, facts of the round, rows for the
working copy. Nothing here is safe to show: counts are exact until privacy.disclosure has seen them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Stream(StrEnum):
    """The three sources, side by side and never added together."""

    RESIDENTS = "residents"  # counted in persons
    EMPLOYEES = "employees"  # counted in persons
    DIALOGUE = "dialogue"  # counted in notes, not persons


class Outcome(StrEnum):
    """How a conversation ended, after the Standard Definitions of AAPOR (its codes in the comment)."""

    COMPLETE = "complete"  # 1.1
    PARTIAL = "partial"  # 1.2, counted in the picture, shown apart
    BREAK_OFF = "break_off"  # 2.12
    REFUSED = "refused"  # 2.11: no at the first question
    STOPPED = "stopped"  # 2.11: STOP under way, too little answered to count
    UNDER_AGE = "under_age"  # 4.10


COUNTED = frozenset({Outcome.COMPLETE, Outcome.PARTIAL})
"""Outcomes whose answers make the picture."""


def outcome_of(
    *, status: str, core_answered: int, core_applicable: int, has_safety: bool, has_problem: bool
) -> Outcome:
    """The outcome of one conversation from its status and how many of its core questions have an answer.

    A question with dont_know or refused is answered; one off the path is not applicable. Complete is 80 %
    of the core with the open problem question; partial 50 %, or both safety and problem.
    """
    if status in ("refused", "under_age"):
        return Outcome(status)
    share = core_answered / core_applicable if core_applicable else 0.0
    if share >= 0.8 and has_problem:
        return Outcome.COMPLETE
    if share >= 0.5 or (has_safety and has_problem):
        return Outcome.PARTIAL
    return Outcome.STOPPED if status == "stopped" else Outcome.BREAK_OFF


class Table(StrEnum):
    """What a cell counts. Comments: row code, column code. *Counted* persons are those whose outcome is in
    COUNTED; every table but OUTCOME, LAST_QUESTION, PLACE_CODE and SAFEGUARD counts them alone.

    A partition puts each counted person of the stream in at most one row; who has no answer needs no cell.
    Of a repeat, PLACE, TIME and POINT count any turn, the others the first turn only.
    """

    OUTCOME = "outcome"  # Outcome. Everybody who started
    LAST_QUESTION = "last_question"  # question asked last, of break_off and stopped
    PLACE_CODE = (
        "place_code"  # place code ("" unknown), "finished" (counted) or "unfinished". Everybody who started
    )
    CHANNEL = "channel"  # channel. Partition
    LANGUAGE = "language"  # language. Partition
    MARKED = "marked"  # "marked" (perhaps the same person again) or "unmarked". Partition
    AREA = "area"  # area code. Partition
    AGE = "age"  # choice of the question with role age, or refused. Partition
    GENDER = "gender"  # choice, or refused. Partition
    ROLE = "role"  # choice of the question with role role; employees: workplace. Partition
    PROBLEM = (
        "problem"  # primary category of the person's first problem, "person" or "machine" (who confirmed it).
    )
    PROBLEM_AREA = "problem_area"  # primary category, area code
    PROBLEM_TIME = "problem_time"  # primary category, choice of when (a person may have several)
    PROBLEM_AGE = "problem_age"  # primary category, choice of age or refused
    PROBLEM_GENDER = "problem_gender"  # primary category, choice of gender or refused
    PROBLEM_WISH = "problem_wish"  # primary category of the problem, that of the wish
    PROBLEM_PLACE = "problem_place"  # primary category, place named (a person may name several)
    TIME = "time"  # choice of when (a person may have several)
    PLACE = "place"  # place code; distinct conversations that name it. Private homes are no places
    WISH = "wish"  # primary category of the wish. Partition
    CLOSED = "closed"  # role of a closed question with one answer, its choice or dont_know, refused, skipped
    SEVERAL = (
        "several"  # role of a closed question with several answers, its choice (a person may have several)
    )
    SAFETY_AREA = "safety_area"  # choice of the safety question, area code
    LIVES = "lives"  # residents who live there: joined(area, age, gender)
    SAFETY_LIVES = (
        "safety_lives"  # choice of the safety question, joined(area, age, gender) of who lives there
    )
    POINT = "point"  # dialogue: primary category of the point; counts notes
    POINT_SUPPORT = "point_support"  # dialogue: primary category; sum of the persons who agreed
    MISSING_GROUP = "missing_group"  # dialogue: group said to be missing; counts meetings
    SAFEGUARD = "safeguard"  # kind of safeguard reply given. Counts replies, everybody who started


LIVES_HERE = "lives"
"""The choice of the question with role role that says who lives in the municipality."""


def joined(area: str | None, age: str | None, gender: str | None) -> str:
    """Area, age and gender of a person as one code; what is not known is empty."""
    return "|".join((area or "", age or "", gender or ""))


def apart(code: str) -> tuple[str, str, str]:
    """Area, age and gender that a code was joined of."""
    area, age, gender = code.split("|")
    return area, age, gender


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One count of a GROUP BY. Cells of the same keys are added."""

    table: Table
    stream: Stream
    row: str
    column: str = ""
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Population:
    """Inhabitants aged 15 and over in one group: `table` is AREA, AGE or GENDER, `code` as in its cells."""

    table: Table
    code: str
    persons: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Meetings:
    """The meetings behind the dialogue stream. Participants are sums over the meetings that told."""

    meetings: int = 0
    women: int = 0
    men: int = 0
    under_25: int = 0
    over_65: int = 0
    promised_answers: int = 0
    """Points where an answer was promised at the meeting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundFacts:
    """What the round is. Dates are local."""

    name: str
    municipality: str
    starts_on: date
    ends_on: date
    counted_on: date
    closed_on: date | None = None
    """None as long as the round is open."""
    erase_until: date | None = None
    """Last day on which RADERA works."""
    streams: tuple[Stream, ...] = (Stream.RESIDENTS,)
    flow_versions: tuple[str, ...] = ()
    """As ``residents 1``."""
    taxonomy: str = ""
    demonstration: bool = False
    """The answers are invented."""
    place_areas: Mapping[str, str] = field(default_factory=dict)
    """The area of each place, as the register has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundCounts:
    """Everything the picture needs, exactly as counted. A few thousand cells, however many answered."""

    facts: RoundFacts
    cells: tuple[Cell, ...]
    population: tuple[Population, ...] = ()
    meetings: Meetings = field(default_factory=Meetings)
    with_weights: bool = False
    """Whether the coordinator wants weighted shares beside the others in the final release."""
    sensitive: frozenset[str] = frozenset({"domestic_violence", "hate_discrimination", "organised_crime"})
    """Categories shown only for the whole municipality and only as far as a person has confirmed them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """One respondent (or note-taker) in the working copy. Date only; no contact key, no message id."""

    person: str
    """Random id made for the row, without any other use."""
    stream: Stream
    flow: str
    flow_version: str
    channel: str
    language: str
    place_code: str
    started_on: date
    outcome: Outcome
    marked: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    """Codes by question: several separated by space; open questions have ``answered``. In a repeat the first
    turn stands under the question's name, the next under ``question_2`` and so on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRow:
    """One open answer in the working copy, redacted, with its coding."""

    answer: str
    person: str
    stream: Stream
    question: str
    repeat: int
    text: str
    primary: str = ""
    others: Sequence[str] = ()
    score: float | None = None
    rule: str = ""
    """Which rule, model or person gave the primary category."""
    confirmed: bool = False
    """A person has confirmed the primary category."""
    places: Sequence[str] = ()
