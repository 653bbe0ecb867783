"""A round's own colour, for its pages and its chat: checked so that everybody can read it, and read back."""

import re
from collections.abc import Mapping

from flows.documents import DocumentReader

LEAST_CONTRAST = 4.5
"""Of white letters on it (WCAG 2.2, success criterion 1.4.3)."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WEIGHTS = (0.2126, 0.7152, 0.0722)


def read_colour(reader: DocumentReader, fields: Mapping[str, object]) -> str:
    """The field `colour`, empty where there is none. What cannot be read by everybody is reported with its place."""
    colour = reader.text(fields, "colour", ())
    if not colour:
        return ""
    if not _COLOUR.fullmatch(colour):
        reader.report("colour", ("colour",), f"{colour!r} is not a colour", 'Write it as "#1f5a5a".')
        return ""
    contrast = contrast_with_white(colour)
    if contrast < LEAST_CONTRAST:
        advice = f"Choose a darker one: white letters on it need a contrast of {LEAST_CONTRAST}."
        reader.report("colour", ("colour",), f"{colour} is too light: its contrast is {contrast:.1f}", advice)
    return colour.lower()


def colour_in(document: Mapping[str, object]) -> str:
    """The colour of a stored round; empty where it has none, and in rounds that were stored before there were any."""
    colour = str(document.get("colour") or "")
    return colour if _COLOUR.fullmatch(colour) else ""


def contrast_with_white(colour: str) -> float:
    """WCAG 2.2, "contrast ratio" and "relative luminance"."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = sum(weight * value for weight, value in zip(_WEIGHTS, linear, strict=True))
    return 1.05 / (luminance + 0.05)
