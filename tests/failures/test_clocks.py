"""Clocks that jump, nights with an hour too many or too few, seconds that are none; and what comes again much later."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from kept import assert_states_and_answers_agree, count, count_all
from serving import Caller, Program
from town import OUR_NUMBER, Town, message_fields, twiml_text

from bot.cli.demo import demonstration_round
from bot.services.publishing import load_flow
from bot.services.upkeep import Upkeep
from storage.tables import Answer, Conversation, Message

SetClock = Callable[[datetime], None]
AUTUMN, SPRING = date(2027, 10, 31), date(2028, 3, 26)
"""At 3 summer time it is 2 again; at 2 winter time it is 3."""
ANSWERS = (
    ("1", "Vilken ort"),
    ("Duved", "Hur trygg"),
    ("4", "Vad är det största"),
    ("Mörkt", "Var är det så?"),
)
BEGINNING = (("TRYGG", "frivilliga frågor"), ("ja", "Vem är du här?"))
LEAP_SECOND = "2016-12-31T23:59:60Z"


@pytest.fixture
def set_clock(handles: Path) -> Iterator[SetClock]:
    """Both processes of the shared program look at the clock again for each message."""
    clock, new = handles / "clock", handles / "clock.new"

    def set_to(time: datetime) -> None:
        new.write_text(time.isoformat(), encoding="ascii")
        new.rename(clock)

    yield set_to
    clock.unlink()


def test_a_clock_that_jumps_back_and_forth_changes_nothing_in_a_survey(
    program: Program, caller: Caller, set_clock: SetClock
) -> None:
    now = datetime.now(UTC)
    jumps = (-timedelta(hours=1), timedelta(days=1), timedelta(0), -timedelta(days=1))
    _say_all(caller, "+46701742101", BEGINNING)
    for jump, answer in zip(jumps, ANSWERS, strict=True):
        set_clock(now + jump)
        _say_all(caller, "+46701742101", (answer,))
    assert_states_and_answers_agree(program.town)


@pytest.mark.parametrize("night", [AUTUMN, SPRING], ids=["25 hours", "23 hours"])
def test_a_round_ends_at_midnight_also_on_the_day_when_clocks_are_changed(
    program: Program, caller: Caller, set_clock: SetClock, night: date
) -> None:
    """A survey goes on through the night, and until the last second of the day as the wall shows it."""
    sender, recipient = f"+46701{night:%y%m%d}", f"+4670000{night:%y%m}"
    _open_round(program.town, recipient, last_day=night)
    midnight, next_midnight = (_on_the_wall(day) for day in (night, night + timedelta(days=1)))
    set_clock(midnight)
    _say_all(caller, sender, BEGINNING, recipient)
    for minutes, answer in zip(
        (90, 119, 121, 150), ANSWERS, strict=True
    ):  # clocks are changed after 120 or 180
        set_clock(midnight + timedelta(minutes=minutes))
        _say_all(caller, sender, (answer,), recipient)
    set_clock(next_midnight - timedelta(seconds=1))
    _say_all(caller, sender, (("vid skolan", "När är det värst?"),), recipient)
    set_clock(next_midnight)
    _say_all(caller, sender, (("2,5", "enkäten är stängd"),), recipient)
    assert_states_and_answers_agree(program.town)


def test_a_leap_second_is_a_text_as_any_other(caller: Caller, set_clock: SetClock) -> None:
    sender, now = "+46701742103", datetime.now(UTC)
    set_clock(now)
    _say_all(caller, sender, (*BEGINNING, *ANSWERS))
    set_clock(now + timedelta(minutes=1))
    _say_all(caller, sender, ((LEAP_SECOND, "När är det värst?"),))
    fields = {**message_fields(LEAP_SECOND, sender=sender), "DateSent": LEAP_SECOND}
    assert caller.deliver(fields).status_code == 200


def test_what_comes_again_gets_its_reply_for_48_hours_and_then_an_empty_one(
    program: Program, caller: Caller, set_clock: SetClock
) -> None:
    town, now = program.town, datetime.now(UTC)
    sent = [message_fields(text, sender="+46701742104") for text in ("TRYGG", "ja", "1", "Duved")]
    set_clock(now)
    replies = [caller.deliver_until_taken(fields).data for fields in sent]
    rows = _of_residents(town)
    for later in (timedelta(seconds=1), timedelta(days=1), timedelta(hours=47), -timedelta(hours=1)):
        set_clock(now + later)
        _forget(town, now + later)
        assert [caller.deliver(fields).data for fields in sent] == replies
    set_clock(now + timedelta(hours=49))
    _forget(town, now + timedelta(hours=49))
    assert [twiml_text(caller.deliver(fields)) for fields in sent] == [""] * len(sent)
    assert _of_residents(town) == rows
    _say_all(caller, "+46701742104", (("4", "Vad är det största"),))
    assert_states_and_answers_agree(town)


def test_what_comes_again_after_erasing_brings_nothing_back(program: Program, caller: Caller) -> None:
    sent = [message_fields(text, sender="+46701742105") for text in ("TRYGG", "ja", "1", "Duved", "radera")]
    for fields in sent:
        caller.deliver_until_taken(fields)
    rows = count_all(program.town)
    for fields in sent:
        assert caller.deliver(fields).status_code == 200
    assert count_all(program.town) == rows


def _of_residents(town: Town) -> list[int]:
    """Rows that a message may make; what the worker notes of itself is left out."""
    return [count(town, table) for table in (Message, Conversation, Answer)]


def _forget(town: Town, now: datetime) -> None:
    """What the worker does every few minutes."""
    Upkeep(sessions=town.house.database.sessions, now=lambda: now).run()


def _open_round(town: Town, number: str, *, last_day: date) -> None:
    """On a number of its own, open for a week."""
    document = replace(
        demonstration_round(),
        code=f"until-{last_day}",
        phone_number=number,
        opens_on=last_day - timedelta(days=7),
        closes_on=last_day,
    )
    town.rounds.create(document, lambda name: load_flow(name, Path()), is_demonstration=True)
    town.rounds.open(document.code)


def _on_the_wall(day: date) -> datetime:
    """Midnight in Sweden at which a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/Stockholm")).astimezone(UTC)


def _say_all(
    caller: Caller, sender: str, said: Iterable[tuple[str, str]], recipient: str = OUR_NUMBER
) -> None:
    """Each text with what its reply has in it."""
    for text, reply in said:
        response = caller.deliver_until_taken({**message_fields(text, sender=sender), "To": recipient})
        assert reply in twiml_text(response), text
