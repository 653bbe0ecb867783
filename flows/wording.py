"""The words of a Said: the text by key and language, with the round's values in its placeholders."""

import re
from collections.abc import Iterator, Mapping

from flows.documents import Path
from flows.events import Said
from flows.model import Flow, Wording

RIGHT_TO_LEFT = frozenset({"ar"})
_TELEPHONE = re.compile(r"(?<![\d-])(?:0\d{1,3}-\d+(?:[ \u00a0]\d+)*|114[ \u00a0]14|116[ \u00a0]111)")
_PLACEHOLDER = re.compile(r"\[([A-ZÅÄÖ]+)\]")


def render(
    said: Said, *, flow: Flow | None, texts: Mapping[str, Wording], values: Mapping[str, str], channel: str
) -> str:
    """The text for the respondent. `values` fill placeholders such as [K]; those of the Said go first. `texts` are the
    service texts; the flow's own, in more languages, go with them.

    Raises KeyError for a key that neither flow nor service texts have: keys come from the engine.
    """
    wording = _wording(said.key, flow, texts, channel)
    template = wording.get(said.language) or next(iter(wording.values()))
    return with_numbers_in_order(interpolate(template, {**values, **said.values}), said.language)


def with_numbers_in_order(text: str, language: str) -> str:
    """`text` with a mark of direction before telephone numbers, without which a screen shows 020-50 50 50 in an Arabic
    sentence as 50 50 50-020 (Unicode Standard Annex 9, rules W2 and W4).
    """
    if language not in RIGHT_TO_LEFT:
        return text
    return _TELEPHONE.sub(lambda number: f"\N{LEFT-TO-RIGHT MARK}{number.group()}", text)


def interpolate(template: str, values: Mapping[str, str]) -> str:
    """`template` with [NAME] replaced where `values` has it; other brackets stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), template)


def _wording(key: str, flow: Flow | None, texts: Mapping[str, Wording], channel: str) -> Wording:
    is_sms = channel == "sms"
    kind, _, name = key.partition(":")
    if flow is None:
        return _service_text(key, texts, {}, is_sms)
    if kind == "question":
        question = flow.question(name)
        return {**question.label, **question.sms} if is_sms else question.label
    if kind == "constraint":
        return flow.question(name).constraint_message
    if kind == "thanks":
        return {**flow.thanks, **flow.thanks_sms} if is_sms else flow.thanks
    return _service_text(key, texts, flow.texts, is_sms)


def _service_text(
    key: str, texts: Mapping[str, Wording], more: Mapping[str, Wording], is_sms: bool
) -> Wording:
    """A page has its own wording where that for SMS speaks of texts or of letters to write."""
    on_page = f"{key}_page"
    key = on_page if not is_sms and on_page in texts else key
    return {**texts[key], **more.get(key, {})}


def with_more(texts: Mapping[str, Wording], more: Mapping[str, Wording]) -> dict[str, Wording]:
    """Service texts by key, with those of more languages."""
    return {key: {**wording, **more.get(key, {})} for key, wording in texts.items()}


def wordings_of(flow: Flow) -> Iterator[tuple[Path, Wording, bool]]:
    """Every wording of the flow with its place, and whether it must stand there."""
    yield ("settings", "title"), flow.title, True
    lists = {}
    for question in flow.questions:
        path: Path = ("survey", question.name)
        yield (*path, "label"), question.label, True
        yield (*path, "sms"), question.sms, False
        yield (*path, "hint"), question.hint, False
        yield (*path, "constraint_message"), question.constraint_message, bool(question.constraint)
        lists[question.list_name] = question.choices
    for name, choices in lists.items():
        for choice in choices:
            yield ("choices", name, choice.name, "label"), choice.label, True
    yield ("survey", "thanks", "label"), flow.thanks, True
    yield ("survey", "thanks", "sms"), flow.thanks_sms, False
