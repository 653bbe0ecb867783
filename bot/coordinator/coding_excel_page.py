"""The coding of a round through Excel: a working copy out, a check of what came back, and taking it."""

from flask import Response, abort, redirect, request, url_for

from bot.coordinator.access import Pages
from bot.coordinator.coding_page import CODERS
from bot.coordinator.desk import desk
from bot.coordinator.downloads import dated, written
from bot.coordinator.pages import language_here, page, say, typed_line
from bot.coordinator.people_here import actor, signed_in
from bot.services.coding_books import Checked, CodingBooks
from bot.services.coding_queue import CodingQueue, RoundToCode
from bot.services.deciding import Codings
from bot.services.rounds import RoundRefused
from bot.services.workbooks.coding_carried import packed, unpacked
from bot.services.workbooks.coding_reading import LIMITS
from bot.services.workbooks.faults import NotAWorkbookError
from summary.exporters.formats import XLSX_MEDIA_TYPE

_AROUND_THE_FILE = 64 * 1024
_MOST_SHOWN = 200
"""Faults on a page: who has more mends those first."""

pages = Pages("coding_excel", __name__)


@pages.page("/rounds/<code>/coding/excel", access=CODERS)
def show(code: str) -> Response:
    return _page(code)


@pages.deed("/rounds/<code>/coding/excel/out", access=CODERS)
def out(code: str) -> Response:
    _round(code)
    reason = typed_line("reason")
    if not reason:
        return _page(code, fault="reason_missing", status=400)
    name = dated(code, "kodning-arbetsmaterial", "xlsx")
    return written(
        name,
        XLSX_MEDIA_TYPE,
        lambda stream: _books().write(code, stream, reason=reason, language=language_here()),
    )


@pages.deed("/rounds/<code>/coding/excel/in", access=CODERS, most_bytes=LIMITS.packed + _AROUND_THE_FILE)
def check(code: str) -> Response:
    _round(code)
    sent = request.files.get("file")
    data = sent.stream.read(LIMITS.packed + 1) if sent else b""
    if not data:
        return _page(code, fault="file_missing", status=400)
    try:
        checked = _books().check(data, code, language=language_here())
    except NotAWorkbookError as error:
        return _page(code, file_fault=str(error), status=400)
    return _checked(code, checked)


@pages.deed("/rounds/<code>/coding/excel/take", access=CODERS, most_bytes=4_000_000)
def take(code: str) -> Response:
    _round(code)
    try:
        rows = unpacked(request.form.get("rows", ""))
        taken = _books().take(rows, code, author=signed_in().account.name, language=language_here())
    except (ValueError, RoundRefused):
        abort(400)
    if taken.meanwhile or taken.unknown or taken.faults:
        return page("coding_taken.html", of="coding_excel", round=_round(code), taken=taken)
    say("taken", of="coding_excel", changed=taken.changed, confirmed=taken.confirmed)
    return redirect(url_for("coding_excel.show", code=code), 303)  # type: ignore[return-value]


def _page(code: str, *, fault: str = "", file_fault: str = "", status: int = 200) -> Response:
    found = _round(code)
    agreement = Codings(sessions=desk().sessions, now=desk().now, actor=actor()).agreement(code)
    return page(
        "coding_excel.html",
        of="coding_excel",
        status=status,
        round=found,
        agreement={pair: agreed for pair, agreed in agreement.items() if agreed.answers},
        fault=fault,
        file_fault=file_fault,
    )


def _checked(code: str, checked: Checked) -> Response:
    return page(
        "coding_checked.html",
        of="coding_excel",
        round=_round(code),
        would=checked.would,
        rows=packed(checked.rows),
        most=_MOST_SHOWN,
    )


def _round(code: str) -> RoundToCode:
    try:
        return CodingQueue(sessions=desk().sessions, me=signed_in().account.name).find_round(code)
    except RoundRefused:
        abort(404)


def _books() -> CodingBooks:
    return CodingBooks(sessions=desk().sessions, now=desk().now, actor=actor())
