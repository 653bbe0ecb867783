"""The problem picture: useful with few answers, honest, and safe in every figure."""

import itertools
import json
import re
from dataclasses import replace

import pytest
from picture_samples import figures, picture, table_of, with_cells
from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT, INTERIM, Rule
from summary.chapter_words import CHAPTER_TEXTS
from summary.material import percent
from summary.picture import ChartKind, from_json, to_json
from summary.published_words import PUBLISHED_TEXTS
from summary.rows import Cell, Outcome, Stream, Table, outcome_of
from summary.weighing_words import WEIGHING_TEXTS
from summary.wording import TEXTS, Words
from text.typography import in_print

# Useful with few answers


def test_sixty_answers_give_problems_places_times_and_areas() -> None:
    shown = picture(60)
    assert shown.problems[0].heading == "Trafiksituationen: 25 av 60 (42\N{NO-BREAK SPACE}%)"
    assert "Nämns mest i Åredalen" in shown.problems[0].text
    assert "Värst helg natt" in shown.problems[0].text
    assert figures(table_of(shown, "places"))["stationen"] == (14,)
    assert (
        shown.basis
        == "Underlag: 60 boende, 8 anställda och 2 möten med 14 synpunkter. Källorna läggs aldrig ihop."
    )


def test_no_answers_give_a_sentence_and_no_table() -> None:
    shown = picture(0, 0)
    assert shown.tables == ()
    assert "Färre än 5 boende har svarat" in shown.summary[0]


def test_seven_answers_say_that_they_cannot_be_divided() -> None:
    shown = picture(7, 3)
    assert "för få för att delas upp på problem" in shown.summary[0]
    assert [shown_table.code for shown_table in shown.tables] == ["outcomes"]


@pytest.mark.parametrize("residents", [20, 60, 600])
def test_no_table_is_a_page_of_empty_cells(residents: int) -> None:
    for shown in picture(residents).tables:
        assert not {"..", "–", "*"} & {value for row in shown.rows for value in row.values}
        for column in range(len(shown.columns)):
            assert any(row.values[column] is not None for row in shown.rows), shown.code


def test_english_picture_has_the_same_figures() -> None:
    swedish, english = picture(600, 40), picture(600, 40, EXACT, "en")
    assert english.title == "Local problem picture: Åre kommun"
    for one, other in zip(swedish.tables, english.tables, strict=True):
        numbers = [[v for v in row.values if isinstance(v, int)] for row in one.rows]
        assert numbers == [[v for v in row.values if isinstance(v, int)] for row in other.rows]


def test_area_that_gave_up_a_part_is_not_called_whole() -> None:
    """Östra kommundelen without Järpen, which joined the rest."""
    shown = figures(table_of(picture(60, rule=INTERIM), "areas"))
    assert "others:ostra" in shown
    assert "ostra" not in shown


def test_areas_say_once_that_their_problems_come_with_the_final_picture() -> None:
    """In a preliminary one nothing is crossed, however many have answered."""
    preliminary, final = _told_of_areas(INTERIM), _told_of_areas(EXACT)
    assert [text for text in preliminary if "visas i den slutliga bilden" in text] == preliminary[:1]
    assert not any("för få" in text for text in preliminary)
    assert not any("slutliga bilden" in text for text in final)


def test_spread_is_not_scored_before_areas_may_be_compared() -> None:
    """With how many answers, is not why."""
    for rule, reason in ((INTERIM, "Inget förslag än"), (EXACT, "Förslag ")):
        (chapter,) = [chapter for chapter in picture(600, 40, rule).chapters if chapter.code == "priorities"]
        facts = {fact.code: fact.text for block in chapter.blocks for fact in block.facts}
        assert facts["spread"].startswith(reason)
        assert not re.search(r"\. [a-zåäö]", facts["residents"])


def _told_of_areas(rule: Rule) -> list[str]:
    (chapter,) = [chapter for chapter in picture(600, 40, rule).chapters if chapter.code == "areas"]
    return [text for block in chapter.blocks for text in block.texts]


# Honest


@pytest.mark.parametrize("residents", range(25, 125, 5))
def test_shares_of_a_question_come_to_no_more_than_all_though_counts_are_rounded(residents: int) -> None:
    shares: dict[str, list[int]] = {}
    for row in table_of(picture(residents, rule=INTERIM), "questions_residents").rows:
        question, _, answer = row.code.partition(".")
        if answer and row.level == 1 and isinstance(row.values[-1], int):
            shares.setdefault(question, []).append(row.values[-1])
    for question, percents in shares.items():
        assert sum(percents) <= 100 + len(percents) / 2, question


def test_honesty_paragraph_is_the_fixed_one_with_its_figures() -> None:
    assert picture(600, 40).honesty == (
        "Svaren kommer från personer som själva valt att svara. De är inte ett slumpmässigt urval och går inte att "
        "räkna om till alla som bor i kommunen. 600 svar kom in 7 september–4 oktober 2026; flest från Åredalen och "
        "Östra kommundelen, få från grupperna Kall, 15–24\N{NO-BREAK SPACE}år och 80 eller äldre. "
        "Resultaten visar vilka problem som nämns och var, inte hur vanliga de är. Jämför därför inte nivåerna med NTU "
        "eller Polisens trygghetsmätning."
    )


def test_streams_stand_side_by_side_and_are_never_added() -> None:
    shown = table_of(picture(600, 40), "problems")
    assert [column.code for column in shown.columns] == [
        "residents", "residents_percent", "employees", "employees_percent", "points", "supporters",
    ]  # fmt: skip
    assert figures(shown)["F_TRAFFIC"][0] == 255
    assert figures(shown)["F_TRAFFIC"][2] == 11


def test_disagreement_between_residents_and_employees_is_said() -> None:
    assert any(sentence.startswith("Bilderna skiljer sig") for sentence in picture(600, 40).summary)


@pytest.mark.parametrize("rule", [EXACT, INTERIM])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_sentence_begins_with_a_large_letter(rule: Rule, language: str) -> None:
    shown = picture(600, 40, rule, language)
    told = [problem.text for problem in shown.problems] + [*shown.summary, shown.basis]
    assert any("omkring" in text or "about" in text for text in told) == (rule is INTERIM)
    for text in told:
        assert not re.search(r"(^|[.!?] )[a-zåäö]", text), text


@pytest.mark.parametrize(
    ("count", "base", "share"), [(1, 3, None), (7, 19, None), (7, 20, 35), (1, 40, 3), (1, 200, 1)]
)
def test_percent_is_whole_and_needs_twenty(count: int, base: int, share: int | None) -> None:
    assert percent(count, base) == share


def test_few_employees_have_counts_without_percent() -> None:
    shown = table_of(picture(600, 15), "problems")
    assert "employees" in [column.code for column in shown.columns]
    assert "employees_percent" not in [column.code for column in shown.columns]
    assert "Andelar visas inte när färre än 20 har svarat" in shown.note


def test_shares_of_few_are_marked_as_uncertain() -> None:
    assert "Osäkert, få svar: andelarna bygger på 40 anställda" in table_of(picture(600, 40), "problems").note


def test_missing_groups_are_named_with_their_shares() -> None:
    sentence = next(text for text in picture(600, 40).summary if text.startswith("Färre svar än väntat"))
    assert (
        "15–24\N{NO-BREAK SPACE}år (6\N{NO-BREAK SPACE}% av svaren, 12\N{NO-BREAK SPACE}% av invånarna)"
        in sentence
    )


def test_a_meeting_where_no_group_was_missing_is_named_as_no_group() -> None:
    none = Cell(table=Table.MISSING_GROUP, stream=Stream.DIALOGUE, row="none", column="", count=3)
    shown = picture_of(with_cells(round_counts(60), none), codebook(), EXACT)
    assert "På möten saknades enligt anteckningarna unga och nyanlända." in shown.summary


def test_safety_in_an_area_is_told_in_the_order_of_its_scale() -> None:
    (chapter,) = [chapter for chapter in picture(600, 40).chapters if chapter.code == "areas"]
    told = [fact.text for block in chapter.blocks for fact in block.facts if fact.code == "safety"]
    of_three = [re.sub(r" \([0-9]+\)", "", text) for text in told if "arken" in text]
    assert set(of_three) == {"Mycket eller ganska trygg, varken eller, ganska eller mycket otrygg."}


def test_share_of_a_question_is_of_those_who_answered_it() -> None:
    asked = figures(table_of(picture(600, 40), "questions_residents"))
    base = asked["avoided"][0]
    assert isinstance(base, int)
    assert base < 600
    assert asked["avoided.yes"][1] == percent(int(asked["avoided.yes"][0] or 0), base)


def test_demonstration_says_that_answers_are_invented() -> None:
    assert picture(60).demonstration == "Demonstration: svaren är påhittade."


def test_every_chart_has_an_alternative_text_and_draws_rows_of_its_table() -> None:
    for shown in picture(600, 40).tables:
        if shown.chart:
            assert len(shown.chart.alt) > 40
            assert set(shown.chart.rows) <= {row.code for row in shown.rows}
            assert set(shown.chart.columns) <= {column.code for column in shown.columns}


# A document


@pytest.mark.parametrize("residents", [0, 60, 600])
def test_picture_survives_json(residents: int) -> None:
    shown = picture(residents)
    assert from_json(json.loads(json.dumps(to_json(shown)))) == shown


def test_picture_kept_as_version_1_is_still_read() -> None:
    """Without chapters, and with charts that do not say how they are drawn."""
    now = to_json(picture(600, 40))
    before = {key: value for key, value in now.items() if key not in ("chapters", "certainty", "focus")}
    before["version"] = 1
    for each in before["tables"]:
        each["chart"] = each["chart"] and {k: v for k, v in each["chart"].items() if k != "kind"}
    read = from_json(json.loads(json.dumps(before)))
    assert read.chapters == ()
    coverage, problems = table_of(read, "coverage").chart, table_of(read, "problems").chart
    assert coverage
    assert problems
    assert (coverage.kind, problems.kind) == (ChartKind.COVERAGE, ChartKind.BARS)
    assert replace(read, tables=()) == replace(
        picture(600, 40), tables=(), chapters=(), certainty="", focus=()
    )


def test_every_table_that_a_chapter_names_is_there_and_stands_in_one_place() -> None:
    for residents in (0, 7, 60, 600):
        shown = picture(residents)
        named = [code for chapter in shown.chapters for block in chapter.blocks for code in block.tables]
        assert sorted(named) == sorted({each.code for each in shown.tables})


def test_picture_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 99"):
        from_json({**to_json(picture(60)), "version": 99})


# Outcomes


@pytest.mark.parametrize(
    ("status", "answered", "has_safety", "has_problem", "outcome"),
    [
        ("finished", 8, True, True, Outcome.COMPLETE),
        ("finished", 7, True, True, Outcome.COMPLETE),
        ("finished", 7, True, False, Outcome.PARTIAL),
        ("asking", 4, True, False, Outcome.PARTIAL),
        ("asking", 3, True, True, Outcome.PARTIAL),
        ("asking", 3, True, False, Outcome.BREAK_OFF),
        ("stopped", 3, True, False, Outcome.STOPPED),
        ("stopped", 5, True, True, Outcome.PARTIAL),
        ("refused", 0, False, False, Outcome.REFUSED),
        ("under_age", 7, True, True, Outcome.UNDER_AGE),
    ],
)
def test_outcome(status: str, answered: int, has_safety: bool, has_problem: bool, outcome: Outcome) -> None:
    found = outcome_of(
        status=status,
        core_answered=answered,
        core_applicable=8,
        has_safety=has_safety,
        has_problem=has_problem,
    )
    assert found is outcome


def test_no_table_has_a_row_twice() -> None:
    """A category can be part of its focus issue with residents, and stand alone at meetings."""
    for residents, seed in itertools.product((60, 600, 900), range(5)):
        shown = picture_of(round_counts(residents, residents // 10, seed=seed), codebook(), EXACT)
        for table in shown.tables:
            codes = [row.code for row in table.rows]
            assert len(codes) == len(set(codes)), (table.code, residents, seed)


def test_no_words_of_the_picture_are_overwritten_by_others_of_the_same_name() -> None:
    lists = (CHAPTER_TEXTS, PUBLISHED_TEXTS, WEIGHING_TEXTS)
    assert all(TEXTS[key] == texts[key] for texts in lists for key in texts)
    assert not any(set(one) & set(other) for one, other in itertools.combinations(lists, 2))


def test_numbers_are_written_as_people_write_them_and_no_line_ends_before_their_unit() -> None:
    swedish, english = Words("sv"), Words("en")
    key = {"problem": "Buller", "count": 8509, "base": 18924, "percent": 45}
    assert swedish("problem_share", **key) == "Buller: 8\u00a0509 av 18\u00a0924 (45\u00a0%)"
    assert english("problem_share", **key) == "Buller: 8,509 of 18,924 (45%)"
    assert in_print("15-24 år") == "15–24\u00a0år"
    assert in_print("2026-11-02, väg 114-14-1") == "2026-11-02, väg 114-14-1"
    for language in ("sv", "en"):
        shown = json.dumps(to_json(picture(600, 75, language=language)), ensure_ascii=False)
        assert not re.search(r"\d %|\d år\b", shown.replace("100 000", ""))
