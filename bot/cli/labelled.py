"""How the program would read a labelled row, as a label. Builds the shipped readers; counts and prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.services.evaluation import CATEGORY_SEPARATOR, Read, Row
from bot.services.labelled_files import BadTableError
from flows.reading import Alarm, Command, CommandName, Safeguard
from text.normalising import clean

if TYPE_CHECKING:
    from bot.services.reading import MessageReader

STATES = ("idle", "closed_question", "open_question")
"""Where the conversation stands when a message arrives: not in a survey, or at a question of either kind."""


def reply_reader(*, this_year: int) -> Read:
    """Reads a reply against the question that its row describes."""
    from flows.answers import ReplyReader
    from flows.labelled import question_from_options, reading_as_label

    from flows import catalogue

    replies = ReplyReader(catalogue.words("replies"))

    def read(row: Row) -> str:
        question = question_from_options(row["question_kind"], row["options"], row["language"])
        reading = replies.read(question, row["reply"], language=row["language"], this_year=this_year)
        return reading_as_label(reading, question)

    return read


def message_reader() -> Read:
    """Reads a whole message in the engine's order: stop and erase, safeguards, other commands, the answer."""
    from bot.wiring import load_reader

    reader = load_reader()

    def read(row: Row) -> str:
        if row["state"] not in STATES:
            raise BadTableError(
                f"row {row['id']}: state is {row['state']!r}. Write one of {', '.join(STATES)}."
            )
        return _message_label(reader, row)

    return read


def coding_reader() -> Read:
    """Codes an answer to the question what the problem is."""
    from bot.wiring import load_reader

    coder = load_reader().coder

    def read(row: Row) -> str:
        codings = coder.code(clean(row["text"]), field="problem")
        return CATEGORY_SEPARATOR.join(coding.category for coding in codings)

    return read


def language_reader(*, among: tuple[str, ...], only_sure: bool) -> Read:
    """Notices the language of a text among those offered; ``none`` where it notices none."""
    from bot.wiring import load_reader

    noticer = load_reader().languages

    def read(row: Row) -> str:
        noticed = noticer.notice(clean(row["text"]), among)
        return noticed.language or "none" if noticed.sure or not only_sure else "none"

    return read


def _message_label(reader: MessageReader, row: Row) -> str:
    text = clean(row["text"])
    command = reader.commands.read(
        text, language=row["language"], at_start=False, open_question=row["state"] == "open_question"
    )
    if command and command.name in (CommandName.STOP, CommandName.ERASE):
        return command.name.value
    alarms = reader.safeguards.notice(text)
    if alarms:
        return _alarm_label(alarms[0])
    if command:
        return _command_label(command)
    return "out_of_survey" if row["state"] == "idle" else "answer"


def _alarm_label(alarm: Alarm) -> str:
    return Safeguard.CHILD.value if alarm.safeguard is Safeguard.UNDER_AGE else alarm.safeguard.value


def _command_label(command: Command) -> str:
    if command.name is CommandName.LANGUAGE:
        return f"{command.name.value}:{command.language}"
    return command.name.value
