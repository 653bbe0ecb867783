"""Which days are working days in Sweden. Computed, for any year from 1984 on: no list to keep up to date.

Public holidays by lag (1989:253) om allmänna helgdagar; the eves that the law on time limits counts as holidays too by
lag (1930:173) om beräkning av lagstadgad tid, 2 §.
"""

from datetime import date, timedelta

_FIXED = frozenset(
    {
        (1, 1),  # nyårsdagen
        (1, 6),  # trettondedag jul
        (5, 1),  # första maj
        (6, 6),  # nationaldagen
        (12, 24),  # julafton
        (12, 25),  # juldagen
        (12, 26),  # annandag jul
        (12, 31),  # nyårsafton
    }
)
_FROM_EASTER = frozenset({-2, 1, 39})
"""Days from Easter Sunday: långfredagen, annandag påsk, Kristi himmelsfärdsdag. Others fall on Sundays."""
_FRIDAY, _SATURDAY = 4, 5


def is_working_day(day: date) -> bool:
    """Neither Saturday, Sunday nor holiday. Alla helgons dag and midsommardagen are Saturdays by themselves."""
    is_midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == _FRIDAY
    is_holiday = (day.month, day.day) in _FIXED or (day - easter_sunday(day.year)).days in _FROM_EASTER
    return day.weekday() < _SATURDAY and not (is_midsummer_eve or is_holiday)


def working_days_after(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def easter_sunday(year: int) -> date:
    """Gregorian, by the anonymous algorithm (Meeus, Astronomical Algorithms, 1991, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)
