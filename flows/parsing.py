"""From a flow document (docs/flow-format.md) to a Flow, and the round's own lists into it.

Says what a document must have to be a flow at all; flows.checks says whether the flow is any good.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flows.documents import DocumentReader, Path, Places, Problem, Severity, has_errors
from flows.model import FINISHED, Choice, Flow, Missing, Signature, Wording
from flows.signatures import unsigned
from flows.survey import SurveyReader

STREAMS = ("residents", "employees", "dialogue")

_SHEETS = ("settings", "choices", "survey", "texts", "page", "signatures")
_SETTINGS = ("form_id", "version", "title", "stream", "languages", "draft_languages", "core")
_SIGNATURE = ("source", "text", "by", "on")
_ADVICE = {"stream": f": {', '.join(STREAMS)}", "languages": ": those offered, the default first, as sv, en"}
_CHOICE_COLUMNS = ("name", "key", "label", "synonyms", "exclusive")
_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_RESERVED_CODES = frozenset(Missing) | {"answered"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedFlow:
    """`flow` is None when there are errors; warnings may stand beside a flow, and so may `not_signed`: such a language
    reads as a draft."""

    flow: Flow | None
    problems: tuple[Problem, ...]


def parse_flow(document: object, places: Places | None = None) -> ParsedFlow:
    """The flow in `document`. Never raises for what an author wrote."""
    reader = DocumentReader(places or {})
    sheets = reader.mapping(document, (), columns=_SHEETS)
    settings = _read_settings(reader, sheets)
    survey = SurveyReader(reader, _read_lists(reader, sheets))
    survey.read(sheets.get("survey"))
    core = reader.words(settings.get("core", ""), ("settings", "core"))
    _check_core(reader, core, survey)
    problems = tuple(reader.problems)
    if has_errors(problems):
        return ParsedFlow(flow=None, problems=problems)
    flow = Flow(
        id=settings["form_id"],
        version=settings["version"],
        title=settings["title"],
        stream=settings["stream"],
        languages=settings["languages"],
        draft_languages=settings["draft_languages"],
        questions=tuple(survey.questions),
        hidden=tuple(survey.hidden),
        thanks=survey.thanks,
        thanks_sms=survey.thanks_sms,
        core=core,
        repeat_max=survey.repeat_max,
        texts=_read_ours(reader, sheets, "texts"),
        page=_read_ours(reader, sheets, "page"),
        signatures=_read_signatures(reader, sheets),
    )
    flow = _without_unsigned(reader, flow)
    problems = tuple(reader.problems)
    return ParsedFlow(flow=flow if flow.languages else None, problems=problems)


def serialise(document: Mapping[str, object]) -> dict[str, Any]:
    """A document as plain JSON values, without what is empty: parse_flow reads the same flow from it again."""
    plain = _plain(document)
    return plain if isinstance(plain, dict) else {}


def with_round_lists(flow: Flow, lists: Mapping[str, Sequence[Choice]]) -> Flow:
    """The flow with the round's areas and meetings in front of the choices that the document itself adds.

    Give the flow as parsed: filling it twice would list the choices twice.
    """
    questions = [
        replace(question, choices=(*lists.get(question.list_name, ()), *question.choices))
        if question.from_round
        else question
        for question in flow.questions
    ]
    return replace(flow, questions=tuple(questions))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items() if item not in (None, "")}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int) else str(value)


def _read_settings(reader: DocumentReader, sheets: Mapping[str, object]) -> dict[str, Any]:
    path: Path = ("settings",)
    fields = reader.mapping(sheets.get("settings"), path, columns=_SETTINGS)
    settings: dict[str, Any] = {
        column: reader.text(fields, column, path) for column in ("form_id", "version")
    }
    settings["stream"] = reader.text(fields, "stream", path)
    settings["title"] = reader.wording(fields, "title", path)
    settings["core"] = fields.get("core", "")
    for column in ("languages", "draft_languages"):
        settings[column] = reader.words(fields.get(column, ""), (*path, column))
    for column in ("form_id", "version", "title", "stream", "languages"):
        if not settings[column]:
            advice = f"Add {column}{_ADVICE.get(column, '')}."
            reader.report("setting_missing", path, f"the setting {column} is missing", advice)
    if settings["stream"] and settings["stream"] not in STREAMS:
        advice = f"Write one of {', '.join(STREAMS)}."
        reader.report("unknown_stream", (*path, "stream"), f"unknown stream {settings['stream']!r}", advice)
    for language in sorted({*settings["languages"]} & {*settings["draft_languages"]}):
        advice = "Take it out of one of the two lists: a draft is never offered."
        reader.report("draft_offered", (*path, "languages"), f"{language} is offered and a draft", advice)
    return settings


def _read_ours(reader: DocumentReader, sheets: Mapping[str, object], sheet: str) -> dict[str, Wording]:
    """Lyhörd's own words in more languages. In those that it is finished in they are Lyhörd's to say."""
    found: dict[str, Wording] = {}
    fields = reader.mapping(sheets.get(sheet), (sheet,))
    for key in fields:
        found[key] = reader.wording(fields, key, (sheet,))
        for language in (code for code in FINISHED if code in found[key]):
            advice = "Take it out: only other languages stand here."
            reader.report("text_of_ours", (sheet, key, language), "Lyhörd has these words itself", advice)
    return found


def _read_signatures(
    reader: DocumentReader, sheets: Mapping[str, object]
) -> dict[str, Mapping[str, Signature]]:
    found: dict[str, Mapping[str, Signature]] = {}
    for language, rows in reader.mapping(sheets.get("signatures"), ("signatures",)).items():
        path: Path = ("signatures", language)
        entries = reader.mapping(rows, path)
        found[language] = {
            place: _read_signature(reader, entry, (*path, place)) for place, entry in entries.items()
        }
    return found


def _read_signature(reader: DocumentReader, entry: object, path: Path) -> Signature:
    fields = reader.mapping(entry, path, columns=_SIGNATURE)
    return {column: reader.text(fields, column, path) for column in fields}


def _without_unsigned(reader: DocumentReader, flow: Flow) -> Flow:
    """The flow, in which a language of which a text is not signed off is a draft: no other can be had of it."""
    drafts = []
    for language in flow.languages:
        places = () if language in FINISHED else unsigned(flow, language)
        if places:
            drafts.append(language)
            message = f"{language} is not signed off: {len(places)} texts, the first is {places[0]}"
            advice = "A named person reads them: lyhord flow translation out, then in with --signed-by."
            reader.report("not_signed", ("settings", "languages"), message, advice)
    return replace(
        flow,
        languages=tuple(language for language in flow.languages if language not in drafts),
        draft_languages=(*flow.draft_languages, *drafts),
    )


def _read_lists(reader: DocumentReader, sheets: Mapping[str, object]) -> dict[str, tuple[Choice, ...]]:
    lists = reader.mapping(sheets.get("choices"), ("choices",))
    return {name: _read_choices(reader, rows, ("choices", name)) for name, rows in lists.items()}


def _read_choices(reader: DocumentReader, rows: object, path: Path) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for index, row in reader.rows(rows, path):
        choice = _read_choice(reader, row, (*path, index), default_key=str(index + 1))
        for column, mine, others in (
            ("name", choice.name, {other.name for other in choices}),
            ("key", choice.key, {other.key for other in choices}),
        ):
            if mine and mine in others:
                message = f"the {column} {mine!r} stands twice in the list"
                reader.report(f"choice_{column}_doubled", (*path, index), message, f"Give another {column}.")
        choices.append(choice)
    return tuple(choices)


def _read_choice(reader: DocumentReader, row: object, path: Path, *, default_key: str) -> Choice:
    fields = reader.mapping(row, path, columns=_CHOICE_COLUMNS)
    name = reader.text(fields, "name", path)
    key = reader.text(fields, "key", path) or default_key
    if not _CODE.fullmatch(name):
        advice = "Letters a-z, digits, _ and -, as weekend_night; it stands in the data in every language."
        reader.report("choice_name", path, f"{name!r} cannot be the name of a choice", advice)
    if name in _RESERVED_CODES:
        reader.report("choice_name", path, f"{name!r} is kept for missing answers", "Give another name.")
    if not re.fullmatch("[0-9]{1,3}", key):
        reader.report(
            "choice_key", (*path, "key"), f"{key!r} is not a number", "Write the number on the phone."
        )
    synonyms = reader.mapping(fields.get("synonyms"), (*path, "synonyms"))
    return Choice(
        name=name,
        key=key,
        label=reader.wording(fields, "label", path),
        synonyms={
            language: reader.words(words, (*path, "synonyms", language))
            for language, words in synonyms.items()
        },
        exclusive=reader.flag(fields, "exclusive", path, default=False),
    )


def _check_core(reader: DocumentReader, core: tuple[str, ...], survey: SurveyReader) -> None:
    names = {question.name for question in survey.questions}
    for name in core:
        if name not in names:
            advice = "Name the questions that a complete answer must have."
            reader.report("core_unknown", ("settings", "core"), f"no question is named {name!r}", advice)
    if not core and survey.questions:
        advice = "List the questions that decide whether an answer is complete."
        reader.report("core_missing", ("settings",), "no core questions", advice, Severity.WARNING)
