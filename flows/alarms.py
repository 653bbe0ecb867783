"""What is answered in every state, before anything else: stop, erase, and the safeguards in their order."""

from flows.conversation import Status
from flows.events import Answered, EraseRequested, SafeguardAnswered, Stopped, UnderAgeFound
from flows.model import Kind, Missing, Question
from flows.reading import Alarm, CommandName, Outcome, Reading, ReadMessage, Safeguard
from flows.turning import Turning

_WITHOUT_CATEGORY = frozenset({Safeguard.SUICIDE, Safeguard.THREAT, Safeguard.CHILD})


_BY_NUMBER = frozenset({"number", "number_word"})
_NEVER_REMIND = frozenset({Safeguard.SUICIDE, Safeguard.DOMESTIC, Safeguard.CHILD})


def answer_anywhere(turning: Turning, message: ReadMessage) -> bool:
    """Stop, erase and the safeguards: answered in every state. Whether one of them was."""
    command = message.command.name if message.command else None
    if command is CommandName.STOP and not _may_be_the_answer(turning, message):
        stop(turning)
        return True
    if command is CommandName.ERASE:
        turning.become(status=Status.ERASED, answers={}, at=None).note(EraseRequested()).say("erased")
        return True
    alarm = message.alarms[0].safeguard if message.alarms else None
    if alarm is None or alarm is Safeguard.CRIME_REPORT:
        return False
    _answer_alarm(turning, alarm, message)
    return True


def outweighed(alarms: tuple[Alarm, ...], question: Question, reading: Reading) -> tuple[Alarm, ...]:
    """Without an age under 15 where the reply to the question that was asked tells otherwise.

    "Femman" is a school year, but as the whole reply to a closed question it is the choice of that number; and an
    age of 15 or more, read at the question for it, is that.
    """
    by_number = reading.how in _BY_NUMBER and not reading.remark
    if reading.outcome is not Outcome.VALUE or not (by_number or question.kind is Kind.AGE):
        return alarms
    return tuple(alarm for alarm in alarms if alarm.safeguard is not Safeguard.UNDER_AGE)


def stop(turning: Turning) -> None:
    turning.become(status=Status.STOPPED).note(Stopped()).say("stopped")


def _may_be_the_answer(turning: Turning, message: ReadMessage) -> bool:
    """Asked back once at a question; the second time, and wherever no question waits, it is a STOP."""
    is_sure = message.command is None or message.command.sure
    return not is_sure and turning.conversation.is_open and not turning.conversation.stop_asked


def _answer_alarm(turning: Turning, alarm: Safeguard, message: ReadMessage) -> None:
    """One safeguard text; the survey waits. An age under 15, once stated, ends it and takes the answers away."""
    stated_under_age = any(a.safeguard is Safeguard.UNDER_AGE for a in message.alarms)
    if stated_under_age:
        end_for_age(turning, alarm.value if alarm is not Safeguard.UNDER_AGE else "under_age", alarm)
        return
    at = turning.conversation.at
    if at is not None and turning.flow.question(at.question).kind in (Kind.OPEN, Kind.PLACE):
        coded = alarm not in _WITHOUT_CATEGORY
        turning.answer(Answered(position=at, value=Missing.WITHHELD, coded=coded), message if coded else None)
    if turning.conversation.is_open:
        turning.become(status=Status.WAITING)
    if alarm in _NEVER_REMIND:
        turning.become(no_reminder=True)
    turning.note(SafeguardAnswered(safeguard=alarm)).say(alarm.value)


def end_for_age(turning: Turning, text: str, safeguard: Safeguard) -> None:
    turning.become(status=Status.UNDER_AGE, answers={}, at=None)
    turning.note(UnderAgeFound()).note(SafeguardAnswered(safeguard=safeguard)).say(text)
