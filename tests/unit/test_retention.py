"""The dates that follow from a round's end."""

from datetime import date

import pytest

from privacy.retention import erase_until, months_after, plan


def test_answers_can_be_erased_for_fourteen_days_and_the_key_goes_the_day_after() -> None:
    dates = plan(date(2026, 10, 4))
    assert (dates.erase_until, dates.key_destroyed_on) == (date(2026, 10, 18), date(2026, 10, 19))
    assert erase_until(date(2026, 12, 24)) == date(2027, 1, 7)


def test_text_goes_twelve_months_after_the_end_when_nothing_was_decided() -> None:
    assert plan(date(2026, 10, 4)).masked_text_until == date(2027, 10, 4)


def test_text_goes_three_months_after_the_decision() -> None:
    assert plan(date(2026, 10, 4), decided_on=date(2026, 12, 15)).masked_text_until == date(2027, 3, 15)


def test_late_decision_does_not_prolong_text() -> None:
    assert plan(date(2026, 10, 4), decided_on=date(2027, 9, 1)).masked_text_until == date(2027, 10, 4)


def test_coded_answers_stay_for_the_trend_and_numbers_for_a_year() -> None:
    dates = plan(date(2024, 2, 29))
    assert dates.coded_answers_until == date(2028, 2, 29)
    assert dates.feedback_numbers_until == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_end_on_the_last_day_at_most(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later
