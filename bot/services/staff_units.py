"""Employees by workplace: none with fewer than five answers stands by itself in anything that is shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.services.gathering import gather_codebook, load_flows
from bot.services.rounds import get_existing
from flows.model import Flow
from privacy.disclosure import EXACT, Group, partition
from storage import conversations
from storage.database import Session, Sessions
from summary.codebook import MERGED, MISSING_ANSWERS
from summary.rows import PersonRow, Stream

_ROLE = "workplace"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """Workplaces that are shown as one, with the employees counted in them. One name: it stands by itself."""

    names: tuple[str, ...]
    count: int


def list_units(sessions: Sessions, round_code: str, language: str) -> list[Unit]:
    """The largest first; empty where fewer than five have answered. Raises RoundRefused for an unknown round."""
    with sessions.reading() as session:
        row = get_existing(session, round_code)
        groups = _groups(session, row.id)
        codebook = gather_codebook(session, row, load_flows(session, row)) if groups else None
    if codebook is None:
        return []
    units = [
        Unit(names=tuple(codebook.label(_ROLE, code, language) for code in group.codes), count=group.count)
        for group in groups
    ]
    return sorted(units, key=lambda unit: (len(unit.names) > 1, -unit.count))


def merged_rows(
    session: Session, round_id: int, flows: Iterable[Flow], rows: Iterable[PersonRow]
) -> Iterator[PersonRow]:
    """The rows, with one code for all workplaces that do not stand by themselves: rows can be counted by anybody."""
    alone = {group.codes[0] for group in _groups(session, round_id) if len(group.codes) == 1}
    columns = [
        q.name for flow in flows if flow.stream == Stream.EMPLOYEES for q in flow.questions if q.role == _ROLE
    ]
    for row in rows:
        yield _merged(row, columns, alone) if row.stream is Stream.EMPLOYEES else row


def _merged(row: PersonRow, columns: Iterable[str], alone: set[str]) -> PersonRow:
    hidden = {
        name: MERGED
        for name in columns
        if name in row.answers and row.answers[name] not in alone and row.answers[name] not in MISSING_ANSWERS
    }
    return replace(row, answers={**row.answers, **hidden}) if hidden else row


def _groups(session: Session, round_id: int) -> tuple[Group, ...]:
    """Workplaces of the employees who are counted, each group at least five."""
    counts: Mapping[str, int] = conversations.count_roles(session, round_id, Stream.EMPLOYEES.value)
    return partition({code: n for code, n in counts.items() if code not in MISSING_ANSWERS}, {}, EXACT)
