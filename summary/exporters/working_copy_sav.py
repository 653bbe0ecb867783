"""The working copy for SPSS, in two files: a row for each person, a row for each long answer. Streamed.

Choices are numbers with their words as labels, in the order of the codebook; what says why there is no answer is
negative and declared as missing; a question that was not asked is empty.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from summary.codebook import MISSING_ANSWERS, Codebook
from summary.exporters import sav_file
from summary.exporters.sav_file import Cell, Variable
from summary.exporters.working_copy import MARKING, Asked, WorkingCopy
from summary.rows import AnswerRow, Outcome, PersonRow, Stream

_LANGUAGE = "sv"
_OTHER = -10
"""A code that is not in the list any more."""
_MISSING = (-9, -1)
_FIRST_DAY = date(1582, 10, 14).toordinal()
_DAY_S = 86_400
_ID, _CODE, _CODES, _TEXT = 36, 64, 255, 4_000
"""Bytes of texts; a letter with dots or ring takes two."""
_RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
_YES_NO = {0: "Nej", 1: "Ja"}
_ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    """One or several variables that are read from the answer to one question."""

    question: str
    variables: tuple[Variable, ...]
    numbers: Mapping[str, int]
    """By code; empty where the answer is written as it is."""
    is_several: bool = False

    def cells(self, value: str) -> Iterator[Cell]:
        if not self.numbers:
            yield value
        elif not self.is_several:
            yield self.numbers.get(value, _OTHER) if value else None
        else:
            codes = value.split()
            missing = next((self.numbers[code] for code in codes if self.numbers.get(code, 0) < 0), None)
            chosen = {self.numbers.get(code) for code in codes}
            for number in range(1, len(self.variables) + 1):
                yield None if not codes else missing if missing is not None else int(number in chosen)


def write_persons_sav(copy: WorkingCopy, stream: BinaryIO) -> None:
    names = _Names()
    fixed = tuple(_fixed(copy.codebook, names))
    columns = [_column(copy, question, names) for question in copy.questions]
    variables = [*fixed, *(variable for column in columns for variable in column.variables)]
    rows = (
        [
            *_person(row),
            *(cell for column in columns for cell in column.cells(row.answers.get(column.question, ""))),
        ]
        for row in copy.persons
    )
    sav_file.write(stream, MARKING, copy.made_on, variables, rows)


def write_answers_sav(copy: WorkingCopy, stream: BinaryIO) -> None:
    variables = [
        Variable(name="answer", label="Svar", width=_ID),
        Variable(name="person", label="Person, som i den andra filen", width=_ID),
        Variable(name="stream", label="Källa", labels=_streams(copy.codebook)),
        Variable(name="question", label="Fråga", width=_CODE),
        Variable(name="repeat", label="Vilket i ordningen, från 0"),
        Variable(name="text", label="Svarets text", width=_TEXT),
        Variable(name="primary", label="Huvudkategori", width=_CODE),
        Variable(name="others", label="Fler kategorier", width=_CODES),
        Variable(name="score", label="Säkerhet"),
        Variable(name="rule", label="Regel eller person bakom kategorin", width=_CODES),
        Variable(name="confirmed", label="Bekräftad av en person", labels=_YES_NO),
        Variable(name="places", label="Platser", width=_CODES),
    ]
    sav_file.write(stream, MARKING, copy.made_on, variables, map(_answer, copy.answers))


def _person(row: PersonRow) -> Iterable[Cell]:
    started = (row.started_on.toordinal() - _FIRST_DAY) * _DAY_S
    return (
        row.person,
        list(Stream).index(row.stream) + 1,
        row.flow,
        row.flow_version,
        row.channel,
        row.language,
        row.place_code,
        started,
        list(Outcome).index(row.outcome) + 1,
        int(row.marked),
    )


def _answer(row: AnswerRow) -> list[Cell]:
    return [
        row.answer,
        row.person,
        list(Stream).index(row.stream) + 1,
        row.question,
        row.repeat,
        row.text,
        row.primary,
        " ".join(row.others),
        row.score,
        row.rule,
        int(row.confirmed),
        " ".join(row.places),
    ]


# Variables


def _fixed(codebook: Codebook, names: "_Names") -> Iterator[Variable]:
    outcomes = {n: codebook.label("outcome", one, _LANGUAGE) for n, one in enumerate(Outcome, 1)}
    for variable in (
        Variable(name="person", label="Person, ett slumpat nummer", width=_ID),
        Variable(name="stream", label="Källa", labels=_streams(codebook)),
        Variable(name="flow", label="Enkät", width=_CODE),
        Variable(name="flow_version", label="Enkätens version", width=16),
        Variable(name="channel", label="Svarssätt", width=16),
        Variable(name="language", label="Språk", width=8),
        Variable(name="place_code", label="Platskod", width=16),
        Variable(name="started_on", label="Började svara", is_date=True),
        Variable(name="outcome", label="Utfall", labels=outcomes),
        Variable(name="marked", label="Kanske samma person igen, eller en maskin", labels=_YES_NO),
    ):
        names.take(variable.name)
        yield variable


def _streams(codebook: Codebook) -> Mapping[int, str]:
    return {n: codebook.label("stream", one, _LANGUAGE) for n, one in enumerate(Stream, 1)}


def _column(copy: WorkingCopy, question: str, names: "_Names") -> _Column:
    asked = copy.asked.get(question, Asked(label=question))
    missing = {code: -number for number, code in enumerate(MISSING_ANSWERS, 1)}
    missing_labels = {number: copy.codebook.label("any", code, _LANGUAGE) for code, number in missing.items()}
    if asked.is_open:
        variable = Variable(
            name=names.take(question),
            label=asked.label,
            labels={1: "Har svarat", **missing_labels},
            missing=_MISSING,
        )
        return _Column(question=question, variables=(variable,), numbers={_ANSWERED: 1, **missing})
    choices = {entry.code: copy.codebook.label(entry.list, entry.code, _LANGUAGE)
               for name in asked.lists for entry in copy.codebook.entries(name)}  # fmt: skip
    if not choices:
        variable = Variable(name=names.take(question), label=asked.label, width=_CODES)
        return _Column(question=question, variables=(variable,), numbers={})
    numbers = {**{code: number for number, code in enumerate(choices, 1)}, **missing}
    if asked.is_several:
        variables = tuple(
            Variable(
                name=names.take(f"{question}_{code}"),
                label=f"{asked.label}: {label}",
                labels={**_YES_NO, **missing_labels},
                missing=_MISSING,
            )
            for code, label in choices.items()
        )
        return _Column(question=question, variables=variables, numbers=numbers, is_several=True)
    labels = {numbers[code]: label for code, label in choices.items()}
    variable = Variable(
        name=names.take(question),
        label=asked.label,
        labels={**labels, _OTHER: "Annat svar", **missing_labels},
        missing=_MISSING,
    )
    return _Column(question=question, variables=(variable,), numbers=numbers)


class _Names:
    """Names that SPSS takes, each once whatever its capitals."""

    def __init__(self) -> None:
        self._taken: set[str] = set(_RESERVED)

    def take(self, wanted: str) -> str:
        plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode()
        name = re.sub(r"[^A-Za-z0-9_]", "_", plain)[:58].rstrip("_")
        if not name[:1].isalpha():
            name = f"q{name}"
        number, found = 1, name
        while found.casefold() in self._taken:
            number, found = number + 1, f"{name}_{number + 1}"
        self._taken.add(found.casefold())
        return found
