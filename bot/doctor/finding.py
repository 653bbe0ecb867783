"""What a check says of the set-up."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """A fault must be mended before residents write; a warning should be looked at."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on how it is, and what to do if anything. Never a secret or a resident's number."""

    level: Level
    sentence: str
    advice: str = ""


def ok(sentence: str) -> Finding:
    return Finding(Level.OK, sentence)


def warning(sentence: str, advice: str) -> Finding:
    return Finding(Level.WARNING, sentence, advice)


def fault(sentence: str, advice: str) -> Finding:
    return Finding(Level.FAULT, sentence, advice)
