"""Several municipalities side by side, from their released reports: what a police area reads. Nothing of it is kept."""

from flask import Response, abort, request

from bot.coordinator.access import Pages
from bot.coordinator.desk import desk
from bot.coordinator.downloads import written
from bot.coordinator.pages import language_here, page, typed
from bot.coordinator.reports_page import READERS
from bot.services.dates import local_date
from bot.services.side_by_side import BadReport, compare_reports, sentence_of
from summary.comparison import NotComparable
from summary.exporters.formats import EXPORTERS
from summary.picture import ProblemPicture

HERE = "page"
"""In place of a format: the comparison as a page."""
MOST_BYTES = 25_000_000

pages = Pages("comparison", __name__)


@pages.page("/compare", access=READERS)
def ask() -> Response:
    return _page()


@pages.deed("/compare", access=READERS, most_bytes=MOST_BYTES)
def compare() -> Response:
    """The files come with each request: what others released is none of our database's business."""
    format_ = typed("format")
    if format_ not in (HERE, *EXPORTERS):
        abort(400)
    files = [(file.filename or "?", file.read()) for file in request.files.getlist("report") if file.filename]
    try:
        picture = compare_reports(files, language_here())
    except (BadReport, NotComparable) as refused:
        return _page(fault=sentence_of(refused, language_here()), status=400)
    if format_ == HERE:
        return _page(picture)
    name = f"kommuner-sida-vid-sida-{local_date(desk().now()).isoformat()}.{format_}"
    return written(
        name, EXPORTERS[format_].media_type, lambda stream: EXPORTERS[format_].write(picture, stream)
    )


def _page(picture: ProblemPicture | None = None, *, fault: str = "", status: int = 200) -> Response:
    return page(
        "comparison.html",
        of="comparison",
        status=status,
        picture=picture,
        fault=fault,
        formats=(HERE, *EXPORTERS),
    )
