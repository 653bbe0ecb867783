"""From finished texts to a PDF: the only module that knows typst. PDF/UA-1, for software that reads aloud."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final

import typst

from bot.printing.glyphs import FONTS

_STANDARD: Final = "ua-1"
"""Enforced: tags, a title, a language, alternative texts, and a glyph for each character (ISO 14289-1)."""


class CannotBeSet(Exception):
    """The template does not hold what was handed in. The message is the typesetter's own."""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template (poster, cards, form, notes) filled with `data`, which is never read as source.

    Raises CannotBeSet. The same data give the same bytes.
    """
    with _compiler(template, data) as compiler:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=_STANDARD)
    if warnings or not isinstance(pdf, bytes):
        raise CannotBeSet("; ".join(warning.message for warning in warnings) or "no file came out")
    return pdf


def count_pages(template: str, data: Mapping[str, Any]) -> int:
    """How many pages it makes, for a template that says so at its end. Raises CannotBeSet."""
    with _compiler(template, data) as compiler:
        return int(json.loads(compiler.query("<pages>", field="value", one=True)))


@contextmanager
def _compiler(template: str, data: Mapping[str, Any]) -> Iterator[typst.Compiler]:
    with as_file(files("bot.printing").joinpath("templates")) as folder:
        try:
            yield typst.Compiler(
                str(folder / f"{template}.typ"),
                root=str(folder),
                font_paths=_fonts(),
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            )
        except typst.TypstError as error:
            raise CannotBeSet(error.message) from None


@cache
def _fonts() -> typst.Fonts:
    with as_file(FONTS) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
