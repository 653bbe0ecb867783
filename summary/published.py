"""Statistics that others publish, to stand beside the answers: aggregates with source, period and caution. They are
shown with the answers and never added to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Source(StrEnum):
    """Who publishes the statistics."""

    BRA = "bra"  # Brottsförebyggande rådet: reported crime, NTU
    SCB = "scb"  # Statistics Sweden
    KOLADA = "kolada"  # RKA, key figures of municipalities
    STRADA = "strada"  # Transportstyrelsen: accidents with injuries
    POLICE = "police"
    MUNICIPALITY = "municipality"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFigure:
    """One figure. `area` is a code of the register, or empty for the whole municipality. Where there is no value,
    `mark` is what stood in its place, as ``..``.
    """

    indicator: str
    area: str
    period: str
    """``2025``, ``2025-06``, ``2025 K2`` or ``2023–2024``: text that sorts in the order of time."""
    value: int | float | None
    unit: str = ""
    mark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedTable:
    """One table as it was imported. `about` names the category or focus issue that an indicator has to do with."""

    source: Source
    table_id: str
    title: str
    caution: str
    """What must be known to read the figures rightly; stands beside them wherever they go."""
    imported_on: date
    figures: tuple[PublishedFigure, ...]
    about: Mapping[str, str]
