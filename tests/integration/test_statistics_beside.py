"""Statistics beside the answers of a round: taken from files, replaced, listed and removed, on both databases."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from town import ROUND, Town

from bot.cli import main
from bot.services.reporting import Reports
from bot.services.rounds import RoundRefused
from bot.services.statistics.importing import (
    Imported,
    StatisticsBeside,
    StatisticsFile,
    StatisticsRefused,
    published_tables,
)
from bot.services.statistics.mapping import SavedMapping
from storage.database import Database
from storage.tables import AuditEntry, Release, StatisticsTable
from summary.published import Source

FIRST = "Brott;Område;År;Antal\nSkadegörelse;Duved;2024;12\nSkadegörelse;Riket;2024;9000\nBedrägeri;Duved;2024;..\n"
LATER = "Brott;Område;År;Antal\nSkadegörelse;Duved;2024;13\nSkadegörelse;Riket;2024;9000\nSkadegörelse;Duved;2025;15\n"
SETTLED = SavedMapping(areas={"Riket": "-"}, about={"Skadegörelse": "vandalism_litter"})


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def beside(town: Town) -> StatisticsBeside:
    return StatisticsBeside(sessions=town.house.database.sessions, now=town.clock, actor="test")


def take(
    town: Town,
    text: str,
    mapping: SavedMapping | None = None,
    *,
    title: str = "Anmälda brott",
    **options: bool,
) -> Imported:
    file = StatisticsFile(
        data=text.encode(),
        suffix=".csv",
        source=Source.BRA,
        table_id="10L",
        title=title,
        mapping=mapping or SavedMapping(),
    )
    return beside(town).take(ROUND, file, **options)


def log(town: Town) -> list[tuple[str, str]]:
    with town.house.database.sessions.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(entry.action, entry.subject) for entry in entries if "statistics" in entry.action]


def test_nothing_is_stored_while_an_area_is_undecided_and_everything_once_it_is(town: Town) -> None:
    assert take(town, FIRST).read.unmatched == ("Riket",)
    assert beside(town).list_tables(ROUND) == []
    assert take(town, FIRST, SETTLED).is_stored
    (row,) = beside(town).list_tables(ROUND)
    assert [(f.indicator, f.area, f.period, f.value, f.mark) for f in row.figures] == [
        ("Skadegörelse", "duved", "2024", 12, ""),
        ("Bedrägeri", "duved", "2024", None, ".."),
    ]
    assert (row.imported_by, row.imported_at, len(row.file_sha256)) == ("test", town.clock(), 64)
    assert log(town) == [("statistics_imported", "bra 10L")]


def test_rows_of_undecided_areas_can_be_left_out_on_purpose(town: Town) -> None:
    assert take(town, FIRST, despite_unmatched=True).is_stored


def test_next_file_is_read_alike_replaces_the_last_one_and_tells_what_changed(town: Town) -> None:
    take(town, FIRST, SETTLED)
    taken = take(town, LATER, title="")
    assert taken.is_stored
    assert [(was.value, now.value) for was, now in taken.changes.changed] == [(12, 13)]
    assert [figure.period for figure in taken.changes.added] == ["2025"]
    assert [figure.indicator for figure in taken.changes.gone] == ["Bedrägeri"]
    (row,) = beside(town).list_tables(ROUND)
    assert (row.title, len(row.figures)) == ("Anmälda brott", 2)
    assert take(town, LATER).changes.same == 2


def test_dry_run_stores_nothing(town: Town) -> None:
    assert not take(town, FIRST, SETTLED, dry_run=True).is_stored
    assert (beside(town).list_tables(ROUND), log(town)) == ([], [])


def test_file_with_faults_is_stored_neither_whole_nor_half(town: Town) -> None:
    taken = take(town, FIRST + "Stöld;Duved;2024;många\n", SETTLED)
    assert (len(taken.read.faults), taken.is_stored) == (1, False)
    assert beside(town).list_tables(ROUND) == []


def test_what_a_person_says_must_be_known(town: Town) -> None:
    for mapping in (
        SavedMapping(areas={"Riket": "atlantis"}),
        SavedMapping(about={"Skadegörelse": "dragons"}),
        SavedMapping(about={"Drakar": "vandalism_litter"}),
        SavedMapping(columns={"Brott": "hat"}),
    ):
        with pytest.raises(StatisticsRefused):
            take(town, FIRST, mapping)
    with pytest.raises(StatisticsRefused, match="title"):
        take(town, FIRST, SETTLED, title="")
    with pytest.raises(RoundRefused):
        beside(town).list_tables("nowhere")


def test_table_of_more_rows_than_anybody_reads_is_refused(town: Town) -> None:
    text = "Brott;År;Antal\n" + "".join(f"Brott {n};2024;9\n" for n in range(301))
    with pytest.raises(StatisticsRefused, match="301 rows"):
        take(town, text)


def test_removed_table_is_gone_and_logged(town: Town) -> None:
    take(town, FIRST, SETTLED)
    beside(town).remove(ROUND, "bra", "10L")
    with pytest.raises(StatisticsRefused):
        beside(town).remove(ROUND, "bra", "10L")
    with town.house.database.sessions.reading() as session:
        assert session.scalars(select(StatisticsTable)).all() == []
        assert published_tables(session, 1) == ()
    assert log(town)[-1] == ("statistics_removed", "bra 10L")


# In the report


def report(town: Town) -> dict[str, Any]:
    stream = io.BytesIO()
    Reports(sessions=town.house.database.sessions, now=town.clock, actor="test").write_report(
        ROUND, "json", stream
    )
    return json.loads(stream.getvalue())  # type: ignore[no-any-return]


def test_statistics_that_come_after_a_release_stand_beside_it_and_release_nothing_new(town: Town) -> None:
    before = report(town)
    take(town, FIRST, SETTLED)
    after = report(town)
    added = [table for table in after["tables"] if table["section"] == "statistics"]
    assert [table["title"] for table in added] == ["Anmälda brott"]
    assert [table for table in after["tables"] if table not in added] == before["tables"]
    with town.house.database.sessions.reading() as session:
        assert len(session.scalars(select(Release)).all()) == 1
    beside(town).remove(ROUND, "bra", "10L")
    assert report(town) == before


# The command


def lyhord(town: Town, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv(
        "LYHORD_DATABASE_URL", town.house.database.engine.url.render_as_string(hide_password=False)
    )
    return CliRunner().invoke(main, ["statistics", *arguments])


def test_command_imports_lists_and_removes(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "brott.csv"
    path.write_text(FIRST, encoding="cp1252")
    words = [
        "import",
        str(path),
        "--round",
        ROUND,
        "--source",
        "bra",
        "--table",
        "10L",
        "--title",
        "Anmälda brott",
    ]
    refused = lyhord(town, monkeypatch, *words)
    assert refused.exit_code == 1
    assert "Riket" in refused.output
    assert "Windows-1252" in refused.output
    done = lyhord(town, monkeypatch, *words, "--area", "Riket=-")
    assert done.exit_code == 0, done.output
    assert "2 figures stored" in done.output
    path.write_text(LATER, encoding="utf-8")
    again = lyhord(town, monkeypatch, *words)
    assert "Skadegörelse, duved, 2024: 12 -> 13" in again.output
    assert "1 changed, 1 new, 1 gone, 0 as before" in again.output
    assert "10L  Anmälda brott  2 figures" in lyhord(town, monkeypatch, "list", "--round", ROUND).output
    gone = lyhord(town, monkeypatch, "remove", "--round", ROUND, "--source", "bra", "--table", "10L")
    assert gone.exit_code == 0


def test_command_says_in_one_sentence_what_no_file_of_statistics_is(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "skador.csv"
    path.write_text("Personnummer;Antal\n850709-9805;1\n", encoding="utf-8")
    said = lyhord(
        town,
        monkeypatch,
        "import",
        str(path),
        "--round",
        ROUND,
        "--source",
        "strada",
        "--table",
        "x",
        "--title",
        "x",
    )
    assert said.exit_code == 1
    assert "rad 1, kolumn A" in said.output
    assert "850709" not in said.output
