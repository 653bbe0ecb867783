"""What is answered in every state, before anything else: stop, erase, and the safeguards in their order."""

from flows.conversation import Conversation, Position, Status
from flows.distress import LEARNED
from flows.events import Answered, EraseRequested, SafeguardAnswered, Stopped, UnderAgeFound
from flows.model import IN_OWN_WORDS, Kind, Missing, Question
from flows.reading import Alarm, Command, CommandName, Outcome, Reading, ReadMessage, Safeguard
from flows.turning import Turning

_WITHOUT_CATEGORY = frozenset({Safeguard.SUICIDE, Safeguard.THREAT, Safeguard.CHILD})


_COUNTING = frozenset({Kind.NUMBER, Kind.NUMBERS})
"""Who answers these with an age has not understood them, or is a child."""
_BY_NUMBER = frozenset({"number", "number_word"})
_NEVER_REMIND = frozenset({Safeguard.SUICIDE, Safeguard.DOMESTIC, Safeguard.CHILD})


def answer_anywhere(turning: Turning, message: ReadMessage) -> bool:
    """Stop, erase and the safeguards: answered in every state. Whether one of them was.

    What tells of danger is withheld from the question that waits, if that is an open one.
    """
    order = message.order
    if order is not None and not _is_asked_back(turning.conversation, order):
        obey_order(turning, order.name)
        return True
    return answer_alarm(turning, message, turning.conversation.at)


def answer_alarm(
    turning: Turning, message: ReadMessage, at: Position | None, *, extends: bool = False
) -> bool:
    """One safeguard text; the survey waits. An age under 15, once stated, ends it and takes the answers away.

    `at` is the question that the message belongs to, None for none that is known; with `extends` it holds what stood
    there. False where nothing but a crime is told, which never blocks the answer.
    """
    alarm = message.alarms[0].safeguard if message.alarms else None
    if alarm is None or alarm is Safeguard.CRIME_REPORT:
        return False
    stated_under_age = any(a.safeguard is Safeguard.UNDER_AGE for a in message.alarms)
    if stated_under_age:
        end_for_age(turning, alarm.value if alarm is not Safeguard.UNDER_AGE else "under_age", alarm)
        return True
    if at is not None and turning.flow.question(at.question).kind in IN_OWN_WORDS:
        coded = alarm not in _WITHOUT_CATEGORY
        withheld = Answered(position=at, value=Missing.WITHHELD, coded=coded, extends=extends)
        turning.answer(withheld, message if coded else None)
    if turning.conversation.is_open and turning.conversation.at is not None:
        turning.become(status=Status.WAITING)
    if alarm in _NEVER_REMIND:
        turning.become(no_reminder=True)
    turning.note(SafeguardAnswered(safeguard=alarm)).say(alarm.value)
    return True


def outweighed(alarms: tuple[Alarm, ...], question: Question, reading: Reading) -> tuple[Alarm, ...]:
    """The alarms of a reply without those that its reading as an answer to the closed question speaks against.

    "Femman" is a school year, but as the whole reply it is the choice of that number; and an age of 15 or more, read
    at the question for it, is that. A reply that is a choice and nothing else only sounds like distress to the
    learned layer. What a rule names stays.
    """
    if question.kind in IN_OWN_WORDS or reading.outcome is not Outcome.VALUE:
        return alarms
    is_alone = not reading.remark
    is_choice = is_alone and reading.how in _BY_NUMBER and question.kind not in _COUNTING
    is_age = question.kind is Kind.AGE or is_choice
    return tuple(
        alarm
        for alarm in alarms
        if not (is_age and alarm.safeguard is Safeguard.UNDER_AGE)
        and not (is_alone and alarm.rule.startswith(LEARNED))
    )


def unless_answered(command: Command | None, question: Question, reading: Reading) -> Command | None:
    """The command of a reply, but where only the learned layer heard one and it answers the closed question."""
    is_answer = question.kind not in IN_OWN_WORDS and reading.outcome is Outcome.VALUE
    return None if command is not None and command.learned and is_answer else command


def obey_order(turning: Turning, order: CommandName) -> None:
    """STOP or ERASE."""
    if order is CommandName.STOP:
        turning.become(status=Status.STOPPED).note(Stopped()).say("stopped")
    else:
        turning.become(status=Status.ERASED, answers={}, at=None).note(EraseRequested()).say("erased")


def _is_asked_back(conversation: Conversation, order: Command) -> bool:
    """Where the writer is not sure to mean it: once at a question that was not asked again, and where none waits."""
    return not order.sure and (not conversation.is_open or conversation.tries == 0)


def end_for_age(turning: Turning, text: str, safeguard: Safeguard) -> None:
    turning.become(status=Status.UNDER_AGE, answers={}, at=None)
    turning.note(UnderAgeFound()).note(SafeguardAnswered(safeguard=safeguard)).say(text)
