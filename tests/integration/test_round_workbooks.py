"""Rounds made and changed from workbooks on both databases, and workbooks that LibreOffice has saved."""

import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from town import MONDAY, ROUND, Town

from bot.cli.demo import demonstration_round
from bot.services.publishing import load_flow
from bot.services.round_changes import RoundChanges, RoundPlan
from bot.services.round_documents import RoundDocument
from bot.services.rounds import RoundRefused
from bot.services.workbooks.change_words import plan_sentences
from bot.services.workbooks.round_reading import read_round
from bot.services.workbooks.round_writing import write_round
from storage.database import Database
from storage.tables import AuditEntry


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def changes(town: Town) -> RoundChanges:
    return RoundChanges(sessions=town.house.database.sessions, now=town.clock, actor="Eva")


def after(document: RoundDocument, change: Callable[[Any], None]) -> RoundDocument:
    """What a coordinator sends back after having worked in the round's workbook."""
    stream = io.BytesIO()
    write_round(document, stream, made_on=MONDAY.date())
    book = load_workbook(io.BytesIO(stream.getvalue()))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    read = read_round(saved.getvalue())
    assert read.document is not None, [fault.sentence() for fault in read.faults]
    return read.document


def change(town: Town, document: RoundDocument) -> RoundPlan:
    return changes(town).change(document, lambda name: load_flow(name, Path()))


def test_a_stored_round_comes_back_from_its_workbook_with_nothing_to_change(town: Town) -> None:
    stored = changes(town).document(ROUND)
    assert after(stored, lambda book: None) == stored
    plan = change(town, after(stored, lambda book: None))
    assert (plan.status, plan.changes, plan.kept_places) == ("open", (), ())
    assert plan_of(town, replace(stored, code="are-2027")).status == "new"


def plan_of(town: Town, document: RoundDocument) -> RoundPlan:
    return changes(town).plan(document)


def test_an_open_round_takes_a_later_end_new_place_codes_and_texts_at_once(town: Town) -> None:
    phone = town.phone()
    phone.say("TRYGG")

    def work(book: Any) -> None:
        book["Omgången"]["B9"] = (MONDAY + timedelta(days=60)).date()
        book["Texter"]["B4"] = "are.se/ny"
        row = next(r for r in range(5, 40) if book["Platskoder"].cell(r, 1).value is None)
        for at, text in enumerate(("KALL9", "Kalls skola", "Affisch", "Kall"), 1):
            book["Platskoder"].cell(row, at).value = text

    document = after(changes(town).document(ROUND), work)
    plan = plan_of(town, document)
    assert [change.path for change in plan.changes] == [
        ("information_page",),
        ("closes",),
        ("place_codes", "KALL9"),
    ]
    assert not plan.refused
    assert "3 saker skiljer" in "\n".join(plan_sentences(plan, "sv"))
    assert change(town, document).changes == plan.changes
    assert change(town, document).changes == ()
    assert town.phone("+46701740661").say("KALL9") != ""
    assert "are.se/ny" in town.phone("+46701740662").say("TRYGG")
    with town.house.database.sessions.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "round_changed")).all()
        assert [entry.actor for entry in entries] == ["Eva"]


def test_what_was_promised_is_refused_in_an_open_round_and_nothing_of_it_changes(town: Town) -> None:
    def work(book: Any) -> None:
        book["Omgången"]["B7"] = "+46701234567"
        book["Omgången"]["B9"] = (MONDAY - timedelta(days=3)).date()
        for sheet in ("Områden", "Platser", "Platskoder"):
            for row in book[sheet].iter_rows(min_row=5):
                for cell in row:
                    cell.value = "Åre stad" if cell.value == "Åre by" else cell.value
        book["Områden"]["E5"] = 2700
        book["Platskoder"]["A5"] = "NYKOD"
        book["Beslut"]["B5"] = "KS 1"

    document = after(changes(town).document(ROUND), work)
    plan = plan_of(town, document)
    refused = {change.path: change.refused for change in plan.refused}
    assert refused == {
        ("phone_number",): "fixed",
        ("closes",): "past",
        ("areas", "are_by", "name"): "fixed",
        ("place_codes", "ARE1"): "hangs",
        ("diary_number",): "fixed",
    }
    text = "\n".join(plan_sentences(plan, "sv"))
    assert "Områden, are_by, Områdets namn: Åre by → Åre stad. Kan inte ändras i en öppen omgång." in text
    assert (
        "Platskoder, ARE1: ARE1 → (tomt). Kan inte tas bort i en öppen omgång: affischen kan sitta uppe."
        in text
    )
    with pytest.raises(RoundRefused, match="phone_number"):
        change(town, document)
    assert plan_of(town, document).changes == plan.changes


def test_a_draft_becomes_what_its_workbook_says(town: Town) -> None:
    draft = replace(demonstration_round(), code="are-2027", phone_number="+46700000200")
    town.rounds.create(draft, lambda name: load_flow(name, Path()))

    def work(book: Any) -> None:
        book["Omgången"]["B5"] = "Trygghetsdialog 2027"
        book["Omgången"]["B11"] = "Nej"
        book["Nyckelord"].delete_rows(7)
        book["Områden"].delete_rows(8)
        for row in range(5, 40):
            if book["Platser"].cell(row, 3).value == "Undersåker":
                book["Platser"].cell(row, 3).value = "Åre by"
        for row in range(5, 20):
            if book["Platskoder"].cell(row, 4).value == "Undersåker":
                book["Platskoder"].cell(row, 4).value = "Åre by"

    document = after(changes(town).document("are-2027"), work)
    plan = change(town, document)
    assert ("areas", "undersaker") in [one.path for one in plan.changes]
    stored = changes(town).document("are-2027")
    assert stored == replace(document, places=stored.places, areas=stored.areas)
    assert sorted(stored.areas, key=lambda a: a.code) == sorted(document.areas, key=lambda a: a.code)
    assert set(stored.flows) == {"residents", "dialogue"}
    assert plan_of(town, document).changes == ()


def test_a_closed_round_changes_no_more(town: Town) -> None:
    town.rounds.close(ROUND)
    document = replace(changes(town).document(ROUND), name="Annat")
    assert [one.refused for one in plan_of(town, document).changes] == ["closed"]


def test_a_workbook_that_libreoffice_saved_reads_the_same(soffice: list[str], tmp_path: Path) -> None:
    document = demonstration_round()
    path = tmp_path / "round.xlsx"
    with path.open("wb") as stream:
        write_round(document, stream, made_on=MONDAY.date())
    saved = tmp_path / "saved"
    for format_ in ("xlsx:Calc MS Excel 2007 XML", "ods", "xls"):
        command = [*soffice, format_, "--outdir", str(saved), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert read_round((saved / "round.xlsx").read_bytes()).document == document
    for name, code in (("round.ods", "open_document"), ("round.xls", "old_excel")):
        with pytest.raises(Exception, match="xlsx") as refused:
            read_round((saved / name).read_bytes())
        assert refused.value.fault.code == code  # type: ignore[attr-defined]
