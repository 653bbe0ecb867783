"""The file format of SPSS, written row by row: memory does not grow with their number.

After the description that the PSPP project keeps ("System File Format"); no library that writes it can stream.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import BinaryIO

from summary.exporters.cells import printable

Cell = str | int | float | None

_BIAS, _SYSMIS = 100, -1.7976931348623157e308
_LITERAL, _SPACES, _MISSING, _END = 253, 254, 255, 252
_LONGEST_SHORT, _SEGMENT, _CODE = 255, 252, 64
_CASES_AT = 80
"""Where the header tells the number of rows."""
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """A column. `width` is the bytes of a text in UTF-8, 0 for a number; `missing` the numbers from and to which a
    value says why there is none. `name` has ASCII letters, digits and lines below, and begins with a letter.
    """

    name: str
    label: str
    width: int = 0
    is_date: bool = False
    labels: Mapping[int, str] | None = None
    missing: tuple[int, int] | None = None


def write(
    stream: BinaryIO, title: str, made_on: date, variables: Sequence[Variable], rows: Iterable[Sequence[Cell]]
) -> None:
    """One row for each case, its cells in the order of the variables; a date is days since 14 October 1582 in seconds.
    Texts longer than their width are cut. Where the stream cannot go back the number of rows stays unknown, as the
    format allows.
    """
    start = stream.tell() if stream.seekable() else None
    stream.write(b"".join(_dictionary(title, made_on, variables)))
    cases = 0
    packer = _Packer(stream)
    for row in rows:
        packer.add(variables, row)
        cases += 1
    packer.close()
    if start is not None:
        end = stream.tell()
        stream.seek(start + _CASES_AT)
        stream.write(struct.pack("<i", cases))
        stream.seek(end)


# What the file holds, before the rows


def _dictionary(title: str, made_on: date, variables: Sequence[Variable]) -> Iterator[bytes]:
    segments = [_segments(variable.width) for variable in variables]
    elements = sum(-(-max(8, width) // 8) for widths in segments for width in widths)
    yield b"$FL2" + _padded("@(#) SPSS DATA FILE Lyhörd", 60)
    yield struct.pack("<iiiiid", 2, elements, 1, 0, -1, _BIAS)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    yield f"{made_on.day:02} {months[made_on.month - 1]} {made_on.year % 100:02}00:00:00".encode()
    yield _padded(title, 64) + b"\0\0\0"
    short_names = iter(f"V{number:07}" for number in range(1, 10_000_000))
    names: dict[str, str] = {}
    at, labelled = 1, []
    for variable, widths in zip(variables, segments, strict=True):
        for number, width in enumerate(widths):
            short = next(short_names)
            names.setdefault(variable.name, short)
            yield from _variable(short, variable, width, is_first=number == 0)
            if variable.labels and number == 0:
                labelled.append((at, variable.labels))
            at += -(-max(8, width) // 8)
    for index, labels in labelled:
        yield _value_labels(index, labels)
    yield _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001))
    yield _extension(4, 8, struct.pack("<ddd", _SYSMIS, -_SYSMIS, -1.7976931348623155e308))
    yield _extension(13, 1, "\t".join(f"{short}={name}" for name, short in names.items()).encode())
    long_ones = [variable for variable in variables if variable.width > _LONGEST_SHORT]
    if long_ones:
        told = "".join(f"{names[v.name]}={v.width:05}\0\t" for v in long_ones)
        yield _extension(14, 1, told.encode())
    yield _extension(20, 1, b"UTF-8")
    yield struct.pack("<ii", 999, 0)


@cache
def _segments(width: int) -> tuple[int, ...]:
    """Widths of the variables that hold it: as many as if each held 252 bytes, though each holds 255."""
    if width <= _LONGEST_SHORT:
        return (width,)
    pieces = -(-width // _SEGMENT)
    return (*[_LONGEST_SHORT] * (pieces - 1), width - (pieces - 1) * _SEGMENT)


def _variable(short: str, variable: Variable, width: int, *, is_first: bool) -> Iterator[bytes]:
    """Its record, and empty ones for the rest of a text of more than eight bytes."""
    label = _utf8(variable.label, 255) if is_first else b""
    missing = variable.missing if is_first and not width else None
    shape = width << 8 | 1 << 16 if width else 20 << 16 | 11 << 8 if variable.is_date else 5 << 16 | 8 << 8
    yield struct.pack("<iiiiii", 2, width, int(bool(label)), -2 if missing else 0, shape, shape)
    yield short.encode()
    if label:
        yield struct.pack("<i", len(label)) + label + b"\0" * (-len(label) % 4)
    if missing:
        yield struct.pack("<dd", *missing)
    for _ in range(-(-max(8, width) // 8) - 1):
        yield struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + b" " * 8


def _value_labels(index: int, labels: Mapping[int, str]) -> bytes:
    parts = [struct.pack("<ii", 3, len(labels))]
    for value, text in labels.items():
        label = _utf8(text, 120)
        parts.append(struct.pack("<dB", value, len(label)) + label + b" " * (-(len(label) + 1) % 8))
    return b"".join(parts) + struct.pack("<iii", 4, 1, index)


def _extension(kind: int, size: int, content: bytes) -> bytes:
    return struct.pack("<iiii", 7, kind, size, len(content) // size) + content


def _utf8(text: str, most: int) -> bytes:
    """At most so many bytes, and no half of a letter."""
    if text.isascii() and text.isprintable():
        return text[:most].encode()
    return printable(text).encode()[:most].decode(errors="ignore").encode()


def _padded(text: str, width: int) -> bytes:
    return _utf8(text, width).ljust(width)


# Rows


@lru_cache(maxsize=4_096)
def _short_text(text: str, width: int) -> tuple[bytes, bytes]:
    """Codes and other short texts come again and again."""
    return _packed(_utf8(text, width).rstrip(b" "), width)


def _packed(content: bytes, width: int) -> tuple[bytes, bytes]:
    """A code for each eight bytes of the width, and the bytes that are no spaces."""
    full = -(-len(content) // 8)
    codes = bytes((_LITERAL,)) * full + bytes((_SPACES,)) * (-(-width // 8) - full)
    return codes, content.ljust(full * 8)


class _Packer:
    """Packs rows as SPSS does by itself: a byte for a small number or eight spaces, eight more for anything else."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._codes = bytearray()
        self._literals = bytearray()
        self._waiting = 0

    def add(self, variables: Sequence[Variable], row: Sequence[Cell]) -> None:
        for variable, cell in zip(variables, row, strict=True):
            if variable.width:
                self._add_text(variable, str(cell) if cell is not None else "")
            else:
                self._add_number(cell)
        self._waiting += 1
        if self._waiting == _ROWS_AT_ONCE:
            self._flush(len(self._codes) // 8 * 8)

    def _add_number(self, cell: Cell) -> None:
        if cell is None or isinstance(cell, str):
            self._codes.append(_MISSING)
        elif isinstance(cell, int) and 1 - _BIAS <= cell <= 251 - _BIAS:
            self._codes.append(cell + _BIAS)
        else:
            self._codes.append(_LITERAL)
            self._literals += struct.pack("<d", cell)

    def _add_text(self, variable: Variable, text: str) -> None:
        if variable.width <= _CODE:
            codes, literals = _short_text(text, variable.width)
            self._codes += codes
            self._literals += literals
            return
        content = _utf8(text, variable.width).rstrip(b" ")
        if variable.width <= _LONGEST_SHORT:
            self._add_bytes(content, variable.width)
            return
        for number, width in enumerate(_segments(variable.width)):
            self._add_bytes(content[number * _LONGEST_SHORT : (number + 1) * _LONGEST_SHORT], width)

    def _add_bytes(self, content: bytes, width: int) -> None:
        codes, literals = _packed(content, width)
        self._codes += codes
        self._literals += literals

    def _flush(self, upto: int) -> None:
        """Each eight codes, and then the literals among them."""
        at, start, out = 0, 0, bytearray()
        while start < upto:
            next_literal = self._codes.find(_LITERAL, start, upto)
            group = upto if next_literal < 0 else next_literal // 8 * 8
            out += self._codes[start:group]  # many eights without any
            codes = self._codes[group : min(group + 8, upto)]
            room = 8 * codes.count(_LITERAL)
            out += codes
            out += self._literals[at : at + room]
            at, start = at + room, group + 8
        self._stream.write(out)
        del self._codes[:upto], self._literals[:at]
        self._waiting = 0

    def close(self) -> None:
        self._codes.append(_END)
        self._codes += b"\0" * (-len(self._codes) % 8)
        self._flush(len(self._codes))
