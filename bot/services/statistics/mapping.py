"""How a file of statistics was understood, as a person settled it: kept, so that next year's file is read alike."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a column is."""

    AREA = "area"
    PERIOD = "period"
    INDICATOR = "indicator"  # what is counted, and any group that it is counted for
    UNIT = "unit"
    VALUE = "value"
    IGNORED = "ignored"


WHOLE = "*"
"""In `areas`: the whole municipality."""
LEFT_OUT = "-"
"""In `areas`: none of ours; its rows are not wanted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedMapping:
    """`columns`: role by heading, for those that a person set; `areas`: code of the register by the file's text;
    `about`: code of a category or focus issue by indicator.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    decimal: str = ""
    """``,`` or ``.`` where the figures alone do not tell."""
    period: str = ""
    """Of a file that does not name any."""
    sheet: str = ""
    dash_is_zero: bool = False
    counts_things: bool = False
    """The figures count no persons, so that small ones may be shown."""

    def with_more(self, more: "SavedMapping") -> "SavedMapping":
        """This mapping with what `more` says, which goes before."""
        return SavedMapping(
            columns={**self.columns, **more.columns},
            areas={**self.areas, **more.areas},
            about={**self.about, **more.about},
            decimal=more.decimal or self.decimal,
            period=more.period or self.period,
            sheet=more.sheet or self.sheet,
            dash_is_zero=more.dash_is_zero or self.dash_is_zero,
            counts_things=more.counts_things or self.counts_things,
        )


def to_document(mapping: SavedMapping) -> dict[str, Any]:
    """The mapping as JSON."""
    return asdict(mapping)


def from_document(document: Mapping[str, Any]) -> SavedMapping:
    """The inverse of `to_document`; what this version does not know is passed over."""
    known = {each.name for each in fields(SavedMapping)}
    return SavedMapping(**{key: value for key, value in document.items() if key in known})
