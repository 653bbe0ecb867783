"""What a promise lacks before it can be followed up, told to whoever writes it, and names of persons in it.

A lack stops nobody: a promise is often written before its date is decided. A person's name does.
"""

import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from flows.catalogue import load_document_text
from summary.promises import Promised, Status


class Lack(StrEnum):
    """Also the key of its sentence on pages."""

    OWNER = "owner"
    NUMBER = "number"
    DATE = "date"
    WEAK = "weak"
    """It says that one means well, and has no number or no date."""
    LATE = "late"
    """The time is up and nobody has said what became of it."""
    NO_RESULT = "no_result"
    """It is said to be kept, and not with what result."""
    BELOW_TARGET = "below_target"
    """It is said to be kept, and its result is below the target."""
    NO_FEEDBACK = "no_feedback"
    """It is settled, and those who asked for it have not been told."""


def lacks_of(promise: Promised, feedback_on: date | None, today: date) -> tuple[Lack, ...]:
    """In the order in which they are mended; of a withdrawn promise none."""
    if promise.status is Status.WITHDRAWN:
        return ()
    is_countable = promise.target is not None and promise.deadline is not None
    is_kept = promise.status is Status.KEPT
    found = {
        Lack.OWNER: not promise.owner,
        Lack.NUMBER: promise.target is None,
        Lack.DATE: promise.deadline is None,
        Lack.WEAK: not is_countable and bool(weak_words(promise.wording)),
        Lack.LATE: promise.is_late(today),
        Lack.NO_RESULT: is_kept and not promise.has_result,
        Lack.BELOW_TARGET: is_kept
        and promise.target is not None
        and promise.result_number is not None
        and promise.result_number < promise.target,
        Lack.NO_FEEDBACK: not promise.status.is_open and feedback_on is None,
    }
    return tuple(lack for lack, is_there in found.items() if is_there)


def weak_words(wording: str) -> str:
    """The first words that say that one means well; empty where there are none."""
    found = _weak().search(wording)
    return found.group() if found else ""


def name_in(text: str, people: Collection[str] = ()) -> str:
    """A name of a person in the text: a common first name with another name after it, or one of `people`. Else empty.

    A first name alone is passed over: it may be a place or a word. Other names cannot be told from those of firms.
    """
    found = _named().search(text)
    if found:
        return found.group()
    lower = text.casefold()
    return next((name for name in people if " " in name and name.casefold() in lower), "")


@cache
def _weak() -> re.Pattern[str]:
    beginnings = "|".join(map(re.escape, _document()["weak"]))
    return re.compile(rf"\b(?:{beginnings})", re.IGNORECASE)


@cache
def _named() -> re.Pattern[str]:
    names = "|".join(dict.fromkeys(_document()["first_names"].split()))
    places = "|".join(_document()["not_persons"].split())
    return re.compile(
        rf"\b(?:{names})(?:-[A-ZÅÄÖ]\w+)?(?: [A-ZÅÄÖ]\.?)? [A-ZÅÄÖ][\w-]+\b"
        rf"(?!(?::s| [A-ZÅÄÖ]\w+s)? (?:{places})\b)"
    )


@cache
def _document() -> dict[str, Any]:
    source = files("bot.services").joinpath("promise_words.yaml").read_bytes()
    return dict(load_document_text(source, "promise_words").document)
