"""Runs a flow: `start` and `resume` take a state and a message that has been read, and return a Turn.

Never does I/O, never raises for what a person wrote. Order of looking at a message: stop and erase, safeguards
(flows.alarms), other commands (flows.obeying), and last the answer to the question that was asked (flows.taking).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from flows import joining, obeying
from flows.alarms import answer_alarm, answer_anywhere, obey_order, outweighed, unless_answered
from flows.answers import ReplyReader
from flows.conversation import Conversation, Position, Status
from flows.events import Event, ResultsRequested, Turn
from flows.model import Choice, Flow, Kind, Question
from flows.obeying import INFORMING, ask_whether, obey
from flows.path import next_position
from flows.reading import CommandName, ReadMessage
from flows.taking import take, whose_turn
from flows.turning import Turning

ALREADY_ANSWERED = Question(
    name="already_answered",
    kind=Kind.SINGLE,
    label={},
    choices=(
        Choice(
            name="change",
            key="1",
            label={"sv": "Ändra mina svar", "en": "Change my answers"},
            synonyms={"sv": ("ändra", "ändra svar"), "en": ("change", "change answers")},
        ),
        Choice(
            name="another",
            key="2",
            label={"sv": "En annan person svarar nu", "en": "Another person answers now"},
            synonyms={"sv": ("annan", "annan person", "en annan"), "en": ("another", "another person")},
        ),
    ),
)
_WHETHER_TO_STOP = Question(
    name="stop_or_answer",
    kind=Kind.YESNO,
    label={},
    choices=(
        Choice(name="yes", key="", label={"sv": "Ja", "en": "Yes"}),
        Choice(name="no", key="", label={"sv": "Nej", "en": "No"}),
    ),
)
_NO_FLOW = Flow(id="", version="", title={}, stream="", languages=("sv",), questions=())


def start(flow: Flow, *, language: str, channel: str, given: Mapping[str, str]) -> Turn:
    """A new conversation and its first question. `given` fills hidden questions (place_code, round settings)."""
    conversation = Conversation(
        flow=flow.id,
        version=flow.version,
        language=language if language in flow.languages else flow.default_language,
        channel=channel,
        given={**given, "channel": channel},
    )
    return Turning(flow, conversation).go_to(next_position(flow, conversation, None)).turn()


def welcome_back(flow: Flow, conversation: Conversation) -> Turn:
    """The keyword came again: an open survey goes on, a finished one asks whose turn it is."""
    turning = _turning(flow, conversation)
    if conversation.at is None:
        return turning.become(status=Status.RETURNING, tries=0).say("already_answered").turn()
    if conversation.status is Status.REFUSED:
        return turning.become(status=Status.ASKING, tries=0).go_to(conversation.at).turn()
    return turning.continue_survey().turn()


def resume(
    flow: Flow, conversation: Conversation, message: ReadMessage, *, reader: ReplyReader, this_year: int
) -> Turn:
    """What follows from one message in an open conversation. `this_year` turns birth years into ages."""
    turning = _turning(flow, conversation)
    question = flow.question(conversation.at.question) if conversation.at else None
    if question is not None and (message.alarms or (message.command is not None and message.command.learned)):
        reading = reader.read(question, message.text, turning.language, this_year=this_year)
        alarms = outweighed(message.alarms, question, reading)
        message = replace(message, alarms=alarms, command=unless_answered(message.command, question, reading))
    if answer_anywhere(turning, message):
        return turning.turn()
    if message.command is not None and not message.command.sure:
        ask_whether(turning, message.command.name)
        return turning.turn()
    yes_is_no_answer = question is None or question.kind is not Kind.YESNO
    if (
        conversation.asked_back
        and yes_is_no_answer
        and _says_yes(message, turning.language, reader, this_year)
    ):
        obey_order(turning, CommandName(conversation.asked_back))
        return turning.turn()
    if message.command is not None and obey(turning, message.command.name, message.command.language):
        return turning.turn()
    if conversation.status is Status.RETURNING:
        whose_turn(
            turning, reader.read(ALREADY_ANSWERED, message.text, turning.language, this_year=this_year)
        )
    elif question is not None:
        reading = reader.read(question, message.text, turning.language, this_year=this_year)
        take(turning, question, reading, message)
    return turning.turn()


def _says_yes(message: ReadMessage, language: str, reader: ReplyReader, this_year: int) -> bool:
    """To "do you want to stop?": a yes and no more, for what has more words is the answer that was asked for."""
    reading = reader.read(_WHETHER_TO_STOP, message.text, language, this_year=this_year)
    return reading.values == ("yes",) and not reading.remark


def change(flow: Flow, conversation: Conversation, position: Position) -> Turn:
    """Ask again what was answered at `position`. Nothing happens where `may_change` says no."""
    turning = _turning(flow, conversation)
    obeying.change(turning, position)
    return turning.turn()


def carry_on(flow: Flow, conversation: Conversation, *, channel: str) -> Turn:
    """The survey goes on in another channel: the same questions, since the value that they see stays as it began."""
    turning = _turning(flow, conversation)
    return turning.become(channel=channel).say("transferred").continue_survey().turn()


def extend(
    flow: Flow, conversation: Conversation, position: Position, *, whole: ReadMessage, added: ReadMessage
) -> Turn:
    """A further text to an open question that was left: `whole` is all of its answer, `added` is what is new."""
    turning = _turning(flow, conversation)
    joining.extend(turning, position, whole=whole, added=added)
    return turning.turn()


def fill_in(
    flow: Flow,
    conversation: Conversation,
    position: Position,
    message: ReadMessage,
    *,
    reader: ReplyReader,
    this_year: int,
) -> Turn | None:
    """The answer to a closed question that was left without one. None where the message is no answer to it."""
    turning = _turning(flow, conversation)
    question = flow.question(position.question)
    reading = reader.read(question, message.text, turning.language, this_year=this_year)
    return turning.turn() if joining.fill_in(turning, position, reading, message) else None


def hear_alarm(flow: Flow, conversation: Conversation, message: ReadMessage) -> Turn:
    """Danger told before the question that waits was asked: nothing is withheld from that."""
    turning = _turning(flow, conversation)
    answer_alarm(turning, message, None)
    return turning.turn()


def answer_outside(message: ReadMessage, *, language: str, offered: Collection[str]) -> tuple[Event, ...]:
    """What is said to a message outside any open conversation: never a survey question. `offered` are the languages
    that there is anything to say in."""
    nowhere = Conversation(flow="", version="", language=language, channel="", status=Status.FINISHED)
    turning = Turning(_NO_FLOW, nowhere)
    if answer_anywhere(turning, message):
        return turning.turn().events
    command = message.command.name if message.command else None
    if command in (CommandName.STOP, CommandName.ERASE):
        return turning.say(f"{command}_or_answer").turn().events
    if message.command is not None and command is CommandName.LANGUAGE:
        if message.command.language not in offered:
            obeying.say_languages(turning, offered)
            return turning.turn().events
        turning.become(language=message.command.language)
    if command in INFORMING:
        turning.say(INFORMING[command])
    elif command is CommandName.RESULTS:
        turning.note(ResultsRequested()).say("results")
    else:
        turning.say("unknown_message")
    return turning.turn().events


def _turning(flow: Flow, conversation: Conversation) -> Turning:
    """The next turn: what follows a text in seconds is known by that nothing else came between."""
    return Turning(flow, replace(conversation, after_text=None) if conversation.after_text else conversation)
