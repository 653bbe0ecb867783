"""A working copy as one file: where its format is two, persons and long answers, both in a ZIP."""

from collections.abc import Callable
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from bot.services.reporting import Reports
from summary.exporters.formats import XLSX_MEDIA_TYPE

ZIP_MEDIA_TYPE = "application/zip"
COPIES = {"xlsx": XLSX_MEDIA_TYPE, "csv": ZIP_MEDIA_TYPE, "json": "application/json", "sav": ZIP_MEDIA_TYPE}
"""Media types by format; CSV and SPSS are two files in one."""


def ending_of(format_: str) -> str:
    return "zip" if COPIES[format_] == ZIP_MEDIA_TYPE else format_


def write_copy(
    reports: Reports, code: str, format_: str, stream: BinaryIO, *, each: Callable[[], None] = lambda: None
) -> None:
    """The rows, which stand in the log already. `each` is called for each row."""
    if COPIES[format_] != ZIP_MEDIA_TYPE:
        reports.write_rows(code, format_, stream, each=each)
        return
    # Each list is streamed: neither is ever whole in memory.
    with ZipFile(stream, "w", ZIP_DEFLATED) as package, SpooledTemporaryFile(max_size=1_000_000) as answers:
        with package.open(f"personer.{format_}", "w", force_zip64=True) as persons:
            reports.write_rows(
                code,
                format_,
                persons,  # type: ignore[arg-type] # it does what the writer needs
                answers_stream=answers,  # type: ignore[arg-type]
                each=each,
            )
        answers.seek(0)
        with package.open(f"svar.{format_}", "w", force_zip64=True) as texts:
            copyfileobj(answers, texts)
