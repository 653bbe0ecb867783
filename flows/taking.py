"""Takes a reply as the answer to the question that was asked: kept, asked for again once, or kept as text."""

from collections.abc import Mapping

from flows.alarms import end_for_age
from flows.conditions import compile_expression
from flows.conversation import ANSWERED, Position, Status
from flows.events import AnotherPersonBegan, Answered, SafeguardAnswered
from flows.model import IN_OWN_WORDS, Kind, Missing, Question
from flows.obeying import restart
from flows.path import variables
from flows.reading import Outcome, Reading, ReadMessage, Safeguard
from flows.turning import Turning

MOST_TRIES = 2
"""A reply is asked for again once; the second that is not understood is kept as text and the survey goes on."""


def take(turning: Turning, question: Question, reading: Reading, message: ReadMessage) -> None:
    """Take a reply as the answer to the question asked."""
    speak_of_the_message(turning, message)
    if question.kind is Kind.CONSENT:
        _take_consent(turning, reading)
    elif reading.outcome is Outcome.UNDER_AGE:
        _take_age_under_15(turning)
    elif reading.outcome is Outcome.UNCLEAR or not _is_allowed_here(turning, question, reading):
        _take_unclear(turning, question, reading, message)
    else:
        _take_answer(turning, question, reading, message)


def whose_turn(turning: Turning, reading: Reading) -> None:
    if reading.values == ("change",):
        turning.become(status=Status.ASKING)
        restart(turning)
    elif reading.values == ("another",):
        turning.become(status=Status.FINISHED).note(AnotherPersonBegan())
    elif turning.conversation.tries == 0:
        turning.become(tries=1).say("already_answered")
    else:
        turning.become(status=Status.FINISHED, tries=0).say("unknown_message")


def speak_of_the_message(turning: Turning, message: ReadMessage) -> None:
    """S2 for a crime that is told, else once S6 for masked personal data. One of them at the most."""
    if message.alarms:
        turning.note(SafeguardAnswered(safeguard=Safeguard.CRIME_REPORT)).say(Safeguard.CRIME_REPORT.value)
    elif message.masked and not turning.conversation.masked_told:
        turning.become(masked_told=True).say("secrecy" if turning.flow.stream == "employees" else "masked")


def _take_consent(turning: Turning, reading: Reading) -> None:
    """A start signal. No means no; who writes something else twice wants to take part."""
    if reading.outcome is Outcome.REFUSED or reading.values == ("no",):
        turning.become(status=Status.REFUSED).say("refused")
    elif reading.outcome is Outcome.VALUE or turning.conversation.tries + 1 >= MOST_TRIES:
        turning.go_on()
    else:
        turning.become(tries=1).say("start_again")


def _take_age_under_15(turning: Turning) -> None:
    """Asked once more, since "4 år" may be a slip; the second time the survey ends (domain: R12, S5b)."""
    if turning.conversation.tries + 1 < MOST_TRIES:
        turning.become(tries=turning.conversation.tries + 1).say("age_again")
    else:
        end_for_age(turning, "under_age", Safeguard.UNDER_AGE)


def _is_allowed_here(turning: Turning, question: Question, reading: Reading) -> bool:
    at = turning.conversation.at
    return is_allowed(turning, question, reading, at.repeat if at else 0)


def is_allowed(turning: Turning, question: Question, reading: Reading, repeat: int) -> bool:
    """Whether the value that was read keeps the question's constraint."""
    if not question.constraint or reading.outcome is not Outcome.VALUE:
        return True
    values = variables(turning.flow, turning.conversation, repeat)
    return all(compile_expression(question.constraint).holds(values, current=v) for v in reading.values)


def _take_answer(turning: Turning, question: Question, reading: Reading, message: ReadMessage) -> None:
    at = turning.conversation.at
    if at is None:
        return
    answered = as_answer(at, question, reading, message)
    turning.answer(answered, message).go_on()
    if answered.value == ANSWERED:
        turning.become(after_text=at)


def as_answer(position: Position, question: Question, reading: Reading, message: ReadMessage) -> Answered:
    """A reply that was understood, as the answer to the question at `position`."""
    is_text = question.kind in IN_OWN_WORDS
    value = " ".join(reading.values) if reading.outcome is Outcome.VALUE else reading.outcome.value
    return Answered(
        position=position,
        value=value or (ANSWERED if is_text and reading.how != "none" else "none"),
        values=reading.values,
        text=message.text if is_text and reading.outcome is Outcome.VALUE else reading.remark,
        reading=reading,
        coded=is_text and reading.outcome is Outcome.VALUE,
    )


def _take_unclear(turning: Turning, question: Question, reading: Reading, message: ReadMessage) -> None:
    """Ask again once in other words; then keep the text and go on. Never a third time."""
    at = turning.conversation.at
    if at is None:
        return
    if turning.conversation.tries + 1 < MOST_TRIES:
        turning.become(tries=turning.conversation.tries + 1)
        _ask_again(turning, question, reading)
        return
    has_other = question.kind is Kind.AREA and any(choice.name == "other" for choice in question.choices)
    turning.answer(
        Answered(
            position=at,
            value="other" if has_other else Missing.NOT_UNDERSTOOD.value,
            values=("other",) if has_other else (),
            text=message.text,
            reading=reading,
        )
    )
    turning.say("kept_as_text").go_on()


def _ask_again(turning: Turning, question: Question, reading: Reading) -> None:
    if question.constraint_message and reading.outcome is Outcome.VALUE:
        turning.say(f"constraint:{question.name}")
    elif len(reading.candidates) == 2 and question.kind is Kind.AREA:
        labels = {choice.name: choice.label for choice in question.choices}
        first, second = (_in_language(labels[name], turning.language) for name in reading.candidates)
        turning.say("area_choose", A=first, B=second)
    elif reading.how == "too_many":
        turning.say("too_many", N=str(question.max_choices))
    elif reading.how == "several":
        turning.say("one_choice")
    else:
        turning.say(_AGAIN.get(question.kind, "not_understood"))


_AGAIN = {
    Kind.OPEN: "try_again_open",
    Kind.PLACE: "try_again_open",
    Kind.AREA: "area_again",
    Kind.NUMBER: "out_of_range",
    Kind.NUMBERS: "numbers_again",
}


def _in_language(wording: Mapping[str, str], language: str) -> str:
    return wording.get(language) or next(iter(wording.values()), "")
