"""Which question comes next, and which answers lie on the path. Pure functions over a flow and its answers."""

from collections.abc import Iterator, Mapping

from flows.conditions import compile_expression
from flows.conversation import Conversation, Position
from flows.model import Flow, Kind, Question

YES = "yes"


def variables(flow: Flow, conversation: Conversation, repeat: int) -> dict[str, str]:
    """What expressions may name: hidden values, answers outside repeats, and those of turn `repeat`."""
    values = dict(conversation.given)
    outside = _outside_repeats(flow) if repeat else None
    for (name, index), value in conversation.answers.items():
        if index == repeat or (outside is not None and name in outside):
            values[name] = value
    return values


def _outside_repeats(flow: Flow) -> set[str]:
    names = {question.name for question in flow.questions if not question.repeat}
    return names | {f"{name}_category" for name in names} | {f"{name}_place" for name in names}


def is_relevant(flow: Flow, question: Question, conversation: Conversation, repeat: int) -> bool:
    """Whether `question` is asked, by its relevance (a question without one always is)."""
    return not question.relevant or _holds(question, variables(flow, conversation, repeat))


def relevant_core(flow: Flow, conversation: Conversation) -> list[str]:
    """The questions of the core that the answers lead to."""
    values = variables(flow, conversation, 0)
    return [name for name in flow.core if _holds(flow.question(name), values)]


def _holds(question: Question, values: Mapping[str, str]) -> bool:
    return not question.relevant or compile_expression(question.relevant).holds(values)


def next_position(flow: Flow, conversation: Conversation, after: Position | None) -> Position | None:
    """The first relevant question behind `after` (None: from the beginning), or None at the end."""
    for position, question in _behind(flow, conversation.answers, after):
        if _is_last_turn(flow, question, position):
            continue
        if is_relevant(flow, question, conversation, position.repeat):
            return position
    return None


def previous_position(flow: Flow, conversation: Conversation) -> Position | None:
    """The question that was answered before the one asked now, or None at the first."""
    before = None
    for position in path(flow, conversation):
        if position == conversation.at:
            return before
        if position in conversation.answers:
            before = position
    return before


def path(flow: Flow, conversation: Conversation) -> Iterator[Position]:
    """All positions from the first question on, as far as the answers lead."""
    position = next_position(flow, conversation, None)
    while position is not None:
        yield position
        position = next_position(flow, conversation, position)


def first_unanswered(flow: Flow, conversation: Conversation) -> Position | None:
    """The first question on the path that waits for an answer, or None; a start signal waits for none."""
    return next(
        (
            position
            for position in path(flow, conversation)
            if position not in conversation.answers
            and flow.question(position.question).kind is not Kind.CONSENT
        ),
        None,
    )


def derived(position: Position) -> frozenset[Position]:
    """Where the state says what the answer at `position` was about (see Conversation.answers)."""
    name, repeat = position
    return frozenset((Position(f"{name}_category", repeat), Position(f"{name}_place", repeat)))


def has_answers_behind(flow: Flow, conversation: Conversation, position: Position) -> bool:
    """Whether anything that comes after `position` was answered: only that can be put off the path by it."""
    later = {question.name for question in flow.questions[_index(flow, position.question) + 1 :]}
    return any(
        p.repeat > position.repeat or (p.repeat == position.repeat and p.question in later)
        for p in conversation.answers
    )


def first_off_path(flow: Flow, conversation: Conversation) -> Position | None:
    """The first answered position that the path no longer visits. Without its answer, others may be on it again."""
    visited = set(path(flow, conversation))
    order = {question.name: index for index, question in enumerate(flow.questions)}
    left = [p for p in conversation.answers if p.question in order and p not in visited]
    return min(left, key=lambda p: (p.repeat, order[p.question]), default=None)


def _behind(
    flow: Flow, answers: Mapping[Position, str], after: Position | None
) -> Iterator[tuple[Position, Question]]:
    """The steps behind `after` in the order of the document, going round a repeat that was asked for again."""
    start, repeat, within = 0, 0, ""
    if after is not None:
        start = _index(flow, after.question)
        asked = flow.questions[start]
        repeat, within = after.repeat, asked.repeat
        if asked.closes_repeat and answers.get(after) == YES:
            start, repeat = _first_of_repeat(flow, asked.repeat), repeat + 1
        else:
            start += 1
    for question in flow.questions[start:]:
        if question.repeat != within:
            repeat, within = 0, question.repeat
        yield Position(question.name, repeat), question


def _is_last_turn(flow: Flow, question: Question, position: Position) -> bool:
    """Whether "one more?" need not be asked because the repeat has no more turns."""
    return question.closes_repeat and position.repeat + 1 >= flow.repeat_max.get(question.repeat, 1)


def _index(flow: Flow, name: str) -> int:
    return next(i for i, question in enumerate(flow.questions) if question.name == name)


def _first_of_repeat(flow: Flow, repeat: str) -> int:
    return next(i for i, question in enumerate(flow.questions) if question.repeat == repeat)
