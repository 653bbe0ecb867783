"""How long the texts of a round may be: far above what anybody needs, and short enough for every page and file."""

from collections.abc import Iterator, Mapping, Sequence

from flows.documents import DocumentReader, Path

LONGEST_TEXT = 200
_LONGEST = {"code": 40, "population": 8, "word": 20, "label": 80, "municipality": 60, "name": 120}
"""Characters by name of the field; `LONGEST_TEXT` for the others."""


def check_lengths(reader: DocumentReader, document: Mapping[str, object]) -> None:
    """Report every text that is too long, at its own place."""
    for path, text in _texts(document, ()):
        most = _LONGEST.get(str(path[-1]), LONGEST_TEXT)
        if len(text) > most:
            reader.report("too_long", path, f"{len(text)} characters are too many", f"{most} at most.")


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*path, str(key)))
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
