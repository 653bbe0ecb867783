"""Commands inside a survey: help, language, undo, change, restart, skip, done. Stop and erase are in flows.alarms."""

from collections.abc import Collection

from flows.conversation import Conversation, Position, Status
from flows.events import Answered, ResultsRequested
from flows.model import Flow, Kind, Missing
from flows.path import next_position, path, previous_position
from flows.reading import CommandName
from flows.turning import Turning

INFORMING = {
    CommandName.HELP: "help",
    CommandName.INFO: "who_are_we",
    CommandName.TEST: "sender_test",
}

LANGUAGE_WORDS = {
    "sv": "SVENSKA",
    "en": "ENGLISH",
    "fi": "SUOMI",
    "ar": "ARABISKA",
    "so": "SOOMAALI",
    "no": "NORSK",
    "sma": "SAEMIEN",
}
"""What one writes to change to a language, in letters that cost no more than others in an SMS."""
NOTHING_AT_CONSENT = frozenset({CommandName.CONTINUE, CommandName.SKIP, CommandName.DONE})
"""At the question whether to begin these are a reply to it."""
_CHANGEABLE = frozenset({Status.ASKING, Status.WAITING, Status.FINISHED})


def obey(turning: Turning, command: CommandName, language: str) -> bool:
    """Carry out a command inside a survey. False where it means nothing here and is read as an answer."""
    if command in INFORMING:
        turning.say(INFORMING[command])
    elif command is CommandName.LANGUAGE:
        _change_language(turning, language)
    elif command is CommandName.RESULTS and turning.conversation.channel == "sms":
        turning.note(ResultsRequested()).say("results")
    elif turning.conversation.status is Status.RETURNING or (
        command in NOTHING_AT_CONSENT and _at_consent(turning)
    ):
        return False
    elif command is CommandName.CONTINUE:
        _continue(turning)
    elif command is CommandName.UNDO:
        _undo(turning)
    elif command is CommandName.RESTART:
        restart(turning)
    elif command is CommandName.SKIP:
        _skip(turning)
    elif command is CommandName.DONE:
        _be_done(turning)
    else:
        return False
    return True


def ask_whether(turning: Turning, command: CommandName) -> None:
    """Whether to stop or to erase, or whether it was an answer. The question counts as asked again."""
    tries = turning.conversation.tries + 1
    turning.become(asked_back=command.value, tries=tries).say(f"{command.value}_or_answer")


def _at_consent(turning: Turning) -> bool:
    at = turning.conversation.at
    return at is not None and turning.flow.question(at.question).kind is Kind.CONSENT


def _change_language(turning: Turning, language: str) -> None:
    if language not in turning.flow.languages:
        say_languages(turning, turning.flow.languages)
        return
    turning.become(language=language)
    if turning.conversation.status is Status.RETURNING:
        turning.say("already_answered")
    else:
        turning.continue_survey()


def say_languages(turning: Turning, offered: Collection[str]) -> None:
    """The language asked for is none of these: each by the word that chooses it."""
    turning.say("language_not_offered", SPRÅK=", ".join(LANGUAGE_WORDS.get(code, code) for code in offered))


def _continue(turning: Turning) -> None:
    """While an earlier answer is changed: keep it as it was."""
    at = turning.conversation.at
    if turning.conversation.changing and at in turning.conversation.answers:
        turning.go_on()
    else:
        turning.continue_survey()


def may_change(flow: Flow, conversation: Conversation, position: Position) -> bool:
    """Whether there is an answer at `position` that can be given anew."""
    return (
        conversation.status in _CHANGEABLE
        and position in conversation.answers
        and position in path(flow, conversation)
    )


def change(turning: Turning, position: Position) -> None:
    """Ask an earlier question again: its answer stands until there is another. Then on to what has none."""
    if may_change(turning.flow, turning.conversation, position):
        turning.become(changing=True).go_to(position)


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
    turning.become(changing=False).go_to(first)


def _skip(turning: Turning) -> None:
    at = turning.conversation.at
    if at is not None:
        turning.answer(Answered(position=at, value=Missing.SKIPPED))
        turning.go_on()


def _be_done(turning: Turning) -> None:
    """ "Klar": out of a repeat, or else to the end. What was left out is not come back to."""
    at = turning.conversation.at
    if at is None:
        return
    turning.become(changing=False)
    repeat = turning.flow.question(at.question).repeat
    if not repeat:
        turning.go_to(None)
        return
    last = next(q.name for q in reversed(turning.flow.questions) if q.repeat == repeat)
    turning.go_to(next_position(turning.flow, turning.conversation, Position(last, at.repeat)))
