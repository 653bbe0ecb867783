"""What a round's texts cost as SMS, with the round's own words in them: text by text, in every offered language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.services.surveys import load_published, text_values
from flows.catalogue import flow_names, load_document, service_texts
from flows.model import Flow
from flows.parsing import serialise
from flows.wording import interpolate
from flows.wording_checks import LONGEST_VALUES, sms_wordings
from text.sms import SmsSize, measure, swap_lookalikes

PLACEHOLDERS: Mapping[str, str] = {
    "municipality": "K",
    "information_page": "U",
    "telephone": "T",
    "example_village": "ORT",
    "example_road": "VÄG",
}
"""What of a round's document stands in its texts, and as which placeholder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredText:
    """A text of a flow, or one that every flow has (`stream` is empty then). `size` is that of `filled`, as sent."""

    stream: str
    name: str
    language: str
    template: str
    filled: str
    size: SmsSize


def fillings(document: Mapping[str, object]) -> dict[str, str]:
    """What fills the placeholders; where the round says nothing yet, something as long as it usually gets."""
    usual = {**LONGEST_VALUES, **_own(document)}
    return {name: value for name, value in usual.items() if value}


def measured_texts(document: Mapping[str, object]) -> list[MeasuredText]:
    """Every text that goes out by SMS in a round, stream by stream, those that all streams share at the end."""
    values = fillings(document)
    return [
        measured(stream, name, language, template, values)
        for stream, name, language, template in _templates(document)
    ]


def measured(stream: str, name: str, language: str, template: str, values: Mapping[str, str]) -> MeasuredText:
    filled = swap_lookalikes(interpolate(template, values))
    return MeasuredText(
        stream=stream, name=name, language=language, template=template, filled=filled, size=measure(filled)
    )


def _own(document: Mapping[str, object]) -> dict[str, str]:
    texts = {name: str(document.get(key) or "") for key, name in PLACEHOLDERS.items()}
    known = {key: document.get(key) or "" for key in PLACEHOLDERS}
    keywords = [k for k in _rows(document.get("keywords")) if k.get("word") and k.get("flow")]
    options = document.get("options")
    options = (
        {key.removeprefix("ask_"): value in (True, "yes") for key, value in options.items()}
        if isinstance(options, Mapping)
        else {}
    )
    counted = text_values({**known, "keywords": keywords, "options": options}, _flows(document))
    filled = {name: value for name, value in texts.items() if value}
    return {**filled, **{name: counted[name] for name in ("ANTAL", "ORD") if counted[name]}}


def _templates(document: Mapping[str, object]) -> Iterator[tuple[str, str, str, str]]:
    flows = list(_flows(document))
    for flow in flows:
        for path, wording in sms_wordings(flow, {}):
            yield from _each(flow.stream, str(path[1]), wording, flow.languages)
    for key, wording in service_texts().items() if flows else ():
        if not key.endswith("_page"):  # said in the chat alone
            yield from _each("", key, wording, flows[0].languages)


def _each(
    stream: str, name: str, wording: Mapping[str, str], languages: tuple[str, ...]
) -> Iterator[tuple[str, str, str, str]]:
    for language in languages:
        if language in wording:
            yield stream, name, language, wording[language]


def _flows(document: Mapping[str, object]) -> Iterator[Flow]:
    """The packaged flows that the document names; an own one is measured when it is published."""
    chosen = document.get("flows")
    for name in chosen.values() if isinstance(chosen, Mapping) else ():
        if name in flow_names():
            yield load_published(serialise(load_document(str(name)).document))


def _rows(value: object) -> list[Mapping[str, object]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
