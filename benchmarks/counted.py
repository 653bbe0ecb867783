"""What is measured over a large round, each in a process of its own: `python -m benchmarks.counted URL WORK`."""

import csv
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile

from sqlalchemy import func, select

from bot.cli.opening import utc_now
from bot.services.dates import local_date
from bot.services.gathering import gather_codebook, gather_counts, load_flows
from bot.services.live_picture import Asked as LiveAsked
from bot.services.live_picture import LivePictures
from bot.services.monday import Mondays
from bot.services.reporting import Reports
from bot.services.summaries import picture_of
from bot.services.watching import Watching
from privacy.disclosure import EXACT, INTERIM, Rule
from storage import reading, rounds
from storage.database import Sessions, open_database
from storage.selecting import STREAMS
from storage.tables import Answer, Conversation

_STATUS = Path("/proc/self/status")


class Work(StrEnum):
    """What a process does."""

    PICTURE = "picture"
    EXACT = "exact"
    WATCHING = "watching"
    ONE_PASS = "one_pass"
    DUCKDB = "duckdb"
    COPY = "copy"
    PLAIN_CSV = "plain_csv"
    FILTER_NONE = "filter_none"
    FILTER_AREA = "filter_area"
    FILTER_AGE = "filter_age"
    FILTER_WEEK = "filter_week"
    FILTER_PROBLEM = "filter_problem"
    MONDAY = "monday"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What a process took: seconds, and memory before the work and at its peak."""

    seconds: float
    before_mib: float
    peak_mib: float


def run(database_url: str, work: Work) -> Run:
    """Let a process do the work over the only round of a database."""
    command = [sys.executable, "-m", "benchmarks.counted", database_url, work.value]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Run(**json.loads(printed))


def main(database_url: str, work: str) -> None:
    database = open_database(database_url)
    try:
        with database.sessions.reading() as session:
            (row,) = rounds.list_rounds(session)
            load_flows(session, row)  # imports and word lists are there before the clock runs
        done = _in_duckdb(database.sessions, row.id) if work == Work.DUCKDB else _WORK[Work(work)]
        before_mib, started = peak_mib(), time.perf_counter()
        done(database.sessions, row.code)
        seconds = time.perf_counter() - started
    finally:
        database.close()
    print(json.dumps(asdict(Run(seconds=seconds, before_mib=before_mib, peak_mib=peak_mib()))))


def _picture(rule: Rule) -> Callable[[Sessions, str], None]:
    """From the database to what may be shown."""

    def make(sessions: Sessions, round_code: str) -> None:
        with sessions.reading() as session, reading.unhurried(session):
            row = rounds.get_round(session, round_code)
            assert row is not None
            flows = load_flows(session, row)
            counts = gather_counts(session, row, flows, local_date(utc_now()), crossed=rule.crossed)
            picture_of(counts, gather_codebook(session, row, flows), rule)

    return make


def _watching(sessions: Sessions, round_code: str) -> None:
    """The figures of the page on which a coordinator watches a round."""
    assert Watching(sessions=sessions, now=utc_now).look(round_code, "sv") is not None


def _filtered(asked: LiveAsked) -> Callable[[Sessions, str], None]:
    """The live problem picture, whole or of a part: all that its page counts."""

    def count(sessions: Sessions, round_code: str) -> None:
        assert LivePictures(sessions=sessions, now=utc_now).look(round_code, asked, "sv").row

    return count


def _monday(sessions: Sessions, round_code: str) -> None:
    assert Mondays(sessions=sessions, now=utc_now).look(round_code, "sv").row


def _one_pass(sessions: Sessions, round_code: str) -> None:
    """The cheapest honest plan: each current answer is counted once, in the order of an index that covers it."""
    with sessions.reading() as session, reading.unhurried(session):
        row = rounds.get_round(session, round_code)
        assert row is not None
        of_round = (Answer.round_id == row.id, Answer.standing == "current", Answer.stream.in_(STREAMS))
        keys = (Answer.stream, Answer.question)
        session.execute(select(*keys, func.count()).where(*of_round).group_by(*keys)).all()


def _in_duckdb(sessions: Sessions, round_id: int) -> Callable[[Sessions, str], None]:
    """The same count in DuckDB, a database made for counting, over the same rows once it holds them in memory."""
    import duckdb  # only the process that counts with it needs it

    columns = ("round_id", "standing", "stream", "question")
    with sessions.reading() as session, NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        query = select(*(getattr(Answer, column) for column in columns))
        rows = csv.writer(file)
        for some in session.execute(query, execution_options={"yield_per": 5000}).partitions():
            rows.writerows(some)
        file.flush()
        held = duckdb.connect()
        held.read_csv(file.name, header=False, names=list(columns)).create("answers")

    def count(_sessions: Sessions, _round_code: str) -> None:
        held.execute(
            "SELECT stream, question, count(*) FROM answers WHERE round_id = ? AND standing = 'current' "
            "GROUP BY stream, question",
            [round_id],
        ).fetchall()

    return count


def _copy(sessions: Sessions, round_code: str) -> None:
    reports = Reports(sessions=sessions, now=utc_now, actor="benchmark")
    with TemporaryFile() as persons, TemporaryFile() as answers:
        reports.write_working_copy(round_code, "csv", persons, reason="measuring", answers_stream=answers)


def _plain_csv(sessions: Sessions, round_code: str) -> None:
    """One line an answer, as the database hands it over."""
    columns = (
        Conversation.id,
        Conversation.outcome,
        Answer.question,
        Answer.repeat,
        Answer.value,
        Answer.text,
    )
    with (
        sessions.reading() as session,
        reading.unhurried(session),
        TemporaryFile() as stream,
    ):
        row = rounds.get_round(session, round_code)
        assert row is not None
        query = select(*columns).join(Answer, Answer.conversation_id == Conversation.id)
        query = query.where(Conversation.round_id == row.id, Answer.standing == "current")
        lines = csv.writer(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
        for some in session.execute(query, execution_options={"yield_per": 500}).partitions():
            lines.writerows(some)


def peak_mib() -> float:
    """The most memory that this process has held since it began. `getrusage` would tell that of a larger process which
    began it: Linux hands that on.
    """
    if _STATUS.exists():
        (line,) = (line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / (1 << 10)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


_WORK: dict[Work, Callable[[Sessions, str], None]] = {
    Work.PICTURE: _picture(INTERIM),
    Work.EXACT: _picture(EXACT),
    Work.WATCHING: _watching,
    Work.ONE_PASS: _one_pass,
    Work.COPY: _copy,
    Work.PLAIN_CSV: _plain_csv,
    Work.FILTER_NONE: _filtered(LiveAsked()),
    Work.FILTER_AREA: _filtered(LiveAsked(area="are_by")),
    Work.FILTER_AGE: _filtered(LiveAsked(age="25_44", gender="woman")),
    Work.FILTER_WEEK: _filtered(LiveAsked(since=local_date(utc_now()) - timedelta(days=7))),
    Work.FILTER_PROBLEM: _filtered(LiveAsked(category="traffic_offences")),
    Work.MONDAY: _monday,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
