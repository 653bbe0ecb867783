"""Disclosure control against attackers who add, subtract and solve."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solving import determined

from privacy.disclosure import (
    EXACT,
    INTERIM,
    Cross,
    Group,
    Rule,
    alternatives,
    cross,
    may_release,
    partition,
    places,
    released,
)

SMALL = Rule(name="exact", threshold=3, rounding=1, place_threshold=3, new_answers=0)
"""The exact rule in a size at which every possible table can be tried."""

TREE = {"speeding": "traffic", "mopeds": "traffic", "parking": "traffic", "dark": "public", "noise": "public"}
CODES = [*TREE, "theft", "fraud", "traffic"]


def groups(
    counts: Mapping[str, int], rule: Rule = EXACT, parents: Mapping[str, str] = TREE
) -> set[tuple[str, int]]:
    return {("+".join(group.codes), group.count) for group in partition(counts, parents, rule)}


def test_what_is_large_enough_stands_alone() -> None:
    assert groups({"speeding": 9, "dark": 7, "theft": 6}) == {("speeding", 9), ("dark", 7), ("theft", 6)}


def test_small_categories_are_joined_within_their_focus() -> None:
    assert groups({"speeding": 9, "mopeds": 3, "parking": 2, "theft": 6}) == {
        ("speeding", 9), ("mopeds+parking", 5), ("theft", 6),
    }  # fmt: skip


def test_focus_that_is_too_small_goes_to_the_rest() -> None:
    assert groups({"speeding": 3, "theft": 4, "dark": 9}) == {("dark", 9), ("theft+speeding", 7)}


def test_smallest_shown_joins_a_rest_that_would_follow_from_the_total() -> None:
    assert groups({"theft": 20, "fraud": 8, "dark": 2}) == {("theft", 20), ("dark+fraud", 10)}


def test_codes_that_tell_least_join_first() -> None:
    shown = partition({"theft": 6, "none": 30, "dark": 2}, {}, EXACT, first={"none"})
    assert {group.codes for group in shown} == {("theft",), ("dark", "none")}


def test_one_category_is_given_up_before_a_whole_large_focus() -> None:
    counts = {"speeding": 30, "mopeds": 6, "dark": 40, "fraud": 2}
    assert groups(counts) == {("speeding", 30), ("dark", 40), ("fraud+mopeds", 8)}


def test_nothing_is_shown_of_too_few() -> None:
    assert partition({"speeding": 2, "theft": 2}, TREE, EXACT) == ()


def test_place_that_is_also_a_larger_area_is_a_part_of_itself() -> None:
    shown = partition({"traffic": 6, "mopeds": 7}, TREE, EXACT)
    assert {(group.codes, group.within) for group in shown} == {
        (("traffic",), "traffic"),
        (("mopeds",), "traffic"),
    }


def test_parents_in_a_circle_are_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        partition({"a": 9}, {"a": "b", "b": "a"}, EXACT)


def test_interim_counts_are_rounded_and_hidden_below_ten() -> None:
    assert groups({"theft": 12, "fraud": 13, "dark": 3, "noise": 8}, INTERIM) == {
        ("theft", 10), ("fraud", 15), ("dark+noise", 10),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "count", "shown"),
    [(EXACT, 4, None), (EXACT, 5, 5), (INTERIM, 9, None), (INTERIM, 10, 10), (INTERIM, 13, 15)],
)
def test_single_count(rule: Rule, count: int, shown: int | None) -> None:
    assert released(count, rule) == shown
    assert alternatives({"a": count}, rule) == ({} if shown is None else {"a": shown})


def test_place_is_shown_when_three_conversations_name_it_and_ten_while_answers_come_in() -> None:
    assert places({"station": 3, "school": 2, "square": 11}, EXACT) == {"station": 3, "square": 11}
    assert places({"station": 3, "school": 2, "square": 11}, INTERIM) == {"square": 10}


@pytest.mark.parametrize(
    ("rule", "new_answers", "counted_on", "closed", "allowed"),
    [
        (INTERIM, None, date(2026, 9, 20), None, True),
        (INTERIM, 9, date(2026, 9, 20), None, False),
        (INTERIM, 10, date(2026, 9, 20), None, True),
        (EXACT, None, date(2026, 10, 30), None, False),
        (EXACT, None, date(2026, 10, 18), date(2026, 10, 4), False),
        (EXACT, None, date(2026, 10, 19), date(2026, 10, 4), True),
    ],
)
def test_release_waits_for_new_answers_or_for_the_erasure_window(
    rule: Rule, new_answers: int | None, counted_on: date, closed: date | None, allowed: bool
) -> None:
    due = may_release(
        rule, new_answers=new_answers, counted_on=counted_on, closed_on=closed, erase_until=date(2026, 10, 18)
    )
    assert due == allowed


# Properties of partitions

counts_by_code = st.dictionaries(st.sampled_from(CODES), st.integers(0, 14), min_size=1)


@given(counts_by_code, st.sampled_from([EXACT, SMALL]))
def test_groups_make_up_the_whole_and_none_is_small(counts: dict[str, int], rule: Rule) -> None:
    shown = partition(counts, TREE, rule)
    total = sum(counts.values())
    assert sum(group.count for group in shown) == (total if total >= rule.threshold else 0)
    assert all(group.count >= rule.threshold for group in shown)
    codes = [code for group in shown for code in group.codes]
    assert len(codes) == len(set(codes))
    assert not shown or {code for code in counts if counts[code]} <= set(codes)


@given(counts_by_code, st.sampled_from([EXACT, SMALL]))
def test_small_count_never_stands_in_a_group_with_zeros_only(counts: dict[str, int], rule: Rule) -> None:
    """A reader who knows which codes nobody chose learns no small count."""
    for group in partition(counts, TREE, rule):
        chosen = [counts[code] for code in group.codes if counts[code]]
        assert len(chosen) > 1 or chosen[0] >= rule.threshold


@given(counts_by_code)
def test_interim_tells_nothing_that_an_exact_release_with_its_threshold_would_not(
    counts: dict[str, int],
) -> None:
    unrounded = Rule(name="exact", threshold=10, rounding=1, place_threshold=10, new_answers=0)
    exact = partition(counts, TREE, unrounded)
    interim = partition(counts, TREE, INTERIM)
    assert [group.codes for group in interim] == [group.codes for group in exact]
    assert all(abs(shown.count - true.count) <= 2 for shown, true in zip(interim, exact, strict=True))
    assert all(group.count % 5 == 0 for group in interim)


# Properties of crossed tables: an attacker who knows every total of what is released

matrices = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=2, max_size=4
    )
)


def crossed(matrix: Sequence[Sequence[int]], rule: Rule, row_totals: bool = True) -> Cross:
    cells = {(f"r{i}", f"c{j}"): count for i, row in enumerate(matrix) for j, count in enumerate(row)}
    rows, columns = [[f"r{i}"] for i in range(len(matrix))], [[f"c{j}"] for j in range(len(matrix[0]))]
    return cross(cells, rows, columns, rule, row_totals=row_totals)


def with_released_totals(matrix: Sequence[Sequence[int]], threshold: int) -> bool:
    totals = [*(sum(row) for row in matrix), *(sum(column) for column in zip(*matrix, strict=True))]
    return all(total >= threshold for total in totals)


@settings(max_examples=300)
@given(matrices)
def test_no_hidden_cell_follows_from_the_totals_by_elimination(matrix: list[list[int]]) -> None:
    if not with_released_totals(matrix, EXACT.threshold):
        return
    shown = crossed(matrix, EXACT).shown
    hidden = [
        (i, j) for i, row in enumerate(matrix) for j, count in enumerate(row) if count and (i, j) not in shown
    ]
    found = determined(hidden, lines_of(matrix))
    if shown:
        assert [at for at in found if matrix[at[0]][at[1]] < EXACT.threshold] == []


@settings(max_examples=300)
@given(matrices, st.booleans())
def test_hidden_cells_of_a_line_are_never_few_together(matrix: list[list[int]], row_totals: bool) -> None:
    if not with_released_totals(matrix, EXACT.threshold):
        return
    table = crossed(matrix, EXACT, row_totals)
    assert all(count >= EXACT.threshold for count in table.shown.values())
    lines = [[(i, j) for i in range(len(matrix))] for j in range(len(matrix[0]))]
    if row_totals:
        lines += [[(i, j) for j in range(len(matrix[0]))] for i in range(len(matrix))]
        assert all(count == 0 or count >= EXACT.threshold for count in table.rest)
    for line in lines:
        together = sum(matrix[i][j] for i, j in line if (i, j) not in table.shown)
        assert together == 0 or together >= EXACT.threshold


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=2, max_size=3))
def test_every_hidden_cell_could_have_had_another_count(matrix: list[list[int]]) -> None:
    """All tables of whole numbers that agree with what is shown are tried, one by one."""
    if not with_released_totals(matrix, SMALL.threshold):
        return
    shown = crossed(matrix, SMALL).shown
    possible = list(tables_like(matrix, shown))
    for i, row in enumerate(matrix):
        for j, count in enumerate(row):
            if shown and (i, j) not in shown and 0 < count < SMALL.threshold:
                assert len({table[i][j] for table in possible}) > 1


def test_largest_cells_are_still_shown() -> None:
    shown = crossed([[12, 8, 1], [9, 30, 6], [7, 6, 20]], EXACT).shown
    assert shown == {(0, 0): 12, (1, 0): 9, (2, 0): 7, (2, 1): 6, (2, 2): 20}


def test_column_that_several_choose_is_protected_by_its_own_total() -> None:
    shown = crossed([[2, 9], [20, 9], [15, 9]], EXACT, row_totals=False).shown
    assert (0, 0) not in shown
    assert (2, 0) not in shown
    assert {shown[row, 1] for row in range(3)} == {9}


def test_interim_cross_is_rounded() -> None:
    assert set(crossed([[12, 28], [31, 14]], INTERIM).shown.values()) == {10, 30, 15}


def lines_of(matrix: Sequence[Sequence[int]]) -> list[list[tuple[int, int]]]:
    """The cells of each row and of each column."""
    height, width = range(len(matrix)), range(len(matrix[0]))
    return [[(i, j) for j in width] for i in height] + [[(i, j) for i in height] for j in width]


def tables_like(
    matrix: Sequence[Sequence[int]], shown: Mapping[tuple[int, int], int]
) -> Iterator[list[list[int]]]:
    """Every table with the same totals and the same shown cells."""
    width = len(matrix[0])
    left = [sum(row) for row in matrix]
    below = [sum(column) for column in zip(*matrix, strict=True)]
    table = [[0] * width for _ in matrix]

    def fill(at: int) -> Iterator[list[list[int]]]:
        if at == width * len(matrix):
            yield [list(row) for row in table]
            return
        i, j = divmod(at, width)
        most = min(left[i], below[j])
        least = max(0, left[i] if j == width - 1 else 0, below[j] if i == len(matrix) - 1 else 0)
        counts = range(least, most + 1) if (i, j) not in shown else [shown[i, j]]
        for count in counts:
            if least <= count <= most:
                table[i][j] = count
                left[i] -= count
                below[j] -= count
                yield from fill(at + 1)
                left[i] += count
                below[j] += count

    return fill(0)


def test_attackers_tools_work() -> None:
    """A table without complementary suppression falls to both attackers."""
    matrix = [[2, 9], [9, 9]]
    assert determined([(0, 0)], lines_of(matrix)) == [(0, 0)]
    assert {table[0][0] for table in tables_like(matrix, {(0, 1): 9, (1, 0): 9, (1, 1): 9})} == {2}


def test_successive_interim_releases_pin_down_no_hidden_count() -> None:
    """Two hundred rounds, a release after every ten answers: intervals and monotony leave each hidden count open."""
    for seed in range(200):
        chance = random.Random(seed)  # noqa: S311
        counts = dict.fromkeys("abcdef", 0)
        least = dict.fromkeys(counts, 0)
        for _ in range(12):
            for code in chance.choices(list(counts), [12, 8, 4, 2, 1, 1], k=10):
                counts[code] += 1
            shown = partition(counts, {}, INTERIM)
            most = bounds(shown, least)
            for code, count in counts.items():
                if 0 < count < INTERIM.threshold:
                    assert least[code] < most[code], (seed, code)


def bounds(shown: Sequence[Group], least: dict[str, int]) -> dict[str, int]:
    """What a reader of all releases knows of each code at most; raises `least` to what must be there at least."""
    most: dict[str, int] = {}
    for group in shown:
        low, high = max(INTERIM.threshold, group.count - 2), group.count + 2
        for code in group.codes:
            others = sum(least[other] for other in group.codes if other != code)
            most[code] = high - others
            if len(group.codes) == 1:
                least[code] = max(least[code], low)
    return most
