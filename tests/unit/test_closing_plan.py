"""What closing does and when, from a round's row alone."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.papers.wording import LANGUAGES, document
from bot.services.closing import StepKind, plan_lines, plan_of
from storage.rounds import RoundRow

ROW = RoundRow(
    id=1,
    code="are-2026",
    name="Trygghetsdialog",
    municipality="Åre kommun",
    phone_number="+46700000100",
    status="open",
    is_demonstration=False,
    opens_on=date(2026, 9, 1),
    closes_on=date(2026, 10, 4),
    closed_at=None,
    decided_on=None,
    text_months=None,
    key_id="r1",
    wrapped_key="k1.x",
    revision=1,
)
TODAY = date(2026, 9, 20)
CLOSED = replace(ROW, status="closed", closed_at=datetime(2026, 10, 4, 22, 5, tzinfo=UTC))


def days(row: RoundRow) -> dict[str, str]:
    return {step.kind.value: str(step.on) for step in plan_of(row, TODAY).steps}


def test_every_date_runs_from_the_last_day() -> None:
    assert days(ROW) == {
        "answers": "2026-10-04",
        "replies": "2026-10-06",
        "erase": "2026-10-18",
        "key": "2026-10-19",
        "exact": "2026-10-19",
        "text": "2027-10-05",
        "numbers": "2027-10-05",
        "codes": "2030-10-05",
        "inbox": "None",
        "kept": "None",
    }


def test_a_round_closed_early_keeps_the_dates_that_residents_were_told() -> None:
    early = replace(CLOSED, closed_at=datetime(2026, 9, 20, 10, 0, tzinfo=UTC))
    plan = plan_of(early, TODAY)
    assert plan.is_closed_early
    assert (plan.answers_until, plan.replies_until) == (date(2026, 9, 20), date(2026, 9, 22))
    assert plan.dates.erase_until == date(2026, 10, 18)
    assert "före sista dagen" in "\n".join(plan_lines(plan, "sv"))


def test_text_goes_three_months_after_the_decision_or_when_the_decision_on_disposal_says() -> None:
    assert days(replace(CLOSED, decided_on=date(2026, 11, 30)))["text"] == "2027-03-01"
    assert days(replace(CLOSED, text_months=6))["text"] == "2027-04-05"
    assert days(replace(CLOSED, text_months=2, decided_on=date(2026, 11, 30)))["text"] == "2026-12-05"


def test_what_has_happened_is_marked_on_its_day() -> None:
    def past(today: date) -> set[str]:
        return {step.kind.value for step in plan_of(CLOSED, today).steps if step.is_past}

    assert past(date(2026, 10, 5)) == {"answers"}
    assert past(date(2026, 10, 18)) == {"answers", "replies"}
    assert past(date(2026, 10, 19)) == {"answers", "replies", "erase", "key", "exact"}
    assert past(date(2027, 10, 4)) == {"answers", "replies", "erase", "key", "exact"}
    assert past(date(2030, 10, 5)) == {kind.value for kind in StepKind} - {"inbox", "kept"}


def test_nothing_of_an_open_round_has_happened() -> None:
    assert not any(step.is_past for step in plan_of(ROW, date(2026, 10, 4)).steps)


def test_plan_reads_as_sentences_in_both_languages() -> None:
    swedish = list(plan_lines(plan_of(ROW, TODAY), "sv"))
    assert "18 oktober 2026      Sista dagen som RADERA fungerar, och" in "\n".join(swedish)
    english = "\n".join(plan_lines(plan_of(ROW, TODAY), "en"))
    assert "19 October 2026      The round's key is destroyed" in english


def test_every_text_stands_in_both_languages() -> None:
    for name in ("closing", "deletions"):
        for key, wording in document(name).items():
            assert isinstance(wording, dict), key
            assert set(wording) == set(LANGUAGES), key
            assert all(str(text).strip() for text in wording.values()), key


def test_no_period_of_the_rules_is_written_out_in_the_words() -> None:
    """It comes from privacy.retention: changed there, it is told so everywhere."""
    for name in ("closing", "deletions"):
        assert [key for key, wording in document(name).items() if re.search(r"[0-9]", str(wording))] == []
