"""Which texts belong to the answer before them, and which question stood when something was written."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.asked import Asked, asked_now, from_list, stood_at, to_list, with_asked
from flows.conversation import Position
from flows.joining import is_begun_before, joined
from flows.model import Kind, Question
from flows.pace import ORDINARY, QUICKEST
from flows.reading import Alarm, Outcome, Reading, ReadMessage, Safeguard

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
OPEN = Question(
    name="place", kind=Kind.PLACE, label={"sv": "Var är det så? Skriv platsen, t ex stationen." * 2}
)
CLOSED = Question(name="when", kind=Kind.MULTI, label={"sv": "När är det värst? 1 Dag 2 Kväll 3 Natt"})
NOT_READ = Reading(outcome=Outcome.UNCLEAR)
READ = Reading(outcome=Outcome.VALUE, values=("night",), how="label")
TEXT = ReadMessage(text="och ingen sandar trottoaren")


def _begun_before(
    question: Question | None, seconds: float, message: ReadMessage = TEXT, reading: Reading = NOT_READ
) -> bool:
    return is_begun_before(question, message, reading, asked_s=seconds, silent_s=seconds)


def test_a_text_that_nobody_can_have_written_after_reading_is_no_answer_to_an_open_question() -> None:
    limit = QUICKEST.needs_s(read=90, written=27)
    assert 6 < limit < 7
    assert _begun_before(OPEN, limit - 0.1)
    assert not _begun_before(OPEN, limit + 0.1)


def test_a_longer_text_must_have_been_begun_earlier() -> None:
    long = ReadMessage(text="x" * 160)
    assert _begun_before(OPEN, 15, long)
    assert not _begun_before(OPEN, 15)


@pytest.mark.parametrize(("seconds", "is_more"), [(0, True), (19, True), (25, False), (70, False)])
def test_what_is_no_answer_to_a_closed_question_is_more_of_the_last_for_as_long_as_most_need(
    seconds: float, is_more: bool
) -> None:
    assert _begun_before(CLOSED, seconds) is is_more


def test_nobody_is_given_more_than_a_minute() -> None:
    long = ReadMessage(text="x" * 400)
    assert ORDINARY.needs_s(read=40, written=400) > 60
    assert not _begun_before(CLOSED, 61, long)
    assert _begun_before(CLOSED, 59, long)


@pytest.mark.parametrize(
    "reading",
    [
        READ,
        Reading(outcome=Outcome.DONT_KNOW),
        Reading(outcome=Outcome.UNCLEAR, how="too_many"),
        Reading(outcome=Outcome.UNCLEAR, how="ambiguous", candidates=("a", "b")),
    ],
)
def test_what_is_about_a_closed_question_is_no_more_of_the_last(reading: Reading) -> None:
    assert not _begun_before(CLOSED, 1, reading=reading)


def test_danger_is_not_made_a_part_of_an_answer_before_a_closed_question() -> None:
    alarm = ReadMessage(text="han slår mig", alarms=(Alarm(safeguard=Safeguard.DOMESTIC, rule="x"),))
    assert not _begun_before(CLOSED, 1, alarm)
    assert _begun_before(OPEN, 1, alarm)


@pytest.mark.parametrize(("asked_s", "silent_s"), [(-5, -5), (10, -1), (3, 5)])
def test_a_clock_that_was_set_back_proves_nothing(asked_s: float, silent_s: float) -> None:
    assert not is_begun_before(OPEN, TEXT, NOT_READ, asked_s=asked_s, silent_s=silent_s)


@pytest.mark.parametrize(
    ("earlier", "later", "whole"),
    [
        ("Det är mörkt", "och halt", "Det är mörkt och halt"),
        ("Det är mörkt", "Det är mörkt vid skolan", "Det är mörkt vid skolan"),
        ("Det är mörkt vid skolan", "det är  mörkt", "Det är mörkt vid skolan"),
        ("", "och halt", "och halt"),
        ("på E45", "E4", "på E45 E4"),
    ],
)
def test_two_texts_become_one_without_saying_anything_twice(earlier: str, later: str, whole: str) -> None:
    assert joined(earlier, later) == whole


# --- which question stood ---------------------------------------------------------------------------------------

FIRST, SECOND = Position("problem", 0), Position("place", 0)
ASKED = (Asked(FIRST, NOON), Asked(SECOND, NOON + timedelta(minutes=1)))


@pytest.mark.parametrize(
    ("seconds", "position"), [(-1, None), (2, None), (30, FIRST), (60, FIRST), (63, FIRST), (66, SECOND)]
)
def test_the_question_that_stood_is_the_last_that_had_come(seconds: int, position: Position | None) -> None:
    assert stood_at(ASKED, NOON + timedelta(seconds=seconds)) == position


def test_the_same_question_asked_again_keeps_its_time() -> None:
    assert with_asked(ASKED, SECOND, NOON + timedelta(hours=1)) == ASKED


def test_the_last_four_questions_are_remembered() -> None:
    asked: tuple[Asked, ...] = ()
    for number in range(9):
        asked = with_asked(asked, Position(f"q{number}", 0), NOON)
    assert [one.position.question for one in asked] == ["q5", "q6", "q7", "q8"]


def test_a_question_that_had_waited_is_asked_when_it_leaves() -> None:
    later = NOON + timedelta(hours=9)
    assert asked_now(ASKED, later) == (ASKED[0], Asked(SECOND, later))


def test_what_was_asked_goes_through_the_database_unchanged() -> None:
    assert from_list(to_list(ASKED)) == ASKED
    assert from_list(None) == ()
