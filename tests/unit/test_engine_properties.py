"""Whatever people write, in whatever order: the engine never raises, never loops, and keeps only what was asked for.

Played as `lyhord chat` plays, with the real readers; the state goes through JSON between every two messages.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.demo import demonstration_round
from bot.services.playing import Player
from bot.services.publishing import load_flow
from bot.wiring import load_player
from flows.conversation import ANSWERED, Conversation, Position, Status, to_json
from flows.model import Kind, Missing
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

    @property
    def asked_again(self) -> bool:
        return (
            self.before is not None and self.now.at == self.before.at and self.now.tries > self.before.tries
        )


@cache
def _player(flow: str) -> Player:
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
