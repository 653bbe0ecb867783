"""The archive package of a closed round: complete, the same bytes for the same data, and nothing in it of anybody."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from zipfile import ZipFile, is_zipfile

import pytest
from docx import Document
from sqlalchemy import select
from town import ROUND, Town

from bot.papers.wording import LANGUAGES
from bot.services.archive_files import MEDIA_TYPES
from bot.services.archiving import Archived, Archives
from bot.services.deletion_records import summed_up
from bot.services.reporting import Reports
from bot.services.rounds import RoundRefused, StateRefused
from bot.services.upkeep import Upkeep
from storage import audit
from storage.database import Database
from storage.deletions import DeletionRow
from storage.tables import Answer, AuditEntry, FlowVersion, InboxMessage, Release

NUMBER = "+46701740633"
WORD = "kvitterlyktan"
NAME = "Vitsippa Blomqvistius"
TEXT = (
    f"{WORD} vid torget är trasig, {NAME} ser ut att ha gjort det, ring 070-174 06 44, vitsippa@example.com"
)
NEVER = (
    *("701740633", "70174 06 33", "70-174 06 33", "701740644", "174 06 44"),
    *("kvitterlykt", "vitsippa", "blomqvist", "lyktstolpsfejden"),
)
"""What a resident, a note or a coordinator may have written of somebody, and numbers, as they may be spelt."""


@pytest.fixture
def town(database: Database) -> Town:
    """Eleven residents have answered, one told too much, one wrote outside the survey."""
    town = Town.build(database)
    for index in range(10):
        town.phone(f"+467017406{index + 10}").answer_all(
            *("TRYGG DUVED3", "ja", "1", "Duved", "4", "Folk kör för fort på E14"),
            *("2,5", "fartkamera", "47", "1"),
        )
    phone = town.phone(NUMBER)
    phone.answer_all("TRYGG", "ja", "1", "Duved", "4", TEXT, TEXT, "1", TEXT, "47", "1", "RESULTAT")
    phone.say(f"och {TEXT}")
    return town


def closed(town: Town, days: float = 31) -> Town:
    town.clock.move(days=days)
    Upkeep(sessions=town.house.database.sessions, now=town.clock).run()
    return town


def archives(town: Town) -> Archives:
    return Archives(sessions=town.house.database.sessions, now=town.clock, actor="test")


def package(town: Town, reason: str = "Leverans till kommunarkivet, KS 2027/3") -> tuple[Archived, bytes]:
    stream = io.BytesIO()
    return archives(town).write(ROUND, stream, reason=reason), stream.getvalue()


def files_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def all_bytes(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The file, and whatever is packed in it, at any depth."""
    yield name, content
    if is_zipfile(io.BytesIO(content)):
        for inner, part in files_of(content).items():
            yield from all_bytes(f"{name}!{inner}", part)


def test_nothing_of_anybody_occurs_in_any_byte(town: Town) -> None:
    with town.house.database.sessions.reading() as session:
        stored = " ".join(
            [*map(str, session.scalars(select(Answer.text))), *session.scalars(select(InboxMessage.text))]
        )
    assert WORD in stored
    assert NAME in stored  # a name is not masked: it must stay out because texts do
    _, content = package(closed(town, days=50), reason="lyktstolpsfejden, enligt Vitsippa")
    searched = list(all_bytes("package.zip", content))
    assert len(searched) > 60
    assert any("sharedStrings" in name for name, _ in searched)
    assert any(name.endswith("word/document.xml") for name, _ in searched)
    for name, part in searched:
        text = part.decode("utf-8", errors="replace").lower()
        assert [canary for canary in NEVER if canary in text] == [], name


def test_same_data_make_the_same_bytes_on_another_day(town: Town) -> None:
    closed(town, days=50)
    _, first = package(town)
    town.clock.move(days=3)
    _, second = package(town)
    logged = {
        "LASMIG.txt",
        "manifest.json",
        "sha256.txt",
    }  # the first package stands in the log, whose head the second one tells
    same, again = (
        {name: content for name, content in files_of(zipped).items() if name not in logged}
        for zipped in (first, second)
    )
    assert same == again


def test_package_holds_what_is_kept_with_names_that_an_archive_takes(town: Town) -> None:
    archived, content = package(closed(town, days=50))
    names = list(files_of(content))
    assert tuple(names) == archived.files
    assert names[0] == "LASMIG.txt"
    assert {name.partition("/")[0] for name in names if "/" in name} == {
        *("rapport", "metod", "enkater", "kategorier", "gallring"),
    }
    reports = {
        f"rapport/{ROUND}-slutlig-{lang}.{end}"
        for lang in LANGUAGES
        for end in ("pdf", "xlsx", "csv", "json")
    }
    assert reports <= set(names)
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9._/-]+", name)] == []
    assert {name.rpartition(".")[2] for name in names} == set(MEDIA_TYPES)


def test_manifest_and_checksums_are_of_the_files(town: Town) -> None:
    _, content = package(closed(town, days=50))
    files = files_of(content)
    sums = dict(reversed(line.split("  ")) for line in files["sha256.txt"].decode().splitlines())
    assert set(sums) == set(files) - {"sha256.txt"}
    assert {name: hashlib.sha256(files[name]).hexdigest() for name in sums} == sums
    manifest = json.loads(files["manifest.json"])
    assert {f["name"] for f in manifest["files"]} == set(files) - {"manifest.json", "sha256.txt"}
    assert all(
        len(files[f["name"]]) == f["bytes"] and sums[f["name"]] == f["sha256"] for f in manifest["files"]
    )


def test_flows_are_the_bytes_that_their_checksums_are_of(town: Town) -> None:
    _, content = package(closed(town, days=50))
    files = files_of(content)
    with town.house.database.sessions.reading() as session:
        published = {(row.flow, row.version): row.sha256 for row in session.scalars(select(FlowVersion))}
    assert len(published) == 3
    for (flow, version), sha256 in published.items():
        assert hashlib.sha256(files[f"enkater/{flow}-{version}.json"]).hexdigest() == sha256
        assert sha256 in files[f"enkater/{flow}-{version}-fragor.txt"].decode()
    assert "Hur trygg" in files["enkater/residents-1-fragor.txt"].decode()


def test_only_the_released_report_goes_in(town: Town) -> None:
    archived, content = package(closed(town, days=50))
    assert archived.why_no_exact == ""
    kept = json.loads(files_of(content)[f"rapport/{ROUND}-slutlig-sv.json"])
    with town.house.database.sessions.reading() as session:
        releases = session.scalars(select(Release)).all()
    assert [release.rule for release in releases] == ["exact"]
    assert kept == releases[0].picture["sv"]


def test_before_the_final_report_may_be_made_the_package_says_why_and_releases_nothing(town: Town) -> None:
    archived, content = package(closed(town))
    assert archived.why_no_exact.startswith("Den slutliga rapporten kan göras tidigast 17 december 2026")
    assert archived.why_no_exact.endswith("Ingen rapport har lämnats ut.")
    assert not [name for name in archived.files if name.startswith("rapport/")]
    readme = " ".join(files_of(content)["LASMIG.txt"].decode().split())
    assert archived.why_no_exact in readme
    with town.house.database.sessions.reading() as session:
        assert session.scalars(select(Release)).all() == []


def test_an_interim_report_stands_in_until_the_final_one(town: Town) -> None:
    Reports(sessions=town.house.database.sessions, now=town.clock, actor="test").picture(ROUND)
    archived, _ = package(closed(town))
    assert f"rapport/{ROUND}-preliminar-sv.xlsx" in archived.files
    assert "preliminära rapport" in archived.why_no_exact


def test_once_the_answers_are_gone_no_report_is_made_of_nothing(town: Town) -> None:
    archived, _ = package(closed(town, days=5 * 366))
    assert archived.why_no_exact.startswith("Svaren togs bort efter 2 december 2030")
    with pytest.raises(RoundRefused, match="no report can be made any more"):
        Reports(sessions=town.house.database.sessions, now=town.clock, actor="test").picture(ROUND)


def test_a_package_needs_a_closed_round_and_a_reason_and_is_logged(town: Town) -> None:
    with pytest.raises(StateRefused) as refusal:
        package(town)
    assert "inte stängd" in refusal.value.in_language("sv")
    with pytest.raises(RoundRefused, match="needs a reason"):
        package(closed(town), reason=" ")
    package(town)
    with town.house.database.sessions.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "archive_exported")).all()
    assert [(entry.actor, entry.reason) for entry in entries] == [
        ("test", "Leverans till kommunarkivet, KS 2027/3")
    ]


def test_record_of_deletion_and_dates_to_come_are_told(town: Town) -> None:
    _, content = package(closed(town, days=50))
    files = files_of(content)
    proof = list(
        csv.DictReader(io.StringIO(files["gallring/gallringsbevis.csv"].decode("utf-8-sig")), delimiter=";")
    )
    by_what = {line["vad"]: line for line in proof}
    assert by_what["kontaktnycklar"]["antal"] == "11"
    assert by_what["kontaktnycklar"]["forsta_dag"] == "2026-12-22"
    assert by_what["meddelanden utanför enkäten"]["antal"] == "färre än 5"
    assert by_what["omgångens nyckel"]["antal"] == "1"
    plan = files["gallring/gallringsplan.csv"].decode("utf-8-sig")
    assert "2027-12-03;Svar med egna ord tas bort." in plan


def test_small_numbers_of_deletions_stay_inside() -> None:
    def row(count: int, day: int) -> DeletionRow:
        on = date(2026, 11, day)
        return DeletionRow(deleted_on=on, rule="inbox", table_name="inbox", kind="row", count=count)

    assert [kind.count for kind in summed_up([row(2, 1), row(2, 2)])] == [None]
    assert [kind.count for kind in summed_up([row(2, 1), row(3, 2)])] == [5]


def test_method_note_answers_from_the_round_and_its_report(town: Town) -> None:
    _, content = package(closed(town, days=50))
    files = files_of(content)
    note = " ".join(files["metod/metodbeskrivning.txt"].decode().split())
    assert "Underlag: 11 boende" in note
    assert "3 oktober–2 december 2026" in note
    for question in ("Varför valdes problemet?", "Vilka källor användes", "begränsa kunskapen", "ha betytt?"):
        assert question in note
    document = Document(io.BytesIO(files["metod/metodbeskrivning.docx"]))
    assert "Underlag: 11 boende" in " ".join(paragraph.text for paragraph in document.paragraphs)


def test_head_of_the_audit_chain_is_told(town: Town) -> None:
    closed(town)
    with town.house.database.sessions.reading() as session:
        head = audit.get_head(session).hash
    stream = io.BytesIO()
    archives(town).write(ROUND, stream, reason="arkivet")
    assert head in "".join(files_of(stream.getvalue())["LASMIG.txt"].decode().split())
