"""The words of a Said: the text by key and language, with the round's values in its placeholders."""

import re
from collections.abc import Mapping

from flows.events import Said
from flows.model import Flow, Wording

_PLACEHOLDER = re.compile(r"\[([A-ZÅÄÖ]+)\]")


def render(
    said: Said, *, flow: Flow | None, texts: Mapping[str, Wording], values: Mapping[str, str], channel: str
) -> str:
    """The text for the respondent. `values` fill placeholders such as [K]; those of the Said go first.

    Raises KeyError for a key that neither flow nor service texts have: keys come from the engine.
    """
    wording = _wording(said.key, flow, texts, channel)
    template = wording.get(said.language) or next(iter(wording.values()))
    return interpolate(template, {**values, **said.values})


def interpolate(template: str, values: Mapping[str, str]) -> str:
    """`template` with [NAME] replaced where `values` has it; other brackets stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), template)


def _wording(key: str, flow: Flow | None, texts: Mapping[str, Wording], channel: str) -> Wording:
    is_sms = channel == "sms"
    kind, _, name = key.partition(":")
    if flow is None:
        return _service_text(key, texts, is_sms)
    if kind == "question":
        question = flow.question(name)
        return {**question.label, **question.sms} if is_sms else question.label
    if kind == "constraint":
        return flow.question(name).constraint_message
    if kind == "thanks":
        return {**flow.thanks, **flow.thanks_sms} if is_sms else flow.thanks
    return _service_text(key, texts, is_sms)


def _service_text(key: str, texts: Mapping[str, Wording], is_sms: bool) -> Wording:
    """A page has its own wording where that for SMS speaks of texts or of letters to write."""
    return texts[key] if is_sms else texts.get(f"{key}_page", texts[key])
