"""Large exports are made aside: asked once and built once, again after a kill, for one person, for an hour."""

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from console import Browser, Console, email_of
from openpyxl import load_workbook
from sqlalchemy import select
from town import RESIDENT, ROUND, Clock, Town

from bot.coordinator.application import create_console
from bot.services import export_jobs
from bot.services.export_jobs import REPORT, WORKING_COPY, ExportJobs, folder_of
from bot.services.roles import Role
from bot.services.rounds import RoundRefused
from bot.worker import Task, work
from storage.database import Database
from storage.export_jobs import JobRow
from storage.tables import AuditEntry

ME = email_of(Role.COORDINATOR)
PAGE = f"/rounds/{ROUND}/handing-over"
LOST = timedelta(minutes=3)
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What stands above the database, or beside it."""


@dataclass
class Office:
    """A town in which somebody has answered, and what exports are made with."""

    town: Town
    jobs: ExportJobs

    @property
    def clock(self) -> Clock:
        return self.town.clock

    def ask(
        self, format_: str = "xlsx", *, what: str = WORKING_COPY, reason: str = "sortering, Eva"
    ) -> JobRow:
        name = f"are-demo.{format_}"
        job_id = self.jobs.ask(ROUND, what=what, format_=format_, file_name=name, actor=ME, reason=reason)
        return self.get(job_id)

    def get(self, job_id: str) -> JobRow:
        job = self.jobs.get(ROUND, job_id, ME)
        assert job is not None
        return job

    def claim(self) -> JobRow:
        job = self.jobs.claim_next()
        assert job is not None
        return job

    def fetch(self, job_id: str) -> bytes:
        pieces = self.jobs.open_ready(self.get(job_id))
        assert pieces is not None
        return b"".join(pieces)

    def logged(self) -> list[tuple[str, str | None]]:
        query = select(AuditEntry.actor, AuditEntry.reason).where(
            AuditEntry.action == "working_copy_exported"
        )
        with self.town.house.database.sessions.reading() as session:
            return [(row.actor, row.reason) for row in session.execute(query)]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    town = Town.build(database)
    town.phone("+46701740605").answer_all(*RESIDENT)
    sessions, keys = database.sessions, town.house.keys
    jobs = ExportJobs(sessions=sessions, keys=keys, folder=tmp_path / "exports", now=town.clock)
    return Office(town=town, jobs=jobs)


def test_what_is_asked_once_is_built_once_and_is_the_same_file_as_at_once(office: Office) -> None:
    job = office.ask()
    office.jobs.run()
    office.jobs.run()
    done = office.get(job.id)
    assert (done.state, done.tries, done.done_rows) == ("ready", 1, done.all_rows)
    sheet = load_workbook(BytesIO(office.fetch(job.id)))["Personer"]
    assert sheet.max_row == 2
    assert office.logged() == [(ME, "sortering, Eva")]


@ON_ONE
def test_formats_of_two_files_come_in_one(office: Office) -> None:
    job = office.ask("csv")
    office.jobs.run()
    assert ZipFile(BytesIO(office.fetch(job.id))).namelist() == ["personer.csv", "svar.csv"]


def test_report_is_built_and_released_by_the_worker(office: Office) -> None:
    job = office.ask("json", what=REPORT)
    office.jobs.run()
    assert office.fetch(job.id).startswith(b"{")
    assert office.logged() == []


@ON_ONE
def test_file_is_sealed_and_for_its_owner_alone(office: Office) -> None:
    job = office.ask("json")
    office.jobs.run()
    (file,) = office.jobs.folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert office.jobs.folder.stat().st_mode & 0o777 == 0o700
    assert b"Personer" not in file.read_bytes() and b"persons" not in file.read_bytes()
    assert b"persons" in office.fetch(job.id)


def test_reason_is_in_the_log_before_anything_is_built_and_without_one_nothing_is_asked_for(
    office: Office,
) -> None:
    with pytest.raises(RoundRefused):
        office.ask(reason=" ")
    assert office.jobs.list(ROUND) == []
    assert office.ask().state == "waiting"
    assert office.logged() == [(ME, "sortering, Eva")]


def test_one_at_a_time_is_built_of_a_round_the_oldest_first(office: Office) -> None:
    first = office.ask()
    office.clock.move(seconds=1)
    second = office.ask()
    assert office.claim().id == first.id
    assert office.jobs.claim_next() is None
    office.clock.time += LOST
    assert office.claim().id == first.id
    office.jobs.build(office.get(first.id))
    assert office.claim().id == second.id


def test_two_workers_never_claim_the_same(office: Office) -> None:
    office.ask()
    claimed: list[JobRow | None] = []
    workers = [threading.Thread(target=lambda: claimed.append(office.jobs.claim_next())) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len([job for job in claimed if job]) == 1


def test_what_was_being_built_when_its_process_was_killed_is_built_again(office: Office) -> None:
    job = office.ask()
    killed = office.claim()
    office.jobs.run()
    assert office.get(job.id).state == "running"
    office.clock.time += LOST
    office.jobs.run()
    assert (office.get(job.id).state, office.get(job.id).tries) == ("ready", 2)
    assert office.fetch(job.id)
    office.jobs.build(killed)  # it was not dead after all
    assert (office.get(job.id).state, office.get(job.id).tries) == ("ready", 2)


def test_what_was_killed_twice_has_failed(office: Office) -> None:
    job = office.ask()
    for _ in range(2):
        office.claim()
        office.clock.time += LOST
    assert office.jobs.claim_next() is None
    assert office.get(job.id).state == "failed"


@ON_ONE
def test_what_cannot_be_built_has_failed_and_the_next_is_built(office: Office) -> None:
    bad, good = office.ask("no such format"), office.ask("json")
    office.jobs.run()
    assert (office.get(bad.id).state, office.get(good.id).state) == ("failed", "ready")
    assert office.jobs.open_ready(office.get(bad.id)) is None


def test_somebody_elses_is_not_to_be_had(office: Office) -> None:
    job = office.ask()
    office.jobs.run()
    assert office.jobs.get(ROUND, job.id, "another@example.se") is None
    assert office.jobs.get("another-round", job.id, ME) is None


def test_it_is_gone_after_an_hour_and_so_is_what_nobody_names(office: Office) -> None:
    job = office.ask()
    office.jobs.run()
    done = office.get(job.id)
    left = office.jobs.folder / f"{'0' * 32}.sealed"
    left.write_bytes(b"left by a restore")
    office.clock.move(minutes=59)
    office.jobs.run()
    assert office.fetch(job.id) and not left.exists()
    office.clock.move(minutes=2)
    assert office.jobs.open_ready(done) is None
    assert office.jobs.get(ROUND, job.id, ME) is None
    office.jobs.run()
    assert list(office.jobs.folder.iterdir()) == []


@ON_ONE
def test_what_was_changed_on_the_disk_is_not_handed_out(office: Office) -> None:
    job = office.ask()
    office.jobs.run()
    (file,) = office.jobs.folder.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert office.jobs.open_ready(office.get(job.id)) is None


def test_progress_moves_while_it_is_built(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_jobs, "_TOLD_EACH_ROWS", 1)
    job, seen = office.ask(), []

    def now() -> object:
        seen.append(office.get(job.id).done_rows)
        return office.clock()

    replace(office.jobs, now=now).build(office.claim())  # type: ignore[arg-type]
    assert seen == sorted(seen)
    assert set(range(office.get(job.id).all_rows)) <= set(seen)


def test_long_task_does_not_keep_the_others_waiting() -> None:
    stop, done = threading.Event(), threading.Event()
    long = Task(name="long", every_s=60, run=lambda: done.wait(10), is_long=True)
    work((long, Task(name="short", every_s=60, run=lambda: (done.set(), stop.set()))), stop)
    assert done.is_set()


@pytest.mark.parametrize(
    ("setting", "url", "folder"),
    [
        ("/srv/exports", "sqlite:////var/lib/lyhord.db", "/srv/exports"),
        ("", "sqlite:////var/lib/lyhord.db", "/var/lib/exports"),
        ("", "postgresql+psycopg://lyhord@db/lyhord", "data/exports"),
    ],
)
def test_folder_is_what_is_set_or_beside_the_database(setting: str, url: str, folder: str) -> None:
    assert folder_of(setting, url) == Path(folder)


def coordinator(office: Office) -> tuple[Console, Browser]:
    """At a console that has the worker's folder."""
    console = Console.beside(office.town)
    folder = str(office.jobs.folder)
    console.desk = replace(console.desk, settings=replace(console.desk.settings, export_folder=folder))
    console.app = create_console(console.desk)
    browser = console.browser("coordinator")
    browser.get(PAGE)
    return console, browser


@ON_ONE
def test_console_tells_of_a_large_file_until_it_can_be_fetched(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_jobs, "LARGE_ROWS", 1)
    console, browser = coordinator(office)
    form = {"format": "xlsx", "reason": "sortering, Eva"}
    at_once = browser.post(f"{PAGE}/working-copy", form)
    assert at_once.status_code == 200, "no worker was seen"
    office.jobs.run()
    asked = browser.post(f"{PAGE}/working-copy", form)
    assert asked.status_code == 303
    page = asked.headers["Location"]
    waiting = browser.get(page).get_data(as_text=True)
    assert "väntar på sin tur" in waiting and "<progress" in waiting and 'http-equiv="refresh"' in waiting
    assert "refresh" not in browser.get(f"{page}?still=yes").get_data(as_text=True)
    assert page in browser.get(PAGE).get_data(as_text=True)
    office.jobs.run()
    ready = browser.get(page).get_data(as_text=True)
    assert f"{page}/file" in ready and "refresh" not in ready
    file = browser.get(f"{page}/file")
    assert load_workbook(BytesIO(file.get_data()))["Personer"].max_row == 2
    assert "arbetsmaterial-2026-11-02.xlsx" in file.headers["Content-Disposition"]
    assert console.browser("viewer").get(page).status_code == 403
    office.clock.move(minutes=61)
    browser.sign_in(Role.COORDINATOR)
    assert browser.get(f"{page}/file").status_code == 404
    assert office.logged() == [(ME, "sortering, Eva")] * 2


@ON_ONE
def test_console_says_what_failed_and_that_no_worker_is_there(office: Office) -> None:
    _, browser = coordinator(office)
    job = office.ask("no such format")
    page = f"/rounds/{ROUND}/exports/{job.id}"
    assert "Ingen arbetsprocess" in browser.get(page).get_data(as_text=True)
    office.jobs.run()
    assert "kunde inte göras" in browser.get(page).get_data(as_text=True)
    assert browser.get(f"{page}/file").status_code == 404
