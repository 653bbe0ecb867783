"""Released reports of several municipalities side by side: read from their JSON files, never from a database."""

import json
from collections.abc import Iterable

from summary.comparison import NotComparable, compare
from summary.comparison_words import TEXTS
from summary.picture import ProblemPicture, from_json
from summary.wording import Words

MOST_BYTES = 20_000_000
"""Of one report; the largest that we know of has half a million."""


_PROBLEMS = {
    "large": (
        "är större än {most} MB, och så stor är ingen rapport",
        "is larger than {most} MB, as no report is",
    ),
    "no_json": ("är ingen JSON-fil", "is not JSON"),
    "no_report": ("innehåller ingen rapport", "holds no report"),
    "unknown": (
        "är ingen släppt rapport, eller en från en senare version",
        "is no released report, or one of a later version",
    ),
}
_ADVICE = (
    "Be kommunen om sin rapport som JSON (Rapporter, format JSON).",
    "Ask the municipality for its report as JSON (lyhord export --format json).",
)


class BadReport(ValueError):
    """A file that is no report of ours. `name` says which; the message what is wrong and what to do."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        self.problem = problem
        super().__init__(self.in_language("en"))

    def in_language(self, language: str) -> str:
        of = 0 if language == "sv" else 1
        problem = _PROBLEMS[self.problem][of].format(most=MOST_BYTES // 1_000_000)
        return f"{self.name}: {problem}. {_ADVICE[of]}"


def sentence_of(refused: BadReport | NotComparable, language: str) -> str:
    """Why there is no comparison, in the reader's language."""
    if isinstance(refused, BadReport):
        return refused.in_language(language)
    return Words(language, TEXTS)(refused.code, **refused.values)


def compare_reports(files: Iterable[tuple[str, bytes]], language: str = "sv") -> ProblemPicture:
    """The comparison of these files, each with its name. Raises BadReport, or NotComparable where they do not fit."""
    return compare([_read(name, content) for name, content in files], language)


def _read(name: str, content: bytes) -> ProblemPicture:
    if len(content) > MOST_BYTES:
        raise BadReport(name, "large")
    try:
        document = json.loads(content)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadReport(name, "no_json") from None
    if not isinstance(document, dict):
        raise BadReport(name, "no_report")
    try:
        return from_json(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadReport(name, "unknown") from None
