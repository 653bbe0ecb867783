"""Weighted shares of the safety question, for the final release: from exact counts to whole percent, nothing else.

Why that is safe is argued in decision 28: one whole percent a shown group, of 200 persons at least, under weights that
nobody outside knows.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.services.exact_counts import Counts, ExactCounts, summed
from privacy.disclosure import Rule
from summary.codebook import MISSING_ANSWERS
from summary.released import MISSING, Group, Weighted
from summary.rows import Population, Stream, Table, apart
from summary.weighting import Combination, NotWeighted, joined_neighbours, rake, weighted_share

_MARGINS = ((Table.AREA, "area"), (Table.AGE, "age"), (Table.GENDER, "gender"))
_SILENT = frozenset({MISSING, *MISSING_ANSWERS})
"""Why there is no answer: shares are of those who gave one."""
_PLACED = 0.8
"""Share of the persons that a margin must place: one that most did not answer would weigh by chance."""


def weighted_safety(
    exact: ExactCounts, population: Sequence[Population], shown: Sequence[Group], rule: Rule
) -> Weighted:
    """The groups of the safety question, as they are shown, by their weighted share among those who live there."""
    stream = Stream.RESIDENTS
    lives = _by_person(exact.rows(Table.LIVES, stream))
    margins = _margins(exact, population, lives)
    if not margins:
        return Weighted(why_not="no_population")
    counts = _combined(lives, margins)
    raked = rake(counts, [persons for _, _, persons in margins.values()])
    if isinstance(raked, NotWeighted):
        return Weighted(why_not=raked.why.value)
    answers: dict[str, Mapping[Combination, int]] = {
        choice: _combined(_by_person(exact.row(Table.SAFETY_LIVES, stream, choice)), margins)
        for choice in exact.rows(Table.SAFETY_LIVES, stream)
    }
    chosen = {
        group.codes: _added(answers[code] for code in group.codes if code in answers)
        for group in shown
        if not _SILENT & set(group.codes)
    }
    everybody = _added(chosen.values())
    shares = {codes: weighted_share(of, everybody, raked.weights) for codes, of in chosen.items()}
    return Weighted(
        shares={codes: round(100 * share) for codes, share in shares.items() if share is not None},
        margins=tuple(margins),
        effective=round(raked.effective_n),
        design_effect=round(raked.design_effect, 1),
        unplaced=_told(raked.unplaced, rule),
        trimmed=_told(raked.trimmed, rule),
    )


_Margin = tuple[int, Mapping[str, str], Mapping[str, float]]
"""Place in the code of a person, group by code, inhabitants by group."""


def _margins(
    exact: ExactCounts, population: Sequence[Population], lives: Mapping[tuple[str, str, str], int]
) -> dict[str, _Margin]:
    """The properties whose population is known and that most persons told, in groups that are large enough."""
    found: dict[str, _Margin] = {}
    for index, (table, list_name) in enumerate(_MARGINS):
        known = {each.code: each.persons for each in population if each.table is table}
        order = exact.codebook.order(list_name, known)
        counts: Counts = summed((at[index], n) for at, n in lives.items() if at[index] in known)
        if known and sum(counts.values()) >= _PLACED * sum(lives.values()):
            groups = joined_neighbours(order, counts)
            persons = summed((groups[code], known[code]) for code in order)
            if len(persons) > 1:
                found[list_name] = (index, groups, {group: float(n) for group, n in persons.items()})
    return found


def _by_person(counts: Counts) -> dict[tuple[str, str, str], int]:
    return {apart(code): count for code, count in counts.items()}


def _combined(
    persons: Mapping[tuple[str, str, str], int], margins: Mapping[str, _Margin]
) -> dict[Combination, int]:
    found: dict[Combination, int] = {}
    for at, n in persons.items():
        combination = tuple(groups.get(at[index], "") for index, groups, _ in margins.values())
        found[combination] = found.get(combination, 0) + n
    return found


def _added(parts: Iterable[Mapping[Combination, int]]) -> dict[Combination, int]:
    found: dict[Combination, int] = {}
    for part in parts:
        for at, n in part.items():
            found[at] = found.get(at, 0) + n
    return found


def _told(persons: int, rule: Rule) -> int | None:
    """A count of persons that stands by itself; None where it is too small to tell."""
    return persons if persons >= rule.threshold else None
