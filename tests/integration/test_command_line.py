"""The command line as a coordinator uses it: a round from a file, mistakes named, files written."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from town import ACCOUNT

from bot.cli import main
from bot.services.dates import local_date

DEMO_ROUND = files("bot.demo").joinpath("are.yaml").read_text(encoding="utf-8")
LEGAL = """
controller: Kommunstyrelsen, Åre kommun
diary_number: KS 2026/123
dpia_date: 2026-08-15
deletion_decision: KS 2026/124
safeguard_mode: A
"""


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "LYHORD_ENVIRONMENT": "production",
        "LYHORD_DATABASE_URL": database_url,
        "LYHORD_MASTER_KEYS": f"k1:{b64encode(bytes(32)).decode()}",
        "LYHORD_PUBLIC_URL": "https://trygg.example.se",
        "LYHORD_TWILIO_ACCOUNT_SID": ACCOUNT,
        "LYHORD_TWILIO_AUTH_TOKENS": "12345",
    }


def _run(environment: dict[str, str], *arguments: str, **options: str) -> Result:
    return CliRunner(env=environment).invoke(main, list(arguments), **options)  # type: ignore[arg-type]


def _round_file(folder: Path, text: str) -> str:
    path = folder / "round.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_round_opens_only_with_its_legal_fields(environment: dict[str, str], tmp_path: Path) -> None:
    assert "up to date" in _run(environment, "db", "upgrade").output
    created = _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND))
    assert created.exit_code == 0, created.output
    assert "controller" in created.output
    refused = _run(environment, "round", "open", "are-demo")
    assert refused.exit_code == 1
    assert "controller, diary_number, dpia_date, deletion_decision, safeguard_mode" in refused.output
    legal = DEMO_ROUND.replace("round: are-demo", "round: are-2026") + LEGAL
    assert _run(environment, "round", "create", _round_file(tmp_path, legal)).exit_code == 0
    assert "is open" in _run(environment, "round", "open", "are-2026").output
    listed = _run(environment, "round", "list").output
    assert "are-2026" in listed
    assert "open" in listed
    assert "closed" in _run(environment, "round", "close", "are-2026").output


def test_a_rounds_life_from_the_command_line(environment: dict[str, str], tmp_path: Path) -> None:
    text = DEMO_ROUND.replace("2026-01-01", "2020-01-01").replace("2026-12-31", "2030-12-31") + LEGAL
    _run(environment, "db", "upgrade")
    _run(environment, "round", "create", _round_file(tmp_path, f"{text}text_months: 6\n"))
    folder = str(tmp_path / "papers")
    written = _run(environment, "round", "documents", "are-demo", "-o", folder)
    assert "14 files in" in written.output
    assert "points to fill in" in written.output
    _run(environment, "round", "open", "are-demo")
    assert "is paused" in _run(environment, "round", "pause", "are-demo").output
    assert "Round are-demo is paused already." in _run(environment, "round", "pause", "are-demo").output
    assert "open again" in _run(environment, "round", "resume", "are-demo").output
    extended = _run(environment, "round", "extend", "are-demo", "--until", "2031-01-31").output
    assert "until 2031-01-31" in extended
    swedish, english = (
        _run(environment, "round", "plan", "are-demo", "--language", language).output
        for language in ("sv", "en")
    )
    assert "14 februari 2031     Sista dagen som RADERA fungerar" in swedish
    assert "1 August 2031        Answers in people's own words are removed." in english
    package = str(tmp_path / "are.zip")
    archive = ("round", "archive", "are-demo", "-o", package)
    assert "is not closed" in _run(environment, *archive, "--reason", "arkivet").output
    assert "until 2031-02-14" in _run(environment, "round", "close", "are-demo").output
    assert "needs a reason" in _run(environment, *archive).output
    assert not Path(package).exists()
    assert "Ingen rapport har lämnats ut." in _run(environment, *archive, "--reason", "arkivet").output
    assert Path(package).exists()
    today = local_date(datetime.now(UTC)).isoformat()
    assert "Noted" in _run(environment, "round", "decided", "are-demo", "--on", today).output
    assert "Inget har tagits bort" in _run(environment, "round", "deletions", "are-demo").output


def test_an_export_of_an_empty_round_says_so_and_shows_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    _run(environment, "db", "upgrade")
    _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND + LEGAL))
    _run(environment, "round", "open", "are-demo")
    output = tmp_path / "picture.json"
    result = _run(environment, "export", "are-demo", "--format", "json", "-o", str(output))
    assert result.exit_code == 0, result.output
    picture = json.loads(output.read_text(encoding="utf-8"))
    assert picture["title"].endswith("Åre kommun")
    refused = _run(environment, "export", "are-demo", "-o", str(output), "--working-copy")
    assert refused.exit_code == 2
    assert "--reason" in refused.output
    copy_pdf = str(tmp_path / "copy.pdf")
    for format_ in ("pdf", "docx", "html"):
        made = _run(
            environment, "export", "are-demo", "--format", format_, "-o", str(tmp_path / f"r.{format_}")
        )
        assert made.exit_code == 0, made.output
    no_report = _run(environment, "export", "are-demo", "--format", "sav", "-o", str(tmp_path / "r.sav"))
    assert no_report.exit_code == 2 and "xlsx" in no_report.output
    no_rows = _run(
        environment,
        "export",
        "are-demo",
        "--working-copy",
        "--reason",
        "x",
        "--format",
        "pdf",
        "-o",
        copy_pdf,
    )
    assert no_rows.exit_code == 2 and not Path(copy_pdf).exists()
    for format_ in ("xlsx", "csv", "json", "sav"):
        copy = str(tmp_path / f"copy.{format_}")
        written = _run(
            environment,
            "export",
            "are-demo",
            "-o",
            copy,
            "--format",
            format_,
            "--working-copy",
            "--reason",
            "test",
        )
        assert "lämnas inte vidare" in written.output, written.output
    assert (tmp_path / "copy-answers.csv").exists() and (tmp_path / "copy-answers.sav").exists()


def test_a_round_goes_out_to_excel_and_comes_back_as_a_draft_and_as_a_change(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = str(tmp_path / "round.xlsx")
    _run(environment, "db", "upgrade")
    _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND + LEGAL))
    assert _run(environment, "round", "workbook", "are-demo", "-o", path).exit_code == 0
    assert "0 saker" in _run(environment, "round", "read", path).output
    book = load_workbook(path)
    book["Omgången"]["B4"] = "are-2027"
    book["Omgången"]["B5"] = "Trygghetsdialog 2027"
    book.save(path)
    assert "Omgången are-2027 är ny." in _run(environment, "round", "read", path).output
    assert "no round are-2027" in _run(environment, "round", "read", path, "--change").output
    assert "are-2027 is a draft" in _run(environment, "round", "read", path, "--create").output
    book["Omgången"]["B9"] = "31 jan 2027"
    book.save(path)
    changed = _run(environment, "round", "read", path, "--change")
    assert "Omgången are-2027 är ett utkast. 1 saker skulle ändras" in changed.output, changed.output
    assert "Sista dag: 2026-12-31 → 2027-01-31" in changed.output
    assert "2027-01-31" in _run(environment, "round", "list").output


def test_a_workbook_is_checked_without_a_database_and_its_faults_end_the_command(tmp_path: Path) -> None:
    path = str(tmp_path / "round.xlsx")
    assert _run({}, "round", "workbook", "-o", path, "--language", "en").exit_code == 0
    refused = _run({}, "round", "read", path, "--language", "en")
    assert refused.exit_code == 1
    assert (
        "Mend     The round, row 4, column B (Code of the round): The cell is empty. Fill it in."
        in refused.output
    )
    other = tmp_path / "old.xls"
    other.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "Excels gamla format" in _run({}, "round", "read", str(other)).output
    assert _run({}, "round", "read", path, "--create", "--change").exit_code == 2


def test_the_coding_of_a_round_without_answers_goes_out_and_in(
    environment: dict[str, str], tmp_path: Path
) -> None:
    _run(environment, "db", "upgrade")
    _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND + LEGAL))
    path = str(tmp_path / "coding.xlsx")
    written = _run(environment, "coding", "out", "are-demo", "--reason", "sorting", "-o", path)
    assert "0 answers. Arbetsmaterial" in written.output, written.output
    taken = _run(environment, "coding", "in", path, "--by", "Eva", "--dry-run")
    assert "0 changed and 0 confirmed would be taken" in taken.output, taken.output
    assert "0 coded, 0 decided" in _run(environment, "coding", "list", "are-demo").output
    assert "rules and persons: 0 answers" in _run(environment, "coding", "agreement", "are-demo").output
    assert "no answer 7" in _run(environment, "coding", "confirm", "7", "fraud", "--by", "Eva").output
    assert "no answer 7" in _run(environment, "coding", "undo", "7", "--by", "Eva").output


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("closes: 2026-12-31", "closes: 2025-12-31"), "closes before it opens"),
        (("closes: 2026-12-31", "closes: soon"), "line 8"),
        (('phone_number: "+46700000100"', "phone_number: ring oss"), "not a telephone number"),
        (("municipality: Åre kommun", "municipality:"), "municipality is missing"),
        (("area: are_by, aliases: [torget", "area: moon, aliases: [torget"), "no area has the code 'moon'"),
        (("keywords:", "keywrods:"), "Did you mean 'keywords'?"),
        (("flow: residents, language: sv", "flow: all, language: sv"), "unknown stream 'all'"),
        (("code: DUVED3", "code: ARE1"), "'are1' stands twice"),
        (("options:", "focus_map: {fraude: F_OTHER}\noptions:"), "there is no category 'fraude'"),
        (("options:", "focus_map: {fraud: F_MISC}\noptions:"), "there is no focus 'F_MISC'"),
        (("options:", "text_months: 13\noptions:"), "'13' is no number of months"),
        (("options:", "safeguard_mode: C\noptions:"), "unknown mode 'C'"),
    ],
)
def test_a_mistake_in_a_rounds_file_is_named_with_its_place(
    change: tuple[str, str], named: str, tmp_path: Path
) -> None:
    environment = {"LYHORD_DATABASE_URL": f"sqlite:///{tmp_path}/unused.db"}
    assert change[0] in DEMO_ROUND
    result = _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND.replace(*change, 1)))
    assert result.exit_code == 1
    assert named in result.output
    assert "round.yaml, line" in result.output


def test_a_flow_is_compared_with_what_a_round_has_published(
    environment: dict[str, str], tmp_path: Path
) -> None:
    _run(environment, "db", "upgrade")
    assert _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND)).exit_code == 0
    same = _run(environment, "flow", "diff", "are-demo:residents", "residents")
    assert (same.exit_code, same.output.splitlines()[1]) == (
        0,
        "No difference: the same questions, words, choices and conditions.",
    )
    assert "another stream" in _run(environment, "flow", "diff", "are-demo:residents", "employees").output
    assert (
        "there is no round are-1999"
        in _run(environment, "flow", "diff", "are-1999:dialogue", "dialogue").output
    )


def test_settings_that_are_missing_are_named(tmp_path: Path) -> None:
    result = _run({"LYHORD_DATABASE_URL": ""}, "round", "list")
    assert result.exit_code == 1
    assert "LYHORD_DATABASE_URL" in result.output


def test_a_survey_can_be_played_in_the_terminal() -> None:
    result = _run({}, "chat", "--explain", input="ja\n1\nDuved\n4\nför höga farter på E14\n")
    assert "Vem är du här?" in result.output
    assert "category: traffic_offences" in result.output
    assert "place: e14" in result.output


def test_the_packaged_flows_are_in_order() -> None:
    result = _run({}, "flow", "check")
    assert result.exit_code == 0, result.output
    assert result.output.count("in order") == 3


def test_an_unknown_round_is_answered_with_those_there_are(
    environment: dict[str, str], tmp_path: Path
) -> None:
    _run(environment, "db", "upgrade")
    _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND))
    result = _run(environment, "export", "are-9999", "-o", str(tmp_path / "x.xlsx"))
    assert "there is no round are-9999; rounds: are-demo" in result.output
    assert not (tmp_path / "x.xlsx").exists()


def test_codes_are_made_listed_and_printed(environment: dict[str, str], tmp_path: Path) -> None:
    _run(environment, "db", "upgrade")
    _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND + LEGAL))
    added = _run(environment, "round", "codes", "are-demo", "--add", "Duveds skola", "--area", "duved")
    code = added.output.split()[0]
    assert code.startswith("DUVEDS")
    listed = _run(environment, "round", "codes", "are-demo").output
    assert f"{code}  " in listed
    assert "(unknown code)" in listed
    assert "Duveds bibliotek" in listed
    refused = _run(environment, "round", "codes", "are-demo", "--add", "Duved", "--area", "paris")
    assert refused.exit_code == 1
    assert "no area 'paris'" in refused.output
    for paper in ("poster", "cards", "form", "sheet"):
        output = tmp_path / f"{paper}.pdf"
        place = "MOTE1" if paper == "sheet" else code
        result = _run(environment, "print", paper, "are-demo", "--place", place, "-o", str(output))
        assert result.exit_code == 0, result.output
        assert output.read_bytes().startswith(b"%PDF")
    archive = tmp_path / "posters.zip"
    zipped = _run(
        environment, "print", "poster", "are-demo", "--size", "A3", "--language", "en", "-o", str(archive)
    )
    assert zipped.exit_code == 0, zipped.output
    assert archive.read_bytes().startswith(b"PK")
    unknown = _run(environment, "print", "poster", "are-demo", "--place", "PARIS", "-o", str(archive))
    assert unknown.exit_code == 1
    assert "no place code PARIS" in unknown.output


def test_promises_are_written_and_followed_up_from_the_command_line(
    environment: dict[str, str], tmp_path: Path
) -> None:
    _run(environment, "db", "upgrade")
    _run(environment, "round", "create", _round_file(tmp_path, DEMO_ROUND))
    whole = (
        "--owner",
        "Polisen",
        "--target",
        "100",
        "--unit",
        "kontroller",
        "--every",
        "year",
        "--by",
        "2030-12-31",
    )
    made = _run(
        environment, "promise", "add", "are-demo", "Trafikkontroller.", "--problem", "F_TRAFFIC", *whole
    )
    assert made.output == "1  planned  Trafikkontroller.  Polisen  100 kontroller a year  by 2030-12-31\n"
    weak = _run(environment, "promise", "add", "are-demo", "Vi ska verka för lugn.", "--problem", "fraud")
    assert "[owner, number, date, weak]" in weak.output
    named = _run(environment, "promise", "add", "are-demo", "Ring Anna Ek.", "--problem", "fraud")
    assert named.exit_code == 1 and "Anna Ek" in named.output
    said = ("--status", "kept", "--result-number", "303")
    assert "303 kontroller" in _run(environment, "promise", "follow-up", "are-demo", "1", *said).output
    listed = _run(environment, "promise", "list", "are-demo").output
    assert listed.endswith("2 promises were made: 1 kept and 1 not settled yet.\n")
    assert _run(environment, "promise", "follow-up", "are-demo", "9", *said).exit_code == 1
