"""Released reports of several municipalities side by side: read from their JSON files, never from a database."""

import json
from collections.abc import Iterable

from summary.comparison import compare
from summary.picture import ProblemPicture, from_json

MOST_BYTES = 20_000_000
"""Of one report; the largest that we know of has half a million."""


class BadReport(ValueError):
    """A file that is no report of ours. `name` says which; the message what is wrong and what to do."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"{name}: {problem} Ask the municipality for its report as JSON (lyhord export --format json)."
        )
        self.name = name


def compare_reports(files: Iterable[tuple[str, bytes]], language: str = "sv") -> ProblemPicture:
    """The comparison of these files, each with its name. Raises BadReport, or NotComparable where they do not fit."""
    return compare([_read(name, content) for name, content in files], language)


def _read(name: str, content: bytes) -> ProblemPicture:
    if len(content) > MOST_BYTES:
        raise BadReport(name, f"is larger than {MOST_BYTES // 1_000_000} MB, as no report is.")
    try:
        document = json.loads(content)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadReport(name, "is not JSON.") from None
    if not isinstance(document, dict):
        raise BadReport(name, "holds no report.")
    try:
        return from_json(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadReport(name, f"is no released report, or one of a later version ({error}).") from None
