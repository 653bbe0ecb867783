"""The round as a workbook: out, empty or filled in; and in, with what is wrong by sheet, row and column."""

import io

from flask import Response, abort, redirect, request, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.downloads import download
from bot.coordinator.pages import language_here, page
from bot.coordinator.people_here import actor
from bot.services.errors import Refused
from bot.services.round_documents import RoundDocument
from bot.services.workbooks.faults import Fault, NotAWorkbookError
from bot.services.workbooks.form import round_form
from bot.services.workbooks.round_reading import LIMITS, read_round
from bot.services.workbooks.round_writing import write_round
from flows.documents import Severity

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


pages = Pages("workbook", __name__)


@pages.page("/rounds/workbook.xlsx", access=COORDINATORS)
def empty() -> Response:
    return _written(None, "lyhord-omgang.xlsx")


@pages.page("/rounds/<code>/workbook.xlsx", access=COORDINATORS)
def filled(code: str) -> Response:
    try:
        document = desk().round_changes(actor()).document(code)
    except Refused:
        abort(404)
    return _written(document, f"{code}.xlsx")


@pages.page("/rounds/workbook", access=COORDINATORS)
def ask() -> Response:
    return _page()


@pages.deed("/rounds/workbook", access=COORDINATORS, most_bytes=LIMITS.packed + 100_000)
def read() -> Response:
    """Nothing of the round changes yet: what the workbook says is looked through first."""
    file = request.files.get("workbook")
    data = file.read(LIMITS.packed + 1) if file else b""
    if not data:
        return _page(refused="no_file", status=400)
    try:
        found = read_round(data, language_here())
    except NotAWorkbookError as error:
        return _page(faults=(error.fault,), status=400)
    if found.document is None:
        return _page(faults=found.faults, status=400)
    number = desk().sketches(actor()).take(found.document)
    if found.faults:
        return _page(faults=found.faults, sketch_number=number)
    return redirect(url_for("sketches.review", number=number), 303)  # type: ignore[return-value]


def _page(
    *, faults: tuple[Fault, ...] = (), refused: str = "", sketch_number: int | None = None, status: int = 200
) -> Response:
    ordered = sorted(faults, key=_order)
    return page(
        "workbook.html",
        of="workbook",
        status=status,
        faults=ordered,
        refused=refused,
        sketch_number=sketch_number,
    )


def _order(fault: Fault) -> tuple[bool, int, int]:
    """What must be mended first, then by the sheets' order in the workbook, and by row."""
    sheets = [title for sheet in round_form().sheets for title in sheet.title.values()]
    cell = fault.cell
    at = sheets.index(cell.sheet) if cell and cell.sheet in sheets else -1
    return fault.severity is Severity.WARNING, at, cell.row if cell else 0


def _written(document: RoundDocument | None, name: str) -> Response:
    stream = io.BytesIO()
    write_round(document, stream, made_on=desk().today, language=language_here())
    return download(stream.getvalue(), name, WORKBOOK)
