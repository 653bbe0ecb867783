"""Dates, times and numbers as people in Sweden write them, in the page's language. Times are Sweden's."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

_LOCALES = {"sv": "sv_SE", "en": "en_GB"}
_ZONE = ZoneInfo("Europe/Stockholm")


def day(value: date, language: str) -> str:
    """28 november 2026"""
    return format_date(value, "d MMMM y", locale=_LOCALES[language])


def weekday(value: date, language: str) -> str:
    """lör 28 nov."""
    return format_date(value, "EEE d MMM", locale=_LOCALES[language])


def moment(value: datetime, language: str) -> str:
    """28 november 2026 14:05"""
    return format_datetime(value, "d MMMM y HH:mm", tzinfo=_ZONE, locale=_LOCALES[language])


def hour(value: datetime, language: str) -> str:
    """28 november 2026 14-15: sometime within the hour that begins then."""
    begins, ends = (
        format_datetime(at, "HH", tzinfo=_ZONE, locale=_LOCALES[language])
        for at in (value, value + timedelta(hours=1))
    )
    return f"{format_datetime(value, 'd MMMM y', tzinfo=_ZONE, locale=_LOCALES[language])} {begins}–{ends}"


def number(value: float, language: str) -> str:
    """1 234,5"""
    return format_decimal(value, locale=_LOCALES[language])
