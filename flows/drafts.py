"""What ships in languages that Lyhörd is not finished in: one file a language, with the words of every flow.

A draft is for translators to mend. It never stands in a document that is published (flows.translations).
"""

from collections.abc import Iterator, Mapping
from typing import Any

Words = tuple[str, ...]

MACHINE = "machine"
"""`drafted_by` of a file that nobody who knows the language has read; the other value is `nobody`: it is empty."""


def draft_texts(draft: Mapping[str, Any], flow: str) -> dict[str, Words]:
    """The draft's texts for a flow, by place (flows.signatures)."""
    return {place: words for place, words in _places(draft, flow) if words}


def _places(draft: Mapping[str, Any], flow: str) -> Iterator[tuple[str, Words]]:
    yield "settings/title", _words(draft.get("titles", {}).get(flow))
    for name, columns in draft.get("survey", {}).get(flow, {}).items():
        for column, text in columns.items():
            yield f"survey/{name}/{column}", _words(text)
    for list_name, choices in draft.get("choices", {}).items():
        for choice, columns in choices.items():
            for column, text in columns.items():
                yield f"choices/{list_name}/{choice}/{column}", _words(text)
    for sheet in ("texts", "page"):
        for key, text in draft.get(sheet, {}).items():
            yield f"{sheet}/{key}", _words(text)


def _words(text: Any) -> Words:
    if not text:
        return ()
    return (text,) if isinstance(text, str) else tuple(str(word) for word in text)
