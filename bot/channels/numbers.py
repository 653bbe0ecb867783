"""Telephone numbers as channels hand them over."""

import phonenumbers


def is_phone_number(address: str) -> bool:
    """Whether `address` is an E.164 number that a person can answer from: not a sender name, not a short code."""
    if not address.startswith("+"):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(address))
    except phonenumbers.NumberParseException:
        return False
