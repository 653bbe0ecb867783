"""Who has read a text in another language and stands for it: a signature is of these words from that source, no others.

A flow cannot be read as offering a language of which a text lacks one (flows.parsing).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flows.documents import Path
from flows.model import FINISHED, Flow, Signature, Wording
from flows.wording import wordings_of

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipped:
    """What Lyhörd itself says besides a flow's questions: service texts, and the words of the chat page."""

    texts: Mapping[str, Wording] = field(default_factory=dict)
    page: Mapping[str, Wording] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A text and what it was made from, each of several words only where it is a list of synonyms.

    `place` is its path in the document, as ``survey/problem/sms``. `source` is empty where it is not known.
    """

    place: str
    source: tuple[str, ...]
    text: tuple[str, ...]


def parts_of(flow: Flow, language: str, shipped: Shipped) -> Iterator[Part]:
    """Every text that `language` needs, in the order of the document: the flow's, then Lyhörd's own."""
    if language != flow.default_language:
        yield from _parts_of_survey(flow, language)
    if language not in FINISHED:
        yield from _parts_of_ours("texts", flow.texts, shipped.texts, language)
        yield from _parts_of_ours("page", flow.page, shipped.page, language)


def unsigned(flow: Flow, language: str, shipped: Shipped | None = None) -> tuple[str, ...]:
    """Places of the texts in `language` that no named person has signed off as they stand, with their source.

    Without what ships, whether that was changed since is left open.
    """
    entries = flow.signatures.get(language, {})
    return tuple(
        part.place
        for part in parts_of(flow, language, shipped or Shipped())
        if part.text and not is_signed(entries.get(part.place, {}), part)
    )


def is_signed(entry: Signature, part: Part) -> bool:
    """Whether a named person signed off these words, and they were made from the source as it stands."""
    named = bool(entry.get("by")) and _DAY.fullmatch(entry.get("on", "")) is not None
    return named and entry.get("text") == fingerprint(part.text) and not is_outdated(entry, part)


def is_outdated(entry: Signature, part: Part) -> bool:
    """Whether the source is another than the one that was translated."""
    return bool(entry and part.source) and entry.get("source") != fingerprint(part.source)


def signature(part: Part, before: Signature, *, by: str, on: str) -> dict[str, str]:
    """What is written down of a text that came in; signed off where `by` is a name.

    An earlier signature stays as long as neither source nor text is another.
    """
    entry = {"source": fingerprint(part.source), "text": fingerprint(part.text)}
    if by:
        return {**entry, "by": by, "on": on}
    if is_signed(before, part):
        return {**entry, "by": before["by"], "on": before["on"]}
    return entry


def fingerprint(text: tuple[str, ...]) -> str:
    """Tells two texts apart: the first 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256("\n".join(text).encode()).hexdigest()[:16]


def _parts_of_survey(flow: Flow, language: str) -> Iterator[Part]:
    default = flow.default_language
    for path, wording, _ in wordings_of(flow):
        if default in wording:
            yield Part(place=_place(path), source=(wording[default],), text=_one(wording, language))
    lists = {question.list_name: question.choices for question in flow.questions if question.choices}
    for name, choices in lists.items():
        for choice in choices:
            if choice.synonyms.get(default):
                place = _place(("choices", name, choice.name, "synonyms"))
                words = choice.synonyms
                yield Part(place=place, source=words[default], text=words.get(language, ()))


def _parts_of_ours(
    sheet: str, own: Mapping[str, Wording], shipped: Mapping[str, Wording], language: str
) -> Iterator[Part]:
    for key in dict.fromkeys((*shipped, *own)):
        source = _one(shipped.get(key, {}), FINISHED[0])
        yield Part(place=f"{sheet}/{key}", source=source, text=_one(own.get(key, {}), language))


def _one(wording: Wording, language: str) -> tuple[str, ...]:
    return (wording[language],) if wording.get(language) else ()


def _place(path: Path) -> str:
    return "/".join(str(step) for step in path)
