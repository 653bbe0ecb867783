"""How texts are set so that they can be read: no line ends between a number and its unit, ranges have dashes."""

import re

NO_BREAK = "\N{NO-BREAK SPACE}"
_UNIT = re.compile(r"(?<=\d) (?=%|år\b|procent\b)")
_RANGE = re.compile(r"(?<![\d-])(\d{1,3})-(\d{1,3})(?![\d-])")


def unbroken(text: str) -> str:
    """The text with no line ending between a number and its unit."""
    return _UNIT.sub(NO_BREAK, text)


def in_print(label: str) -> str:
    """A label that was written for text messages, which have no dashes: ``15–24 år``."""
    return unbroken(_RANGE.sub(r"\1–\2", label))


def capitalised(text: str) -> str:
    """`text` as a sentence begins: its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]
