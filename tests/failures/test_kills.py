"""Workers that are killed: at the worst moment, and at any. What was answered is kept; what was not comes again."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from http.client import HTTPException
from pathlib import Path

import pytest
from kept import assert_file_is_whole, assert_states_and_answers_agree, count, message_ids
from serving import Caller, Program, new_number
from sizes import sizes
from town import RESIDENT, message_fields, twiml_text

from storage.tables import Conversation, Message

RESIDENTS = 4
"""Who write at the same time."""
PAUSE_S = 0.02
"""From an answer to the next message: workers that come up need the processor too."""
ANSWERED_BETWEEN = 10
"""Messages, from one kill to the next."""
AT_WORK_THREADS = 2
"""A worker has as many once it has answered: its own, and one of the pool."""


@sizes("kills", short=(1,), full=(8,))
def test_killed_before_or_after_commit_a_message_is_one_step_when_it_comes_again(
    program: Program, caller: Caller, handles: Path, kills: int
) -> None:
    """Before: nothing is there. After: all is, and the second delivery gets the reply that never left."""
    town = program.town
    messages, conversations = count(town, Message), count(town, Conversation)
    undisturbed = [_taken(caller, fields) for fields in _survey(new_number())]
    for when in ("before", "after"):
        told = []
        for step, fields in enumerate(_survey(new_number())):
            if step < kills:
                _die_of(caller, fields, told_by=handles / when)
                assert (fields["MessageSid"] in message_ids(town)) is (when == "after")
            told.append(_taken(caller, fields))
        assert told == undisturbed
    assert count(town, Message) == messages + 3 * len(RESIDENT)
    assert count(town, Conversation) == conversations + 3
    assert_states_and_answers_agree(town)
    assert_file_is_whole(town)


@sizes("seconds", short=(4,), full=(30,))
def test_workers_killed_at_random_lose_no_answer_and_double_none(
    program: Program, caller: Caller, seconds: int, record_property: Callable[[str, object], None]
) -> None:
    town = program.town
    undisturbed = [_taken(caller, fields) for fields in _survey(new_number())]
    known, conversations = message_ids(town), count(town, Conversation)
    residents = [_Residents(program, number, undisturbed) for number in range(RESIDENTS)]
    for resident in residents:
        resident.start()
    killed = _kill_those_at_work(program, residents, for_s=seconds)
    for resident in residents:
        resident.stop()
    assert [resident.fault for resident in residents if resident.fault] == []
    answered = {sid for resident in residents for sid in resident.answered}
    record_property("killed", killed)
    record_property("answered", len(answered))
    assert killed >= 1
    assert len(answered) >= killed * ANSWERED_BETWEEN
    assert message_ids(town) - known == answered
    assert count(town, Conversation) == conversations + sum(resident.surveys for resident in residents)
    assert_states_and_answers_agree(town)
    assert_file_is_whole(town)


class _Residents(threading.Thread):
    """Survey after survey, each from another number; of the messages one in four comes twice."""

    def __init__(self, program: Program, number: int, undisturbed: list[bytes]) -> None:
        super().__init__(daemon=True)
        self._program, self._undisturbed = program, undisturbed
        self._chance = random.Random(number)  # noqa: S311 - the same choices every time
        self._stopping = threading.Event()
        self.answered: list[str] = []
        self.surveys = 0
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                with closing(
                    self._program.caller()
                ) as caller:  # whoever came up meanwhile shall have work too
                    self._answer_survey(caller)
        except BaseException as fault:
            self.fault = fault

    def stop(self) -> None:
        self._stopping.set()
        self.join(timeout=120)

    def _answer_survey(self, caller: Caller) -> None:
        survey = _survey(new_number())
        for step, (fields, expected) in enumerate(zip(survey, self._undisturbed, strict=True)):
            if self._stopping.is_set():
                return
            self.surveys += step == 0
            for _ in range(2 if self._chance.random() < 0.25 else 1):
                assert _taken(caller, fields) == expected, fields["Body"]
            self.answered.append(fields["MessageSid"])
            time.sleep(PAUSE_S)


def _kill_those_at_work(program: Program, residents: Sequence[_Residents], *, for_s: float) -> int:
    """Every 0.2 to 0.6 s a worker that answers; but workers start slower than they die, and some shall be answered."""
    chance = random.Random(1)  # noqa: S311 - the same choices every time
    killed, answered, until = 0, 0, time.monotonic() + for_s
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.2, 0.6))
        at_work = [pid for pid in program.workers() if _threads(pid) >= AT_WORK_THREADS]
        by_now = sum(len(resident.answered) for resident in residents)
        if at_work and by_now >= answered + ANSWERED_BETWEEN:
            os.kill(chance.choice(at_work), signal.SIGKILL)
            killed, answered = killed + 1, by_now
    return killed


def _threads(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0  # gone meanwhile
    return int(status.partition("Threads:")[2].split()[0]) if "Threads:" in status else 0


def _die_of(caller: Caller, fields: dict[str, str], told_by: Path) -> None:
    """Deliver a message that its worker does not survive."""
    told_by.touch()
    with pytest.raises((OSError, HTTPException)):
        caller.deliver(fields)
    assert not told_by.exists()


def _survey(sender: str) -> Iterator[dict[str, str]]:
    return (message_fields(text, sender=sender) for text in RESIDENT)


def _taken(caller: Caller, fields: dict[str, str]) -> bytes:
    response = caller.deliver_until_taken(fields)
    assert (response.status_code, bool(twiml_text(response))) == (200, True)
    return response.data
