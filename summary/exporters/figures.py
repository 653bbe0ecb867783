"""Figures as people write them, in the language of the document. What computes with them reads csv, json or xlsx."""

from summary.picture import Unit, Value

_NO_BREAK = "\N{NO-BREAK SPACE}"
_MARKS = {"sv": (_NO_BREAK, ","), "en": (",", ".")}
_CHANGES = (Unit.POINTS_OF_CHANGE, Unit.PLACES_OF_CHANGE)


def figure(value: Value, language: str, unit: Unit = Unit.PERSONS) -> str:
    """``1 062``, ``8,25``, ``+3``, ``−3``; words as they are; nothing for what is not shown."""
    if value is None or isinstance(value, str):
        return value or ""
    thousands, decimal = _MARKS[language]
    written = f"{abs(value):,}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    return _sign(value, unit) + written


def _sign(value: float, unit: Unit) -> str:
    if value < 0:
        return "\N{MINUS SIGN}"
    return "+" if value > 0 and unit in _CHANGES else ""
