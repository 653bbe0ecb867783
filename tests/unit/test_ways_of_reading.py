"""Places in a list, numbers of other languages, exact wordings, and how surely each is read."""

from functools import partial

import pytest

from flows import catalogue
from flows.alarms import outweighed
from flows.answers import ReplyReader
from flows.labelled import question_from_options, reading_as_label
from flows.reading import Alarm, Reading, Safeguard

SAFETY = "1=Mycket trygg|2=Ganska trygg|3=Varken eller|4=Ganska otrygg|5=Mycket otrygg"
HOW_OFTEN = "1=Aldrig|2=Ibland|3=Ofta"
PROBLEMS = "1=Trafik|2=Mörka platser|3=Skräp, klotter|4=Bråk, buller|5=Droger|6=Annat"
AGE = "1=15-24|2=25-44|3=45-64|4=65-79|5=80 eller äldre"
ARABIC = "1=المرور|2=أماكن مظلمة|3=كحول ومخدرات|4=سرقة"
FINNISH = "1=Hyvin turvallinen|2=Melko turvallinen|3=Ei kumpikaan|4=Melko turvaton|5=Hyvin turvaton"
SOMALI = "1=Gaadiidka|2=Khamri iyo daroogo|3=Tuugo|4=Kale"


@pytest.fixture(scope="module")
def reader() -> ReplyReader:
    return ReplyReader(partial(catalogue.words, "replies"))


def read(reader: ReplyReader, kind: str, options: str, reply: str, language: str = "sv") -> Reading:
    question = question_from_options(kind, options, language)
    return reader.read(question, reply, language, this_year=2026)


def label(reader: ReplyReader, kind: str, options: str, reply: str, language: str = "sv") -> str:
    question = question_from_options(kind, options, language)
    return reading_as_label(question, reader.read(question, reply, language, this_year=2026))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("den första", "1"), ("mellersta", "2"), ("den i mitten", "2"), ("näst sista", "2"), ("den sista", "3"),
     ("överst", "1"), ("båda två", "unclear"), ("de två första", "unclear")],
)  # fmt: skip
def test_a_place_in_the_list_names_one(reader: ReplyReader, reply: str, expected: str) -> None:
    assert label(reader, "single", HOW_OFTEN, reply) == expected


@pytest.mark.parametrize(
    ("reply", "language", "expected"),
    [("de två första", "sv", "1;2"), ("de tre sista", "sv", "4;5;6"), ("the first three", "en", "1;2;3"),
     ("de to siste", "no", "5;6"), ("första och sista", "sv", "1;6"), ("annat: trafikbuller", "sv", "6")],
)  # fmt: skip
def test_places_in_the_list_name_several(
    reader: ReplyReader, reply: str, language: str, expected: str
) -> None:
    assert label(reader, "multi", PROBLEMS, reply, language) == expected


@pytest.mark.parametrize(
    ("reply", "language", "expected"),
    [("خمسة وثلاثون", "ar", "2"), ("soddon iyo shan", "so", "2"), ("shan iyo soddon", "so", "2"),
     ("neljäkymmentäviisi", "fi", "3"), ("syttito", "no", "4"), ("٢٣", "ar", "1"), ("07:a", "sv", "1"),
     ("born in '70", "en", "3"), ("55+", "sv", "unclear")],
)  # fmt: skip
def test_ages_in_the_numbers_of_each_language(
    reader: ReplyReader, reply: str, language: str, expected: str
) -> None:
    assert label(reader, "age", AGE, reply, language) == expected


@pytest.mark.parametrize(
    ("options", "reply", "language", "expected"),
    [(ARABIC, "المخدرات والسرقة", "ar", "3;4"), (ARABIC, "١ و ٣", "ar", "1;3"), (SOMALI, "kow iyo saddex", "so", "1;3"),
     (PROBLEMS, "liikenne ja huumeet", "fi", "1;5"), (PROBLEMS, "trafikk og søppel", "no", "1;3")],
)  # fmt: skip
def test_several_in_other_languages(
    reader: ReplyReader, options: str, reply: str, language: str, expected: str
) -> None:
    assert label(reader, "multi", options, reply, language) == expected


def test_a_whole_label_goes_before_what_its_words_may_mean(reader: ReplyReader) -> None:
    reading = read(reader, "scale5", FINNISH, "Ei kumpikaan", "fi")
    assert (reading.values, reading.how, reading.score) == (("choice_3",), "label", 1.0)


def test_a_surer_word_goes_before_a_part_of_a_compound(reader: ReplyReader) -> None:
    assert label(reader, "single", PROBLEMS, "det är mörkt på gångvägen") == "2"


@pytest.mark.parametrize(
    ("reply", "how", "score"),
    [("4", "number", 1.0), ("fyra", "number_word", 0.98), ("näst sista", "position", 0.95),
     ("ganska otrygg", "label", 1.0), ("ganska läskigt", "synonym", 0.95)],
)  # fmt: skip
def test_a_reading_says_how_and_how_surely(reader: ReplyReader, reply: str, how: str, score: float) -> None:
    reading = read(reader, "scale5", SAFETY, reply)
    assert (reading.values, reading.how, reading.score) == (("choice_4",), how, score)


@pytest.mark.parametrize("reply", ["47", "45 år", "38.", "12,9"])
@pytest.mark.parametrize("kind", ["place", "open"])
def test_figures_alone_answer_no_question_in_own_words(reader: ReplyReader, kind: str, reply: str) -> None:
    assert label(reader, kind, "", reply) == "unclear"


@pytest.mark.parametrize("reply", ["E14", "30 på vägen", "riksväg 321", "2 bommar till"])
def test_figures_with_words_are_an_answer(reader: ReplyReader, reply: str) -> None:
    assert label(reader, "open", "", reply) == "text"


@pytest.mark.parametrize(
    ("kind", "options", "reply", "is_alarm"),
    [("scale5", SAFETY, "femman", False), ("scale5", SAFETY, "femman i skolan", True), ("age", AGE, "född 2003", False),
     ("age", AGE, "tolv", True), ("open", "", "går i femman", True), ("number", "", "jag är 12 år", True)],
)  # fmt: skip
def test_the_choice_of_a_number_is_no_school_year(
    reader: ReplyReader, kind: str, options: str, reply: str, is_alarm: bool
) -> None:
    alarms = (Alarm(safeguard=Safeguard.UNDER_AGE, rule="any"), Alarm(safeguard=Safeguard.CHILD, rule="any"))
    question = question_from_options(kind, options, "sv")
    left = outweighed(alarms, question, read(reader, kind, options, reply))
    assert Safeguard.CHILD in {alarm.safeguard for alarm in left}
    assert (Safeguard.UNDER_AGE in {alarm.safeguard for alarm in left}) is is_alarm
