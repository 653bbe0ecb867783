"""The texts of a flow in one more language: how far each has come, and how they get into the document."""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flows.model import Flow, Signature
from flows.signatures import Part, Shipped, is_outdated, is_signed, parts_of, signature

_WORDED = ("label", "sms", "hint", "constraint_message", "title", "synonyms")
"""Columns with a text for each language."""
_OURS = ("texts", "page")


class Status(StrEnum):
    """How far a text has come in a language."""

    MISSING = "missing"
    CHANGED = "changed"  # the source was changed after it was translated
    MACHINE = "machine draft"  # nobody who knows the language has read it
    DRAFT = "draft"  # stands in a language that is not offered, and nobody has signed it off
    TRANSLATED = "translated"
    SIGNED = "signed off"


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One text to translate, as a person reads it."""

    place: str
    source: str
    text: str
    status: Status
    by: str = ""
    on: str = ""


def list_texts(
    flow: Flow,
    language: str,
    shipped: Shipped,
    join: Callable[[Sequence[str]], str],
    drafts: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Text, ...]:
    """Every text that `language` needs. `drafts` are those that a machine has made, by place, for what is empty."""
    entries = flow.signatures.get(language, {})
    return tuple(
        _text(part, flow, language, entries.get(part.place, {}), join, (drafts or {}).get(part.place, ()))
        for part in parts_of(flow, language, shipped)
    )


def with_texts(
    document: Mapping[str, Any], language: str, texts: Mapping[str, str | Sequence[str]]
) -> dict[str, Any]:
    """A copy of `document` that holds `texts` by place, synonyms as several; a new language becomes a draft. Unknown
    places change nothing.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for place, text in texts.items():
        path = tuple(place.split("/"))
        row = _row(changed, path)
        if row is not None:
            written = [*text] if path[-1] == "synonyms" else "".join(text)
            row[path[-1]] = {**row.get(path[-1], {}), language: written}
    settings = changed["settings"]
    if language not in [*_words(settings["languages"]), *_words(settings.get("draft_languages"))]:
        settings["draft_languages"] = [*_words(settings.get("draft_languages")), language]
    return changed


def with_signatures(
    document: Mapping[str, Any],
    flow: Flow,
    language: str,
    places: Iterable[str],
    shipped: Shipped,
    *,
    by: str,
    on: str,
    stale: Set[str] = frozenset(),
) -> dict[str, Any]:
    """A copy of `document`, which reads as `flow`, with a note for each text of `places`: signed off where `by` is a
    name, but for those at `stale` places.
    """
    known, came = flow.signatures.get(language, {}), set(places)
    entries = {
        part.place: signature(part, known.get(part.place, {}), by="" if part.place in stale else by, on=on)
        if part.place in came
        else dict(known[part.place])
        for part in parts_of(flow, language, shipped)
        if part.text and (part.place in came or part.place in known)
    }
    return {**document, "signatures": {**document.get("signatures", {}), language: entries}}


def with_offer(document: Mapping[str, Any], language: str, *, is_offered: bool) -> dict[str, Any]:
    """A copy of `document` with `language` among those offered, or among the drafts."""
    settings = dict(document["settings"])
    to, off = ("languages", "draft_languages") if is_offered else ("draft_languages", "languages")
    lists = {name: [code for code in _words(settings.get(name)) if code != language] for name in (to, off)}
    here = _words(settings.get(to))
    lists[to] = here if language in here else [*here, language]
    settings = {**settings, **lists}
    return {**document, "settings": {name: value for name, value in settings.items() if value != []}}


def without_drafts(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document` as it is published: with the words of offered languages only, so that no draft can ever be said."""
    offered = set(_words(document["settings"]["languages"]))
    kept: dict[str, Any] = {**document, "settings": _worded(document["settings"], offered)}
    kept["settings"].pop("draft_languages", None)
    kept["survey"] = [_worded(row, offered) for row in document["survey"]]
    if "choices" in document:
        kept["choices"] = {
            name: [_worded(row, offered) for row in rows] for name, rows in document["choices"].items()
        }
    for sheet in _OURS:
        if sheet in document:
            kept[sheet] = {key: _among(wording, offered) for key, wording in document[sheet].items()}
    if "signatures" in document:
        kept["signatures"] = _among(document["signatures"], offered)
    return {name: sheet for name, sheet in kept.items() if sheet != {}}


def _worded(row: Mapping[str, Any], offered: set[str]) -> dict[str, Any]:
    return {name: _among(value, offered) if name in _WORDED else value for name, value in row.items()}


def _among(wording: Any, offered: set[str]) -> Any:
    if not isinstance(wording, Mapping):
        return wording
    return {language: text for language, text in wording.items() if language in offered}


def _text(
    part: Part,
    flow: Flow,
    language: str,
    entry: Signature,
    join: Callable[[Sequence[str]], str],
    draft: tuple[str, ...],
) -> Text:
    status = _status(part, entry, draft, is_offered=language in flow.languages)
    is_list = part.place.endswith("/synonyms")
    source, text = (join(words) if is_list else "".join(words) for words in (part.source, part.text or draft))
    who = {"by": entry["by"], "on": entry["on"]} if status is Status.SIGNED else {}
    return Text(place=part.place, source=source, text=text, status=status, **who)


def _status(part: Part, entry: Signature, draft: tuple[str, ...], *, is_offered: bool) -> Status:
    if not part.text:
        return Status.MACHINE if draft else Status.MISSING
    if is_outdated(entry, part):
        return Status.CHANGED
    if is_signed(entry, part):
        return Status.SIGNED
    if part.text == draft:
        return Status.MACHINE
    return Status.TRANSLATED if is_offered else Status.DRAFT


def _row(document: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    """The row of the document that a text stands in; the thanks are found by their role."""
    if path[0] in _OURS:
        ours: dict[str, Any] = document.setdefault(path[0], {})
        return ours
    if path[0] == "settings":
        settings: dict[str, Any] = document["settings"]
        return settings
    is_thanks = path[:2] == ("survey", "thanks")
    rows: list[dict[str, Any]] = (
        document[path[0]] if path[0] == "survey" else document[path[0]].get(path[1], [])
    )
    name = path[-2]
    named = (row for row in rows if row.get("name") == name or (is_thanks and row.get("role") == "thanks"))
    return next(named, None)


def _words(value: Any) -> list[str]:
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else [*(value or ())]
