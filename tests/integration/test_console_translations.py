"""The console's page of languages: how far each has come, who has signed what rounds offer, a translator's book."""

import io
import re

import pytest
from console import Console
from openpyxl import load_workbook
from signing import signed_document
from town import Town

from bot.services.roles import Role
from storage.database import Database

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PATH = "/flows/translations"


def test_every_draft_is_told_as_made_by_a_machine_and_the_frame_as_empty(console: Console) -> None:
    page = console.browser(Role.COORDINATOR).get(PATH).text
    assert page.count("utkast av maskin") == 12
    assert len(re.findall(r"[0-9]+ saknas", page)) == 3
    assert "Ingen omgång erbjuder något annat språk" in page


def test_a_language_that_a_round_offers_stands_with_who_signed_it_and_when(database: Database) -> None:
    Town.build(database, signed_document)
    console = Console.build(database)
    page = console.browser(Role.COORDINATOR).get(PATH).text
    assert page.count("<bdi>A. Reader</bdi> 2026-10-01") == 12


def test_the_workbook_of_a_draft_says_that_a_machine_made_it(console: Console) -> None:
    response = console.browser(Role.COORDINATOR).get(f"{PATH}/residents/fi.xlsx")
    rows = [*load_workbook(io.BytesIO(response.data)).worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert {row[3] for row in rows} == {"machine draft"}
    assert ("survey/role/label", "Vem är du här?", "Kuka olet täällä?") in [row[:3] for row in rows]


@pytest.mark.parametrize("address", ["residents/de.xlsx", "nothing/fi.xlsx"])
def test_there_is_no_workbook_of_what_does_not_ship(console: Console, address: str) -> None:
    assert console.browser(Role.COORDINATOR).get(f"{PATH}/{address}").status_code == 404
