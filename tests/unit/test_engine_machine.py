"""Several residents at once, in any order and however often they repeat themselves: after each turn the rules hold.

Where a resident stands is kept here a second time, made of the events alone. The state goes through JSON between every
two turns, as in the database; the turns of all residents are taken by the same readers.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sayings import ENDINGS, NIGHTLY, fitting, ordinary, sayings
from test_engine_properties import CHAIN

from bot.cli.demo import demonstration_round
from bot.services.playing import Player
from bot.services.publishing import load_flow
from bot.services.reading import CodedMessage
from bot.services.shipped import load_player
from flows import engine
from flows.catalogue import load_document_text
from flows.conversation import Conversation, Position, Status, from_json, to_json
from flows.events import ASKED_AGAIN, Answered, EraseRequested, Event, LeftPath, Said, UnderAgeFound
from flows.model import Flow, Kind, Wording
from flows.obeying import may_change
from flows.path import is_relevant, path
from flows.reading import CommandName, ReadMessage, Safeguard
from text.normalising import clean

RESIDENTS = range(3)
FLOWS = ("chain", "residents", "employees", "dialogue")
_GONE = (Status.ERASED, Status.UNDER_AGE)
_UNFILLED = re.compile(r"\[[A-ZÅÄÖ]+\]")


@cache
def _player(flow: str) -> Player:
    document = load_document_text(CHAIN.encode(), "chain.yaml").document if flow == "chain" else None
    loaded = document or load_flow(flow, Path())
    return load_player(loaded, demonstration_round(), today=date(2026, 11, 2))


@dataclass(kw_only=True)
class Resident:
    """What is known of one resident from what happened, without looking into the state."""

    player: Player
    state: Conversation
    answers: dict[Position, str] = field(default_factory=dict)
    asked: set[Position] = field(default_factory=set)
    asked_again: int = 0
    """How often since the question that waits was put last."""

    @property
    def flow(self) -> Flow:
        return self.player.flow


class Residents(RuleBasedStateMachine):
    """Begin, write, change an answer, come back with the keyword; years go by."""

    def __init__(self) -> None:
        super().__init__()
        self.residents: dict[int, Resident] = {}
        self.year = 2026

    @rule(
        who=st.sampled_from(RESIDENTS),
        flow=st.sampled_from(FLOWS),
        channel=st.sampled_from(["sms", "chat"]),
        language=st.sampled_from(["sv", "en", "xx"]),
        place_code=st.sampled_from(["", "DUVED3"]),
    )
    def come(self, who: int, flow: str, channel: str, language: str, place_code: str) -> None:
        """By keyword or Start: a new survey, or the one that is there goes on (bot.services.conversing)."""
        resident = self.residents.get(who)
        if resident is not None and resident.state.status not in _GONE:
            self._take(resident, engine.welcome_back(resident.flow, resident.state), None)
            return
        player = _player(flow)
        turn = engine.start(
            player.flow,
            language=language,
            channel=channel,
            given={**player.given, "place_code": place_code},
        )
        resident = self.residents[who] = Resident(player=player, state=turn.conversation)
        self._take(resident, turn, None)

    @rule(who=st.sampled_from(RESIDENTS), choices=st.lists(st.integers(0, 8), min_size=1, max_size=6))
    def answer(self, who: int, choices: list[int]) -> None:
        """Some questions, one after the other."""
        for which in choices:
            resident = self._resident(who)
            at = resident.state.at
            self._say(resident, fitting(resident.flow.question(at.question), which) if at else "1")

    @rule(who=st.sampled_from(RESIDENTS), text=sayings)
    def say(self, who: int, text: str) -> None:
        self._say(self._resident(who), text)

    @rule(who=st.sampled_from(RESIDENTS), text=st.sampled_from(ENDINGS))
    def end(self, who: int, text: str) -> None:
        self._say(self._resident(who), text)

    @rule(who=st.sampled_from(RESIDENTS))
    def undo(self, who: int) -> None:
        """To the question that was answered before; all answers stand until there is another."""
        resident = self._resident(who)
        before = resident.state
        self._say(resident, "tillbaka")
        if before.status not in (Status.ASKING, Status.WAITING):
            return
        earlier = [p for p in _up_to(resident.flow, before) if p in before.answers]
        assert resident.state.at == (earlier[-1] if earlier else before.at)
        assert resident.state.answers == before.answers

    @rule(who=st.sampled_from(RESIDENTS), which=st.integers(0, 20))
    def change(self, who: int, which: int) -> None:
        """As the chat does: an earlier question again, and what was answered stands until there is another."""
        resident = self._resident(who)
        open_to_change = [p for p in resident.answers if may_change(resident.flow, resident.state, p)]
        if not open_to_change:
            return
        position = open_to_change[which % len(open_to_change)]
        self._take(resident, engine.change(resident.flow, resident.state, position), None)
        assert (resident.state.at, resident.state.status) == (position, Status.ASKING)

    @rule(who=st.sampled_from(RESIDENTS), which=st.integers(0, 20), other=st.integers(0, 8))
    def answer_anew(self, who: int, which: int, other: int) -> None:
        """Another answer than before, which may put later ones off the path."""
        self.change(who, which)
        self.answer(who, [other])

    @precondition(lambda self: self.year < 2028)
    @rule()
    def a_year_passes(self) -> None:
        self.year += 1

    def _resident(self, who: int) -> Resident:
        """Who has not come, or was erased, comes now."""
        if who not in self.residents:
            self.come(who, FLOWS[who % len(FLOWS)], "sms", "sv", "")
        return self.residents[who]

    def _say(self, resident: Resident, text: str) -> None:
        player, state = resident.player, resident.state
        question = player.flow.question(state.at.question) if state.at else None
        message = player.reader.read(clean(text), language=state.language, question=question)
        coded = CodedMessage(message=message)
        if question is not None and message.command is None:
            coded = player.reader.code(message, question, player.places)
        if not state.is_open:
            offered = resident.flow.languages
            events = engine.answer_outside(message, language=state.language, offered=offered)
            wanted = message.command.language if message.command else ""
            _assert_words(resident, events, wanted if wanted in offered else state.language)
            assert not any(isinstance(event, Answered | LeftPath) for event in events)
            if _obeyed(message) is CommandName.ERASE:  # the row goes, as bot.services.carrying_out has it
                self.residents.pop(next(who for who, one in self.residents.items() if one is resident))
            return
        turn = engine.resume(player.flow, state, coded.message, reader=player.replies, this_year=self.year)
        self._take(resident, turn, coded.message)

    def _take(self, resident: Resident, turn: engine.Turn, message: ReadMessage | None) -> None:
        before, resident.state = resident.state, from_json(json.loads(json.dumps(to_json(turn.conversation))))
        assert resident.state == turn.conversation
        _assert_words(resident, turn.events, resident.state.language)
        _follow(resident, turn.events, before)
        if message is not None:
            _assert_message_came_to_something(resident, before, message, turn.events)
        _assert_state_agrees(resident)


def _obeyed(message: ReadMessage) -> CommandName | None:
    """What goes before everything else: STOP or ERASE, where the writer is sure to mean it."""
    return message.order.name if message.order is not None and message.order.sure else None


def _up_to(flow: Flow, state: Conversation) -> list[Position]:
    """The path before the question that waits."""
    positions = list(path(flow, state))
    return positions[: positions.index(state.at)] if state.at in positions else []


def _follow(resident: Resident, events: tuple[Event, ...], before: Conversation) -> None:
    """Keep the answers and the questions a second time; none is taken for a question that was not asked."""
    for event in events:
        if isinstance(event, Answered):
            assert event.position == before.at
            assert event.position in resident.asked
            assert event.replaces == (event.position in resident.answers)
            resident.answers[event.position] = event.value
        elif isinstance(event, LeftPath):
            for position in event.positions:
                resident.answers.pop(position, None)
        elif isinstance(event, EraseRequested | UnderAgeFound):
            resident.answers.clear()
        elif isinstance(event, Said):
            _follow_questions(resident, event.key)


def _follow_questions(resident: Resident, key: str) -> None:
    kind, _, name = key.partition(":")
    if kind == "question":
        assert resident.state.at is not None and resident.state.at.question == name
        resident.asked.add(resident.state.at)
        resident.asked_again = 0
    elif key in ASKED_AGAIN or kind == "constraint" or key == "start_again":
        resident.asked_again += 1
        assert resident.asked_again == 1, f"{key} at {resident.state.at} a second time"


def _assert_message_came_to_something(
    resident: Resident, before: Conversation, message: ReadMessage, events: tuple[Event, ...]
) -> None:
    """Every reply to a question is kept, or asked for once more, or was the start signal: none is lost."""
    state = resident.state
    if _obeyed(message) is CommandName.STOP:
        assert state.status is Status.STOPPED and state.answers == before.answers
    elif _obeyed(message) is CommandName.ERASE:
        assert state.status is Status.ERASED and state.answers == {}
    elif message.alarms and message.alarms[0].safeguard is not Safeguard.CRIME_REPORT:
        waits = Status.RETURNING if before.status is Status.RETURNING else Status.WAITING
        assert state.status in (waits, Status.UNDER_AGE)
    elif message.command is None and before.at is not None and before.status is not Status.RETURNING:
        is_start = resident.flow.question(before.at.question).kind is Kind.CONSENT
        is_kept = any(isinstance(event, Answered) for event in events)
        is_asked_again = state.at == before.at and state.tries == before.tries + 1
        assert is_start or is_kept != is_asked_again or state.status is Status.UNDER_AGE


def _assert_words(resident: Resident, events: tuple[Event, ...], language: str) -> None:
    """Something is said, in the conversation's language and no other, with nothing left to fill in."""
    said = [event for event in events if isinstance(event, Said)]
    assert said or any(not isinstance(event, Answered) for event in events)
    for one in said:
        assert one.language == language
        assert language in _wording(resident, one.key), f"{one.key} is not there in {language}"
        text = resident.player._render(one, resident.state.channel)
        assert text.strip() and not _UNFILLED.search(text)


def _wording(resident: Resident, key: str) -> Wording:
    kind, _, name = key.partition(":")
    if kind == "question":
        return resident.flow.question(name).label
    if kind == "constraint":
        return resident.flow.question(name).constraint_message
    return resident.flow.thanks if key == "thanks" else resident.player.texts[key]


def _assert_state_agrees(resident: Resident) -> None:
    """With what happened, and with the path: nothing off it is held or asked."""
    flow, state = resident.flow, resident.state
    names = {question.name for question in flow.questions}
    assert {p: value for p, value in state.answers.items() if p.question in names} == resident.answers
    on_path = set(path(flow, state))
    assert set(resident.answers) <= on_path
    if state.status is not Status.STOPPED:  # who is asked whose turn it is may stop too
        assert (state.at is None) == (state.status in (Status.FINISHED, *_GONE, Status.RETURNING))
    if state.at is not None:
        assert state.at in on_path
        assert is_relevant(flow, flow.question(state.at.question), state, state.at.repeat)


class TestResidents(Residents.TestCase):
    settings = ordinary(100)


@pytest.mark.soak
class TestManyResidents(Residents.TestCase):
    settings = NIGHTLY
