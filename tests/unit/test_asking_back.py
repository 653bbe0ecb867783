"""Orders that the writer may not have meant: asked back once, obeyed the second time, never against an answer."""

from dataclasses import replace
from datetime import date

import pytest
from test_engine_properties import CHAIN

from bot.cli.demo import demonstration_round
from bot.services.shipped import load_player
from flows import catalogue, engine
from flows.conversation import Conversation, Status, from_json, to_json
from flows.events import Said, Turn
from flows.reading import Command, CommandName, ReadMessage

PLAYER = load_player(
    catalogue.load_document_text(CHAIN.encode(), "chain.yaml").document,
    demonstration_round(),
    today=date(2026, 11, 2),
)
UNSURE_ERASE = Command(name=CommandName.ERASE, sure=False, learned=True)
UNSURE_STOP = Command(name=CommandName.STOP, sure=False, learned=True)


def asked() -> Conversation:
    """At the first question after the start: yes or no."""
    started = engine.start(PLAYER.flow, language="sv", channel="sms", given={}).conversation
    return say(started, "ja").conversation


def say(state: Conversation, text: str, command: Command | None = None) -> Turn:
    message = ReadMessage(text=text, command=command)
    turn = engine.resume(PLAYER.flow, state, message, reader=PLAYER.replies, this_year=2026)
    return replace(turn, conversation=from_json(to_json(turn.conversation)))


def keys(turn: Turn) -> list[str]:
    return [event.key for event in turn.events if isinstance(event, Said)]


@pytest.mark.parametrize(
    ("command", "asked_back", "status"),
    [
        (UNSURE_ERASE, "erase_or_answer", Status.ERASED),
        (UNSURE_STOP, "stop_or_answer", Status.STOPPED),
    ],
)
def test_it_is_asked_back_once_and_then_obeyed(command: Command, asked_back: str, status: Status) -> None:
    first = say(asked(), "lägg ner det där", command)
    assert keys(first) == [asked_back] and first.conversation.status is Status.ASKING
    again = say(first.conversation, "lägg ner det där", command)
    assert again.conversation.status is status


def test_yes_is_the_answer_where_the_question_is_one_of_yes_and_no() -> None:
    """Who says yes to "har du blivit utsatt" must not lose every answer."""
    state = say(asked(), "lägg ner det där", UNSURE_ERASE).conversation
    turn = say(state, "ja")
    assert turn.conversation.status is Status.ASKING
    assert list(turn.conversation.answers.values()) == ["yes"]


def test_after_it_was_asked_back_nothing_is_asked_again() -> None:
    state = say(asked(), "lägg ner det där", UNSURE_ERASE).conversation
    turn = say(state, "kanske det")
    assert "kept_as_text" in keys(turn)


def test_an_answer_after_it_was_asked_back_is_taken_and_the_order_forgotten() -> None:
    state = say(asked(), "lägg ner det där", UNSURE_ERASE).conversation
    turn = say(state, "nej")
    assert turn.conversation.status is Status.ASKING
    assert list(turn.conversation.answers.values()) == ["no"]
    assert turn.conversation.asked_back == ""


def test_who_was_asked_again_already_is_not_asked_back() -> None:
    unclear = say(asked(), "kanske det").conversation
    assert unclear.tries == 1
    assert say(unclear, "lägg ner det där", UNSURE_STOP).conversation.status is Status.STOPPED


@pytest.mark.parametrize("name", [CommandName.HELP, CommandName.STOP, CommandName.SKIP])
def test_a_reply_that_answers_the_closed_question_is_no_learned_command(name: CommandName) -> None:
    learned = say(asked(), "ja", Command(name=name, learned=True))
    assert list(learned.conversation.answers.values()) == ["yes"]
    by_rule = say(asked(), "ja", Command(name=name))
    assert "yes" not in by_rule.conversation.answers.values()


@pytest.mark.parametrize("unsure", [UNSURE_ERASE, UNSURE_STOP])
def test_where_no_survey_waits_it_is_asked_back_too(unsure: Command) -> None:
    said = engine.answer_outside(ReadMessage(text="", command=unsure), language="sv", offered=("sv",))
    assert [event.key for event in said if isinstance(event, Said)] == [f"{unsure.name}_or_answer"]
