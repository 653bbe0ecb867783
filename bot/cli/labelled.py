"""How the program would read a labelled row, as a label. Builds the shipped readers; counts and prints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.services.evaluation import CATEGORY_SEPARATOR, Read, Row
from bot.services.labelled_files import BadTableError
from flows.model import Kind
from flows.obeying import NOTHING_AT_CONSENT
from flows.reading import Alarm, Command, CommandName, ReadMessage, Safeguard
from text.normalising import clean

if TYPE_CHECKING:
    from bot.services.reading import MessageReader

STATES = {"idle": None, "closed_question": Kind.SINGLE, "open_question": Kind.OPEN}
"""Where the conversation stands when a message arrives: not in a survey, or at a question of this kind."""
ASK = "ask"
"""For an instruction that may as well be the answer: the engine asks back."""
_COMMANDS_IN_REPLIES = {
    CommandName.ERASE: "cmd:delete",
    CommandName.UNDO: "cmd:back",
    CommandName.HELP: "unclear",
    CommandName.INFO: "unclear",
}
_SAFEGUARDS_IN_REPLIES = {Safeguard.UNDER_AGE: "under_15", Safeguard.CRIME_REPORT: None}
"""Telling of a crime does not keep a reply from being an answer."""


def reply_reader(*, this_year: int) -> Read:
    """Reads a reply to the question that its row describes: a command, a safeguard, or else an answer."""
    from bot.services.shipped import load_reader
    from flows import catalogue
    from flows.alarms import outweighed, unless_answered
    from flows.answers import ReplyReader
    from flows.labelled import question_from_options, reading_as_label

    reader = load_reader()
    replies = ReplyReader(partial(catalogue.words, "replies"))

    def read(row: Row) -> str:
        try:
            question = question_from_options(row["question_kind"], row["options"], row["language"])
        except KeyError:
            raise BadTableError(
                f"row {row['id']}: no question_kind is called {row['question_kind']!r}."
            ) from None
        text = clean(row["reply"])
        redacted = reader.redactor.redact(text).text
        reading = replies.read(question, redacted, row["language"], this_year=this_year)
        alarms = outweighed(tuple(reader.safeguards.notice(text)), question, reading)
        command = unless_answered(
            reader.commands.read(text, language=row["language"], asked=question.kind), question, reading
        )
        before = _before_the_answer(command, question.kind, alarms)
        return before or reading_as_label(question, reading)

    return read


def message_reader() -> Read:
    """Reads a whole message in the engine's order: stop and erase, safeguards, other commands, the answer."""
    from bot.services.shipped import load_reader

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
    from bot.services.shipped import load_reader

    coder = load_reader().coder

    def read(row: Row) -> str:
        codings = coder.code(clean(row["text"]), field="problem")
        return CATEGORY_SEPARATOR.join(coding.category for coding in codings)

    return read


def language_reader(*, among: tuple[str, ...], only_sure: bool) -> Read:
    """Notices the language of a text among those offered; ``none`` where it notices none."""
    from bot.services.shipped import load_reader

    noticer = load_reader().languages

    def read(row: Row) -> str:
        noticed = noticer.notice(clean(row["text"]), among)
        return noticed.language or "none" if noticed.sure or not only_sure else "none"

    return read


def _before_the_answer(command: Command | None, kind: Kind, alarms: Sequence[Alarm]) -> str | None:
    """What goes before a reply's reading, in the words of labelled replies; None for an answer."""
    seen = _seen(command, alarms)
    if isinstance(seen, Alarm):
        return _SAFEGUARDS_IN_REPLIES.get(seen.safeguard, seen.safeguard.value)
    if seen is None or (kind is Kind.CONSENT and seen.name in NOTHING_AT_CONSENT):
        return None
    if not seen.sure:
        return ASK
    if seen.name is CommandName.LANGUAGE:
        return f"cmd:lang:{seen.language}"
    return _COMMANDS_IN_REPLIES.get(seen.name, f"cmd:{seen.name.value}")


def _message_label(reader: MessageReader, row: Row) -> str:
    text = clean(row["text"])
    command = reader.commands.read(text, language=row["language"], asked=STATES[row["state"]])
    seen = _seen(command, reader.safeguards.notice(text))
    if isinstance(seen, Alarm):
        return "child" if seen.safeguard is Safeguard.UNDER_AGE else seen.safeguard.value
    if row["state"] == "idle" and reader.commands.is_start(text):
        return CommandName.START.value
    if seen is None:
        return "out_of_survey" if row["state"] == "idle" else "answer"
    if not seen.sure:
        return ASK
    return f"language:{seen.language}" if seen.name is CommandName.LANGUAGE else seen.name.value


def _seen(command: Command | None, alarms: Sequence[Alarm]) -> Command | Alarm | None:
    """The one that the engine would act on."""
    order = ReadMessage(text="", command=command, alarms=tuple(alarms)).order
    return order or (alarms[0] if alarms else command)
