"""The taxonomy as it ships, and what a round may change in it."""

import pytest

from categories.catalogue import taxonomy
from categories.taxonomy import from_document

TAX = taxonomy("tax-1")
FOCI = {"F_SAFE_EVENTS": {"sv": "Trygga evenemang", "en": "Safe events"}}


def test_has_twenty_content_and_four_technical_categories() -> None:
    technical = {category.id for category in TAX if category.technical}
    assert technical == {"other_safety", "no_problem", "off_topic", "empty"}
    assert len(TAX.categories) == 24


def test_every_category_has_a_name_in_swedish_and_english_and_a_definition() -> None:
    for category in TAX:
        assert category.name["sv"] and category.name["en"] and category.definition, category.id


def test_every_focus_has_a_name_in_swedish_and_english() -> None:
    assert set(TAX.foci) == {"F_TRAFFIC", "F_PUBLIC", "F_YOUTH", "F_OTHER"}
    assert all(names["sv"] and names["en"] for names in TAX.foci.values())


@pytest.mark.parametrize(
    ("category", "focus"),
    [
        ("traffic_vehicles", "F_TRAFFIC"),
        ("police_presence", "F_PUBLIC"),
        ("youth_substance", "F_YOUTH"),
        ("youth_environment", "F_OTHER"),
        ("other_safety", "F_OTHER"),
        ("no_problem", None),
        ("off_topic", None),
        ("empty", None),
    ],
)
def test_rolls_up_to_the_focus_of_the_method(category: str, focus: str | None) -> None:
    assert TAX.focus_of(category) == focus


def test_codings_that_need_a_person_before_export_are_marked() -> None:
    sensitive = {category.id for category in TAX if category.sensitive}
    assert sensitive == {"domestic_violence", "hate_discrimination", "organised_crime"}


def test_a_round_may_bring_its_own_foci() -> None:
    own = TAX.with_focus_map({"disorder": "F_SAFE_EVENTS"}, FOCI)
    assert own.focus_of("disorder") == "F_SAFE_EVENTS"
    assert own.focus_of("fraud") is None
    assert TAX.focus_of("disorder") == "F_PUBLIC"


@pytest.mark.parametrize("focus_map", [{"disorderly": "F_SAFE_EVENTS"}, {"disorder": "F_MISSING"}])
def test_a_focus_map_that_names_nothing_is_refused(focus_map: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no such"):
        TAX.with_focus_map(focus_map, FOCI)


def test_a_category_that_stands_twice_is_refused() -> None:
    entry = {"id": "fraud", "name": {"sv": "Bedrägeri", "en": "Fraud"}, "definition": "Tricked."}
    with pytest.raises(ValueError, match="twice"):
        from_document({"id": "tax-x", "foci": {}, "categories": [entry, entry]})
