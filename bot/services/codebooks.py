"""The codebook of a round from what it is made of: its flows, its taxonomy, its areas and places."""

from collections.abc import Iterable, Sequence

from categories.taxonomy import Taxonomy
from flows.model import Choice, Flow, Kind, Question
from summary.codebook import NO_ANSWER, Entry

OTHER_FOCUS = "F_OTHER"
"""Focus of what is in no focus issue: its categories stand by themselves."""

_WITHOUT_TOPIC = frozenset({"off_topic", "empty"})
_OR = {"sv": "eller", "en": "or"}


def flow_entries(flows: Iterable[Flow]) -> list[Entry]:
    """Questions by name (list ``question_STREAM``) and by role (``asked``); the choices of each by its role."""
    entries: list[Entry] = []
    for flow in flows:
        for question in flow.questions:
            role = question.role or question.name
            label = {language: question_alone(text) for language, text in question.label.items()}
            entries.append(Entry(list=f"question_{flow.stream}", code=question.name, label=label))
            entries.append(Entry(list="asked", code=role, label=label))
            if not question.from_round:
                entries += _choice_entries(role, question)
    return entries


def question_alone(text: str) -> str:
    """Without how to answer it: what stands behind the question mark."""
    asked, mark, _ = text.partition("?")
    return asked + mark


def category_entries(taxonomy: Taxonomy) -> list[Entry]:
    """Foci and the categories that they roll up to. What is sensitive is a part of the whole, never of a focus."""
    entries = [
        Entry(list="category", code=focus, label=names)
        for focus, names in taxonomy.foci.items()
        if focus != OTHER_FOCUS
    ]
    for category in taxonomy:
        focus = taxonomy.focus_of(category.id) or ""
        parent = "" if category.sensitive or focus == OTHER_FOCUS else focus
        if category.id in _WITHOUT_TOPIC:
            parent = NO_ANSWER
        entries.append(Entry(list="category", code=category.id, label=category.name, parent=parent))
    return entries


def _choice_entries(role: str, question: Question) -> list[Entry]:
    parents = _ends(question.choices) if question.kind is Kind.SCALE and len(question.choices) == 5 else {}
    entries = [
        Entry(list=role, code=choice.name, label=choice.label, parent=parents.get(choice.name, ""))
        for choice in question.choices
    ]
    for end in (question.choices[:2], question.choices[-2:]) if parents else ():
        label = {language: _either(end, language) for language in end[0].label}
        entries.append(Entry(list=role, code=_end(end), label=label))
    return entries


def _ends(choices: Sequence[Choice]) -> dict[str, str]:
    """Both ends of a five-point scale: what is shown together when its steps are too small."""
    return {choice.name: _end(end) for end in (choices[:2], choices[-2:]) for choice in end}


def _end(choices: Sequence[Choice]) -> str:
    return "_or_".join(choice.name for choice in choices)


def _either(choices: Sequence[Choice], language: str) -> str:
    """``Mycket eller ganska trygg``, ``Ja, helt eller delvis``: what both labels share is said once."""
    first, second = (choice.label.get(language, choice.name).split() for choice in choices)
    if first[-1] == second[-1]:
        first = first[:-1]
    elif first[0] == second[0]:
        second = second[1:]
    joined = " ".join([*first, _OR.get(language, "/"), *second])
    return joined[:1].upper() + joined[1:].lower()
