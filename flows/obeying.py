"""Commands inside a survey: help, language, undo, restart, skip, done. Stop and erase are in flows.alarms."""

from flows.conversation import Position, Status
from flows.events import Answered, ResultsRequested
from flows.model import Kind, Missing
from flows.path import next_position, previous_position
from flows.reading import CommandName
from flows.turning import Turning

INFORMING = {
    CommandName.HELP: "help",
    CommandName.INFO: "who_are_we",
    CommandName.TEST: "sender_test",
}


def obey(turning: Turning, command: CommandName, language: str) -> bool:
    """Carry out a command inside a survey. False where it means nothing here and is read as an answer."""
    if command in INFORMING:
        turning.say(INFORMING[command])
    elif command is CommandName.LANGUAGE:
        _change_language(turning, language)
    elif command is CommandName.RESULTS and turning.conversation.channel == "sms":
        turning.note(ResultsRequested()).say("results")
    elif turning.conversation.status is Status.RETURNING:
        return False
    elif command is CommandName.CONTINUE and not _at_consent(turning):
        turning.continue_survey()
    elif command is CommandName.UNDO:
        _undo(turning)
    elif command is CommandName.RESTART:
        restart(turning)
    elif command is CommandName.SKIP and not _at_consent(turning):
        _skip(turning)
    elif command is CommandName.DONE and not _at_consent(turning):
        _be_done(turning)
    else:
        return False
    return True


def _at_consent(turning: Turning) -> bool:
    at = turning.conversation.at
    return at is not None and turning.flow.question(at.question).kind is Kind.CONSENT


def _change_language(turning: Turning, language: str) -> None:
    if language not in turning.flow.languages:
        turning.say("language_not_offered")
        return
    turning.become(language=language)
    if turning.conversation.status is Status.RETURNING:
        turning.say("already_answered")
    else:
        turning.continue_survey()


def _undo(turning: Turning) -> None:
    before = previous_position(turning.flow, turning.conversation)
    if before is None:
        turning.say("nothing_to_undo")
    else:
        turning.go_to(before)


def restart(turning: Turning) -> None:
    """From the first real question; earlier answers stand until they are answered again."""
    flow, conversation = turning.flow, turning.conversation
    first = next_position(flow, conversation, None)
    if first is not None and flow.question(first.question).kind is Kind.CONSENT:
        first = next_position(flow, conversation, first)
    turning.go_to(first)


def _skip(turning: Turning) -> None:
    at = turning.conversation.at
    if at is not None:
        turning.answer(Answered(position=at, value=Missing.SKIPPED))
        turning.go_on()


def _be_done(turning: Turning) -> None:
    """ "Klar": out of a repeat, or else to the end."""
    at = turning.conversation.at
    if at is None:
        return
    repeat = turning.flow.question(at.question).repeat
    if not repeat:
        turning.go_to(None)
        return
    last = next(q.name for q in reversed(turning.flow.questions) if q.repeat == repeat)
    turning.go_to(next_position(turning.flow, turning.conversation, Position(last, at.repeat)))
