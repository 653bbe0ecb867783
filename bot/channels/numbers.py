"""Telephone numbers as channels hand them over."""

import re

import phonenumbers

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""Nothing looser: one telephone written in two ways would be two contacts."""


_SWEDISH_MOBILE = re.compile(r"\+467[02369][0-9]{7}")
"""Nearly every sender: known without asking the library, which takes as long as a statement in the database."""


def is_phone_number(address: str) -> bool:
    """Whether `address` is an E.164 number that a person can answer from: not a sender name, not a short code."""
    if _SWEDISH_MOBILE.fullmatch(address):
        return True
    if not _E164.fullmatch(address):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(address))
    except phonenumbers.NumberParseException:
        return False


def to_e164(text: str) -> str:
    """A number as people write it, in Sweden or with its country code, as +46701234567. Raises ValueError."""
    try:
        number = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException:
        raise ValueError("not a telephone number") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError("not a telephone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def to_readable(number: str) -> str:
    """An E.164 number as people in Sweden write it: 070-000 01 00."""
    parsed = phonenumbers.parse(number)
    is_swedish = parsed.country_code == phonenumbers.country_code_for_region("SE")
    form = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(parsed, form.NATIONAL if is_swedish else form.INTERNATIONAL))
