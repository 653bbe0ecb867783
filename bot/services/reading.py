"""Reads a message before the engine sees it: command, safeguards, personal data, language, and what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from categories.coding import Coder, Coding
from categories.places import PlaceFinder, PlaceFound
from flows.hearing import CommandHearer
from flows.model import IN_OWN_WORDS, Question
from flows.noticing import SafeguardNoticer
from flows.reading import ReadMessage
from privacy.redaction import Redactor
from text.language import LanguageNoticer


@dataclass(frozen=True, kw_only=True, slots=True)
class CodedMessage:
    """A message that has been read, with the codings and places that belong to its answer if it is one."""

    message: ReadMessage
    codings: tuple[Coding, ...] = ()
    places: tuple[PlaceFound, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageReader:
    """The parts that read messages, each built once for the process."""

    commands: CommandHearer
    safeguards: SafeguardNoticer
    redactor: Redactor
    languages: LanguageNoticer
    coder: Coder

    def read(self, text: str, *, language: str, question: Question | None = None) -> ReadMessage:
        """Everything that can be said of a message without the database. `text` is cleaned, not redacted."""
        redacted = self.redactor.redact(text)
        return ReadMessage(
            text=redacted.text,
            command=self.commands.read(
                text, language=language, asked=question.kind if question is not None else None
            ),
            alarms=self.safeguards.notice(text),
            masked=redacted.masked,
        )

    def notice_language(self, text: str, among: Sequence[str]) -> str | None:
        """The language of a first message, if it is sure."""
        noticed = self.languages.notice(text, tuple(among))
        return noticed.language if noticed.sure else None

    def code(self, message: ReadMessage, question: Question, places: PlaceFinder) -> CodedMessage:
        """What an answer to an open question is about, and which known places it names."""
        if question.kind not in IN_OWN_WORDS:
            return CodedMessage(message=message)
        codings: tuple[Coding, ...] = ()
        if question.code_with:
            is_measure = question.role in ("wish", "measure")
            codings = self.coder.code(message.text, field="measure" if is_measure else "problem")
        found = tuple(places.find(message.text))
        return CodedMessage(
            message=replace(
                message,
                categories=tuple(coding.category for coding in codings),
                places=tuple(place.code for place in found),
            ),
            codings=codings,
            places=found,
        )
