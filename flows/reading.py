"""What is known about one incoming message before the engine sees it, and how a reply to a question was read.

Plain values that the parts below the engine produce: flows.commands, flows.safeguards and flows.answers here,
privacy.redaction and categories.coding beside this package (the service layer carries those over).
"""

from dataclasses import dataclass
from enum import StrEnum


class CommandName(StrEnum):
    """A message that is an instruction to us, not an answer. Always the whole message."""

    STOP = "stop"
    ERASE = "erase"
    HELP = "help"
    UNDO = "undo"
    SKIP = "skip"
    CONTINUE = "continue"
    RESTART = "restart"
    INFO = "info"  # who are you, is this a scam
    RESULTS = "results"  # put me on the feedback list
    DONE = "done"  # "klar": finished with this loop or this survey
    TEST = "test"  # operators: answers räksmörgås
    LANGUAGE = "language"
    START = "start"  # after STOP: may be written to again. Never inside a survey


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """`language` is the language code asked for, only with LANGUAGE.

    Not `sure`: may as well be the answer to the open question that was asked, so the engine asks back. `learned`: only
    the learned layer heard it, so a reply that is an answer to a closed question goes before.
    """

    name: CommandName
    language: str = ""
    sure: bool = True
    learned: bool = False


class Safeguard(StrEnum):
    """What a message may tell of that goes before the survey, in the order in which one reply is chosen."""

    EMERGENCY = "emergency"
    CHILD = "child"  # a child tells of harm, or somebody of a child at risk
    UNDER_AGE = "under_age"  # the writer says that they are under 15; no harm told
    SUICIDE = "suicide"
    DOMESTIC = "domestic"  # domestic, sexual or honour-related violence
    THREAT = "threat"  # by the writer
    CRIME_REPORT = "crime_report"  # told as a report; never blocks the answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """A safeguard and the name of the rule that fired (never the text)."""

    safeguard: Safeguard
    rule: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadMessage:
    """One message, read. `text` is redacted: nothing behind this point can leak what was masked."""

    text: str
    command: Command | None = None
    alarms: tuple[Alarm, ...] = ()
    """In the order of Safeguard, most urgent first."""
    masked: tuple[str, ...] = ()
    """Kinds of personal data that were masked: telephone, personal_number, email ..."""
    language: str | None = None
    """A language noticed surely, or None."""
    categories: tuple[str, ...] = ()
    """What an open answer is about, the primary category first; empty when it was not coded."""
    places: tuple[str, ...] = ()
    """Codes of known places that the text names."""

    @property
    def is_danger(self) -> bool:
        """Whether it tells of more than a crime."""
        return any(alarm.safeguard is not Safeguard.CRIME_REPORT for alarm in self.alarms)

    @property
    def order(self) -> Command | None:
        """A command to stop or erase: obeyed before anything is looked at, but after danger if only the learned layer
        heard it.
        """
        is_order = self.command is not None and self.command.name in (CommandName.STOP, CommandName.ERASE)
        is_late = self.command is not None and self.command.learned and self.is_danger
        return self.command if is_order and not is_late else None


class Outcome(StrEnum):
    """What became of a reply to a question."""

    VALUE = "value"
    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    UNDER_AGE = "under_age"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A reply as it was read against the question asked.

    `values` holds choice names (closed kinds), decimal integers as text (number kinds), or is empty for open text.
    `remark` is what a closed reply said besides its value ("4 skoter mitt i natten" -> "skoter mitt i natten").
    `how` names the way of reading (number, number_word, label, synonym, fuzzy, years, birth_year ...), `score`
    its certainty from 0 to 1; `candidates` the choices between which an unclear reply stood.
    """

    outcome: Outcome
    values: tuple[str, ...] = ()
    remark: str = ""
    how: str = ""
    score: float = 1.0
    candidates: tuple[str, ...] = ()
