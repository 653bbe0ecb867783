"""Handing over a round: report, working copy, papers, archive package; what is deleted when; who took out what."""

from flask import Response, abort, redirect, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.downloads import dated, download, written
from bot.coordinator.pages import language_here, page, say, typed, typed_line
from bot.coordinator.people_here import actor
from bot.coordinator.reports_page import chosen_format, chosen_language
from bot.papers.wording import sentence
from bot.services.archive_files import MEDIA_TYPES
from bot.services.archiving import Archives
from bot.services.closing import Closing, plan_notes, step_day
from bot.services.copy_files import COPIES, ZIP_MEDIA_TYPE, ending_of, write_copy
from bot.services.deletion_records import kind_words
from bot.services.export_jobs import REPORT, WORKING_COPY
from bot.services.handing_over import Due, Handing, HandingOver
from bot.services.paper_files import PAPERS, PaperFiles
from bot.services.reporting import Reports
from bot.services.rounds import RoundRefused, Rounds, StateRefused
from bot.services.workbooks.cells import read_date
from summary.exporters.formats import EXPORTERS

pages = Pages("handing_over", __name__)


@pages.page("/rounds/<code>/handing-over", access=COORDINATORS)
def show(code: str) -> Response:
    return _page(code)


@pages.deed("/rounds/<code>/handing-over/report", access=COORDINATORS)
def take_report(code: str) -> Response:
    format_, language = chosen_format(), chosen_language()
    found = _handing(code)
    if found.due in (Due.NOTHING, Due.GONE):
        return _page(code, fault="no_report", status=400)
    if _is_too_early(found) and not typed("despite"):
        return _page(code, fault="decide_first", status=400)
    name = dated(code, f"rapport-{language}", format_)
    if desk().export_jobs.is_for_worker(code):
        return _aside(
            code,
            desk().export_jobs.ask(
                code, what=REPORT, format_=format_, language=language, file_name=name, actor=actor()
            ),
        )
    return written(
        name,
        EXPORTERS[format_].media_type,
        lambda stream: _reports().write_report(code, format_, stream, language=language),
    )


@pages.deed("/rounds/<code>/handing-over/working-copy", access=COORDINATORS)
def take_working_copy(code: str) -> Response:
    _handing(code)
    format_, reason = typed("format"), typed_line("reason")
    if format_ not in COPIES:
        abort(400)
    if not reason:
        return _page(code, fault="copy_reason_missing", status=400)
    name = dated(code, "arbetsmaterial", ending_of(format_))
    if desk().export_jobs.is_for_worker(code):
        return _aside(
            code,
            desk().export_jobs.ask(
                code, what=WORKING_COPY, format_=format_, file_name=name, actor=actor(), reason=reason
            ),
        )
    reports = _reports()
    reports.log_rows(code, format_, reason)
    return written(name, COPIES[format_], lambda stream: write_copy(reports, code, format_, stream))


@pages.deed("/rounds/<code>/handing-over/archive", access=COORDINATORS)
def take_archive(code: str) -> Response:
    found, reason = _handing(code), typed_line("reason")
    if found.status != "closed":
        return _page(code, fault="archive_open", status=400)
    if not reason:
        return _page(code, fault="archive_reason_missing", status=400)
    if _is_too_early(found):
        return _page(code, fault="archive_early", status=400)
    archives = Archives(sessions=desk().sessions, now=desk().now, actor=actor())
    return written(
        dated(code, "arkivpaket", "zip"),
        ZIP_MEDIA_TYPE,
        lambda stream: archives.write(code, stream, reason=reason),
    )


@pages.page("/rounds/<code>/papers/<name>", access=COORDINATORS)
def paper(code: str, name: str) -> Response:
    """A draft filled with the round's own facts. It is about nobody."""
    try:
        files = _papers().make(code, only=name.rpartition(".")[0])
    except RoundRefused:
        abort(404)
    found = next((file for file in files if file.name == name), None) or abort(404)
    media_type = MEDIA_TYPES[name.rpartition(".")[2]]
    return download(found.content, f"{code}-{name}", media_type)


@pages.deed("/rounds/<code>/handing-over/publish", access=COORDINATORS)
def publish(code: str) -> Response:
    _handing(code)
    try:
        _rounds().publish(code)
    except RoundRefused:
        return _page(code, fault="nothing_to_publish", status=400)
    say("published", of="handing_over")
    return _back(code)


@pages.deed("/rounds/<code>/handing-over/withdraw", access=COORDINATORS)
def withdraw(code: str) -> Response:
    _handing(code)
    _rounds().withdraw(code)
    say("withdrawn", of="handing_over")
    return _back(code)


@pages.deed("/rounds/<code>/handing-over/decided", access=COORDINATORS)
def note_decision(code: str) -> Response:
    _handing(code)
    on = read_date(typed("on", 40))
    if on is None:
        return _page(code, fault="decided_no_day", status=400)
    try:
        _rounds().decide(code, on)
    except StateRefused as refused:
        return _page(code, refused=refused.in_language(language_here()), status=400)
    say("decided_noted", of="handing_over")
    return _back(code)


def _page(code: str, *, fault: str = "", refused: str = "", status: int = 200) -> Response:
    language, found = language_here(), _handing(code)
    closing = Closing(sessions=desk().sessions, now=desk().now)
    plan, deleted = closing.plan(code), closing.list_deletions(code)
    return page(
        "handing_over.html",
        of="handing_over",
        status=status,
        round=found,
        fault=fault,
        refused=refused,
        decided_on=plan.decided_on,
        formats=tuple(EXPORTERS),
        copies=tuple(COPIES),
        jobs=desk().export_jobs.list(code),
        papers=tuple(PAPERS),
        notes=tuple(plan_notes(plan, language)),
        steps=[
            (step_day(step, language), sentence("closing", step.kind.value, language), step.is_past)
            for step in plan.steps
        ],
        deleted=[
            (
                row.deleted_on,
                row.count,
                kind_words(row, language),
                sentence("deletions", f"rule_{row.rule}", language),
            )
            for row in deleted
        ],
    )


def _handing(code: str) -> HandingOver:
    try:
        return Handing(sessions=desk().sessions, now=desk().now).of(code)
    except RoundRefused:
        abort(404)


def _is_too_early(found: HandingOver) -> bool:
    """Whether the only final report would be made while sensitive answers wait for a person."""
    return found.due is Due.EXACT and found.waiting > 0


def _aside(code: str, job_id: str) -> Response:
    return redirect(url_for("exports.show", code=code, job=job_id), 303)  # type: ignore[return-value]


def _back(code: str) -> Response:
    return redirect(url_for("handing_over.show", code=code), 303)  # type: ignore[return-value]


def _reports() -> Reports:
    return Reports(sessions=desk().sessions, now=desk().now, actor=actor())


def _papers() -> PaperFiles:
    return PaperFiles(sessions=desk().sessions, now=desk().now)


def _rounds() -> Rounds:
    return Rounds(sessions=desk().sessions, keys=desk().keys, now=desk().now, actor=actor())
