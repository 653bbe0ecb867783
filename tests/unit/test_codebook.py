"""Codes become words, and know what they are part of."""

import pytest
from problem_samples import codebook

from summary.codebook import NO_ANSWER, Codebook, Entry


@pytest.mark.parametrize(
    ("list_name", "code", "language", "label"),
    [
        ("category", "fraud", "sv", "Bedrägerier"),
        ("category", "fraud", "en", "Fraud"),
        ("category", "fraud", "so", "Bedrägerier"),
        ("area", "are_by", "en", "Åre by"),
        ("safety", "dont_know", "sv", "Vet ej"),
        ("safety", "very_safe_or_fairly_safe", "sv", "Mycket eller ganska trygg"),
        ("police", "yes_fully_or_yes_partly", "en", "Yes, fully or partly"),
        ("outcome", "refused", "sv", "Tackade nej"),
        ("age", "refused", "sv", "Vill inte svara"),
        ("place", "never_heard_of", "sv", "never_heard_of"),
    ],
)
def test_label(list_name: str, code: str, language: str, label: str) -> None:
    assert codebook().label(list_name, code, language) == label


def test_categories_roll_up_to_foci_and_sensitive_ones_to_nothing() -> None:
    parents = codebook().parents("category")
    assert parents["traffic_offences"] == "F_TRAFFIC"
    assert parents["empty"] == NO_ANSWER
    assert not {"domestic_violence", "hate_discrimination", "organised_crime", "no_problem", "fraud"} & set(
        parents
    )


def test_scale_rolls_up_to_its_ends() -> None:
    parents = codebook().parents("safety")
    assert parents["very_unsafe"] == parents["fairly_unsafe"] != parents["very_safe"]
    assert "neither" not in parents


def test_same_code_means_what_its_own_list_says() -> None:
    assert codebook().parents("outcome")["refused"] == "not_counted"
    assert codebook().parents("age")["refused"] == NO_ANSWER


def test_order_is_that_of_the_list_with_strangers_last() -> None:
    book = Codebook(Entry(list="size", code=code, label={"sv": code}) for code in ("small", "large"))
    assert book.order("size", ["zebra", "large", "ant", "small"]) == ["small", "large", "ant", "zebra"]
    assert book.leaves("size") == ("small", "large")
