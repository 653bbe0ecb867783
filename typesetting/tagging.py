"""What the typesetter leaves out of the tags of a PDF: that the first cell of a row is its heading.

It has it behind a switch that its Python binding lacks. Tags stand in the file as plain text, one object each, so that
they are changed in place: no byte moves, and nothing that leads from one place to another has to be made again.
"""

import re

_CELL = re.compile(
    rb"(?<=obj\n<</Type/StructElem/S/)TD(/P \d+ 0 R/A\[<</O/Table)(/Headers\[\(U\d+x(\d+)y\d+\)\])(?=[>/ ])"
)


def with_row_headings(pdf: bytes) -> bytes:
    """The same file, with the first cell of each row as its heading (ISO 32000-1, 14.8.5.7).

    The other cells name their column's heading no more, for what names one has no other: their headings then follow
    from row and column.
    """
    return _CELL.sub(_tagged, pdf)


def _tagged(found: re.Match[bytes]) -> bytes:
    before, named, column = found.groups()
    is_first = column == b"0"
    told = b"/Scope/Row" if is_first else b"/ColSpan 1"
    return (b"TH" if is_first else b"TD") + before + told.ljust(len(named))
