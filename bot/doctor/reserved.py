"""Words that the provider takes for opting out, opting in or help, and that mean something in an open round."""

from collections.abc import Iterator
from functools import partial

from bot.doctor.finding import Finding, ok, warning
from bot.doctor.set_up import SetUp
from bot.services.surveys import Survey, build_survey
from flows import catalogue
from flows.answers import ReplyReader
from flows.commands import CommandReader
from flows.model import IN_OWN_WORDS, Flow
from flows.reading import Outcome

_BLOCKS = "blocks whoever writes it"
_ADMITS = "answers it as an opt-in"
_HELPS = "answers it with its own help"
PROVIDER_WORDS = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), _BLOCKS),
    **dict.fromkeys(("START", "YES", "UNSTOP"), _ADMITS),
    **dict.fromkeys(("HELP", "INFO"), _HELPS),
}
"""Twilio's default handling (its "Advanced Opt-Out" page)."""


def check_reserved_words(set_up: SetUp) -> Iterator[Finding]:
    """Asks our own readers what they make of each word: an answer, a command, or the beginning of a survey."""
    if set_up.database is None or not set_up.open_rounds:
        return
    with set_up.database.sessions.reading() as session:
        surveys = [build_survey(session, row) for row in set_up.open_rounds]
    commands = CommandReader(catalogue.words("commands"))
    replies = ReplyReader(partial(catalogue.words, "replies"))
    words: dict[tuple[str, str], list[str]] = {}
    for word, deed in PROVIDER_WORDS.items():
        meanings = sorted({m for survey in surveys for m in _meanings(survey, word, commands, replies)})
        if meanings:
            words.setdefault(("; ".join(meanings), deed), []).append(word)
    for (meaning, deed), alike in words.items():
        yield warning(
            f"{', '.join(alike)}: here {meaning}. By default the provider {deed}.",
            "Have the provider's default handling of opt-out words switched off for the number (its support does), "
            "or set up Advanced Opt-Out without what is an answer here.",
        )
    if not words:
        yield ok("No word that the provider keeps for itself means anything in an open round.")


def _meanings(survey: Survey, word: str, commands: CommandReader, replies: ReplyReader) -> Iterator[str]:
    if commands.is_start(word):
        yield "the word that begins, or lets us write again after STOP"
    elif survey.beginning(word):
        yield f"how a survey of round {survey.code} begins"
    for flow in survey.flows.values():
        for language in flow.languages:
            command = commands.read(word, language=language)
            if command is not None:
                yield f"the command {command.name.value}"
            else:
                yield from _answers(flow, word, language, replies)


def _answers(flow: Flow, word: str, language: str, replies: ReplyReader) -> Iterator[str]:
    answered = [
        question.name
        for question in flow.questions
        if question.kind not in IN_OWN_WORDS
        and replies.read(question, word, language, this_year=2000).outcome is Outcome.VALUE
    ]
    if answered:
        yield f"an answer to {', '.join(answered)} ({flow.stream})"
