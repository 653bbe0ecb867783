"""Large exports are made aside, by the worker: asked for in the log first, built with progress, sealed, gone after an
hour. What a process was making when it was stopped is made again by the next.
"""

import logging
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from bot.services.rounds import get_existing
from privacy.pseudonyms import KeyRing, UndecipherableError
from privacy.sealing import SALT_BYTES, Header, SealBroken
from storage import condition, export_jobs, rows
from storage.database import DatabaseUnavailable, Sessions, sqlite_file
from storage.export_jobs import JobRow
from storage.private_file import FileInUse, finish, unfinished
from storage.sealed_file import read_sealed, verify, write_sealed

if TYPE_CHECKING:
    from bot.services.reporting import Reports

log = logging.getLogger("lyhord.exports")

Job = JobRow
"""What pages know of a file that is made aside."""
TASK = "exports"
"""Under which name it is noted that a worker is there to build."""
WORKING_COPY, REPORT = "working_copy", "report"
LARGE_ROWS = 20_000
"""From so many rows on an export is made aside: fewer take a few seconds."""
KEPT = timedelta(hours=1)
"""How long a file is there from when it is ready."""
_STALE = timedelta(minutes=2)
_SEEN = timedelta(minutes=3)
_NOTED_EACH = timedelta(minutes=1)
_TOLD_EACH_ROWS = 2_000
_PIECE = 65_536
_ENDING = ".sealed"


class _Superseded(Exception):
    """Another attempt counts now, or none."""


def folder_of(setting: str, database_url: str) -> Path:
    """Where the files are: what is set, or beside SQLite's file, or ``data/exports``."""
    if setting:
        return Path(setting)
    file = sqlite_file(database_url) if database_url.startswith("sqlite") else None
    return file.parent / "exports" if file else Path("data/exports")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportJobs:
    """Console and worker have the same database, keys and folder."""

    sessions: Sessions
    keys: KeyRing
    folder: Path
    now: Callable[[], datetime]

    def has_worker(self) -> bool:
        """Whether one was seen lately that can build."""
        with self.sessions.reading() as session:
            seen_at = condition.get_last_run(session, TASK)
        return seen_at is not None and self.now() - seen_at <= _SEEN

    def is_for_worker(self, round_code: str) -> bool:
        """Whether the round is large, and there is a worker."""
        if not self.has_worker():
            return False
        with self.sessions.reading() as session:
            return rows.count_rows(session, get_existing(session, round_code).id) >= LARGE_ROWS

    def ask(
        self,
        round_code: str,
        *,
        what: str,
        format_: str,
        file_name: str,
        actor: str,
        reason: str = "",
        language: str = "sv",
    ) -> str:
        """The job's id. A working copy is in the log from now on; a report is logged as it is made, with its release.

        Raises RoundRefused for an unknown round, or for a working copy without a reason.
        """
        with self.sessions.reading() as session:
            counted = rows.count_rows(session, get_existing(session, round_code).id)
        job = Job(
            id=secrets.token_hex(16),
            round_code=round_code,
            what=what,
            format=format_,
            language=language,
            actor=actor,
            state="waiting",
            tries=0,
            done_rows=0,
            all_rows=counted if what == WORKING_COPY else 0,
            file_name=file_name,
            asked_at=self.now(),
            heartbeat_at=None,
            finished_at=None,
        )
        with self.sessions.begin() as session:
            row = get_existing(session, round_code)
            if what == WORKING_COPY:
                self._reports(actor).log_working_copy(session, row, format_, reason)
            export_jobs.add_job(session, row.id, job)
        return job.id

    def get(self, round_code: str, job_id: str, actor: str) -> Job | None:
        """A job of one's own, for the hour that it is kept."""
        with self.sessions.reading() as session:
            job = export_jobs.get_job(session, job_id)
        is_mine = job is not None and job.round_code == round_code and job.actor == actor
        return job if is_mine and job is not None and not self._is_over(job) else None

    def list(self, round_code: str) -> list[Job]:
        """The newest first, everybody's."""
        with self.sessions.reading() as session:
            return [job for job in export_jobs.list_jobs(session, round_code) if not self._is_over(job)]

    def open_ready(self, job: Job) -> Iterator[bytes] | None:
        """The file in pieces; None where it is not ready, or not here any more."""
        path = self._path(job.id)
        if job.state != "ready" or self._is_over(job):
            return None
        try:
            verify(path, self.keys)
        except (OSError, SealBroken, UndecipherableError):
            return None
        return read_sealed(path, self.keys)

    def run(self) -> None:
        """Build what waits, one after the other; note that a worker is here; forget what is over."""
        self._note()
        while (job := self.claim_next()) is not None:
            self.build(job)

    def claim_next(self) -> Job | None:
        """What is to be built now, by whoever asked."""
        with self.sessions.reading() as session:
            if not export_jobs.has_waiting(session):
                return None
        with self.sessions.begin() as session:
            return export_jobs.claim_next(session, self.now(), self.now() - _STALE)

    def build(self, job: Job) -> None:
        """Write the file. What cannot be written has failed, unless the database was away: then it is tried again."""
        try:
            self._build(job)
        except (_Superseded, DatabaseUnavailable, FileInUse) as error:
            log.warning("export_left", extra={"job": job.id, "error": type(error).__name__})
        except Exception as error:
            log.error("export_failed", extra={"job": job.id, "error": type(error).__name__})
            with self.sessions.begin() as session:
                export_jobs.mark_ended(session, job, "failed", self.now())

    def discard_old(self) -> None:
        """Forget what ended an hour ago, and every file that no job names: a killed process or a restore left it."""
        with self.sessions.begin() as session:
            export_jobs.delete_ended(session, self.now() - KEPT)
        # The files are listed before the jobs: what is asked for in between keeps its file.
        files = list(self.folder.glob(f"*{_ENDING}")) + list(self.folder.glob(f".*{_ENDING}.unfinished"))
        with self.sessions.reading() as session:
            known = export_jobs.list_ids(session)
        for path in files:
            if path.name.lstrip(".").partition(".")[0] not in known:
                path.unlink(missing_ok=True)

    def _build(self, job: Job) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(job.id)
        beside = path.with_name(f".{path.name}.unfinished")
        with unfinished(beside) as stream, TemporaryFile(dir=self.folder) as plain:
            self._write(job, plain)
            plain.seek(0)
            write_sealed(stream, self._header(), self.keys, iter(partial(plain.read, _PIECE), b""))
            stream.flush()
            os.fsync(stream.fileno())
            finish(beside, path)
        with self.sessions.begin() as session:
            export_jobs.mark_ended(session, job, "ready", self.now())

    def _write(self, job: Job, stream: BinaryIO) -> None:
        from bot.services.copy_files import write_copy

        reports = self._reports(job.actor)
        if job.what == REPORT:
            reports.write_report(job.round_code, job.format, stream, language=job.language)
            return
        progress = _Progress(tell=partial(self._tell, job))
        write_copy(reports, job.round_code, job.format, stream, each=progress.count)
        self._tell(job, progress.done)

    def _tell(self, job: Job, done: int) -> None:
        with self.sessions.begin() as session:
            condition.set_last_run(session, TASK, self.now())
            if not export_jobs.mark_progress(session, job, done, self.now()):
                raise _Superseded

    def _note(self) -> None:
        """At most once a minute."""
        with self.sessions.reading() as session:
            noted_at = condition.get_last_run(session, TASK)
        if noted_at is None or self.now() - noted_at >= _NOTED_EACH:
            self.discard_old()
            with self.sessions.begin() as session:
                condition.set_last_run(session, TASK, self.now())

    def _header(self) -> Header:
        """`engine` names no database: nobody restores this file."""
        return Header(
            key_id=self.keys.current_key_id,
            salt=secrets.token_bytes(SALT_BYTES),
            engine="export",
            made_with="",
            revision="",
            made_at=self.now(),
        )

    def _is_over(self, job: Job) -> bool:
        return job.finished_at is not None and self.now() - job.finished_at > KEPT

    def _path(self, job_id: str) -> Path:
        return self.folder / f"{job_id}{_ENDING}"

    def _reports(self, actor: str) -> "Reports":
        from bot.services.reporting import Reports  # not at import: the worker seldom needs what exports load

        return Reports(sessions=self.sessions, now=self.now, actor=actor)


@dataclass(kw_only=True, slots=True)
class _Progress:
    """Counts rows and tells of every 2,000."""

    tell: Callable[[int], None]
    done: int = field(default=0)

    def count(self) -> None:
        self.done += 1
        if self.done % _TOLD_EACH_ROWS == 0:
            self.tell(self.done)


def media_type_of(job: Job) -> str:
    from bot.services.copy_files import COPIES
    from summary.exporters.formats import EXPORTERS

    return COPIES[job.format] if job.what == WORKING_COPY else EXPORTERS[job.format].media_type
