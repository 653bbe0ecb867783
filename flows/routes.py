"""The shortest and the longest way through a flow, among the answers that decide what is asked next."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import combinations, product

from flows.conditions import Expression, compile_expression
from flows.conversation import ANSWERED, Conversation, Position
from flows.model import IN_OWN_WORDS, Flow, Kind, Missing, Question
from flows.path import YES, next_position

MOST_STEPS = 50_000
"""Flows whose questions hang together in more ways have no known ends."""

_ELSE = "other_value"
_TRIED_TOGETHER = 2
_State = tuple[Position | None, frozenset[tuple[Position, str]], tuple[tuple[str, str], ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Routes:
    """Names of the questions asked, in order; one that is asked in every turn of a repeat stands there each time."""

    shortest: tuple[str, ...]
    longest: tuple[str, ...]


@dataclass(slots=True)
class _Best:
    """The cheapest and the dearest way to a state, and the state before it on each."""

    least: int
    most: int
    before_least: _State | None
    before_most: _State | None


def find_routes(flow: Flow, channel: str, weigh: Callable[[str], int]) -> Routes | None:
    """The routes of least and most weight, where `weigh` gives the weight of asking a question.

    Every question is answered, none twice, and the start is not refused. Hidden values are any that some expression
    names. None where there are more than MOST_STEPS states.
    """
    return _Search(flow, channel, weigh).run()


def find_asked(flow: Flow, channels: Iterable[str]) -> frozenset[str] | None:
    """Names of the questions that some answers, settings and channel lead to.

    None where that is beyond trying: texts are looked into, or too much hangs together.
    """
    expressions = [compile_expression(question.relevant) for question in flow.questions if question.relevant]
    searches = [_Search(flow, channel, lambda name: 1) for channel in channels]
    if not all(e.enumerable for e in expressions) or any(search.is_coarse for search in searches):
        return None
    walks = deque(walk for search in searches for walk in search.walks())
    unasked, steps = {question.name for question in flow.questions}, 0
    while walks and unasked:  # all settings in turn: in a flow in order, each question is soon come to
        walk = walks.popleft()
        name = next(walk, None)
        if name is not None:
            unasked.discard(name)
            walks.append(walk)
        steps += 1
        if steps > MOST_STEPS:
            return None
    return frozenset(question.name for question in flow.questions if question.name not in unasked)


class _Search:
    """Goes through the states in the order of the document; where ways meet again, the best of each is kept."""

    def __init__(self, flow: Flow, channel: str, weigh: Callable[[str], int]) -> None:
        self._flow = flow
        self._weigh = weigh
        self._channel = channel
        self._expressions = [compile_expression(q.relevant) for q in flow.questions if q.relevant]
        self._named = {name for e in self._expressions for name in e.variables}
        self._index = {question.name: index for index, question in enumerate(flow.questions)}
        self._begins = {question.repeat: self._index[question.name] for question in reversed(flow.questions)}
        self._best: dict[_State, _Best] = {}
        self._waiting: list[tuple[tuple[int, int, int], int, _State]] = []

    def run(self) -> Routes | None:
        for conversation in self._beginnings():
            self._go_on(conversation, None, None)
        ends: list[_State] = []
        while self._waiting:
            if len(self._best) > MOST_STEPS:
                return None
            _, _, state = heappop(self._waiting)
            if state[0] is None:
                ends.append(state)
                continue
            self._leave(state, state[0])
        least = min(ends, key=lambda state: self._best[state].least)
        most = max(ends, key=lambda state: self._best[state].most)
        return Routes(
            shortest=self._names(least, lambda best: best.before_least),
            longest=self._names(most, lambda best: best.before_most),
        )

    def walks(self) -> Iterator[Iterator[str]]:
        """For each beginning, the questions as one comes to them, until nothing new is left."""
        return (self._walk(conversation) for conversation in self._beginnings())

    def _walk(self, beginning: Conversation) -> Iterator[str]:
        waiting = [self._state(beginning, None)]
        seen = set(waiting)
        while waiting:
            state = waiting.pop()
            if state[0] is None:
                continue
            yield state[0].question
            for conversation in self._answered(state, state[0]):
                following = self._state(conversation, state[0])
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)

    @property
    def is_coarse(self) -> bool:
        """Whether a condition may wait for more choices together than are tried."""
        several = [q.name for q in self._flow.questions if q.kind is Kind.MULTI or q.code_with]
        names = {f"{name}{end}" for name in several for end in ("", "_category", "_place")}
        return any(len(self._literals(name)) > _TRIED_TOGETHER for name in names & self._named)

    def _leave(self, state: _State, position: Position) -> None:
        for conversation in self._answered(state, position):
            self._go_on(conversation, position, state)

    def _answered(self, state: _State, position: Position) -> Iterator[Conversation]:
        """With each of the answers at `position` that matter."""
        conversation = self._conversation(state)
        question = self._flow.question(position.question)
        for answers in self._answers(question, position):
            yield replace(conversation, answers={**conversation.answers, **answers})

    def _state(self, conversation: Conversation, at: Position | None) -> _State:
        """What follows, and of the answers what may still decide about anything."""
        following = next_position(self._flow, conversation, at)
        turn = following.repeat if following else 0
        kept = {
            (p, value)
            for p, value in conversation.answers.items()
            if p.question in self._named and p.repeat in (0, turn)
        }
        return following, frozenset(kept), tuple(sorted(conversation.given.items()))

    def _go_on(self, conversation: Conversation, at: Position | None, before: _State | None) -> None:
        state = self._state(conversation, at)
        following = state[0]
        weight = self._weigh(following.question) if following else 0
        least, most = (self._best[before].least, self._best[before].most) if before else (0, 0)
        known = self._best.get(state)
        if known is None:
            self._best[state] = _Best(least + weight, most + weight, before, before)
            heappush(self._waiting, (self._order(following), len(self._best), state))
            return
        if least + weight < known.least:
            known.least, known.before_least = least + weight, before
        if most + weight > known.most:
            known.most, known.before_most = most + weight, before

    def _order(self, position: Position | None) -> tuple[int, int, int]:
        """Later states have greater ones, also inside a repeat, so that each is left once."""
        if position is None:
            return len(self._index), 0, 0
        index, repeat = self._index[position.question], self._flow.question(position.question).repeat
        return (self._begins[repeat] if repeat else index), position.repeat, index

    def _names(self, state: _State, step: Callable[[_Best], _State | None]) -> tuple[str, ...]:
        names: list[str] = []
        at: _State | None = state
        while at is not None:
            if at[0] is not None:
                names.append(at[0].question)
            at = step(self._best[at])
        return tuple(reversed(names))

    def _conversation(self, state: _State) -> Conversation:
        return replace(self._blank(), answers=dict(state[1]), given=dict(state[2]))

    def _blank(self) -> Conversation:
        flow = self._flow
        return Conversation(
            flow=flow.id, version=flow.version, language=flow.default_language, channel=self._channel
        )

    def _beginnings(self) -> Iterator[Conversation]:
        names = [hidden.name for hidden in self._flow.hidden if hidden.name in self._named]
        values = [
            [self._channel] if name == "channel" else ["", *self._literals(name), _ELSE] for name in names
        ]
        for given in product(*values):
            yield replace(
                self._blank(), given={**dict(zip(names, given, strict=True)), "channel": self._channel}
            )

    def _answers(self, question: Question, position: Position) -> Iterator[Mapping[Position, str]]:
        """The answers that matter: those that some expression names, one that none does, and none given."""
        choices = [choice.name for choice in question.choices]
        if question.closes_repeat:
            yield from ({position: value} for value in (YES, "no"))
            return
        if question.name not in self._named and not question.code_with and question.kind not in IN_OWN_WORDS:
            yield {position: choices[0] if choices else ANSWERED}
            return
        for value in self._values(question, choices):
            yield from ({position: value, **about} for about in self._about(question, position, value))

    def _values(self, question: Question, choices: list[str]) -> list[str]:
        named = self._literals(question.name)
        if question.kind is Kind.CONSENT:
            return [YES]
        missing = [name for name in named if name in set(Missing)]
        if question.kind in IN_OWN_WORDS:
            return [ANSWERED, *dict.fromkeys((Missing.DONT_KNOW.value, *missing))]
        if question.kind in (Kind.NUMBER, Kind.NUMBERS):
            return [*named, "0", "999999", Missing.DONT_KNOW]
        other = [next((name for name in choices if name not in named), _ELSE)]
        several = [" ".join(pair) for pair in combinations(named, 2)] if question.kind is Kind.MULTI else []
        return [
            *(name for name in named if name in choices or question.from_round),
            *several,
            *other,
            *dict.fromkeys(("dont_know", *missing)),
        ]

    def _about(self, question: Question, position: Position, value: str) -> Iterator[Mapping[Position, str]]:
        """What an open answer may have been about, as far as it is asked for."""
        derived = [
            name for name in (f"{question.name}_category", f"{question.name}_place") if name in self._named
        ]
        known = [self._of_text(name) if value == ANSWERED else [""] for name in derived]
        for values in product(*known):
            yield {Position(n, position.repeat): v for n, v in zip(derived, values, strict=True)}

    def _of_text(self, name: str) -> list[str]:
        """What a text may be about, one thing or two together."""
        named = self._literals(name)
        return ["", *named, *(" ".join(pair) for pair in combinations(named, 2)), _ELSE]

    def _literals(self, name: str) -> list[str]:
        return sorted({text for e in self._expressions for text in _compared(e, name) if text})


def _compared(expression: Expression, name: str) -> Iterator[str]:
    for variable, literal in expression.compared:
        if variable == name:
            yield from (
                [literal] if isinstance(literal, str) else [str(int(literal) + step) for step in (-1, 0, 1)]
            )
