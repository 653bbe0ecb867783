"""What most commands open: settings, the database, the reader's file. Errors become sentences."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from bot import logs
from bot.channels.base import ProviderUnavailable
from bot.config import Settings, SettingsError, read_settings, require
from bot.services.errors import Refused
from bot.services.publishing import load_flow_file, published_flow
from bot.wiring import House, build
from flows.catalogue import LoadedDocument, flow_names, load_document, load_document_text
from flows.documents import Problem, Severity
from flows.parsing import STREAMS
from storage.database import Database, DatabaseUnavailable, open_database


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """Settings and the open database, for the time of a command."""
    with sentences():
        settings = read_settings()
        require(settings, "database_url")
        database = open_database(settings.database_url)
        try:
            yield settings, database
        finally:
            database.close()


@contextmanager
def built() -> Iterator[House]:
    """The whole program, wired, for the time of a command; its log goes to standard error."""
    with sentences():
        settings = read_settings()
        logs.set_up(settings.log_level)
        house = build(settings)
        try:
            yield house
        finally:
            house.database.close()


@contextmanager
def sentences() -> Iterator[None]:
    """Errors that a person can mend, as one sentence and exit code 1."""
    try:
        yield
    except (SettingsError, Refused) as error:
        raise click.ClickException(str(error)) from None
    except ProviderUnavailable as error:
        raise click.ClickException(f"{error}. Nothing is lost: run it again later.") from None
    except DatabaseUnavailable as error:
        advice = "Is it there, on a local disk with room, and migrated (lyhord db upgrade)?"
        raise click.ClickException(f"the database cannot be used: {error}. {advice}") from None


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands there only once it is complete: a failed export leaves an older one as it was."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as stream:
            yield stream
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load_file(path: Path) -> LoadedDocument:
    """An author's YAML file."""
    return load_document_text(path.read_bytes(), path.name)


def load_named_flow(name: str) -> LoadedDocument:
    """The packaged flow of that name; the file, YAML or a workbook; or, as CODE:STREAM, what a round has published."""
    if name in flow_names():
        return load_document(name)
    if Path(name).is_file():
        return load_flow_file(Path(name))
    code, colon, stream = name.partition(":")
    if not colon or stream not in STREAMS:
        known = ", ".join(flow_names())
        advice = "nor a round and stream as are-2026:residents"
        raise click.UsageError(f"no flow {name}: neither one of {known}, nor a file, {advice}")
    with opened() as (_, database), database.sessions.reading() as session:
        return LoadedDocument(published_flow(session, code, stream), {(): name}, ())


def print_problems(problems: tuple[Problem, ...]) -> None:
    """Each problem with place and advice, errors first."""
    for problem in sorted(problems, key=lambda p: p.severity is Severity.WARNING):
        click.echo(
            f"{problem.severity.value}  {problem.where}: {problem.message}. {problem.advice}  [{problem.code}]"
        )


def actor() -> str:
    """Who uses the command line, for the audit log."""
    return getpass.getuser()


def utc_now() -> datetime:
    return datetime.now(UTC)
