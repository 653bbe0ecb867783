"""Working days in Sweden, against the calendars of several years."""

from datetime import date, timedelta

import pytest

from privacy.retention import quarantine_until
from privacy.working_days import easter_sunday, is_working_day, working_days_after

HOLIDAYS_ON_WEEKDAYS = {
    2024: "01-01 03-29 04-01 05-01 05-09 06-06 06-21 12-24 12-25 12-26 12-31",
    2025: "01-01 01-06 04-18 04-21 05-01 05-29 06-06 06-20 12-24 12-25 12-26 12-31",
    2026: "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    2027: "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31",
}
"""As printed in almanacs, eves with the law on time limits."""


@pytest.mark.parametrize("year", HOLIDAYS_ON_WEEKDAYS)
def test_the_holidays_of_a_year_are_those_of_the_almanac(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    weekdays = [day for day in days if day.year == year and day.weekday() < 5]
    found = [day.strftime("%m-%d") for day in weekdays if not is_working_day(day)]
    assert " ".join(found) == HOLIDAYS_ON_WEEKDAYS[year]


def test_saturdays_and_sundays_are_no_working_days() -> None:
    assert not is_working_day(date(2026, 11, 28))
    assert not is_working_day(date(2026, 11, 29))
    assert is_working_day(date(2026, 11, 30))


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2000, "04-23"), (2008, "03-23"), (2024, "03-31"), (2038, "04-25"), (2049, "04-18"), (2100, "03-28")],
)
def test_easter_is_when_it_is(year: int, sunday: str) -> None:
    assert easter_sunday(year).strftime("%m-%d") == sunday


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2026, 11, 2), date(2026, 11, 5)),  # a Monday: Tuesday, Wednesday, Thursday
        (date(2026, 11, 6), date(2026, 11, 11)),  # a Friday: over the weekend
        (date(2026, 11, 7), date(2026, 11, 11)),  # a Saturday
        (date(2026, 12, 23), date(2026, 12, 30)),  # 28, 29, 30: never unread over Christmas
        (date(2026, 12, 30), date(2027, 1, 7)),  # 4, 5, 7: New Year and Epiphany lie between
        (date(2027, 3, 25), date(2027, 4, 1)),  # Easter
        (date(2026, 6, 18), date(2026, 6, 24)),  # midsummer
    ],
)
def test_quarantine_lasts_three_working_days(received: date, last: date) -> None:
    assert working_days_after(received, 3) == last
    assert quarantine_until(received) == last
