"""What would go wrong with a flow before a resident meets it: structure, expressions, translations.

Checks of single wordings and choices stand in flows.wording_checks.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from flows.conditions import compile_expression
from flows.documents import DocumentReader, Path, Places, Problem, Severity, has_errors
from flows.model import IN_OWN_WORDS, Flow, Kind, Question, Wording
from flows.obeying import LANGUAGE_WORDS
from flows.reachability import can_hold, unknown_codes
from flows.routes import find_asked
from flows.wording import with_more, wordings_of
from flows.wording_checks import (
    LONGEST_VALUES,
    IsCommand,
    Report,
    check_choices,
    check_placeholders,
    check_sms_texts,
)

_WITHOUT_CONSENT = frozenset({"dialogue"})


def check_flow(
    flow: Flow,
    texts: Mapping[str, Wording] | None = None,
    *,
    page: Mapping[str, Wording] | None = None,
    values: Mapping[str, str] | None = None,
    is_command: IsCommand | None = None,
    places: Places | None = None,
) -> tuple[Problem, ...]:
    """All problems of `flow` and of the service `texts` and words of the `page` that go with it, in the order of the
    document.

    `values` are the round's placeholder values; the longest usual ones stand in for what is missing.
    `is_command` tells what a conversation in a language would take for a command. `places` name lines of the author's
    file.
    """
    reader = DocumentReader(places or {})
    filled = {**LONGEST_VALUES, **(values or {})}
    _check_ends(reader.report, flow)
    _check_expressions(reader.report, flow)
    if not has_errors(reader.problems):
        _check_reached(reader.report, flow)
    spoken, shown = with_more(texts or {}, flow.texts), with_more(page or {}, flow.page)
    _check_translations(reader.report, flow, {"texts": spoken, "page": shown})
    _check_drafts(reader.report, flow, {"texts": spoken, "page": shown})
    for path, wording, _ in (
        *wordings_of(flow),
        *((("texts", key), text, True) for key, text in spoken.items()),
    ):
        check_placeholders(reader.report, path, wording, flow, filled)
    check_sms_texts(reader.report, flow, spoken, filled)
    check_choices(reader.report, flow, is_command or (lambda word, language: False))
    return tuple(reader.problems)


def _check_ends(report: Report, flow: Flow) -> None:
    first = flow.questions[0] if flow.questions else None
    if flow.stream not in _WITHOUT_CONSENT and (first is None or first.kind is not Kind.CONSENT):
        advice = "Begin with a question of type acknowledge that says who asks, and 112 for danger."
        report("consent_missing", ("survey",), "the survey begins without a question to begin", advice)
    if not flow.thanks:
        advice = "End with a note that has the role thanks."
        report("thanks_missing", ("survey",), "nothing is said when the survey ends", advice)


def _check_expressions(report: Report, flow: Flow) -> None:
    known = {hidden.name for hidden in flow.hidden}
    everything = known.union(*(_names(question) for question in flow.questions))
    for question in flow.questions:
        for column, text in (("relevant", question.relevant), ("constraint", question.constraint)):
            if text:
                path: Path = ("survey", question.name, column)
                _check_names(report, path, compile_expression(text).variables, known, everything)
                _check_repeats(report, path, text, question, flow)
                _check_outcome(report, path, text, question, flow)
        known |= _names(question)


def _names(question: Question) -> set[str]:
    """What expressions may name once `question` has been answered."""
    names = {question.name}
    if question.code_with:
        names.add(f"{question.name}_category")
    if question.kind in IN_OWN_WORDS:
        names.add(f"{question.name}_place")
    return names


def _check_names(
    report: Report,
    path: Path,
    variables: AbstractSet[str],
    known: AbstractSet[str],
    everything: AbstractSet[str],
) -> None:
    for name in sorted(variables - known):
        if name in everything:
            advice = "Move that question up, or ask about an earlier one."
            report("later_question", path, f"${{{name}}} is not answered yet at this point", advice)
        else:
            advice = (
                "Name an earlier question, a hidden value, or NAME_category or NAME_place of a text question."
            )
            report("unknown_name", path, f"${{{name}}} names nothing in this flow", advice)


def _check_repeats(report: Report, path: Path, text: str, question: Question, flow: Flow) -> None:
    inside = {n: other.repeat for other in flow.questions if other.repeat for n in _names(other)}
    for name in sorted(compile_expression(text).variables):
        if inside.get(name, question.repeat) != question.repeat:
            advice = "Ask inside the repeat; outside, only the first turn's answer would count."
            message = f"${{{name}}} has an answer for every turn of {inside[name]}"
            report("name_in_repeat", path, message, advice)


def _check_outcome(report: Report, path: Path, text: str, question: Question, flow: Flow) -> None:
    expression = compile_expression(text)
    for name, code in unknown_codes(expression, flow):
        advice = "Write the name of one of its choices."
        report("unknown_code", path, f"{code!r} is not a choice of {name}", advice)
    if path[-1] == "constraint":
        if not can_hold(expression, flow, current=question):
            advice = "Mend the condition: now every answer is refused."
            report("dead_end", path, f"no answer can satisfy {text!r}", advice)
    elif not can_hold(expression, flow):
        advice = "Mend the condition, or take the question out."
        report("unreachable", path, f"the question is never asked: {text!r} cannot hold", advice)


def _check_reached(report: Report, flow: Flow) -> None:
    """Conditions that can hold each by itself, and never together with those of the questions that they name."""
    asked = find_asked(flow, sorted(_channels(flow)))
    for question in flow.questions if asked is not None else ():
        if asked is not None and question.name not in asked:
            message = "the question is never asked: no answers to the questions before it lead here"
            advice = "Compare its condition with those of the questions that it names."
            report("unreachable", ("survey", question.name, "relevant"), message, advice)


def _channels(flow: Flow) -> frozenset[str]:
    """Every way to answer, and what conditions call one."""
    named = {
        literal
        for question in flow.questions
        for name, literal in compile_expression(question.relevant or "true()").compared
        if name == "channel" and isinstance(literal, str)
    }
    return frozenset({"sms", "chat", "paper", "notes"} | named)


def _check_translations(report: Report, flow: Flow, ours: Mapping[str, Mapping[str, Wording]]) -> None:
    known = {*flow.languages, *flow.draft_languages}
    for language in flow.languages:
        if language not in LANGUAGE_WORDS:
            advice = f"Known are {', '.join(LANGUAGE_WORDS)}."
            message = f"Lyhörd does not understand who writes in {language}"
            report("language_unknown", ("settings", "languages"), message, advice)
    for path, wording, needed in wordings_of(flow):
        for language in flow.languages:
            if language not in wording and (wording or needed):
                _report_missing(report, path, language)
        for language in sorted({*wording} - known):
            advice = "Add it to languages or draft_languages, or mend the language code."
            message = f"there is a text in {language}, which the flow does not offer"
            report("language_not_offered", (*path, language), message, advice, Severity.WARNING)
    for path, wording in _our_wordings(ours):
        for language in flow.languages:
            if language not in wording:
                _report_missing(report, path, language)


def _our_wordings(ours: Mapping[str, Mapping[str, Wording]]) -> Iterator[tuple[Path, Wording]]:
    for sheet, wordings in ours.items():
        for key, wording in wordings.items():
            yield (sheet, key), wording


def _report_missing(report: Report, path: Path, language: str) -> None:
    advice = f"Translate it, or take {language} out of languages."
    report("translation_missing", path, f"the text in {language} is missing", advice)


def _check_drafts(report: Report, flow: Flow, ours: Mapping[str, Mapping[str, Wording]]) -> None:
    wordings = [wording for _, wording, needed in wordings_of(flow) if wording or needed]
    wordings += [wording for _, wording in _our_wordings(ours)]
    for language in flow.draft_languages:
        missing = sum(language not in wording for wording in wordings)
        message = f"{language} is a draft and is not offered; {missing} of {len(wordings)} texts are missing"
        advice = (
            "lyhord flow translation out and in; it is offered once a named person has signed every text."
        )
        report("draft_language", ("settings", "draft_languages"), message, advice, Severity.WARNING)
