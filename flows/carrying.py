"""Whether somebody in the middle of one version of a flow can go on with another: proved, or not done."""

from dataclasses import replace

from flows.differences import Difference, compare_flows
from flows.model import Flow, Question

_MAY_DIFFER = frozenset({"wording", "choice_wording", "choice_synonyms", "language_added"})


def obstacles(before: Flow, after: Flow) -> tuple[Difference, ...]:
    """What keeps people from being carried over; empty only where the two are one flow but for their words.

    Everything that decides which question comes next, or what is stored of an answer, must be equal: questions, order,
    kinds, codes and their numbers on the phone, conditions, constraints, repeats, hidden values, core. Texts, synonyms
    and the version's name may differ, and a language may be added.
    """
    named = tuple(one for one in compare_flows(before, after).differences if not _may_differ(one))
    if named:
        return named
    if before.default_language != after.default_language:
        of = "languages"
        return (
            Difference(what="setting", of=of, before=before.default_language, after=after.default_language),
        )
    if _what_counts(before) != _what_counts(after):  # nothing else is named today: the proof is this line
        return (Difference(what="setting", of="survey", before=before.version, after=after.version),)
    return ()


def _may_differ(difference: Difference) -> bool:
    is_version = difference.what == "setting" and difference.of == "version"
    return is_version or difference.what in _MAY_DIFFER


def _what_counts(flow: Flow) -> Flow:
    """The flow without its words."""
    return replace(
        flow,
        version="",
        title={},
        languages=(),
        draft_languages=(),
        thanks={},
        thanks_sms={},
        questions=tuple(_bare(question) for question in flow.questions),
    )


def _bare(question: Question) -> Question:
    return replace(
        question,
        label={},
        sms={},
        hint={},
        constraint_message={},
        list_name=question.list_name if question.from_round else "",
        choices=tuple(replace(choice, label={}, synonyms={}) for choice in question.choices),
    )
