"""From messages to files: 60 residents, 8 employees and two meetings answer through the webhook; a coordinator opens
what comes out.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from sqlalchemy import select
from town import MONDAY, ROUND, Phone, Town

from bot.demo.crowd import Crowd
from bot.demo.people import employees, note_takers, residents
from bot.services.deciding import Codings
from bot.services.reporting import Reports
from bot.services.rounds import RoundRefused
from bot.services.upkeep import Upkeep
from storage.database import Database
from storage.tables import AuditEntry, Release


@dataclass
class TownGateway:
    """Delivers the crowd's messages to the town's webhook."""

    town: Town

    def send(self, *, sender: str, recipient: str, text: str) -> tuple[str, ...]:
        return (Phone(town=self.town, number=sender).say(text),)


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    town = Town.build(database)
    people = [*residents(60, seed=3), *employees(8, seed=4), *note_takers(("MOTE1", "MOTE2"))]
    crowd = Crowd(TownGateway(town), "")  # type: ignore[arg-type]
    crowd.run(people)
    assert crowd.progress()["error"] == ""
    yield town


def _reports(town: Town) -> Reports:
    return Reports(sessions=town.house.database.sessions, now=town.clock, actor="test")


def _workbook(town: Town, **options: str) -> Workbook:
    buffer = io.BytesIO()
    _reports(town).write_report(ROUND, "xlsx", buffer, **options)
    return load_workbook(buffer)


def _words(workbook: Workbook, sheet: int | None = None) -> str:
    sheets = workbook.worksheets if sheet is None else [workbook.worksheets[sheet]]
    return "\n".join(
        str(c.value) for s in sheets for row in s.iter_rows() for c in row if c.value is not None
    )


def test_the_whole_way_from_messages_to_files(town: Town) -> None:
    """One crowd serves several looks: filling the town takes most of the time."""
    _first_sheet_is_useful_with_few_answers(_words(_workbook(town), 0))
    _no_small_count_is_shown(town)
    _formats_tell_the_same(town)
    _second_export_is_the_same_release(town)
    _working_copy_is_marked_and_logged(town)
    _sensitive_categories_wait_for_a_person(town)
    _the_exact_release_comes_once_the_window_has_passed(town)


def _first_sheet_is_useful_with_few_answers(words: str) -> None:
    assert "Lokal problembild: Åre kommun" in words
    assert "Demonstration" in words
    assert "1. " in words
    assert "2. " in words
    assert "möten" in words
    assert ".." not in words.replace("...", "")
    assert "inte ett slumpmässigt urval" in words


def _no_small_count_is_shown(town: Town) -> None:
    """Interim: nothing of persons under ten, everything else a multiple of five."""
    picture = _json(town)
    for table in picture["tables"]:
        for column in table["columns"]:
            if column["unit"] != "persons":
                continue
            for row in table["rows"]:
                value = row["values"][table["columns"].index(column)]
                assert value is None or (value >= 10 and value % 5 == 0), (table["id"], row)


def _json(town: Town) -> dict[str, list[dict[str, list[dict[str, list[int | None]]]]]]:  # as the schema says
    buffer = io.BytesIO()
    _reports(town).write_report(ROUND, "json", buffer)
    return json.loads(buffer.getvalue())  # type: ignore[no-any-return]


def _formats_tell_the_same(town: Town) -> None:
    buffer = io.BytesIO()
    _reports(town).write_report(ROUND, "csv", buffer)
    rows = list(csv.DictReader(io.StringIO(buffer.getvalue().decode("utf-8-sig")), delimiter=";"))
    in_csv = sorted(int(row["value"]) for row in rows if row["unit"] == "persons" and row["value"])
    picture = _json(town)
    in_json = sorted(
        value
        for table in picture["tables"]
        for row in table["rows"]
        for column, value in zip(table["columns"], row["values"], strict=True)
        if column["unit"] == "persons" and value is not None
    )
    assert in_csv == in_json


def _second_export_is_the_same_release(town: Town) -> None:
    before = _words(_workbook(town), 0)
    for index in range(9):
        town.phone(f"+4670174066{index}").answer_all(
            "TRYGG", "ja", "1", "Duved", "1", "bara mörkt", "v", "7", "lampor"
        )
    town.clock.move(days=1)
    assert _words(_workbook(town), 0) == before
    town.phone("+46701740670").answer_all("TRYGG", "ja", "1", "Duved", "1", "mörkt", "v", "7", "lampor")
    assert _words(_workbook(town), 0) != before
    with town.house.database.sessions.reading() as session:
        assert len(session.scalars(select(Release)).all()) == 2


def _working_copy_is_marked_and_logged(town: Town) -> None:
    buffer = io.BytesIO()
    with pytest.raises(RoundRefused, match="reason"):
        _reports(town).write_working_copy(ROUND, "xlsx", buffer, reason=" ")
    _reports(town).write_working_copy(ROUND, "xlsx", buffer, reason="sorting the answers")
    workbook = load_workbook(buffer)
    assert "Arbetsmaterial, lämnas inte vidare" in _words(workbook, 0)
    persons = workbook.worksheets[1]
    assert persons.max_row - 1 == 60 + 8 + 2 + 10
    header = [cell.value for cell in persons[1]]
    assert "problem_2" in header
    with town.house.database.sessions.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "working_copy_exported")
        ).all()
        assert [entry.reason for entry in entries] == ["sorting the answers"]


def _sensitive_categories_wait_for_a_person(town: Town) -> None:
    for index in range(14):
        phone = town.phone(f"+4670174068{index:02d}")
        phone.answer_all(
            "TRYGG", "ja", "1", "Järpen", "4", "rasism och hatbrott mot samer", "v", "7", "prata", "3"
        )
    assert "Hatbrott" not in _shown_problems(town)
    coder = Codings(sessions=town.house.database.sessions, now=town.clock, actor="test")
    waiting = [answer for answer in coder.list_answers(ROUND).answers if answer.waits]
    assert len(waiting) == 14
    for answer in waiting:
        coder.confirm(answer.answer_id, author="Eva Samordnare", version=answer.current.number)
    for index in range(10):
        town.phone(f"+4670174069{index:02d}").answer_all(
            "TRYGG", "ja", "1", "Kall", "1", "halt", "v", "8", "sanda", "3"
        )
    assert "Hatbrott" in _shown_problems(town)


def _shown_problems(town: Town) -> str:
    """Every row label of the tables with counts: not the codebook, which explains all categories."""
    return "\n".join(str(row["label"]) for table in _json(town)["tables"] for row in table["rows"])


def _the_exact_release_comes_once_the_window_has_passed(town: Town) -> None:
    town.rounds.close(ROUND)
    town.clock.time = MONDAY.replace(year=2027)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    words = _words(_workbook(town), 0)
    assert "Slutlig" in words or "Preliminär" not in words
    assert _words(_workbook(town), 0) == words
    with town.house.database.sessions.reading() as session:
        assert [r.rule for r in session.scalars(select(Release).order_by(Release.id))][-1] == "exact"
