"""Whatever people write, in whatever order: the engine never raises, never loops, and keeps only what was asked for.

Played as `lyhord chat` plays, with the real readers; the state goes through JSON between every two messages.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.demo import demonstration_round
from bot.services.playing import Player
from bot.services.publishing import load_flow
from bot.services.shipped import load_player
from flows import engine
from flows.catalogue import load_document_text
from flows.conversation import ANSWERED, Conversation, Position, Status, from_json, to_json
from flows.model import Kind, Missing
from flows.obeying import may_change
from flows.path import first_unanswered, is_relevant, path
from flows.taking import MOST_TRIES

TODAY = date(2026, 11, 2)
FLOWS = ("residents", "employees", "dialogue")
ORDINARY = settings(max_examples=200, deadline=None, derandomize=True)

CANARY = "kvitterlyktan"
CLOSED = [
    *"1234567890vA",
    "1,2",
    "2,5",
    "7och8",
    "47",
    "1962",
    "3år",
    "12,9,3,8",
    "ja",
    "nej",
    "ok",
    "JA!",
    "yes",
    "no",
]
WORDS = (
    *("Duved", "duvved", "Åre", "ALLA", "MOTE1", "stationen", "E14", "bor här", "på besök", "ganska otrygg"),
    *(
        "kvinna",
        "annat",
        "sommar",
        "helgkvällar",
        "vet ej",
        "vill inte svara",
        "INGET",
        "inga problem",
        "allt",
    ),
    *(
        "fartkamera",
        "mer ljus",
        f"{CANARY} är trasig vid torget",
        f"{CANARY}, ring 070-174 06 44",
        "jag vet inte",
    ),
    *(
        "the street is dark",
        "drunk people at the square",
        "dont know",
        "الحديقة مظلمة في الليل",
        "parkki on pimeä",
    ),
)
COMMANDS = (
    *("hjälp", "tillbaka", "ångra", "hoppa över", "fortsätt", "börja om", "klar"),
    *("vem är ni", "resultat", "ENGLISH", "svenska", "suomi", "العربية", "test", "back", "skip", "continue"),
)
SAFEGUARDS = (
    *(
        "hjälp mig han har kniv",
        "min man slår mig",
        "jag vill dö",
        "jag är 12 år",
        "jag är 11 och pappa slår mig",
    ),
    *("jag ska döda dem", "vill anmäla en misshandel", "my husband hits me", "I want to kill myself"),
)
ENDINGS = ("stopp", "STOP", "radera", "jag är 12 år", "jag är 11 och pappa slår mig", "4 år")
NOISE = (
    "",
    " ",
    "?",
    "...",
    "\U0001f621",
    "\x00",
    "\ud800",
    "asdf",
    "x" * 1700,
    "\u0301",
    "<b>",
    "%s",
    "[K]",
)

messages = st.one_of(
    st.sampled_from(CLOSED),
    st.sampled_from(WORDS),
    st.sampled_from(COMMANDS),
    st.sampled_from(SAFEGUARDS),
    st.sampled_from(NOISE),
    st.text(max_size=30),
)
conversations = st.tuples(
    st.sampled_from([["ja"], ["JA!"], ["hur gör man", "ok"], []]),
    st.lists(messages, min_size=5, max_size=20),
    st.sampled_from([*[[]] * 5, ["4 år", "jag är 12 år"], *([ending] for ending in ENDINGS)]),
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])


@pytest.mark.parametrize(
    ("text", "is_left_alone"),
    [
        ("jag vill dö", True),
        ("min man slår mig", True),
        ("pappa slår mig jag är rädd för honom", True),
        ("hjälp mig han har kniv", False),
        ("jag ska döda dem", False),
    ],
)
def test_nobody_who_told_of_suicide_violence_at_home_or_a_child_is_reminded(
    text: str, is_left_alone: bool
) -> None:
    play = Play.begun("residents", "sv", "sms")
    for said in ("ja", text):
        play.player.say(said)
    assert play.now.no_reminder is is_left_alone


@dataclass
class Play:
    """A conversation of a flow, and how it stood before the message that was said last."""

    player: Player
    before: Conversation | None = None

    @classmethod
    def begun(cls, flow: str, language: str, channel: str) -> "Play":
        play = cls(_player(flow))
        play.player.answered.clear()
        assert all(play.player.begin(language=language, channel=channel))
        return play

    @property
    def now(self) -> Conversation:
        conversation = self.player._conversation
        assert conversation is not None
        return conversation

    def say(self, text: str) -> tuple[str, ...]:
        self.before = self.now
        self.player.answered.clear()
        return self.player.say(text)

    def change(self, position: Position) -> None:
        """As a page does. The state goes through JSON here too."""
        self.before = self.now
        state = from_json(json.loads(json.dumps(to_json(self.now))))
        turn = engine.change(self.player.flow, state, position)
        assert [said.key for said in turn.said] == [f"question:{position.question}"]
        self.player._conversation = turn.conversation

    @property
    def asked_again(self) -> bool:
        return (
            self.before is not None and self.now.at == self.before.at and self.now.tries > self.before.tries
        )


CHAIN = """
settings: {form_id: chain, version: "1", title: {sv: Kedja}, stream: residents, languages: [sv]}
choices:
  yes_no: [{name: "yes", key: 1, label: {sv: Ja}}, {name: "no", key: 2, label: {sv: Nej}}]
survey:
  - {type: acknowledge, name: start, label: {sv: Börja?}}
  - {type: select_one yes_no, name: a, label: {sv: A?}}
  - {type: select_one yes_no, name: b, label: {sv: B?}, relevant: "${a} = 'yes'"}
  - {type: select_one yes_no, name: c, label: {sv: C?}, relevant: "${a} = 'yes' or not(${b} = 'yes')"}
  - {type: select_one yes_no, name: d, label: {sv: D?}, relevant: "not(${b} = 'no')"}
  - {type: select_one yes_no, name: e, label: {sv: E?}, relevant: "not(${d} = 'yes')"}
  - {type: note, name: thanks, role: thanks, label: {sv: Tack!}}
"""
"""Each answer decides about the next question, in both senses: what our own surveys do rarely."""


@cache
def _player(flow: str) -> Player:
    if flow == "chain":
        document = load_document_text(CHAIN.encode(), "chain.yaml").document
        return load_player(document, demonstration_round(), today=TODAY)
    return load_player(load_flow(flow, Path()), demonstration_round(), today=TODAY)


@pytest.mark.parametrize("flow", FLOWS)
@ORDINARY
@given(
    language=st.sampled_from(["sv", "en", "xx"]),
    channel=st.sampled_from(["sms", "chat"]),
    said=conversations,
)
def test_any_conversation_keeps_the_rules(flow: str, language: str, channel: str, said: list[str]) -> None:
    play = Play.begun(flow, language, channel)
    asked = {play.now.at}
    for text in said:
        if not play.player.is_open:
            break
        asked_again_before = play.asked_again
        replies = play.say(text)
        _assert_something_is_said(replies)
        _assert_asked_again_once_at_most(play, asked_again_before)
        _assert_only_what_was_asked_is_answered(play, asked)
        _assert_state_holds_codes_only(play.player, play.now)
        asked.add(play.now.at)
    _assert_ends_are_final(play.now)


def _assert_something_is_said(replies: tuple[str, ...]) -> None:
    assert replies
    assert all(reply.strip() for reply in replies)
    assert not any(re.search(r"\[[A-ZÅÄÖ]+\]", reply) for reply in replies)
    assert CANARY not in " ".join(replies)


def _assert_asked_again_once_at_most(play: Play, asked_again_before: bool) -> None:
    assert play.now.tries < MOST_TRIES
    assert not (play.asked_again and asked_again_before)


def _assert_only_what_was_asked_is_answered(play: Play, asked: set[Position | None]) -> None:
    before = play.before
    assert before is not None
    assert {answered.position for answered in play.player.answered} <= {before.at}
    questions = {question.name for question in play.player.flow.questions}
    assert {p for p in play.now.answers if p.question in questions} <= asked


def _assert_state_holds_codes_only(player: Player, state: Conversation) -> None:
    assert CANARY not in json.dumps(to_json(state), ensure_ascii=False)
    for position, value in state.answers.items():
        if position.question in {question.name for question in player.flow.questions}:
            question = player.flow.question(position.question)
            allowed = {*(choice.name for choice in question.choices), *Missing, "none"}
            if question.kind in (Kind.OPEN, Kind.PLACE):
                allowed.add(ANSWERED)
            assert all(word in allowed or word.isdecimal() for word in value.split()), (position, value)


def _assert_ends_are_final(state: Conversation) -> None:
    assert (state.at is None) == (state.status in (Status.FINISHED, Status.UNDER_AGE, Status.ERASED))
    if state.status in (Status.ERASED, Status.UNDER_AGE):
        assert state.answers == {}
    assert state.is_open == (state.status in (Status.ASKING, Status.WAITING))


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize(
    ("text", "status"), [("stopp", Status.STOPPED), ("STOP", Status.STOPPED), ("radera", Status.ERASED)]
)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(said=conversations)
def test_stop_and_erase_end_it_wherever_they_come(
    flow: str, text: str, status: Status, said: list[str]
) -> None:
    play = Play.begun(flow, "sv", "sms")
    for earlier in said:
        if play.player.is_open:
            play.say(earlier)
    if play.player.is_open:
        assert len(play.say(text)) == 1
        assert (play.now.status, play.player.is_open) == (status, False)


@pytest.mark.parametrize("flow", ["residents", "employees"])
@ORDINARY
@given(
    said=st.lists(st.sampled_from((*CLOSED, *WORDS, *NOISE)) | st.text(max_size=20), min_size=1, max_size=6)
)
def test_who_only_ever_answers_comes_to_the_end(flow: str, said: list[str]) -> None:
    """Two replies to a question at the most, however often the same things are said."""
    play = Play.begun(flow, "sv", "sms")
    questions = play.player.flow.questions
    most = 2 * sum(play.player.flow.repeat_max.get(question.repeat, 1) for question in questions)
    for turn in range(most):
        if not play.player.is_open or play.now.status is Status.WAITING:
            break
        play.say(said[turn % len(said)])
        if play.player.notes and play.player.notes[0].startswith("command"):
            break
    else:
        assert not play.player.is_open, f"still at {play.now.at} after {most} replies"


# --- answers that are changed ------------------------------------------------------------------------------------


WHICH = st.integers(0, 40)
"""Which of the answers so far is to be given anew."""
SURVEYS = st.sampled_from((*CLOSED, *["ja", "nej"] * 5, *WORDS, *COMMANDS, "min man slår mig", "?"))
steps = st.lists(SURVEYS | WHICH, min_size=8, max_size=40)


@pytest.mark.parametrize("flow", FLOWS)
@settings(max_examples=100, deadline=None, derandomize=True)
@given(said=steps)
def test_changing_answers_keeps_exactly_those_that_lie_on_the_path(flow: str, said: list[str | int]) -> None:
    _play_with_changes(flow, said)


def test_where_each_answer_decides_about_the_next_every_change_keeps_exactly_the_path() -> None:
    answers = ("ja", "nej")
    for first in product(answers, repeat=4):
        for which in range(4):
            for then in product(answers, repeat=2):
                _play_with_changes("chain", [*first, which, *then])


def _play_with_changes(flow: str, said: Sequence[str | int]) -> None:
    play = Play.begun(flow, "sv", "chat")
    play.say("ja")
    for step in said:
        given = _changeable(play)
        if isinstance(step, int) and given:
            position = given[step % len(given)]
            answers = play.now.answers
            play.change(position)
            assert (play.now.at, play.now.status, play.now.answers) == (position, Status.ASKING, answers)
        elif isinstance(step, str) and play.player.is_open:
            play.say(step)
        _assert_answers_are_those_of_the_path(play)
        assert from_json(json.loads(json.dumps(to_json(play.now)))) == play.now


@pytest.mark.parametrize("flow", FLOWS)
@settings(max_examples=100, deadline=None, derandomize=True)
@given(said=st.lists(st.sampled_from((*CLOSED, *WORDS)), min_size=4, max_size=25), which=st.integers(0, 40))
def test_after_a_changed_answer_only_what_has_none_is_asked(flow: str, said: list[str], which: int) -> None:
    play = Play.begun(flow, "sv", "chat")
    play.say("ja")
    for text in said:
        if play.player.is_open:
            play.say(text)
    given = _changeable(play)
    if not given:
        return
    play.change(given[which % len(given)])
    for text in ("hoppa över", "hoppa över"):
        if play.player.is_open:
            play.say(text)
            assert play.now.at == first_unanswered(play.player.flow, play.now)


def test_what_has_no_answer_cannot_be_changed() -> None:
    play = _at_safety()
    flow, state = play.player.flow, play.now
    nowhere = (Position("wish", 0), Position("start", 0), Position("", 0), Position("role", 1))
    assert not any(may_change(flow, state, position) for position in nowhere)
    assert all(engine.change(flow, state, position).events == () for position in nowhere)
    assert may_change(flow, state, Position("role", 0))
    play.say("stopp")
    assert not may_change(flow, play.now, Position("role", 0))


def test_going_on_without_another_answer_keeps_the_first() -> None:
    play = _at_safety()
    play.change(Position("role", 0))
    play.say("fortsätt")
    assert (play.now.at, play.now.answers[Position("role", 0)]) == (Position("safety", 0), "lives")


def test_what_a_replaced_answer_was_about_goes_with_it() -> None:
    play = _at_safety()
    for text in ("4", "nej", "mörkt vid stationen i Duved"):
        play.say(text)
    assert Position("problem_category", 0) in play.now.answers
    play.change(Position("problem", 0))
    play.say("vet ej")
    assert {p for p in play.now.answers if p.question.startswith("problem")} == {Position("problem", 0)}


def _at_safety() -> Play:
    play = Play.begun("residents", "sv", "chat")
    for text in ("ja", "bor här", "Duved"):
        play.say(text)
    assert play.now.at == Position("safety", 0)
    return play


def _changeable(play: Play) -> list[Position]:
    return [p for p in play.now.answers if may_change(play.player.flow, play.now, p)]


def _assert_answers_are_those_of_the_path(play: Play) -> None:
    """None that lies off it, none lost that lies on it, and nothing asked that does not."""
    flow, now, before = play.player.flow, play.now, play.before
    assert before is not None
    on_path = set(path(flow, now))
    names = {question.name for question in flow.questions}
    assert {p for p in now.answers if p.question in names} <= on_path
    assert not (on_path & set(before.answers)) - set(now.answers)
    if now.at is not None:
        assert now.at in on_path
        assert is_relevant(flow, flow.question(now.at.question), now, now.at.repeat)
