"""From finished texts to a PDF or a picture: the only module that knows typst."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final

import typst

from typesetting.glyphs import FONTS

PDF_UA: Final = ("ua-1",)
"""Enforced: tags, a title, a language, alternative texts, and a glyph for each character (ISO 14289-1)."""
PDF_UA_AND_A: Final = ("ua-1", "a-2a")
"""The same, and what an archive asks for (ISO 19005-2, level A): every font inside, and a date."""


class CannotBeSet(Exception):
    """The template does not hold what was handed in. The message is the typesetter's own."""


def typeset(package: str, template: str, data: Mapping[str, Any], standards: Sequence[str] = PDF_UA) -> bytes:
    """The PDF of a template in the package's folder `templates`, filled with `data`, which is never read as source.

    Raises CannotBeSet. The same data give the same bytes.
    """
    with _compiler(package, template, data) as compiler:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=list(standards))  # type: ignore[arg-type] # names of the two above
    if warnings or not isinstance(pdf, bytes):
        raise CannotBeSet("; ".join(warning.message for warning in warnings) or "no file came out")
    return pdf


def count_pages(package: str, template: str, data: Mapping[str, Any]) -> int:
    """How many pages it makes, for a template that says so at its end. Raises CannotBeSet."""
    with _compiler(package, template, data) as compiler:
        return int(json.loads(compiler.query("<pages>", field="value", one=True)))


def png_of(svg: str, width_pt: float, dots_per_inch: float) -> bytes:
    """The drawing as a picture of one page on white. Raises CannotBeSet where it is no drawing."""
    with _compiler("typesetting", "picture", {"svg": svg, "width": width_pt}) as compiler:
        png = compiler.compile(format="png", ppi=dots_per_inch)
    if not isinstance(png, bytes):
        raise CannotBeSet("more than one page came out")
    return png


@contextmanager
def _compiler(package: str, template: str, data: Mapping[str, Any]) -> Iterator[typst.Compiler]:
    with as_file(files(package).joinpath("templates")) as folder:
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
