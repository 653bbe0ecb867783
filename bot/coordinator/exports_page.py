"""A file that is made aside: how far it has come, and fetching it. For whoever asked for it, nobody else."""

from flask import Response, abort

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.downloads import download
from bot.coordinator.pages import asked, page
from bot.coordinator.people_here import actor
from bot.services.export_jobs import KEPT, Job, media_type_of

pages = Pages("exports", __name__)


@pages.page("/rounds/<code>/exports/<job>", access=COORDINATORS)
def show(code: str, job: str) -> Response:
    """Loads itself again until the file is there."""
    return _page(_mine(code, job))


@pages.page("/rounds/<code>/exports/<job>/file", access=COORDINATORS)
def fetch(code: str, job: str) -> Response:
    mine = _mine(code, job)
    pieces = desk().export_jobs.open_ready(mine)
    if pieces is None:
        return _page(mine, fault="job_gone" if mine.state == "ready" else "", status=404)
    response = download(b"", mine.file_name, media_type_of(mine))
    response.response = pieces
    response.headers.remove("Content-Length")  # of the empty body; the length is not known before the end
    return response


def _page(job: Job, *, fault: str = "", status: int = 200) -> Response:
    return page(
        "export.html",
        of="handing_over",
        status=status,
        job=job,
        fault=fault,
        until=job.finished_at + KEPT if job.finished_at else None,
        is_still=bool(asked("still")),  # who reads slowly, or has pages read out, stops it from loading again
        is_alone=not desk().export_jobs.has_worker(),
    )


def _mine(code: str, job: str) -> Job:
    return desk().export_jobs.get(code, job, actor()) or abort(404)
