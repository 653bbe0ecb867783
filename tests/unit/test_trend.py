"""What may be compared between two rounds, and what is said where it may not."""

from dataclasses import replace

import pytest

from summary.statistics import wilson_difference
from summary.trend import Comparable, Wave, trend

ASKED = Wave(
    wording={"sv": "Hur trygg är du?", "en": "How safe are you?"},
    choices=(("safe", "Trygg"), ("neither", "Varken eller"), ("unsafe", "Otrygg")),
    channels=frozenset({"sms", "chat"}),
    counts={"safe": 80, "neither": 60, "unsafe": 60},
)
NOW = replace(ASKED, counts={"safe": 60, "neither": 30, "unsafe": 110})


@pytest.mark.parametrize(
    ("second", "first", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), pp. 873-890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_interval_of_a_difference_agrees_with_published_ones(
    second: tuple[int, int], first: tuple[int, int], low: float, high: float
) -> None:
    assert wilson_difference(first, second, z=1.959964) == pytest.approx((low, high), abs=5e-5)


def test_nothing_is_known_of_a_difference_from_nobody() -> None:
    assert wilson_difference((0, 0), (5, 10)) == (-1, 1)


def test_same_question_in_the_same_way_gives_percentage_points() -> None:
    found = trend(ASKED, NOW)
    assert found.comparable is Comparable.SHARES
    assert [(c.code, c.points, c.is_beyond_chance, c.ranks) for c in found.changes] == [
        ("unsafe", 25, True, 2),
        ("safe", -10, True, -1),
        ("neither", -15, True, -1),
    ]


def test_small_change_is_not_beyond_chance() -> None:
    found = trend(ASKED, replace(ASKED, counts={"safe": 82, "neither": 60, "unsafe": 58}))
    assert not any(change.is_beyond_chance for change in found.changes)


@pytest.mark.parametrize(
    ("now", "comparable"),
    [
        (replace(NOW, wording={"sv": "Hur trygg känner du dig?"}), Comparable.OTHER_WORDING),
        (replace(NOW, wording={"fi": "Turvallinen?"}), Comparable.OTHER_WORDING),
        (replace(NOW, choices=ASKED.choices[::-1]), Comparable.OTHER_WORDING),
        (replace(NOW, channels=frozenset({"sms"})), Comparable.OTHER_CHANNELS),
        (replace(NOW, counts={"safe": 5, "neither": 6, "unsafe": 8}), Comparable.TOO_FEW),
    ],
)
def test_else_only_ranks_are_compared(now: Wave, comparable: Comparable) -> None:
    found = trend(ASKED, now)
    assert found.comparable is comparable
    assert all(change.points is None and not change.is_beyond_chance for change in found.changes)
    assert found.changes[0].ranks == 2


def test_one_more_language_is_the_same_question() -> None:
    assert (
        trend(ASKED, replace(NOW, wording={**NOW.wording, "fi": "Turvallinen?"})).comparable
        is Comparable.SHARES
    )


def test_answers_that_one_round_lacked_are_not_compared() -> None:
    now = replace(NOW, counts={"safe": 60, "unsafe": 110, "other": 200})
    assert [(change.code, change.ranks) for change in trend(ASKED, now).changes] == [
        ("unsafe", 1),
        ("safe", -1),
    ]
