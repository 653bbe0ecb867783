"""Statistics beside the answers: a file is looked at, settled, and taken as a whole in place of the last one."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.services.dates import local_date
from bot.services.errors import Refused
from bot.services.gathering import gather_codebook, load_flows
from bot.services.rounds import get_existing
from bot.services.statistics.areas import AreaMatcher
from bot.services.statistics.mapping import LEFT_OUT, WHOLE, Role, SavedMapping, from_document, to_document
from bot.services.statistics.reading import ReadStatistics, read_statistics
from storage import audit, rounds, statistics
from storage.database import Session, Sessions
from storage.rounds import RoundRow
from storage.statistics import StatisticsRow
from summary.published import PublishedFigure, PublishedTable, Source

_MOST_SERIES = 300
"""Rows that a table may have in the report: a longer one is nobody's reading."""
_LONGEST_WORDS = 600

Series = tuple[str, str, str, str]
"""Indicator, area, period and unit of a figure."""


class StatisticsRefused(Refused):
    """The statistics cannot be taken as they stand. The message says what to mend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatisticsFile:
    """A file of statistics and what a person says of it. `title` and `caution` may be empty where they were given at
    an earlier import; without a caution the one of the source is shown.
    """

    data: bytes
    suffix: str
    source: Source
    table_id: str
    title: str = ""
    caution: str = ""
    mapping: SavedMapping = field(default_factory=SavedMapping)


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What became different from the figures of the last import: old and new, either of them None."""

    added: tuple[PublishedFigure, ...] = ()
    gone: tuple[PublishedFigure, ...] = ()
    changed: tuple[tuple[PublishedFigure, PublishedFigure], ...] = ()
    same: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What was read and what it changes. Not stored on a dry run, with faults, or with areas not decided on."""

    read: ReadStatistics
    changes: Changes
    title: str
    is_first: bool
    is_stored: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class StatisticsBeside:
    """Imports and removals have a line in the audit log, with `actor` in it."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def take(
        self,
        code: str,
        file: StatisticsFile,
        *,
        language: str = "sv",
        dry_run: bool = False,
        despite_unmatched: bool = False,
    ) -> Imported:
        """Read the file and, where nothing stands against it, store it in place of the last one under its table id.

        Raises NotAWorkbookError for a file that is no table of aggregates, StatisticsRefused for what a person said.
        """
        from bot.services.statistics.opening import open_table  # not at import: Excel's library is heavy

        with self.sessions.reading() as session:
            row = get_existing(session, code)
            last = statistics.get_statistics(session, row.id, file.source, file.table_id)
            mapping = from_document(last.mapping if last else {}).with_more(file.mapping)
            _check_words(session, row, file, mapping)
            areas = rounds.list_areas(session)
        title = _title(file, last)
        read = read_statistics(
            open_table(file.data, file.suffix, language, mapping.sheet),
            source=file.source,
            title=title,
            mapping=mapping,
            matcher=AreaMatcher(areas, row.municipality, mapping.areas),
            language=language,
        )
        _check_indicators(read, mapping)
        planned = Imported(
            read=read,
            changes=changes_between(last.figures if last else (), read.figures),
            title=title,
            is_first=last is None,
        )
        if dry_run or read.faults or not read.figures or (read.unmatched and not despite_unmatched):
            return planned
        self._store(row, _stored(file, title, last, _settled(read, mapping), read, self))
        return replace(planned, is_stored=True)

    def list_tables(self, code: str) -> list[StatisticsRow]:
        """What stands beside the answers of the round."""
        with self.sessions.reading() as session:
            return statistics.list_statistics(session, get_existing(session, code).id)

    def remove(self, code: str, source: str, table_id: str) -> None:
        """Take a table away. Reports written before keep it."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if not statistics.delete_statistics(session, row.id, source, table_id):
                raise StatisticsRefused(f"round {code} has no statistics {table_id} from {source}")
            self._log(session, row, "statistics_removed", f"{source} {table_id}", {})

    def _store(self, row: RoundRow, table: StatisticsRow) -> None:
        with self.sessions.begin() as session:
            rounds.lock_round(session, row.id)
            last = statistics.get_statistics(session, row.id, table.source, table.table_id)
            statistics.replace_statistics(session, row.id, table)
            change = {
                "figures": [len(last.figures) if last else 0, len(table.figures)],
                "file_sha256": [last.file_sha256 if last else "", table.file_sha256],
            }
            self._log(session, row, "statistics_imported", f"{table.source} {table.table_id}", change)

    def _log(
        self, session: Session, row: RoundRow, action: str, subject: str, change: Mapping[str, object]
    ) -> None:
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action=action,
            round_id=row.id,
            at=self.now(),
            subject=subject,
            change=change,
        )


def published_tables(session: Session, round_id: int) -> tuple[PublishedTable, ...]:
    """The statistics of a round as the problem picture shows them."""
    return tuple(
        PublishedTable(
            source=row.source,
            table_id=row.table_id,
            title=row.title,
            caution=row.caution,
            imported_on=local_date(row.imported_at),
            figures=row.figures,
            about=from_document(row.mapping).about,
        )
        for row in statistics.list_statistics(session, round_id)
    )


def changes_between(old: tuple[PublishedFigure, ...], new: tuple[PublishedFigure, ...]) -> Changes:
    """What is added, gone and changed, figure by figure."""
    before, after = ({_series(figure): figure for figure in figures} for figures in (old, new))
    both = [(before[key], after[key]) for key in after if key in before]
    return Changes(
        added=tuple(figure for key, figure in after.items() if key not in before),
        gone=tuple(figure for key, figure in before.items() if key not in after),
        changed=tuple((was, now) for was, now in both if was != now),
        same=sum(was == now for was, now in both),
    )


def _series(figure: PublishedFigure) -> Series:
    return figure.indicator, figure.area, figure.period, figure.unit


def _settled(read: ReadStatistics, mapping: SavedMapping) -> SavedMapping:
    """The mapping with what was recognised this time: the next file is read alike."""
    columns = {c.heading: c.role.value for c in read.columns if c.heading and not c.period}
    areas = {area.text: area.code for area in read.areas if area.how == "mapping"}
    return replace(
        mapping, columns={**columns, **mapping.columns}, areas={**areas, **mapping.areas}, sheet=mapping.sheet
    )


def _stored(
    file: StatisticsFile,
    title: str,
    last: StatisticsRow | None,
    mapping: SavedMapping,
    read: ReadStatistics,
    by: StatisticsBeside,
) -> StatisticsRow:
    return StatisticsRow(
        source=file.source,
        table_id=file.table_id,
        title=title,
        caution=file.caution or (last.caution if last else ""),
        figures=read.figures,
        mapping=to_document(mapping),
        file_sha256=hashlib.sha256(file.data).hexdigest(),
        imported_at=by.now(),
        imported_by=by.actor,
    )


def _title(file: StatisticsFile, last: StatisticsRow | None) -> str:
    title = file.title or (last.title if last else "")
    if not title:
        raise StatisticsRefused("the table needs a title the first time: what do its figures tell (--title)?")
    return title


def _check_words(session: Session, row: RoundRow, file: StatisticsFile, mapping: SavedMapping) -> None:
    if not file.table_id.strip() or max(map(len, (file.table_id, file.title, file.caution))) > _LONGEST_WORDS:
        raise StatisticsRefused(
            f"table, title and caution are words, at most {_LONGEST_WORDS} characters each"
        )
    if wrong := sorted(set(mapping.columns.values()) - set(Role)):
        raise StatisticsRefused(f"a column is one of {', '.join(Role)}; not {', '.join(wrong)}")
    known = {WHOLE, LEFT_OUT, *(area.code for area in rounds.list_areas(session))}
    if wrong := sorted(set(mapping.areas.values()) - known):
        raise StatisticsRefused(
            f"no area {', '.join(wrong)} in the register; {WHOLE} is the whole municipality, {LEFT_OUT} none of ours"
        )
    categories = {
        entry.code for entry in gather_codebook(session, row, load_flows(session, row)).entries("category")
    }
    if wrong := sorted(set(mapping.about.values()) - categories):
        raise StatisticsRefused(f"no category {', '.join(wrong)}; docs/categories.md names them")


def _check_indicators(read: ReadStatistics, mapping: SavedMapping) -> None:
    indicators = {figure.indicator for figure in read.figures}
    if not read.figures:
        return
    if unknown := sorted(set(mapping.about) - indicators):
        raise StatisticsRefused(
            f"no indicator {', '.join(unknown)} in the file; it has {', '.join(sorted(indicators))[:_LONGEST_WORDS]}"
        )
    series = {(figure.indicator, figure.area, figure.unit) for figure in read.figures}
    if len(series) > _MOST_SERIES:
        raise StatisticsRefused(
            f"{len(series)} rows of figures, at most {_MOST_SERIES}: leave out groups and indicators that tell nothing "
            "about the problems of the round"
        )
