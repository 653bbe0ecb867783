"""Runs a flow: `start` and `resume` take a state and a message that has been read, and return a Turn.

Never does I/O, never raises for what a person wrote. Order of looking at a message: stop and erase, safeguards,
other commands, and last the answer to the question that was asked.
"""

from collections.abc import Mapping
from dataclasses import replace

from flows.answers import ReplyReader
from flows.conditions import compile_expression
from flows.conversation import ANSWERED, Conversation, Position, Status
from flows.events import (
    AnotherPersonBegan,
    Answered,
    EraseRequested,
    Event,
    LeftPath,
    ResultsRequested,
    SafeguardAnswered,
    Said,
    Stopped,
    Turn,
    UnderAgeFound,
)
from flows.model import Choice, Flow, Kind, Missing, Question
from flows.path import next_position, off_path, previous_position, variables
from flows.reading import CommandName, Outcome, Reading, ReadMessage, Safeguard

MOST_TRIES = 2
"""A reply is asked for again once; the second that is not understood is kept as text and the survey goes on."""

_WITHOUT_CATEGORY = frozenset({Safeguard.SUICIDE, Safeguard.THREAT, Safeguard.CHILD})
_NEVER_REMIND = frozenset({Safeguard.SUICIDE, Safeguard.DOMESTIC, Safeguard.CHILD})
_ALREADY_ANSWERED = Question(
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


def start(flow: Flow, *, language: str, channel: str, given: Mapping[str, str]) -> Turn:
    """A new conversation and its first question. `given` fills hidden questions (place_code, round settings)."""
    conversation = Conversation(
        flow=flow.id,
        version=flow.version,
        language=language if language in flow.languages else flow.default_language,
        channel=channel,
        given={**given, "channel": channel},
    )
    return _Turning(flow, conversation).go_to(next_position(flow, conversation, None)).turn()


def welcome_back(flow: Flow, conversation: Conversation) -> Turn:
    """The keyword came again: an open survey goes on, a finished one asks whose turn it is."""
    turning = _Turning(flow, conversation)
    if conversation.at is None:
        return turning.become(status=Status.RETURNING, tries=0).say("already_answered").turn()
    if conversation.status is Status.REFUSED:
        return turning.become(status=Status.ASKING, tries=0).go_to(conversation.at).turn()
    return turning.continue_survey().turn()


def resume(
    flow: Flow, conversation: Conversation, message: ReadMessage, *, reader: ReplyReader, this_year: int
) -> Turn:
    """What follows from one message in an open conversation. `this_year` turns birth years into ages."""
    turning = _Turning(flow, conversation)
    if _answer_anywhere(turning, message):
        return turning.turn()
    if message.command is not None and _obey(turning, message.command.name, message.command.language):
        return turning.turn()
    if conversation.status is Status.RETURNING:
        _whose_turn(
            turning, reader.read(_ALREADY_ANSWERED, message.text, turning.language, this_year=this_year)
        )
    elif conversation.at is not None:
        question = flow.question(conversation.at.question)
        reading = reader.read(question, message.text, turning.language, this_year=this_year)
        _take(turning, question, reading, message)
    return turning.turn()


def answer_outside(message: ReadMessage, *, language: str) -> tuple[Event, ...]:
    """What is said to a message outside any open conversation: never a survey question."""
    nowhere = Conversation(flow="", version="", language=language, channel="", status=Status.FINISHED)
    turning = _Turning(_NO_FLOW, nowhere)
    if _answer_anywhere(turning, message):
        return turning.turn().events
    command = message.command.name if message.command else None
    if command in _INFORMING:
        turning.say(_INFORMING[command])
    elif command is CommandName.RESULTS:
        turning.note(ResultsRequested()).say("results")
    else:
        turning.say("unknown_message")
    return turning.turn().events


class _Turning:
    """A turn in the making: the state so far and the events so far. Lives for one call."""

    def __init__(self, flow: Flow, conversation: Conversation) -> None:
        self.flow = flow
        self.conversation = conversation
        self.events: list[Event] = []

    @property
    def language(self) -> str:
        return self.conversation.language

    def turn(self) -> Turn:
        return Turn(conversation=self.conversation, events=tuple(self.events))

    def note(self, event: Event) -> "_Turning":
        self.events.append(event)
        return self

    def say(self, key: str, **values: str) -> "_Turning":
        return self.note(Said(key=key, language=self.language, values=values))

    def become(self, **changes: object) -> "_Turning":
        self.conversation = replace(self.conversation, **changes)  # type: ignore[arg-type]
        return self

    def go_to(self, position: Position | None) -> "_Turning":
        """Ask the question there; None ends the survey."""
        if position is None:
            self.become(status=Status.FINISHED, at=None, tries=0)
            return self.say("thanks", **_meeting_code(self.flow, self.conversation))
        self.become(status=Status.ASKING, at=position, tries=0)
        return self.say(f"question:{position.question}")

    def go_on(self) -> "_Turning":
        return self.go_to(next_position(self.flow, self.conversation, self.conversation.at))

    def continue_survey(self) -> "_Turning":
        """The question asked last once more, or the next one where that was answered by a safeguard."""
        at = self.conversation.at
        if at is not None and self.conversation.answers.get(at) == Missing.WITHHELD:
            return self.go_on()
        return self.go_to(at)

    def answer(self, answered: Answered, message: ReadMessage | None = None) -> "_Turning":
        """Keep the answer in the state; where it replaces another, drop what left the path."""
        replaced = answered.position in self.conversation.answers
        answers = {**self.conversation.answers, answered.position: answered.value}
        if answered.coded and message is not None:
            name, repeat = answered.position
            answers[Position(f"{name}_category", repeat)] = " ".join(message.categories)
            answers[Position(f"{name}_place", repeat)] = " ".join(message.places)
        self.become(answers=answers).note(replace(answered, replaces=replaced))
        return self._drop_off_path() if replaced else self

    def _drop_off_path(self) -> "_Turning":
        left = off_path(self.flow, self.conversation)
        if left:
            kept = {p: value for p, value in self.conversation.answers.items() if p not in left}
            self.become(answers=kept).note(LeftPath(positions=left))
        return self


def _meeting_code(flow: Flow, conversation: Conversation) -> dict[str, str]:
    """The code of the meeting that was noted, for the texts that name it."""
    asked = next((q.name for q in flow.questions if q.role == "meeting"), None)
    if asked is None:
        return {}
    code = conversation.answers.get(Position(asked, 0)) or conversation.given.get("place_code", "")
    return {"KOD": code} if code else {}


_NO_FLOW = Flow(id="", version="", title={}, stream="", languages=("sv",), questions=())
_INFORMING = {
    CommandName.HELP: "help",
    CommandName.INFO: "who_are_we",
    CommandName.TEST: "sender_test",
}


def _answer_anywhere(turning: _Turning, message: ReadMessage) -> bool:
    """Stop, erase and the safeguards: answered in every state. Whether one of them was."""
    command = message.command.name if message.command else None
    if command is CommandName.STOP:
        turning.become(status=Status.STOPPED).note(Stopped()).say("stopped")
        return True
    if command is CommandName.ERASE:
        turning.become(status=Status.ERASED, answers={}, at=None).note(EraseRequested()).say("erased")
        return True
    alarm = message.alarms[0].safeguard if message.alarms else None
    if alarm is None or alarm is Safeguard.CRIME_REPORT:
        return False
    _answer_alarm(turning, alarm, message)
    return True


def _answer_alarm(turning: _Turning, alarm: Safeguard, message: ReadMessage) -> None:
    """One safeguard text; the survey waits. An age under 15, once stated, ends it and takes the answers away."""
    stated_under_age = any(a.safeguard is Safeguard.UNDER_AGE for a in message.alarms)
    if stated_under_age:
        _end_for_age(turning, alarm.value if alarm is not Safeguard.UNDER_AGE else "under_age", alarm)
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


def _end_for_age(turning: _Turning, text: str, safeguard: Safeguard) -> None:
    turning.become(status=Status.UNDER_AGE, answers={}, at=None)
    turning.note(UnderAgeFound()).note(SafeguardAnswered(safeguard=safeguard)).say(text)


def _obey(turning: _Turning, command: CommandName, language: str) -> bool:
    """Carry out a command inside a survey. False where it means nothing here and is read as an answer."""
    if command in _INFORMING:
        turning.say(_INFORMING[command])
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
        _restart(turning)
    elif command is CommandName.SKIP and not _at_consent(turning):
        _skip(turning)
    elif command is CommandName.DONE and not _at_consent(turning):
        _be_done(turning)
    else:
        return False
    return True


def _at_consent(turning: _Turning) -> bool:
    at = turning.conversation.at
    return at is not None and turning.flow.question(at.question).kind is Kind.CONSENT


def _change_language(turning: _Turning, language: str) -> None:
    if language not in turning.flow.languages:
        turning.say("language_not_offered")
        return
    turning.become(language=language)
    if turning.conversation.status is Status.RETURNING:
        turning.say("already_answered")
    else:
        turning.continue_survey()


def _undo(turning: _Turning) -> None:
    before = previous_position(turning.flow, turning.conversation)
    if before is None:
        turning.say("nothing_to_undo")
    else:
        turning.go_to(before)


def _restart(turning: _Turning) -> None:
    """From the first real question; earlier answers stand until they are answered again."""
    flow, conversation = turning.flow, turning.conversation
    first = next_position(flow, conversation, None)
    if first is not None and flow.question(first.question).kind is Kind.CONSENT:
        first = next_position(flow, conversation, first)
    turning.go_to(first)


def _skip(turning: _Turning) -> None:
    at = turning.conversation.at
    if at is not None:
        turning.answer(Answered(position=at, value=Missing.SKIPPED))
        turning.go_on()


def _be_done(turning: _Turning) -> None:
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


def _whose_turn(turning: _Turning, reading: Reading) -> None:
    if reading.values == ("change",):
        turning.become(status=Status.ASKING)
        _restart(turning)
    elif reading.values == ("another",):
        turning.become(status=Status.FINISHED).note(AnotherPersonBegan())
    elif turning.conversation.tries == 0:
        turning.become(tries=1).say("already_answered")
    else:
        turning.become(status=Status.FINISHED, tries=0).say("unknown_message")


def _take(turning: _Turning, question: Question, reading: Reading, message: ReadMessage) -> None:
    """Take a reply as the answer to the question asked."""
    _speak_of_the_message(turning, message)
    if question.kind is Kind.CONSENT:
        _take_consent(turning, reading)
    elif reading.outcome is Outcome.UNDER_AGE:
        _take_age_under_15(turning)
    elif reading.outcome is Outcome.UNCLEAR or not _is_allowed(turning, question, reading):
        _take_unclear(turning, question, reading, message)
    else:
        _take_answer(turning, question, reading, message)


def _speak_of_the_message(turning: _Turning, message: ReadMessage) -> None:
    """S2 for a crime that is told, else once S6 for masked personal data. One of them at the most."""
    if message.alarms:
        turning.note(SafeguardAnswered(safeguard=Safeguard.CRIME_REPORT)).say(Safeguard.CRIME_REPORT.value)
    elif message.masked and not turning.conversation.masked_told:
        turning.become(masked_told=True).say("secrecy" if turning.flow.stream == "employees" else "masked")


def _take_consent(turning: _Turning, reading: Reading) -> None:
    """A start signal. No means no; who writes something else twice wants to take part."""
    if reading.outcome is Outcome.REFUSED or reading.values == ("no",):
        turning.become(status=Status.REFUSED).say("refused")
    elif reading.outcome is Outcome.VALUE or turning.conversation.tries + 1 >= MOST_TRIES:
        turning.go_on()
    else:
        turning.become(tries=1).say("start_again")


def _take_age_under_15(turning: _Turning) -> None:
    """Asked once more, since "4 år" may be a slip; the second time the survey ends (domain: R12, S5b)."""
    if turning.conversation.tries + 1 < MOST_TRIES:
        turning.become(tries=turning.conversation.tries + 1).say("age_again")
    else:
        _end_for_age(turning, "under_age", Safeguard.UNDER_AGE)


def _is_allowed(turning: _Turning, question: Question, reading: Reading) -> bool:
    if not question.constraint or reading.outcome is not Outcome.VALUE:
        return True
    repeat = turning.conversation.at.repeat if turning.conversation.at else 0
    values = variables(turning.flow, turning.conversation, repeat)
    return all(compile_expression(question.constraint).holds(values, current=v) for v in reading.values)


def _take_answer(turning: _Turning, question: Question, reading: Reading, message: ReadMessage) -> None:
    at = turning.conversation.at
    if at is None:
        return
    is_text = question.kind in (Kind.OPEN, Kind.PLACE)
    value = " ".join(reading.values) if reading.outcome is Outcome.VALUE else reading.outcome.value
    turning.answer(
        Answered(
            position=at,
            value=value or (ANSWERED if is_text and reading.how != "none" else "none"),
            values=reading.values,
            text=message.text if is_text and reading.outcome is Outcome.VALUE else reading.remark,
            reading=reading,
            coded=is_text and reading.outcome is Outcome.VALUE,
        ),
        message,
    )
    turning.go_on()


def _take_unclear(turning: _Turning, question: Question, reading: Reading, message: ReadMessage) -> None:
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


def _ask_again(turning: _Turning, question: Question, reading: Reading) -> None:
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
