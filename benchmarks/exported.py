"""A process that writes one file and tells what it took: `python -m benchmarks.exported WHAT PERSONS`."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO

from xlsxwriter import Workbook

from benchmarks.counted import Run, peak_mib
from bot.services.codebooks import flow_entries
from bot.services.shipped import load_player
from flows.catalogue import load_document
from flows.model import Flow
from summary.codebook import Codebook
from summary.exporters.working_copy import (
    WorkingCopy,
    write_answers_csv,
    write_json,
    write_persons_csv,
    write_xlsx,
)
from summary.exporters.working_copy_sav import write_answers_sav, write_persons_sav
from summary.rows import AnswerRow, Outcome, PersonRow, Stream

TEXT = "Folk kör för fort förbi skolan på morgonen, och vid övergången är det mörkt så att ingen syns."
_QUESTIONS = 15


def main(what: str, persons: int) -> None:
    copy = _copy(persons)
    write = _WRITERS[what]
    with TemporaryFile() as stream:
        before_mib, started = peak_mib(), time.perf_counter()
        write(copy, stream)
        seconds = time.perf_counter() - started
    print(json.dumps(asdict(Run(seconds=seconds, before_mib=before_mib, peak_mib=peak_mib()))))


def _copy(persons: int) -> WorkingCopy:
    """So many residents with answers to fifteen questions, two of them in their own words."""
    from bot.cli.demo import demonstration_round
    from bot.services.reporting import question_columns

    document = demonstration_round()
    flow: Flow = load_player(load_document("residents").document, document, today=document.opens_on).flow
    columns = question_columns((flow,), 1)
    asked = dict(list(columns.items())[:_QUESTIONS])
    codebook = Codebook(flow_entries([flow]))
    values = {name: _value(codebook, column.lists) for name, column in asked.items()}
    return WorkingCopy(
        municipality="Åre kommun",
        round="Medborgarlöften",
        made_on=date(2026, 11, 2),
        questions=tuple(asked),
        asked=asked,
        codebook=codebook,
        persons=map(partial(_person, values), range(persons)),
        answers=(answer for number in range(persons) for answer in _answers(number)),
    )


def _value(codebook: Codebook, lists: tuple[str, ...]) -> str:
    return next((entry.code for name in lists for entry in codebook.entries(name)), "answered")


def _person(values: dict[str, str], number: int) -> PersonRow:
    return PersonRow(
        person=f"{number * 7_919_777:019}",
        stream=Stream.RESIDENTS,
        flow="residents",
        flow_version="1",
        channel="sms",
        language="sv",
        place_code="BIBLIO34",
        started_on=date(2026, 9, 7),
        outcome=Outcome.COMPLETE,
        answers=values,
    )


def _answers(number: int) -> Iterator[AnswerRow]:
    for question in ("problem", "wish"):
        yield AnswerRow(
            answer=f"{number * 7_919_778:019}",
            person=f"{number * 7_919_777:019}",
            stream=Stream.RESIDENTS,
            question=question,
            repeat=0,
            text=f"{TEXT} {number}",
            primary="traffic_offences",
            others=("traffic_environment",),
            score=0.9,
            rule="stem:kör fort",
        )


def _bare(copy: WorkingCopy, stream: BinaryIO) -> None:
    """The same cells by the library alone: no styles, nothing looked at."""
    book = Workbook(stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    persons, answers = book.add_worksheet(), book.add_worksheet()
    for at, row in enumerate(copy.persons):
        fixed = (
            row.person,
            row.stream.value,
            row.flow,
            row.flow_version,
            row.channel,
            row.language,
            row.place_code,
        )
        for column, text in enumerate((*fixed, "2026-09-07", "complete", "0", *row.answers.values())):
            persons.write_string(at, column, text)
    for at, one in enumerate(copy.answers):
        shown = (one.answer, one.person, one.stream.value, one.question, "0", one.text, one.primary)
        for column, text in enumerate((*shown, one.others[0], "0.9", one.rule, "0")):
            answers.write_string(at, column, text)
    book.close()


def _both(*writers: Callable[[WorkingCopy, BinaryIO], None]) -> Callable[[WorkingCopy, BinaryIO], None]:
    def write(copy: WorkingCopy, stream: BinaryIO) -> None:
        for writer in writers:
            with TemporaryFile() as own:
                writer(copy, own)

    return write


_WRITERS: dict[str, Callable[[WorkingCopy, BinaryIO], None]] = {
    "xlsx": write_xlsx,
    "csv": _both(write_persons_csv, write_answers_csv),
    "json": write_json,
    "sav": _both(write_persons_sav, write_answers_sav),
    "bare": _bare,
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
