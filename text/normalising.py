"""Text made harmless at the edge, before anything is matched or stored. Nothing here interprets."""

import re
import unicodedata
from functools import lru_cache

MAX_CHARACTERS = 1600
"""Longest message body that Twilio hands over; longer input (from the web) is cut."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_VARIATION = re.compile("[\ufe00-\ufe0f]")
_KEYCAP = "\u20e3"
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


def clean(raw: str) -> str:
    """`raw` without characters that break SQLite, PostgreSQL, XML or spreadsheets, at most 1,600 characters.

    Control characters, lone surrogates and non-characters become U+FFFD (measured: NUL breaks PostgreSQL and
    TwiML, a lone surrogate breaks both databases, VT and ESC break TwiML).
    """
    return _UNSTORABLE.sub("\ufffd", raw[:MAX_CHARACTERS])


@lru_cache(maxsize=32)  # a dozen readers of one message ask for it, one after the other
def for_matching(text: str) -> str:
    """`text` in the form in which words are compared: NFC, lower case, nothing invisible, one space at most.

    Swedish letters stay as written (see text.folding). Other scripts' digits become ASCII digits, and keycap
    emoji the digit inside them.
    """
    visible = _VARIATION.sub("", _INVISIBLE.sub("", text)).replace(_KEYCAP, " ")
    composed = unicodedata.normalize("NFC", visible).lower()
    if not composed.isascii():
        composed = _OTHER_DIGIT.sub(_ascii_digit, composed)
    return " ".join(composed.replace("’", "'").split())


def _ascii_digit(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit.group()))
