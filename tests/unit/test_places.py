"""Known places in free text: as people write them, and what must not be taken for a place."""

import pytest

from categories.places import Place, PlaceFinder

FINDER = PlaceFinder(
    [
        Place(code="station", name="Åre station", aliases=("stationen",)),
        Place(code="ica", name="ICA Supermarket", aliases=("ICA",)),
        Place(code="square", name="Åre torg", aliases=("torget",)),
        Place(code="duved_school", name="Duveds skola", aliases=("skolan",)),
        Place(code="jarpen_school", name="Järpens skola", aliases=("skolan",)),
        Place(code="hallen", name="Hallen"),
        Place(code="kall", name="Kall"),
        Place(code="bjornen", name="Björnen"),
        Place(code="storgatan", name="Storgatan"),
        Place(code="skolvagen", name="Skolvägen"),
        Place(code="beach", name="Badplatsen"),
        Place(code="e14", name="E14"),
    ]
)


def codes(text: str) -> list[str]:
    return [found.code for found in FINDER.find(text)]


@pytest.mark.parametrize(
    ("text", "expected", "how"),
    [
        ("vid stationen", "station", "name"),
        ("VID STATIONEN", "station", "name"),
        ("på Åre stations perrong", "station", "inflected"),
        ("nere vid torg", "square", "inflected"),
        ("utanför ica", "ica", "name"),
        ("skolan i Duved", "duved_school", "parts"),
        ("stasionen", "station", "misspelt"),
        ("vid bradplatsen", "beach", "misspelt"),
        ("pa skolvagen ar det morkt", "skolvagen", "folded"),
        ("längs E14", "e14", "name"),
    ],
)
def test_finds_a_place_however_it_is_written(text: str, expected: str, how: str) -> None:
    (found,) = FINDER.find(text)
    assert (found.code, found.matched_how) == (expected, how)


def test_finds_several_in_the_order_of_the_text_and_each_once() -> None:
    assert codes("torget, ICA och stationen, mest torget") == ["square", "ica", "station"]


def test_the_longer_name_wins() -> None:
    assert codes("parkeringen vid ICA Supermarket") == ["ica"]


def test_a_name_that_several_places_share_names_none() -> None:
    assert codes("vid skolan") == []


@pytest.mark.parametrize("text", ["det är kall luft", "björnen gick genom byn", "en hall"])
def test_an_ordinary_word_is_no_place(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("i Kall", "kall"), ("bor i kall", "kall"), ("det är Hallen som är värst", "hallen"), ("Kall", "kall")],
)
def test_an_ordinary_word_that_is_meant_as_a_name_is_a_place(text: str, expected: str) -> None:
    assert codes(text) == [expected]


def test_an_ordinary_word_without_capital_is_less_sure() -> None:
    (lower,), (capital,) = FINDER.find("i hallen"), FINDER.find("det är i Hallen")
    assert lower.score < 0.7 < capital.score


def test_a_house_number_leaves_no_trace() -> None:
    (found,) = FINDER.find("Storgatan 12 B")
    assert (found.code, found.matched_how) == ("storgatan", "name")


@pytest.mark.parametrize("text", ["", "...", "👍", "fortkörning", "are you there", "statligt bidrag"])
def test_nothing_is_found_where_nothing_is_named(text: str) -> None:
    assert codes(text) == []
