"""What differs between two versions of a flow, and which of their questions can be compared over time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.model import Choice, Flow, Question, Wording


class Trend(StrEnum):
    """Whether the answers to a question may stand beside those of the version before."""

    IDENTICAL = "identical"  # same words, same choices, asked of the same people
    CAUTION = "caution"  # a difference may come from the survey and not from what people live through
    BROKEN = "broken"  # the answers mean something else now


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that is not as it was. `what` is a stable code, `of` names the question, list or setting."""

    what: str
    of: str
    detail: str = ""
    """The choice, the column or the setting; in a language where `language` is given."""
    language: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionTrend:
    """A question of both versions; `because` holds codes of Difference, none where it is identical."""

    question: str
    trend: Trend
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowDifferences:
    differences: tuple[Difference, ...]
    trends: tuple[QuestionTrend, ...]
    renamed: Mapping[str, str]
    """New name by old, of questions that ask the same in the same words."""


_BREAKING = frozenset({"kind", "role", "code_with", "parts", "choice_added", "choice_removed"})
_HARMLESS = frozenset({"synonyms", "required", "language_added", "language_removed"})
_WORDINGS: Mapping[str, Callable[[Question], Wording]] = {
    "label": lambda question: question.label,
    "sms": lambda question: question.sms,
    "hint": lambda question: question.hint,
    "constraint_message": lambda question: question.constraint_message,
}
_PLAIN: Mapping[str, Callable[[Question], str]] = {
    "kind": lambda question: question.kind.value,
    "role": lambda question: question.role,
    "code_with": lambda question: question.code_with,
    "parts": lambda question: ", ".join(question.parts),
    "repeat": lambda question: question.repeat,
    "relevant": lambda question: question.relevant,
    "constraint": lambda question: question.constraint,
    "max_choices": lambda question: str(question.max_choices or ""),
    "required": lambda question: "yes" if question.required else "no",
}


def compare_flows(before: Flow, after: Flow) -> FlowDifferences:
    """Everything that a person or the data would notice, in the order of the survey."""
    old = {question.name: question for question in before.questions}
    new = {question.name: question for question in after.questions}
    both = [name for name in new if name in old]
    renamed = _renamed(before, after)
    by_question = {name: [*_question(old[name], new[name])] for name in both}
    moved = _moved([name for name in old if name in new], both)
    for name in both:
        if name in moved:
            by_question[name].append(Difference(what="moved", of=name, after=_before(after, name)))
    differences = (
        *_settings(before, after),
        *_come_and_gone(before, after, renamed),
        *(
            difference
            for name in both
            for difference in by_question[name]
            if not difference.what.startswith("choice_")
        ),
        *_lists(before, after, both),
    )
    trends = tuple(_trend(name, by_question[name], before.stream == after.stream) for name in both)
    return FlowDifferences(differences=differences, trends=trends, renamed=renamed)


def _settings(before: Flow, after: Flow) -> Iterator[Difference]:
    for name, old, new in (
        ("form_id", before.id, after.id),
        ("version", before.version, after.version),
        ("stream", before.stream, after.stream),
        ("core", ", ".join(before.core), ", ".join(after.core)),
        ("hidden", ", ".join(h.name for h in before.hidden), ", ".join(h.name for h in after.hidden)),
    ):
        if old != new:
            yield Difference(what="setting", of=name, before=old, after=new)
    for language in sorted({*before.languages} ^ {*after.languages}):
        what = "language_added" if language in after.languages else "language_removed"
        yield Difference(what=what, of=language)
    yield from _wording("settings", "title", before.title, after.title)
    yield from _wording("thanks", "label", before.thanks, after.thanks)
    yield from _wording("thanks", "sms", before.thanks_sms, after.thanks_sms)
    for name in after.repeat_max:
        if name in before.repeat_max and before.repeat_max[name] != after.repeat_max[name]:
            turns = str(before.repeat_max[name]), str(after.repeat_max[name])
            yield Difference(what="repeat_max", of=name, before=turns[0], after=turns[1])


def _come_and_gone(before: Flow, after: Flow, renamed: Mapping[str, str]) -> Iterator[Difference]:
    old, new = ({question.name for question in flow.questions} for flow in (before, after))
    for question in after.questions:
        if question.name not in old and question.name not in renamed.values():
            words = question.label.get(after.default_language, "")
            place = _before(after, question.name)
            yield Difference(what="question_added", of=question.name, detail=place, after=words)
    for question in before.questions:
        if question.name in renamed:
            yield Difference(what="question_renamed", of=question.name, after=renamed[question.name])
        elif question.name not in new:
            words = question.label.get(before.default_language, "")
            yield Difference(what="question_removed", of=question.name, before=words)


def _question(before: Question, after: Question) -> Iterator[Difference]:
    for what, read in _PLAIN.items():
        if read(before) != read(after):
            yield Difference(what=what, of=after.name, before=read(before), after=read(after))
    for column, wording in _WORDINGS.items():
        yield from _wording(after.name, column, wording(before), wording(after))
    yield from _choices(after.name, before.choices, after.choices)


def _wording(of: str, column: str, before: Wording, after: Wording) -> Iterator[Difference]:
    """Texts that were changed. In a language that came or went there is nothing to compare."""
    for language in sorted({*before} | {*after}):
        old, new = before.get(language, ""), after.get(language, "")
        if old != new and ((old and new) or column not in ("label", "constraint_message")):
            yield Difference(what="wording", of=of, detail=column, language=language, before=old, after=new)


def _lists(before: Flow, after: Flow, both: Sequence[str]) -> Iterator[Difference]:
    """Each list once, however many questions use it."""
    seen = set()
    for name in both:
        old, new = before.question(name), after.question(name)
        if new.list_name and (old.list_name, new.list_name) not in seen:
            seen.add((old.list_name, new.list_name))
            yield from _choices(new.list_name, old.choices, new.choices)


def _choices(of: str, before: Sequence[Choice], after: Sequence[Choice]) -> Iterator[Difference]:
    old, new = ({choice.name: choice for choice in choices} for choices in (before, after))
    for name in (name for name in new if name not in old):
        yield Difference(what="choice_added", of=of, detail=name, after=_words(new[name]))
    for name in (name for name in old if name not in new):
        yield Difference(what="choice_removed", of=of, detail=name, before=_words(old[name]))
    for name in (name for name in new if name in old):
        yield from _choice(of, old[name], new[name])
    common = [name for name in old if name in new]
    if common != [name for name in new if name in old]:
        yield Difference(what="choice_order", of=of)


def _choice(of: str, before: Choice, after: Choice) -> Iterator[Difference]:
    for what, old, new in (
        ("choice_key", before.key, after.key),
        ("choice_exclusive", str(before.exclusive), str(after.exclusive)),
        ("choice_synonyms", _synonyms(before), _synonyms(after)),
    ):
        if old != new:
            yield Difference(what=what, of=of, detail=after.name, before=old, after=new)
    for difference in _wording(of, after.name, before.label, after.label):
        if difference.before and difference.after:
            yield Difference(
                what="choice_wording",
                of=of,
                detail=after.name,
                language=difference.language,
                before=difference.before,
                after=difference.after,
            )


def _trend(name: str, differences: Sequence[Difference], is_same_stream: bool) -> QuestionTrend:
    because = list(dict.fromkeys(_reason(difference) for difference in differences))
    because = [what for what in because if what not in _HARMLESS]
    if not is_same_stream:
        because.insert(0, "stream")
    broken = any(what in _BREAKING or what == "stream" for what in because)
    trend = Trend.BROKEN if broken else Trend.CAUTION if because else Trend.IDENTICAL
    return QuestionTrend(question=name, trend=trend, because=tuple(because))


def _reason(difference: Difference) -> str:
    """What a difference is to the comparison: more words that are understood change no question."""
    if difference.what == "wording" and difference.detail == "constraint_message":
        return "required"
    return "synonyms" if difference.what == "choice_synonyms" else difference.what


def _renamed(before: Flow, after: Flow) -> dict[str, str]:
    old, new = ({question.name for question in flow.questions} for flow in (before, after))
    gone = [question for question in before.questions if question.name not in new]
    come = [question for question in after.questions if question.name not in old]
    found: dict[str, str] = {}
    for one in gone:
        twin = next((q for q in come if q.kind is one.kind and q.label == one.label), None)
        if twin is not None and twin.name not in found.values():
            found[one.name] = twin.name
    return found


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest names whose moving makes one order of the other: those outside a longest common order."""
    order = {name: index for index, name in enumerate(before)}
    chains: list[list[str]] = []
    for name in after:
        fitting = [chain for chain in chains if order[chain[-1]] < order[name]]
        chains.append([*max(fitting, key=len, default=[]), name])
    return {*after} - {*max(chains, key=len, default=[])}


def _before(flow: Flow, name: str) -> str:
    """The question that stands before it, or ""."""
    names = ["", *(question.name for question in flow.questions)]
    return names[names.index(name) - 1]


def _words(choice: Choice) -> str:
    return next(iter(choice.label.values()), "")


def _synonyms(choice: Choice) -> str:
    return "; ".join(f"{language}: {', '.join(words)}" for language, words in sorted(choice.synonyms.items()))
