"""Two versions of a flow in plain language: what changed, for whom it counts, what can be compared over time."""

from collections.abc import Iterable, Iterator

from flows.carrying import obstacles
from flows.differences import Difference, FlowDifferences, Trend, compare_flows
from flows.model import Flow

_LONGEST = 160
_PLAIN = {
    "setting": "the setting {of} was {before}, is {after}",
    "language_added": "{of} is offered too",
    "language_removed": "{of} is no longer offered",
    "repeat_max": "{of} is asked at most {after} times, was {before}",
    "question_added": "{of} is new, {where}: {after}",
    "question_removed": "{of} is no longer asked: {before}",
    "question_renamed": "{of} is now called {after}, with the same words",
    "moved": "{of} stands elsewhere: {where}",
    "kind": "{of} is answered otherwise: was {before}, is {after}",
    "role": "{of} has another role in the problem picture: was {before}, is {after}",
    "code_with": "{of} is coded with {after}, was {before}",
    "parts": "{of} asks for other numbers: was {before}, is {after}",
    "repeat": "{of} is asked in the repeat {after}, was {before}",
    "relevant": "{of} is asked of others: was if {before}, is if {after}",
    "constraint": "{of} accepts other answers: was {before}, is {after}",
    "max_choices": "{of} takes at most {after} choices, was {before}",
    "required": "{of} is required: {after}, was {before}",
    "choice_added": "{of} has the new choice {detail}: {after}",
    "choice_removed": "{of} has no longer the choice {detail}: {before}",
    "choice_key": "{of}: {detail} has the number {after} on the phone, was {before}",
    "choice_exclusive": "{of}: {detail} stands alone: {after}, was {before}",
    "choice_synonyms": "{of}: {detail} is understood from other words: was {before}, is {after}",
    "choice_order": "{of}: the choices stand in another order",
}
_SECTIONS = {
    "The survey": ("setting", "language_added", "language_removed", "repeat_max"),
    "Questions": ("question_added", "question_removed", "question_renamed", "moved"),
    "What is asked, and of whom": (
        *(
            "kind",
            "role",
            "code_with",
            "parts",
            "repeat",
            "relevant",
            "constraint",
            "max_choices",
            "required",
        ),
    ),
    "Wording": ("wording",),
    "Choices": (
        *(
            "choice_added",
            "choice_removed",
            "choice_order",
            "choice_key",
            "choice_exclusive",
            "choice_wording",
        ),
        "choice_synonyms",
    ),
}
_BECAUSE = {
    "stream": "another stream",
    "kind": "answered otherwise",
    "role": "another role",
    "code_with": "coded otherwise",
    "parts": "other numbers",
    "repeat": "asked in another repeat",
    "relevant": "asked of others",
    "constraint": "other answers are accepted",
    "max_choices": "another number of choices",
    "moved": "another place in the survey",
    "wording": "other words",
    "choice_added": "a choice more",
    "choice_removed": "a choice less",
    "choice_key": "another number on the phone",
    "choice_exclusive": "a choice that stands alone or no longer does",
    "choice_wording": "a choice in other words",
    "choice_order": "choices in another order",
}
_TRENDS = {
    Trend.IDENTICAL: "Can be compared, identical in words, choices and who is asked: {names}",
    Trend.CAUTION: "Compare with caution, and say so in the report: {names}",
    Trend.BROKEN: "Cannot be compared, the answers mean something else: {names}",
}


def difference_lines(before: Flow, after: Flow) -> Iterator[str]:
    """Everything that differs, and what follows from it."""
    if not compare_flows(before, after).differences:
        yield "No difference: the same questions, words, choices and conditions."
        return
    yield from change_lines(before, after)
    yield "People in the middle of it"
    yield from (f"  {line}" for line in _in_the_middle(before, after))
    yield from comparison_lines(before, after)


def change_lines(before: Flow, after: Flow) -> Iterator[str]:
    """Everything that differs."""
    found = compare_flows(before, after)
    for title, codes in _SECTIONS.items():
        lines = [_sentence(one) for one in found.differences if one.what in codes]
        if lines:
            yield title
            yield from (f"  {line}" for line in lines)


def comparison_lines(before: Flow, after: Flow) -> Iterator[str]:
    """Which questions can be compared."""
    yield "Comparison over time"
    yield from (f"  {line}" for line in _comparison(compare_flows(before, after), before, after))


def obstacle_lines(found: Iterable[Difference]) -> Iterator[str]:
    """Why people cannot go over from one version to the other."""
    yield from (f"  {_sentence(one)}" for one in found)


def _in_the_middle(before: Flow, after: Flow) -> Iterator[str]:
    if obstacles(before, after):
        yield (
            "Nobody meets both: who has begun finishes the version that they began, with its words and choices. "
            "An open round can ask the new one of those who begin later (lyhord round correct)."
        )
    else:
        yield (
            "Nothing but words differs: an open round can go over to it with everybody in the middle "
            "(lyhord round correct)."
        )
    if before.id == after.id and before.version == after.version:
        advice = "Give the changed one a new version, so that the data can be told apart."
        yield f"Both say version {after.version}. {advice}"


def _comparison(found: FlowDifferences, before: Flow, after: Flow) -> Iterator[str]:
    if before.id != after.id:
        yield f"{before.id} and {after.id} are two flows, not versions of one: that names are the same may be chance."
    for trend, words in _TRENDS.items():
        names = [_named(one.question, one.because) for one in found.trends if one.trend is trend]
        if names:
            yield words.format(names=", ".join(names))
    gone = [one.of for one in found.differences if one.what == "question_removed"]
    come = [one.of for one in found.differences if one.what == "question_added"]
    if gone:
        yield f"The line ends here: {', '.join(gone)}"
    if come:
        yield f"The line begins here: {', '.join(come)}"
    for old, new in found.renamed.items():
        yield f"Same words under another name: {old} and {new}. In the data they are two questions."
    if before.core != after.core:
        yield "How many answered completely cannot be compared: other questions decide it (core)."


def _named(name: str, because: tuple[str, ...]) -> str:
    reasons = "; ".join(_BECAUSE[code] for code in because)
    return f"{name} ({reasons})" if reasons else name


def _sentence(one: Difference) -> str:
    if one.what in ("wording", "choice_wording"):
        of = f"{one.of}, {one.detail} in {one.language}"
        return f"{of}: was {_quoted(one.before)}, is {_quoted(one.after)}"
    place = one.detail if one.what == "question_added" else one.after
    return _PLAIN[one.what].format(
        of=one.of,
        detail=one.detail,
        before=_short(one.before) or "nothing",
        after=_short(one.after) or "nothing",
        where=f"after {place}" if place else "first",
    )


def _quoted(text: str) -> str:
    return f'"{_short(text)}"' if text else "nothing"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
