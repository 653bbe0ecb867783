"""The commands that measure the shipped readers, on small files."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.evaluate import evaluate


def _run(tmp_path: Path, command: str, content: str, *options: str) -> Result:
    file = tmp_path / "rows.tsv"
    file.write_text(content, encoding="utf-8")
    return CliRunner().invoke(evaluate, [command, str(file), *options])


REPLIES = (
    "id\tlanguage\tquestion_kind\toptions\treply\tintended\n"
    "1\tsv\tyesno\t1=Ja|2=Nej\tja\tyes\n"
    "2\ten\tsingle\t1=Traffic|2=Theft\t2\t2\n"
    "3\tsv\tage\t1=15-24|2=25-44|3=45-64|4=65-79|5=80+\t1979\t3\n"
)
MESSAGES = (
    "id\tlanguage\tstate\ttext\tintended\n"
    "1\tsv\tidle\tSTOPP\tstop\n"
    "2\tsv\topen_question\tstoppa fortkörningen\tanswer\n"
    "3\tsv\tidle\tjag är 12 år\tchild\n"
    "4\tsv\tidle\thej\tout_of_survey\n"
    "5\tsv\topen_question\tENGLISH\tlanguage:en\n"
    "6\tsv\topen_question\tring polisen nu han har kniv\temergency\n"
)
CODINGS = (
    "id\tlanguage\ttext\tprimary_category\tother_categories\n"
    "1\tsv\tinbrott\ttheft_burglary\t\n"
    "2\tsv\tklotter\tno_problem\tviolence\n"
)
LANGUAGES = "id\tlanguage\ttext\n1\tsv\tdet är för mörkt på vägen\n2\tar\tنعم\n3\tde\tich weiß es nicht\n"


def test_replies_are_read_against_the_question_of_their_row(tmp_path: Path) -> None:
    result = _run(tmp_path, "replies", REPLIES, "--year", "2025")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[1].split()[:4] == ["all", "3", "3", "100.0%"]


def test_messages_are_read_in_the_order_of_the_engine(tmp_path: Path) -> None:
    result = _run(tmp_path, "messages", MESSAGES)
    assert result.exit_code == 0, result.output
    assert "read otherwise than intended" not in result.output
    assert "any safeguard" in result.output


def test_codings_are_written_in_the_columns_that_they_came_in(tmp_path: Path) -> None:
    written = tmp_path / "read.tsv"
    result = _run(tmp_path, "codings", CODINGS, "-o", str(written))
    assert result.exit_code == 0, result.output
    assert written.read_text(encoding="utf-8").splitlines() == [
        "id\tlanguage\ttext\tprimary_category\tother_categories",
        "1\tsv\tinbrott\ttheft_burglary\t",
        "2\tsv\tklotter\tvandalism_litter\t",
    ]


def test_a_language_that_is_not_offered_should_be_read_as_none(tmp_path: Path) -> None:
    written = tmp_path / "read.tsv"
    result = _run(tmp_path, "languages", LANGUAGES, "-o", str(written))
    assert result.exit_code == 0, result.output
    assert [line.split("\t")[-1] for line in written.read_text(encoding="utf-8").splitlines()] == [
        "read",
        "sv",
        "ar",
        "none",
    ]


def test_writing_over_the_file_that_was_read_keeps_its_rows(tmp_path: Path) -> None:
    result = _run(tmp_path, "languages", LANGUAGES, "-o", str(tmp_path / "rows.tsv"))
    assert result.exit_code == 0, result.output
    assert "1\tsv\tdet är för mörkt på vägen\tsv" in (tmp_path / "rows.tsv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "content", "said"),
    [
        ("replies", "id\treply\n", "lacks the column language, question_kind, options, intended"),
        ("messages", MESSAGES + "7\tsv\tsleeping\thej\tanswer\n", "row 7: state is 'sleeping'"),
        ("replies", REPLIES + "4\tsv\tpicture\t1=Ja|2=Nej\tja\tyes\n", "row 4"),
        ("codings", "", "is empty"),
    ],
)
def test_bad_input_ends_with_2_and_a_sentence(tmp_path: Path, command: str, content: str, said: str) -> None:
    result = _run(tmp_path, command, content)
    assert result.exit_code == 2
    assert said in result.output
