"""Prints of a round, read back by other programs: texts, sizes, tags, QR codes; hostile and long names."""

import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from databases import NewDatabase
from printed import PrintedFile
from town import MONDAY, PUBLIC_URL, ROUND, Town

from bot.cli.demo import demonstration_round
from bot.services.place_codes import NewPlace, PlaceCodes
from bot.services.prints import CannotBePrinted, Paper, Prints
from bot.services.publishing import load_flow
from bot.services.rounds import RoundRefused
from storage.rounds import PlaceCodeRow

LONGEST_MUNICIPALITY = "Skinnskattebergs kommun"
LONG_PLACE = "Gällivare-Malmbergets kulturskola och ungdomsgård, stora entrén vid biblioteket"
PRINTER_MARGIN_PT = 14
"""Five millimetres, which most printers leave white."""
A4, A3 = "595.276 x 841.89 pts (A4)", "841.89 x 1190.55 pts (A3)"


@pytest.fixture
def new_town(new_database: NewDatabase, tmp_path: Path) -> Iterator[Any]:
    """Makes one town with its round changed. SQLite alone: what is printed was read elsewhere on both."""
    with new_database("sqlite", tmp_path) as database:
        yield lambda **changes: Town.build(database, **changes)


@pytest.fixture
def town(new_town: Any) -> Town:
    built: Town = new_town()
    return built


def prints(town: Town) -> Prints:
    return Prints(sessions=town.house.database.sessions, public_url=PUBLIC_URL)


def make(town: Town, paper: Paper, folder: Path, **options: str) -> PrintedFile:
    return PrintedFile.of(prints(town).make(paper, ROUND, **options), folder)


def poster_place(label: str, code: str = "DUVED3") -> dict[str, Any]:
    return {"place_codes": (PlaceCodeRow(code=code, label=label, kind="poster"),)}


@pytest.mark.parametrize(("size", "page"), [("A4", A4), ("A3", A3)])
@pytest.mark.parametrize(
    ("language", "keyword", "expected"),
    [
        ("sv", "TRYGG", ["Åre kommun och Polisen", "Vad gör dig otrygg?", "Skriv TRYGG DUVED3 till 070-000 01 00",
                         "frivilligt", "fyllt 15 år", "Ring 112.", "114 14", "Svara senast 2 december 2026.",
                         "Polisen får bara sammanställningen", "Läs mer på are.se/trygg eller ring 0647-161 00.",
                         "In English: text SAFE DUVED3", "Duveds bibliotek"]),
        ("en", "SAFE", ["Åre kommun and the police", "What makes you feel unsafe?",
                        "Text SAFE DUVED3 to 070-000 01 00", "voluntary", "15 or over", "Call 112.", "114 14",
                        "Answer by 2 December 2026.", "the police get the summary only",
                        "Read more at are.se/trygg or call 0647-161 00.", "På svenska: skriv TRYGG DUVED3"]),
    ],
)  # fmt: skip
def test_poster_says_what_it_must_and_its_codes_lead_there(
    town: Town, tmp_path: Path, size: str, page: str, language: str, keyword: str, expected: list[str]
) -> None:
    poster = make(town, Paper.POSTER, tmp_path, place_code="duved3", size=size, language=language)
    (text,) = poster.pages
    assert [words for words in expected if words not in text] == []
    assert poster.facts["Page size"] == page
    assert poster.facts["Tagged"] == "yes"
    assert "Åre kommun" in poster.facts["Title"]
    assert poster.words_outside(PRINTER_MARGIN_PT) == []
    assert poster.quick_codes() == {
        f"{PUBLIC_URL}/chat/{ROUND}/residents?p=DUVED3&lang={language}",
        f"SMSTO:+46700000100:{keyword} DUVED3",
    }


def test_what_the_codes_lead_to_is_taken_as_from_that_place(town: Town, tmp_path: Path) -> None:
    read = make(town, Paper.POSTER, tmp_path, place_code="DUVED3").quick_codes()
    address = next(text for text in read if text.startswith("https"))
    body = next(text for text in read if text.startswith("SMSTO")).split(":", 2)[2]
    assert b'value="DUVED3"' in town.client.get(address.removeprefix(PUBLIC_URL)).data
    town.phone().say(body)
    keeper = PlaceCodes(sessions=town.house.database.sessions, now=town.clock, actor="test")
    assert {use.code: use.started for use in keeper.list(ROUND) if use.started} == {"DUVED3": 1}


def test_all_posters_come_page_by_page_or_each_in_a_file(town: Town, tmp_path: Path) -> None:
    posters = make(town, Paper.POSTER, tmp_path)
    assert len(posters.pages) == 8
    assert [page for page in posters.pages if "TRYGG" not in page] == []
    with zipfile.ZipFile(io.BytesIO(prints(town).make_each(Paper.POSTER, ROUND))) as archive:
        names = archive.namelist()
        one = PrintedFile.of(archive.read(f"{ROUND}-poster-DUVED3-sv.pdf"), tmp_path)
    assert len(names) == 8
    assert len(one.pages) == 1
    assert "Duveds bibliotek" in one.pages[0]


def test_forty_posters_take_a_few_seconds(town: Town) -> None:
    keeper = PlaceCodes(sessions=town.house.database.sessions, now=town.clock, actor="test")
    keeper.add(ROUND, [NewPlace(label=f"Hållplats {chr(65 + n % 26)}{'x' * (n // 26)}") for n in range(32)])
    started = time.process_time()
    prints(town).make(Paper.POSTER, ROUND)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("language", ["sv", "en"])
def test_cards_are_ten_on_a_sheet_and_their_code_can_be_read(
    town: Town, tmp_path: Path, language: str
) -> None:
    cards = make(town, Paper.CARDS, tmp_path, place_code="KALL8", language=language)
    (text,) = cards.pages
    assert text.count("KALL8") == 10
    assert text.count("112") == 10
    assert text.count("are.se/trygg") == 10
    assert cards.facts["Page size"] == A4
    assert cards.facts["Tagged"] == "yes"
    assert cards.quick_codes() == {f"{PUBLIC_URL}/chat/{ROUND}/residents?p=KALL8&lang={language}"}


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("sv", "1. Vem är du här?", "13. Är du kvinna"), ("en", "1. Who are you here?", "13. Are you a woman")],
)
def test_form_has_the_questions_in_order_on_both_sides_of_a_sheet(
    town: Town, tmp_path: Path, language: str, first: str, last: str
) -> None:
    form = make(town, Paper.FORM, tmp_path, place_code="DUVED3", language=language)
    assert len(form.pages) == 2
    assert first in form.pages[0]
    assert last in form.pages[1]
    text = " ".join(form.pages)
    numbers = re.findall(r"(?<!\d)([1-9]\d?)\. [A-ZÅÄÖ]", text[text.index(first) :])
    assert numbers == [str(number) for number in range(1, 14)]
    assert all("DUVED3" in page for page in form.pages)
    assert "112" in form.pages[0]
    assert "114 14" in form.pages[0]
    assert form.facts["Tagged"] == "yes"
    assert form.words_outside(PRINTER_MARGIN_PT) == []


def test_form_of_a_round_with_forty_areas_and_all_options_is_printed_whole(
    new_town: Any, tmp_path: Path
) -> None:
    base = demonstration_round()
    areas = tuple(
        replace(base.areas[-1], code=f"area{n}", name=f"Församlingsdelen nummer {n}") for n in range(40)
    )
    town = new_town(
        areas=(*base.areas, *areas),
        asked_areas=tuple(area.code for area in areas),
        place_codes=(),
        values={**base.values, "options": {"gender": True, "victim": True, "feedback": False}},
    )
    form = make(town, Paper.FORM, tmp_path)
    text = " ".join(form.pages)
    assert all(f"Församlingsdelen nummer {n}" in text for n in range(40))
    assert len(form.pages) <= 3
    assert form.words_outside(PRINTER_MARGIN_PT) == []


@pytest.mark.parametrize(("language", "point"), [("sv", "Synpunkt 4"), ("en", "Point 4")])
def test_note_takers_sheet_has_room_for_the_meeting_and_four_points(
    town: Town, tmp_path: Path, language: str, point: str
) -> None:
    sheet = make(town, Paper.SHEET, tmp_path, place_code="MOTE1", language=language)
    assert len(sheet.pages) == 2
    assert "Dialogmöte i Järpen" in sheet.pages[0]
    assert point in sheet.pages[1]
    assert sheet.facts["Tagged"] == "yes"
    both = make(town, Paper.SHEET, tmp_path, language=language)
    assert len(both.pages) == 4
    assert "MOTE2" in both.pages[2]
    assert "MOTE1" not in both.pages[2] + both.pages[3]


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_longest_names_fit(new_town: Any, tmp_path: Path, paper: Paper, language: str) -> None:
    kind = "meeting" if paper is Paper.SHEET else "poster"
    code = PlaceCodeRow(code="SKINNSKA47", label=LONG_PLACE, kind=kind)
    town = new_town(municipality=LONGEST_MUNICIPALITY, place_codes=(code,))
    printed = make(town, paper, tmp_path, language=language)
    text = " ".join(printed.pages)
    assert LONGEST_MUNICIPALITY in text
    assert len(printed.pages) == (1 if paper in (Paper.POSTER, Paper.CARDS) else 2)
    assert paper is Paper.CARDS or LONG_PLACE in text
    assert printed.words_outside(PRINTER_MARGIN_PT) == []


@pytest.mark.parametrize("paper", [Paper.POSTER, Paper.CARDS, Paper.FORM])
def test_the_longest_that_is_taken_stays_on_the_page(new_town: Any, tmp_path: Path, paper: Paper) -> None:
    longest = " ".join(["Kommunförvaltningsbyggnadsreceptionen"[:36]] * 3)
    printed = make(new_town(**poster_place(longest), municipality=LONGEST_MUNICIPALITY), paper, tmp_path)
    assert printed.words_outside(PRINTER_MARGIN_PT) == []
    assert paper is Paper.CARDS or longest in " ".join(printed.pages)


@pytest.mark.parametrize("label", ["x" * 41, "Mycket långt namn " * 7])
def test_what_is_too_long_for_paper_is_refused_with_its_place(new_town: Any, label: str) -> None:
    with pytest.raises(CannotBePrinted) as refused:
        prints(new_town(**poster_place(label))).make(Paper.POSTER, ROUND)
    assert [(p.code, p.where) for p in refused.value.problems] == [
        ("too_long", "place_codes > DUVED3 > label")
    ]


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1 + 1")',
        "]#panic(1)[",
        "#sys.inputs",
        "= Rubrik *fet* _kursiv_ `kod` $x^2$ @ref <märke> \\ ~ -- ---",
        "\"citat\" 'apostrof' {klammer} [hake] [K] [U]",
        "// kommentar /* och så */",
        "</svg><script>alert(1)</script>",
        "=HYPERLINK(1)",
        "Ááŋđšŧž Ååren tjïelte",
    ],
)
def test_texts_are_printed_as_they_stand_and_never_run(new_town: Any, tmp_path: Path, name: str) -> None:
    town = new_town(**poster_place(name))
    for paper in (Paper.POSTER, Paper.FORM):
        assert name in " ".join(make(town, paper, tmp_path).pages)


def test_letters_of_two_characters_are_composed(new_town: Any, tmp_path: Path) -> None:
    town = new_town(**poster_place("A\u030are\nbibliotek"))
    assert "Åre bibliotek" in make(town, Paper.POSTER, tmp_path).pages[0]


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ("مكتبة", "U+0645 ARABIC LETTER MEEM"),
        ("Duved 😀", "U+1F600 GRINNING FACE"),
        ("Duved\u202edevuD", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("Du\u200bved", "U+200B ZERO WIDTH SPACE"),
        ("Duved \x07", "U+0007"),
        ("图书馆", "U+56FE"),
    ],
)
@pytest.mark.parametrize("paper", [Paper.POSTER, Paper.CARDS, Paper.FORM])
def test_what_has_no_glyph_is_refused_with_its_name_and_place(
    new_town: Any, paper: Paper, label: str, named: str
) -> None:
    with pytest.raises(CannotBePrinted) as refused:
        prints(new_town(**poster_place(label))).make(paper, ROUND)
    (problem,) = refused.value.problems
    assert problem.where == "place_codes > DUVED3 > label"
    assert named in problem.message
    assert named in str(refused.value)


def test_an_area_that_cannot_be_printed_is_named(new_town: Any) -> None:
    base = demonstration_round()
    areas = tuple(replace(area, name="Duved ☃") if area.code == "duved" else area for area in base.areas)
    with pytest.raises(CannotBePrinted) as refused:
        prints(new_town(areas=areas)).make(Paper.FORM, ROUND)
    assert [problem.where for problem in refused.value.problems] == ["question 2 > choice 2"]


def test_a_draft_is_printed_before_it_opens(new_town: Any, tmp_path: Path) -> None:
    town = new_town()
    draft = replace(demonstration_round(), code="later", opens_on=MONDAY.date(), closes_on=MONDAY.date())
    town.rounds.create(draft, lambda name: load_flow(name, Path()))
    poster = PrintedFile.of(prints(town).make(Paper.POSTER, "later", place_code="KALL8"), tmp_path)
    assert "2 november 2026" in poster.pages[0]
    assert "Demonstration" not in poster.pages[0]
    assert "Demonstration" in make(town, Paper.POSTER, tmp_path).pages[0]


def test_a_keyword_with_dots_is_sent_as_it_is_read(new_town: Any, tmp_path: Path) -> None:
    values = {
        **demonstration_round().values,
        "keywords": [{"word": "Åretrygg", "flow": "residents", "language": None}],
    }
    town = new_town(values=values)
    poster = make(town, Paper.POSTER, tmp_path, place_code="KALL8")
    assert "SMSTO:+46700000100:ARETRYGG KALL8" in poster.quick_codes()
    assert "Skriv Åretrygg KALL8" in poster.pages[0]
    assert "In English" not in poster.pages[0]
    assert "frivilliga" in town.phone().say("ARETRYGG KALL8")


def test_same_prints_are_the_same_file(town: Town) -> None:
    assert prints(town).make(Paper.CARDS, ROUND) == prints(town).make(Paper.CARDS, ROUND)
    assert prints(town).make_each(Paper.FORM, ROUND) == prints(town).make_each(Paper.FORM, ROUND)


def test_what_is_missing_is_said(new_town: Any, town: Town) -> None:
    with pytest.raises(CannotBePrinted, match="no place code PARIS; it has: ARE1"):
        prints(town).make(Paper.POSTER, ROUND, place_code="PARIS")
    with pytest.raises(RoundRefused, match="no round"):
        prints(town).make(Paper.POSTER, "another")
    with pytest.raises(CannotBePrinted, match="LYHORD_PUBLIC_URL"):
        Prints(sessions=town.house.database.sessions, public_url="").make(Paper.POSTER, ROUND)
    with pytest.raises(CannotBePrinted, match="sv, en, not in fi"):
        prints(town).make(Paper.POSTER, ROUND, language="fi")


def test_a_round_without_codes_prints_forms_but_no_posters(new_town: Any, tmp_path: Path) -> None:
    town = new_town(place_codes=())
    with pytest.raises(CannotBePrinted, match="round codes"):
        prints(town).make(Paper.POSTER, ROUND)
    assert len(make(town, Paper.FORM, tmp_path).pages) == 2
    assert "2. " in make(town, Paper.SHEET, tmp_path).pages[0]
