"""The formats that a report can be written in. Each writer takes a picture and a stream of bytes, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from summary.exporters import to_csv, to_json, to_xlsx
from summary.picture import ProblemPicture


@dataclass(frozen=True, kw_only=True, slots=True)
class Exporter:
    """`write` leaves the stream open, after the last byte. `format` is the ending of the file's name."""

    format: str
    media_type: str
    write: Callable[[ProblemPicture, BinaryIO], None]


XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXPORTERS = {
    exporter.format: exporter
    for exporter in (
        Exporter(format="xlsx", media_type=XLSX_MEDIA_TYPE, write=to_xlsx.write),
        Exporter(format="csv", media_type="text/csv; charset=utf-8", write=to_csv.write),
        Exporter(format="json", media_type="application/json", write=to_json.write),
    )
}
