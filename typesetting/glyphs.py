"""Which characters our fonts can print. One without a glyph would be a box on a wall: it is refused and named."""

import struct
import unicodedata
from functools import cache
from importlib.resources import files

FONTS = files("typesetting").joinpath("fonts")
NAMES = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
_SEGMENTED = 4
"""The format of the character map that our fonts have (OpenType, table cmap)."""


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of `text` that cannot be printed, each once, in order."""
    return tuple(dict.fromkeys(c for c in text if c not in "\n" and ord(c) not in _printable()))


def replaced(text: str) -> str:
    """The text in composed letters, with a question mark for each character that cannot be printed."""
    composed = unicodedata.normalize("NFC", text)
    return composed if composed.isascii() else "".join(map(_or_question_mark, composed))


def _or_question_mark(character: str) -> str:
    return character if character in "\n" or ord(character) in _printable() else "?"


def name_character(character: str) -> str:
    """For a person who has to find it: ``😀 (U+1F600 GRINNING FACE)``; what is invisible by its name alone."""
    shown = f"{character} " if character.isprintable() else ""
    return f"{shown}(U+{ord(character):04X} {unicodedata.name(character, 'without a name')})"


@cache
def _printable() -> frozenset[int]:
    """Code points that every one of our fonts has."""
    return frozenset.intersection(*(_code_points(FONTS.joinpath(name).read_bytes()) for name in NAMES))


def _code_points(font: bytes) -> frozenset[int]:
    """Those that the font's character map leads to a glyph. Raises ValueError for a map of another form."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    offsets = [struct.unpack_from(">L", cmap, 4 + 8 * at + 4)[0] for at in range(count)]
    for offset in offsets:
        if struct.unpack_from(">H", cmap, offset)[0] == _SEGMENTED:
            return frozenset(_segments(cmap[offset:]))
    raise ValueError("the font has no character map in segments")


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(count):
        found, _, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * at)
        if found == tag:
            return font[offset : offset + length]
    raise ValueError(f"the font has no table {tag.decode()}")


def _segments(cmap: bytes) -> list[int]:
    size = struct.unpack_from(">H", cmap, 6)[0] // 2
    ends = struct.unpack_from(f">{size}H", cmap, 14)
    starts = struct.unpack_from(f">{size}H", cmap, 16 + 2 * size)
    return [c for start, end in zip(starts, ends, strict=True) for c in range(start, end + 1) if c != 0xFFFF]
