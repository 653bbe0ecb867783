"""Weighted shares beside the others, and change since an earlier round: when they are shown and what they say."""

from dataclasses import replace

from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT, INTERIM, Rule
from summary.intervals import with_intervals
from summary.picture import ChartKind, PictureTable, ProblemPicture, Unit
from summary.since import Asked, Earlier, with_earlier

SAME = {role: Asked(wording={"label sv": role}) for role in ("problem", "safety", "police")}


def picture(residents: int, *, seed: int = 1, rule: Rule = EXACT, weights: bool = False) -> ProblemPicture:
    counts = round_counts(residents, residents // 10, seed=seed, closed=rule is EXACT)
    return picture_of(replace(counts, with_weights=weights), codebook(), rule)


def table(shown: ProblemPicture, code: str) -> PictureTable:
    found = shown.table(code)
    assert found is not None
    return found


def since(now: ProblemPicture, then: ProblemPicture, asked: dict[str, Asked] | None = None) -> ProblemPicture:
    return with_earlier(now, Earlier(name="Då", picture=then, asked_then=SAME, asked_now=asked or SAME))


def annex(shown: ProblemPicture) -> str:
    blocks = [b for chapter in shown.chapters for b in chapter.blocks if b.code == "weights"]
    return " ".join(text for block in blocks for text in block.texts)


def test_weights_are_off_until_somebody_asks() -> None:
    assert picture(900).table("weighted") is None
    assert annex(picture(900)) == ""


def test_weighted_shares_stand_beside_those_of_all_answers_with_what_they_cost() -> None:
    shown = table(picture(900, weights=True), "weighted")
    assert [column.code for column in shown.columns] == ["persons", "percent", "weighted"]
    assert {row.code for row in shown.rows} >= {"very_safe", "very_unsafe"}
    assert abs(sum(int(row.values[2] or 0) for row in shown.rows) - 100) <= 2
    assert "designeffekt" in shown.note


def test_few_answers_have_a_reason_in_place_of_weights() -> None:
    shown = picture(150, weights=True)
    assert shown.table("weighted") is None
    assert annex(shown) == "Inga vägda andelar: färre än 200 som bor i kommunen har svarat."


def test_interim_release_has_no_weights() -> None:
    shown = picture(900, rule=INTERIM, weights=True)
    assert shown.table("weighted") is None
    assert annex(shown) == ""


def test_same_question_asked_in_the_same_way_changes_in_percentage_points() -> None:
    shown = table(since(picture(900), picture(800, seed=5)), "trend_safety")
    assert [column.unit for column in shown.columns][2] is Unit.POINTS_OF_CHANGE
    for row in shown.rows:
        last, now, change, _ = row.values
        assert isinstance(last, int)
        assert isinstance(now, int)
        assert change == now - last
    assert shown.chart
    assert shown.chart.kind is ChartKind.TREND


def test_question_in_other_words_changes_in_places_alone() -> None:
    asked = {**SAME, "safety": Asked(wording={"label sv": "Hur trygg?"})}
    shown = table(since(picture(900), picture(800, seed=5), asked), "trend_safety")
    assert not any(column.unit is Unit.PERCENT for column in shown.columns)
    assert "Frågan eller svarsalternativen har ändrats" in shown.note


def test_preliminary_pictures_are_not_compared() -> None:
    now, then = picture(900, rule=INTERIM), picture(800, seed=5)
    assert since(now, then) == now
    assert since(then, now) == then


def test_change_touches_no_figure_of_the_round() -> None:
    now = picture(900)
    shown = since(now, picture(800, seed=5))
    assert shown.tables[: len(now.tables)] == now.tables


def test_intervals_come_with_the_sentence_that_they_are_no_margin_of_error() -> None:
    shown = table(with_intervals(picture(900)), "intervals")
    assert "ingen felmarginal" in shown.note
    shares = [row.values for row in shown.rows if row.level]
    assert all(int(low or 0) <= int(share or 0) <= int(high or 0) for share, low, high in shares)
    assert with_intervals(picture(0)).table("intervals") is None
