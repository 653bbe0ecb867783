"""The working copy for SPSS, as the reader that R and Python use sees it."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from summary.codebook import Codebook, Entry
from summary.exporters import sav_file
from summary.exporters.sav_file import Variable
from summary.exporters.working_copy import MARKING, Asked, WorkingCopy
from summary.exporters.working_copy_sav import write_answers_sav, write_persons_sav
from summary.rows import AnswerRow, Outcome, PersonRow, Stream

ASKED = {
    "area": Asked(label="Vilket område?", lists=("area",)),
    "safety": Asked(label="Hur trygg är du?", lists=("safety",)),
    "when": Asked(label="När?", lists=("when",), is_several=True),
    "problem": Asked(label="Vad gör dig otrygg?", is_open=True),
    "participants": Asked(label="Hur många kom?"),
    "to": Asked(label="Ett ord som SPSS har tagit", is_open=True),
    "öppet svar!": Asked(label="Ett namn som SPSS inte tar", is_open=True),
    "Area": Asked(label="Samma namn med stor bokstav", is_open=True),
}


def codebook() -> Codebook:
    lists = {"area": ("duved", "are"), "safety": ("very_safe", "unsafe"), "when": ("day", "night")}
    return Codebook(
        Entry(list=name, code=code, label={"sv": f"{code} på svenska"})
        for name, codes in lists.items()
        for code in codes
    )


def person(number: int = 1, **answers: str) -> PersonRow:
    return PersonRow(
        person=f"p{number}",
        stream=Stream.RESIDENTS,
        flow="residents",
        flow_version="1",
        channel="sms",
        language="sv",
        place_code="BIBLIO3",
        started_on=date(2026, 9, 8),
        outcome=Outcome.COMPLETE,
        answers=answers,
    )


def answer(text: str) -> AnswerRow:
    return AnswerRow(
        answer="a1",
        person="p1",
        stream=Stream.RESIDENTS,
        question="problem",
        repeat=0,
        text=text,
        primary="traffic_offences",
        others=("disorder", "fraud"),
        score=0.9,
        rule="stem:kör fort",
        confirmed=True,
        places=("duved_skola",),
    )


def copy_of(*persons: PersonRow, answers: tuple[AnswerRow, ...] = ()) -> WorkingCopy:
    return WorkingCopy(
        municipality="Åre kommun",
        round="Medborgarlöften 2026",
        made_on=date(2026, 9, 28),
        questions=tuple(ASKED),
        asked=ASKED,
        codebook=codebook(),
        persons=iter(persons),
        answers=iter(answers),
    )


def read(write: Any, copy: WorkingCopy, folder: Path, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    path = folder / "copy.sav"
    with path.open("w+b") as stream:
        write(copy, stream)
    columns, about = pyreadstat.read_sav(path, output_format="dict", **options)
    return {name: list(values) for name, values in columns.items()}, about


def test_one_row_a_person_with_the_words_of_every_choice(tmp_path: Path) -> None:
    people = (person(1, area="are", safety="unsafe", problem="answered"), person(2, area="duved"))
    columns, about = read(write_persons_sav, copy_of(*people), tmp_path)
    assert about.number_rows == 2 and columns["person"] == ["p1", "p2"]
    words = about.variable_value_labels["area"]
    assert [words[value] for value in columns["area"]] == ["are på svenska", "duved på svenska"]
    assert about.column_names_to_labels["safety"] == "Hur trygg är du?"
    assert columns["started_on"][0] == date(2026, 9, 8)
    assert about.variable_value_labels["outcome"][columns["outcome"][0]] == "Fullständigt svar"
    assert about.file_label == MARKING and about.file_encoding == "UTF-8"


def test_no_answer_is_declared_missing_and_not_asked_is_empty(tmp_path: Path) -> None:
    people = (person(1, safety="dont_know"), person(2), person(3, safety="gone_from_the_list"))
    columns, about = read(write_persons_sav, copy_of(*people), tmp_path, user_missing=True)
    words = about.variable_value_labels["safety"]
    first, second, third = columns["safety"]
    assert words[first] == "Vet ej" and first < 0
    assert str(second) in ("None", "nan")
    assert words[third] == "Annat svar"
    [range_] = about.missing_ranges["safety"]
    assert range_["lo"] <= first <= range_["hi"] and not range_["lo"] <= third <= range_["hi"]


def test_several_answers_are_a_variable_for_each_choice(tmp_path: Path) -> None:
    people = (person(1, when="night"), person(2, when="day night"), person(3, when="refused"), person(4))
    columns, _ = read(write_persons_sav, copy_of(*people), tmp_path, user_missing=True)
    assert columns["when_day"][:2] == [0, 1] and columns["when_night"][:2] == [1, 1]
    assert columns["when_day"][2] == columns["when_night"][2] < 0
    assert str(columns["when_day"][3]) in ("None", "nan")


def test_names_are_such_that_spss_takes_them(tmp_path: Path) -> None:
    _, about = read(write_persons_sav, copy_of(person(1)), tmp_path)
    names = about.column_names
    assert all(name.isascii() and name.isidentifier() and len(name) <= 64 for name in names)
    assert len({name.casefold() for name in names}) == len(names) == 10 + len(ASKED) + 1
    assert "to" not in names


@pytest.mark.parametrize(
    "text",
    ["", "Ån \x00och ön", "x" * 255, "å" * 1_999, "long " * 700, "=1+1", "\x1b[31m", "rad\r\nrad", "slut  "],
)
def test_a_long_answer_comes_back_whole(text: str, tmp_path: Path) -> None:
    columns, _ = read(write_answers_sav, copy_of(answers=(answer(text), answer("nästa"))), tmp_path)
    expected = text.replace("\x00", "\ufffd").replace("\x1b", "\ufffd").replace("\r\n", "\n").rstrip(" ")
    assert columns["text"] == [expected, "nästa"]
    assert columns["others"] == ["disorder fraud"] * 2
    assert columns["score"] == [0.9] * 2


def test_a_text_longer_than_its_room_ends_with_a_whole_letter(tmp_path: Path) -> None:
    columns, _ = read(write_answers_sav, copy_of(answers=(answer("x" + "å" * 3_000),)), tmp_path)
    assert columns["text"] == ["x" + "å" * 1_999]


def test_a_stream_that_cannot_go_back_gets_all_rows(tmp_path: Path) -> None:
    class Forward(io.BytesIO):
        def seekable(self) -> bool:
            return False

    stream = Forward()
    write_persons_sav(copy_of(*(person(n, area="are") for n in range(1_234))), stream)
    path = tmp_path / "copy.sav"
    path.write_bytes(stream.getvalue())
    columns, _ = pyreadstat.read_sav(path, output_format="dict")
    assert len(columns["person"]) == 1_234


@pytest.mark.parametrize("number", [-1e300, -101, -100, -99, 0, 151, 152, 0.5, 2**53])
def test_every_number_comes_back(number: float, tmp_path: Path) -> None:
    path = tmp_path / "numbers.sav"
    with path.open("w+b") as stream:
        sav_file.write(stream, "t", date(2026, 1, 1), [Variable(name="n", label="")], [[number], [None]])
    columns, _ = pyreadstat.read_sav(path, output_format="dict")
    assert columns["n"][0] == number and str(columns["n"][1]) in ("None", "nan")


def test_days_are_those_of_the_calendar(tmp_path: Path) -> None:
    days = [date(1999, 12, 31) + timedelta(days=n * 97) for n in range(200)]
    people = [PersonRow(**{**{f: getattr(person(n), f) for f in PersonRow.__slots__}, "started_on": day})
              for n, day in enumerate(days)]  # fmt: skip
    columns, _ = read(write_persons_sav, copy_of(*people), tmp_path)
    assert columns["started_on"] == days
