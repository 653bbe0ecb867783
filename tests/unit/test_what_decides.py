"""Replies that say more than a choice: what of them decides, and when nothing does."""

from functools import partial

import pytest

from flows import catalogue
from flows.answers import ReplyReader
from flows.labelled import question_from_options, reading_as_label
from flows.reading import Reading

SAFETY = "1=Mycket trygg|2=Ganska trygg|3=Varken eller|4=Ganska otrygg|5=Mycket otrygg"
ENOUGH = "1=Ja, helt|2=Ja, delvis|3=Nej, knappast|4=Nej, inte alls|5=Vet ej"
CHANGE = "1=Mycket mer|2=Något mer|3=Ingen skillnad|4=Mindre"
PROBLEMS = "1=Trafik|2=Buskörning|3=Skräp|4=Droger|5=Dålig belysning|6=Ungdomsgäng|7=Inbrott"
AGE = "1=15-24|2=25-44|3=45-64|4=65-79|5=80+"
ROLE = "1=Bor här|2=Jobbar eller studerar|3=Besöker|4=Flera av dem"
AREA = "1=Åre by|2=Duved|3=Järpen|4=Undersåker|5=Mörsil|6=Hallen|7=Kall|8=Storlien|9=Annat"
YES_NO = "1=Ja|2=Nej"


@pytest.fixture(scope="module")
def reader() -> ReplyReader:
    return ReplyReader(partial(catalogue.words, "replies"))


def read(
    reader: ReplyReader, kind: str, options: str, reply: str, language: str = "sv"
) -> tuple[str, Reading]:
    question = question_from_options(kind, options, language)
    reading = reader.read(question, reply, language, this_year=2026)
    return reading_as_label(question, reading), reading


@pytest.mark.parametrize(
    ("kind", "options", "reply", "expected", "remark"),
    [
        ("scale5", SAFETY, "tvåan. på sommarn hade jag sagt ettan", "2", "på sommarn hade jag sagt ettan"),
        ("scale5", SAFETY, "tvåa, hade blivit etta om det vore ljust", "2", "hade blivit etta om det vore ljust"),
        ("scale5", SAFETY, "ganska otrygg när man slutar 03 på jobbet", "4", "när man slutar 03 på jobbet"),
        ("scale5", SAFETY, "nästan en femma men jag säger 4", "4", "nästan en femma men jag säger 4"),
        ("scale5", SAFETY, "förr hade jag sagt 2 men nu är det 4", "4", "förr hade jag sagt 2 men nu är det 4"),
        ("scale5", SAFETY, "inte 1 precis, snarare 3", "3", "inte 1 precis, snarare 3"),
        ("single", ENOUGH, "nej inte alls, noll poliser på hela säsongen", "4", "noll poliser på hela säsongen"),
        ("multi", PROBLEMS, "1 och 2, de kör som idioter", "1;2", "de kör som idioter"),
        ("multi", PROBLEMS, "inga problem här, det händer aldrig nåt", "none", "det händer aldrig nåt"),
        ("area", AREA, "jobbar i järpen, det gäller mörsil", "5", "jobbar i järpen, det gäller mörsil"),
        ("area", AREA, "nian, vi bor i Huså", "9", "vi bor i Huså"),
        ("yesno", YES_NO, "ja, eller nej, jag tar tvåan", "no", "ja, eller nej, jag tar tvåan"),
    ],
)  # fmt: skip
def test_the_part_that_decides_is_read_and_the_rest_kept(
    reader: ReplyReader, kind: str, options: str, reply: str, expected: str, remark: str
) -> None:
    label, reading = read(reader, kind, options, reply)
    assert (label, reading.remark) == (expected, remark)


@pytest.mark.parametrize(
    ("kind", "options", "reply"),
    [
        ("scale5", SAFETY, "ganska trygg, men otrygg på kvällen"),
        ("scale5", SAFETY, "trygg, men inte på natten"),
        ("scale5", SAFETY, "mycket trygg när det är ljust, annars inte"),
        ("scale5", SAFETY, "4, nej 3"),
        ("scale5", SAFETY, "2-3, svårt att välja"),
        ("scale5", SAFETY, "inte 4"),
        ("single", CHANGE, "3,5"),
        ("single", CHANGE, "3,5 kanske"),
        ("single", CHANGE, "3, 7"),
        ("area", AREA, "duved, eller kanske järpen"),
        ("area", AREA, "3 Huså"),
        ("multi", PROBLEMS, "inte droger i alla fall"),
        ("yesno", YES_NO, "nej, eller jo, eller nja"),
        ("role", ROLE, "bor eller jobbar"),
    ],
)
def test_where_two_are_meant_it_stays_unclear(
    reader: ReplyReader, kind: str, options: str, reply: str
) -> None:
    assert read(reader, kind, options, reply)[0] == "unclear"


@pytest.mark.parametrize(
    ("kind", "options", "reply", "language", "expected"),
    [
        ("yesno", YES_NO, "nej det har ja inte", "sv", "no"),
        ("yesno", YES_NO, "nä, ja e la inte rädd", "sv", "no"),
        ("yesno", YES_NO, "nej, ja", "sv", "unclear"),
        ("yesno", YES_NO, "minns faktiskt inte, ett halvår är långt", "sv", "dont_know"),
        ("yesno", "1=Yes|2=No", "yeah a couple of times", "en", "yes"),
        ("yesno", "1=Kyllä|2=Ei", "En ole, täällä on rauhallista", "fi", "no"),
        ("age", AGE, "4 (71)", "sv", "4"),
        ("age", AGE, "nr 3 jag är 60", "sv", "3"),
        ("age", AGE, "född nitton hundra trettio nio", "sv", "5"),
        ("age", AGE, "4", "sv", "4"),
        ("role", ROLE, "både bor o jobbar här", "sv", "4"),
        ("role", ROLE, "1 och 2", "sv", "4"),
        ("single", CHANGE, "Mycket mindre!", "sv", "4"),
        ("single", ENOUGH, "int alls nä", "sv", "4"),
        ("single", ENOUGH, "noll koll sorry", "sv", "5"),
        ("multi", PROBLEMS, "2️⃣4️⃣", "sv", "2;4"),
        ("multi", PROBLEMS, "trafiken och inbrotten", "sv", "1;7"),
        ("area", AREA, "ishallen i järpen", "sv", "3"),
        ("area", AREA, "Järpenissä", "fi", "3"),
        ("scale5", SAFETY, "hur trygg som helst", "sv", "1"),
        ("scale5", SAFETY, "mycket o trygg", "sv", "5"),
        ("scale5", SAFETY, "mitt emellan skulle jag säga", "sv", "3"),
    ],
)  # fmt: skip
def test_wordings_that_were_not_understood_once(
    reader: ReplyReader, kind: str, options: str, reply: str, language: str, expected: str
) -> None:
    assert read(reader, kind, options, reply, language)[0] == expected


def test_a_part_is_less_sure_than_the_whole(reader: ReplyReader) -> None:
    _, whole = read(reader, "scale5", SAFETY, "tvåan")
    _, part = read(reader, "scale5", SAFETY, "tvåan, hade blivit etta om det vore ljust")
    assert (whole.values, whole.how) == (part.values, part.how)
    assert part.score == pytest.approx(0.9 * whole.score, abs=0.01)
