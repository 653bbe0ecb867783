"""Invented conversations by the flows of a round: who answers what, in shares like those of the demonstration."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeVar

from bot.demo import people
from bot.services.reading import CodedMessage
from bot.services.shipped import load_reader
from bot.services.surveys import Survey
from flows.model import Flow, Kind, Question
from flows.reading import ReadMessage

STREAMS = (("residents", 978), ("employees", 20), ("dialogue", 2))
"""Conversations in each stream, of a thousand."""
LEFT = 0.12
"""Share of the conversations that are left before their last question."""
BY_CHAT = 0.62
"""Share of residents who answer in the chat, which asks more than the SMS survey does."""

_CHAT_ONLY = frozenset({"avoided", "list", "police_enough", "municipality_enough"})
_SWITCHED_OFF = frozenset({"start", "meeting", "victim", "feedback"})
_VISITORS_ARE_ASKED = frozenset({"role", "problem", "place", "when", "wish"})
_ABOUT_THE_PROBLEM = frozenset({"place", "when", "affected", "trend", "cause", "present", "needed"})
_NO_PROBLEM = frozenset({"no_problem", "empty"})
_SHARES: Mapping[str, Sequence[tuple[str, int]]] = {
    "role": people.ROLES,
    "safety": people.SAFETY,
    "age": people.AGES,
    "gender": people.GENDERS,
    "when": tuple((keys.replace(" och ", ","), share) for keys, share in people.TIMES),
}
"""What is written to questions of these roles, by the keys on the phone."""
_TEXTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "residents": {
        "problem": [*(text for texts in people.PROBLEMS.values() for text in texts), *people.PROBLEMS_EN],
        "place": [*people.PLACES, *people.PLACES_EN],
        "wish": [*people.WISHES, *people.WISHES_EN],
    },
    "employees": {"problem": people.STAFF_PROBLEMS, "place": people.PLACES},
    "dialogue": {
        "problem": [point[0] for point in people.POINTS],
        "place": [point[1] for point in people.POINTS],
        "measure": [point[5] for point in people.POINTS],
    },
}
T = TypeVar("T")


class Reply(NamedTuple):
    """What is answered to a question: the value, and with an open answer its text and what was found in it."""

    value: str
    text: str | None = None
    coded: CodedMessage | None = None


class Given(NamedTuple):
    """An answer in its place; `turn` is that of its repeat, from 0."""

    question: Question
    turn: int
    reply: Reply


@dataclass(frozen=True, kw_only=True, slots=True)
class Invented:
    """One conversation. `left_at` is the question that was not answered any more."""

    flow: Flow
    channel: str
    language: str
    place_code: str | None
    is_marked: bool
    given: Sequence[Given]
    left_at: str | None


class Inventor:
    """Invents conversations, one after the other; the same ones for the same state of `chance`."""

    def __init__(self, survey: Survey, chance: random.Random) -> None:
        self._survey = survey
        self._chance = chance
        self._stream = _weighted(chance, STREAMS)
        self._replies: dict[tuple[str, str], Callable[[], Reply]] = {}
        self._codes = {
            kind: [code.code for code in survey.place_codes.values() if code.kind == kind]
            for kind in ("poster", "meeting")
        }

    def conversation(self) -> Invented:
        chance = self._chance
        stream = self._stream()
        flow = self._survey.flows[self._survey.versions[stream]]
        channel = "chat" if stream == "residents" and chance.random() < BY_CHAT else "sms"
        path = list(self._path(flow, channel))
        kept = chance.randrange(len(path)) if chance.random() < LEFT else len(path)
        return Invented(
            flow=flow,
            channel=channel,
            language="en" if chance.random() < 0.12 else "sv",
            place_code=self._place_code(stream),
            is_marked=chance.random() < 0.03,
            given=path[:kept],
            left_at=path[kept].question.name if kept < len(path) else None,
        )

    def _path(self, flow: Flow, channel: str) -> Iterator[Given]:
        """The answers of somebody who answers everything that skip logic would ask."""
        is_visiting = has_problem = knows_place = False
        for question, turn in self._asked(flow, channel):
            name = question.name
            if is_visiting and name not in _VISITORS_ARE_ASKED:
                continue
            if (name in _ABOUT_THE_PROBLEM and not has_problem) or (name == "place" and knows_place):
                continue
            given = Given(question, turn, self._reply(flow, question))
            yield given
            is_visiting = is_visiting or given.reply.value == "visiting"
            if question.role == "problem":
                has_problem = _tells_a_problem(given.reply) or flow.stream == "dialogue"
                knows_place = flow.stream == "residents" and _names_a_place(given.reply)

    def _asked(self, flow: Flow, channel: str) -> Iterator[tuple[Question, int]]:
        """Every question that the channel asks, those of the repeat once a turn."""
        turns = self._turns(flow)
        done = set()
        for question in flow.questions:
            if question.name in _SWITCHED_OFF or (channel == "sms" and question.name in _CHAT_ONLY):
                continue
            if not question.repeat:
                yield question, 0
            elif question.repeat not in done:
                done.add(question.repeat)
                for turn in range(turns):
                    yield from ((each, turn) for each in flow.questions if each.repeat == question.repeat)

    def _turns(self, flow: Flow) -> int:
        return self._chance.randrange(2, 25) if flow.stream == "dialogue" else self._chance.choice((1, 1, 2))

    def _place_code(self, stream: str) -> str | None:
        if stream == "dialogue":
            return self._chance.choice(self._codes["meeting"])
        if stream == "employees" or self._chance.random() < 0.2:
            return None
        return self._chance.choice(self._codes["poster"])

    def _reply(self, flow: Flow, question: Question) -> Reply:
        key = (flow.stream, question.name)
        if key not in self._replies:
            self._replies[key] = self._replies_to(flow, question)
        return self._replies[key]()

    def _replies_to(self, flow: Flow, question: Question) -> Callable[[], Reply]:
        chance = self._chance
        if question.kind is Kind.NUMBER:
            return lambda: Reply(str(chance.randrange(1, 30)))
        if question.kind is Kind.NUMBERS:
            return lambda: Reply(" ".join(str(chance.randrange(3, 20)) for _ in question.parts))
        if question.kind in (Kind.OPEN, Kind.PLACE):
            texts = _TEXTS[flow.stream].get(question.role, ("för få vuxna ute på kvällarna", "0"))
            said = [self._coded(question, text) for text in texts]
            return lambda: chance.choice(said)
        if question.kind is Kind.AREA:
            shares = dict(people.AREAS)
            named = {choice.name: choice.label["sv"].removesuffix(" by") for choice in question.choices}
            return _weighted(chance, [(Reply(code), shares.get(name, 1)) for code, name in named.items()])
        written = _SHARES.get(question.role) or _evenly(question)
        return _weighted(chance, [(Reply(_value(question, keys)), share) for keys, share in written])

    def _coded(self, question: Question, text: str) -> Reply:
        """An open answer with the categories and places that the program finds in it."""
        if text in ("v", "vet ej", "not sure"):
            return Reply("dont_know")
        if text == "0":
            return Reply("none", text)
        coded = load_reader().code(ReadMessage(text=text), question, self._survey.places)
        return Reply("answered", text, coded)


def _tells_a_problem(reply: Reply) -> bool:
    return reply.coded is not None and not _NO_PROBLEM & set(reply.coded.message.categories)


def _names_a_place(reply: Reply) -> bool:
    return reply.coded is not None and bool(reply.coded.places)


def _evenly(question: Question) -> list[tuple[str, int]]:
    """Each choice as often as any other; where several may be chosen, also each with the next."""
    keys = [choice.key for choice in question.choices]
    pairs = pairwise(keys) if question.kind is Kind.MULTI else ()
    return [*((key, 2) for key in keys), *((f"{one},{other}", 1) for one, other in pairs)]


def _value(question: Question, keys: str) -> str:
    """What is stored when the keys are written: names of choices, or why there is none."""
    names = {choice.key: choice.name for choice in question.choices}
    missing = {"v": "dont_know", "0": "refused"}
    return " ".join(names.get(key) or missing[key] for key in keys.split(","))


def _weighted(chance: random.Random, choices: Sequence[tuple[T, int]]) -> Callable[[], T]:
    values, ends = [value for value, _ in choices], list(accumulate(share for _, share in choices))
    return lambda: chance.choices(values, cum_weights=ends)[0]
