"""What belongs to a question that was left: a further text to an open answer, or the answer that it lacks.

People write one answer as two or three texts within seconds. The first is taken as the answer and the next question
leaves; what follows was begun before that could be read.
"""

from dataclasses import replace

from flows.alarms import answer_alarm
from flows.conversation import ANSWERED, Conversation, Position, Status
from flows.events import Answered
from flows.model import IN_OWN_WORDS, Flow, Kind, Missing, Question
from flows.pace import LONGEST_S, ORDINARY, QUICKEST
from flows.path import first_unanswered, path
from flows.reading import Outcome, Reading, ReadMessage
from flows.taking import as_answer, is_allowed, speak_of_the_message
from flows.turning import Turning

_PLAINLY_NONE = frozenset({"", "in_passing"})
"""Ways of not understanding a reply in which nothing of it was about what was asked."""
_LACKING = frozenset({Missing.DONT_KNOW, Missing.REFUSED, Missing.SKIPPED, Missing.NOT_UNDERSTOOD})


def is_begun_before(
    question: Question | None,
    message: ReadMessage,
    reading: Reading | None,
    *,
    asked_s: float,
    silent_s: float,
) -> bool:
    """Whether a text that follows a text was begun before `question` (None: the thanks) could be read.

    `asked_s` seconds after the question was first asked, `silent_s` after the last message. To an open question any
    text would be an answer: it must have come sooner than anybody reads and writes, since it was asked or since the
    message before. To a closed one it must plainly be none, and have come sooner than most do.
    """
    if not 0 <= silent_s <= asked_s or silent_s > LONGEST_S:  # a clock that was set back proves nothing
        return False
    read, written = _length(question), len(message.text)
    if question is not None and question.kind in IN_OWN_WORDS:
        needs_s = QUICKEST.needs_s(read=read, written=written)
        return asked_s < needs_s or silent_s < needs_s - QUICKEST.under_way_s
    if any(message.alarms) or not _is_plainly_no_answer(reading):
        return False
    return silent_s < ORDINARY.needs_s(read=read, written=written)


def _is_plainly_no_answer(reading: Reading | None) -> bool:
    return reading is None or (reading.outcome is Outcome.UNCLEAR and reading.how in _PLAINLY_NONE)


def _length(question: Question | None) -> int:
    """Characters that are read on a telephone, in the language that has most."""
    if question is None:
        return 0
    return max(map(len, (*question.sms.values(), *question.label.values())), default=0)


def joined(earlier: str, later: str) -> str:
    """Two texts as one; a text that holds the other stands for both."""
    first, second = earlier.strip(), later.strip()
    if not first or _holds(second, first):
        return second
    return first if _holds(first, second) else f"{first} {second}"


def _holds(text: str, part: str) -> bool:
    """Whether the words of `part` stand in `text`, one after the other."""
    return f" {' '.join(part.casefold().split())} " in f" {' '.join(text.casefold().split())} "


def may_be_answered(flow: Flow, conversation: Conversation, position: Position) -> bool:
    """Whether what belongs to `position` is taken there: its answer is a text, or it has none."""
    value = conversation.answers.get(position)
    if value is None or conversation.status not in (Status.ASKING, Status.WAITING, Status.FINISHED):
        return False
    return (value == ANSWERED or value in _LACKING) and position in path(flow, conversation)


def extend(turning: Turning, position: Position, *, whole: ReadMessage, added: ReadMessage) -> None:
    """The open question at `position` is answered with `whole`, of which `added` is new. What waits goes on waiting,
    unless the answer leads elsewhere.
    """
    if answer_alarm(turning, whole, position, extends=True):
        if leads_to := _elsewhere(turning):
            turning.become(at=leads_to, tries=0)
        return
    speak_of_the_message(turning, replace(added, masked=whole.masked))
    asks_again = bool(turning.events)  # what was said then announces a question
    turning.answer(
        Answered(
            position=position,
            value=ANSWERED,
            text=whole.text,
            reading=Reading(outcome=Outcome.VALUE, how="text"),
            coded=True,
            extends=True,
        ),
        whole,
    )
    turning.become(after_text=position)
    if not asks_again:
        turning.say("added")
    _go_where_it_leads(turning, asks_again=asks_again)


def fill_in(turning: Turning, position: Position, reading: Reading, message: ReadMessage) -> bool:
    """A reply to a closed question that was left without an answer. False where it is none."""
    question = turning.flow.question(position.question)
    is_answer = reading.outcome is Outcome.VALUE and is_allowed(turning, question, reading, position.repeat)
    if not is_answer or question.kind is Kind.CONSENT:
        return False
    turning.answer(as_answer(position, question, reading, message), message).say("added")
    _go_where_it_leads(turning)
    return True


def _go_where_it_leads(turning: Turning, *, asks_again: bool = False) -> None:
    at = turning.conversation.at
    if leads_to := _elsewhere(turning):
        turning.go_to(leads_to)
    elif at is not None and at not in _way(turning):
        turning.go_to(None)
    elif at is not None and asks_again:
        turning.go_to(at)


def _elsewhere(turning: Turning) -> Position | None:
    """A question that is now asked before the one that waits, or in its place. What is finished stays so."""
    at, way = turning.conversation.at, _way(turning)
    first = first_unanswered(turning.flow, turning.conversation)
    if at is None or first is None or first == at:
        return None
    return first if at not in way or way.index(first) < way.index(at) else None


def _way(turning: Turning) -> list[Position]:
    return list(path(turning.flow, turning.conversation))
