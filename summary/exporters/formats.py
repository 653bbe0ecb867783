"""The formats that a report can be written in. Each writer takes a picture and a stream of bytes, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from summary.exporters import to_csv, to_html, to_json, to_xlsx
from summary.picture import ProblemPicture


@dataclass(frozen=True, kw_only=True, slots=True)
class Exporter:
    """`write` leaves the stream open, after the last byte. `format` is the ending of the file's name."""

    format: str
    media_type: str
    write: Callable[[ProblemPicture, BinaryIO], None]


def _write_docx(picture: ProblemPicture, stream: BinaryIO) -> None:
    from summary.exporters import to_docx  # Word's library and the typesetter: only once they are needed

    to_docx.write(picture, stream)


def _write_pdf(picture: ProblemPicture, stream: BinaryIO) -> None:
    from summary.exporters import to_pdf  # the typesetter likewise

    to_pdf.write(picture, stream)


XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

EXPORTERS = {
    exporter.format: exporter
    for exporter in (
        Exporter(format="pdf", media_type="application/pdf", write=_write_pdf),
        Exporter(format="docx", media_type=DOCX_MEDIA_TYPE, write=_write_docx),
        Exporter(format="html", media_type="text/html; charset=utf-8", write=to_html.write),
        Exporter(format="xlsx", media_type=XLSX_MEDIA_TYPE, write=to_xlsx.write),
        Exporter(format="csv", media_type="text/csv; charset=utf-8", write=to_csv.write),
        Exporter(format="json", media_type="application/json", write=to_json.write),
    )
}
"""Those that are read first, those that are computed with after."""
