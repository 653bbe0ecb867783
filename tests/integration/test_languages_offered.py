"""Languages that somebody has signed off, by SMS and in the chat of the running program; and drafts, met nowhere."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from databases import NewDatabase
from openpyxl import load_workbook
from signing import DRAFTED, signed_document
from test_chat import Visitor
from town import Phone, Town

from bot.cli import main
from bot.cli.demo import demonstration_round
from bot.services.publishing import load_flow
from flows.catalogue import draft, page_words, shipped

FINNISH = (
    *(
        "asun täällä",
        "Duved",
        "melko turvaton",
        "autot ajavat liian lujaa",
        "koululla",
        "talvella",
        "lisää valoja",
    ),
    *("4", "nainen"),
)
KEYWORDS = [
    {"word": "TRYGG", "flow": "residents", "language": "sv"},
    {"word": "TURVA", "flow": "residents", "language": "fi"},
    {"word": "AMAAN", "flow": "residents", "language": "so"},
]


def with_keywords() -> dict[str, Any]:
    return {"values": {**demonstration_round().values, "keywords": KEYWORDS}}


@pytest.fixture(scope="module")
def town(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Asks residents in every language of which a draft ships, as if each had been signed off."""
    with new_database("sqlite", tmp_path_factory.mktemp("signed")) as database:
        yield Town.build(database, signed_document, **with_keywords())


@pytest.fixture(scope="module")
def usual_town(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Asks what ships, as it ships."""
    with new_database("sqlite", tmp_path_factory.mktemp("usual")) as database:
        yield Town.build(database, **with_keywords())


_numbers = count(10)


def a_phone(town: Town) -> Phone:
    """Of somebody who has not written yet."""
    return town.phone(f"+467017406{next(_numbers)}")


def is_said(text: str, language: str, key: str) -> bool:
    """Whether `text` is the service text of that key, up to its first placeholder."""
    return text.replace("\u200e", "").startswith(draft(language)["texts"][key].split("[")[0])


def question(language: str, name: str) -> str:
    sms: str = draft(language)["survey"]["residents"][name]["sms"]
    return sms.split("[")[0]


def test_a_translator_writes_in_excel_somebody_signs_and_a_resident_answers_in_that_language(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    book, file = tmp_path / "fi.xlsx", tmp_path / "residents-fi.yaml"
    translation = ["flow", "translation"]
    out = CliRunner().invoke(main, [*translation, "out", "residents", "--language", "fi", "-o", str(book)])
    assert "machine draft" in out.output
    opened = load_workbook(book)
    for row in opened.worksheets[0].iter_rows(min_row=2):
        if row[0].value == "survey/role/sms":
            row[2].value = str(row[2].value).replace("Kuka olet täällä?", "Kuka sinä olet?")
    opened.save(book)
    signed = CliRunner().invoke(
        main, [*translation, "in", str(book), "residents", "-o", str(file), "--signed-by", "Aino Virtanen"]
    )
    assert signed.output.endswith("fi is offered in rounds that use this file.\n"), signed.output
    names = {"residents": "residents-fi.yaml", "employees": "employees", "dialogue": "dialogue"}
    with new_database("sqlite", tmp_path) as database:
        town = Town.build(database, lambda name: load_flow(name, tmp_path), flows=names, **with_keywords())
        phone = town.phone()
        assert phone.say("TURVA").startswith("Åre kommun: 9 vapaaehtoista kysymystä")
        assert phone.say("kyllä").startswith("Kuka sinä olet? 1 Asun täällä")
        assert phone.answer_all(*FINNISH).startswith("Kiitos! Haluatko tekstiviestin siitä, mitä teemme?")
        assert is_said(phone.say("mitä tämä on"), "fi", "who_are_we")
        assert is_said(phone.say("POISTA"), "fi", "erased")


def test_a_language_is_changed_by_an_explicit_act_and_stays(town: Town) -> None:
    phone = a_phone(town)
    assert phone.say("TRYGG").startswith("Åre kommun ställer 9 frivilliga")
    assert "vapaaehtoista" in phone.say("suomi")
    assert phone.say("KYLLÄ").startswith(question("fi", "role"))
    assert phone.say("jag bor här").startswith(question("fi", "area"))
    assert phone.say("Duved").startswith(question("fi", "safety"))
    assert is_said(phone.say("qzxw"), "fi", "not_understood")
    assert phone.say("العربية").startswith(question("ar", "safety"))
    assert is_said(phone.say("مساعدة"), "ar", "help")
    assert phone.say("SVENSKA").startswith("Hur trygg känner du dig")


def test_a_sure_first_message_decides_and_a_later_one_does_not(town: Town) -> None:
    phone = a_phone(town)
    phone.say("TRYGG")
    assert phone.say("نعم من فضلك").startswith(question("ar", "role"))
    assert phone.say("jag bor här i byn").startswith(question("ar", "area"))


def test_a_keyword_of_a_language_begins_in_it(town: Town) -> None:
    assert "su'aalood oo ikhtiyaari ah" in a_phone(town).say("AMAAN")


def test_outside_a_survey_a_resident_is_answered_in_the_language_they_had(town: Town) -> None:
    phone = a_phone(town)
    phone.answer_all("AMAAN", "JOOJI")
    assert is_said(phone.say("CAAWIMAAD"), "so", "help")


@pytest.mark.parametrize("word", ["SUOMI", "العربية", "SOOMAALI", "NORSK", "SAEMIEN"])
def test_a_draft_is_offered_by_no_command(usual_town: Town, word: str) -> None:
    phone = a_phone(usual_town)
    phone.say("TRYGG")
    expected = "Frågorna finns på de här språken: SVENSKA, ENGLISH."
    assert phone.say(word).startswith(expected)
    assert phone.say("ja").startswith("Vem är du här?")
    assert phone.say(word).startswith(expected)
    assert phone.say("kyllä kiitos, haluan vastata suomeksi").startswith(expected)


@pytest.mark.parametrize("first", ["TURVA", "AMAAN"])
def test_a_draft_is_offered_by_no_keyword(usual_town: Town, first: str) -> None:
    assert a_phone(usual_town).say(first).startswith("Åre kommun ställer 9 frivilliga")


@pytest.mark.parametrize("language", DRAFTED)
def test_a_draft_is_offered_by_no_page(usual_town: Town, language: str) -> None:
    for path in ("/chat/are-demo/residents", "/rounds/are-demo", "/rounds/are-demo/questions"):
        page = usual_town.client.get(f"{path}?lang={language}", headers={"Accept-Language": language}).text
        words = draft(language)
        assert f'lang="{language}"' not in page
        assert words["page"]["voluntary"] not in page
        assert words["titles"]["residents"] not in page
    visitor = Visitor(usual_town).open()
    visitor.post({**visitor.fields("Starta"), "action": f"start.{language}"})
    assert '<html lang="sv" dir="ltr">' in visitor.response.text
    assert visitor.heading == "Vem är du här?"


# --- the chat's pages -----------------------------------------------------------------------------------------------


def own_words(language: str, html: str) -> None:
    """The page says nothing in Swedish, but for buttons that change to it."""
    shown = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    shown = re.sub(r"<(a|button|section)[^>]*\blang=.*?</\1>", "", shown, flags=re.DOTALL)
    assert 'lang="sv"' not in shown.split("<body", 1)[1]
    words: Mapping[str, Mapping[str, str]] = page_words()
    texts = {key: wording["sv"] for key, wording in (*words.items(), *shipped().texts.items())}
    for key, swedish in texts.items():
        own = (words.get(key) or {}).get(language) or draft(language)["page"].get(key, "")
        if len(swedish) > 11 and "{" not in swedish and swedish not in own:
            assert swedish not in shown, f"{key} in Swedish"


@pytest.mark.parametrize("language", DRAFTED)
def test_a_whole_survey_in_the_chat_is_in_the_language_and_its_direction(town: Town, language: str) -> None:
    page, choices = draft(language)["page"], draft(language)["choices"]
    asked = draft(language)["survey"]["residents"]
    direction = "rtl" if language == "ar" else "ltr"
    visitor = Visitor(town).open(f"?lang={language}")
    assert f'<html lang="{language}" dir="{direction}">' in visitor.response.text
    assert page["voluntary"] in visitor.words
    visitor.press(page["start"])
    steps: list[tuple[str, str, str | None]] = [
        ("role", choices["role"]["lives"]["label"], None),
        ("area", "Duved", ""),
        ("safety", choices["safety"]["fairly_unsafe"]["label"], None),
        ("avoided", choices["yes_no"]["yes"]["label"], None),
        ("problem", "", "17 skotrar, ring 070-174 06 05"),
        ("place", "", "vid macken"),
        ("when", choices["when"]["winter"]["label"], None),
        ("list", choices["list"]["traffic"]["label"], None),
        ("police_enough", choices["enough"]["neither"]["label"], None),
        ("municipality_enough", choices["enough"]["neither"]["label"], None),
        ("wish", "", "lampor"),
        ("age", choices["age"]["45_64"]["label"], None),
        ("gender", choices["gender"]["woman"]["label"], None),
    ]
    for name, choice, text in steps:
        assert visitor.heading == asked[name]["label"].replace("[VÄG]", "E14")
        assert f'<html lang="{language}" dir="{direction}">' in visitor.response.text
        own_words(language, visitor.response.text)
        empty = visitor.press(page["send"], text="" if text is not None else None)  # nothing was chosen
        assert page["error"] in empty.words
        own_words(language, empty.response.text)
        visitor.press(page["send"], *([choice] if choice else []), text=text)
    assert visitor.heading == page["done"]
    assert draft(language)["survey"]["residents"]["thanks"]["label"].split("[U]")[0] in visitor.words
    assert choices["role"]["lives"]["label"] in visitor.words
    own_words(language, visitor.response.text)
    visitor.press(page["erase_now"])
    assert visitor.heading == page["erased"]
    assert draft(language)["texts"]["erased"] in visitor.words


def test_a_danger_and_a_way_back_are_in_the_language_of_the_chat(town: Town) -> None:
    page = draft("ar")["page"]
    visitor = Visitor(town).open("?lang=ar").press(page["start"])
    visitor.press(page["send"], "أسكن هنا").press(page["send"], "Duved").press(page["send"], "آمن جدا")
    visitor.press(page["back"])
    assert visitor.heading == draft("ar")["survey"]["residents"]["safety"]["label"]
    visitor.press(page["send"], "آمن جدا").press(page["send"], "لا")
    visitor.press(page["send"], text="Min man slår mig")
    assert visitor.heading == page["read_first"]
    said = visitor.words.replace("\N{NO-BREAK SPACE}", " ")
    mark = "\N{LEFT-TO-RIGHT MARK}"
    assert draft("ar")["texts"]["domestic_page"].replace("020-", f"{mark}020-") in said
    own_words("ar", visitor.response.text)


def test_the_script_gets_its_words_in_every_language_that_is_offered(town: Town) -> None:
    html = Visitor(town).open().response.text
    found = re.search(r'<script type="application/json" id="words">(.*?)</script>', html, flags=re.DOTALL)
    assert found is not None
    words = json.loads(found[1])
    assert {*words} == {"sv", "en", *DRAFTED}
    for language in DRAFTED:
        assert words[language]["no_contact"] == draft(language)["page"]["no_contact"]
        assert words[language]["words_in"] == language
        assert words[language]["direction"] == ("rtl" if language == "ar" else "ltr")
