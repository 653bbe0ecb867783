"""Somebody else holds what every message must write: who waits is answered, or told in time to try again."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

from kept import message_ids
from serving import Program, Response, new_number
from sizes import sizes
from sqlalchemy import text
from town import Town, message_fields, twiml_text

LISTENS_S = 5
"""Twilio gives up on an answer after 4.5 s as docs/operating.md sets it, and then tries again."""
SURELY_WAITED_FOR_S = 4.5
SURELY_GIVEN_UP_S = 8
AT_ONCE = 3


@sizes(("held_s", "arrivals_s"), short=(4.2, (0.0, 2.3)), full=(8.0, (0.0, 3.5, 6.0)))
def test_a_message_waits_for_a_held_database_or_is_told_in_time_to_come_again(
    program: Program,
    held_s: float,
    arrivals_s: tuple[float, ...],
    record_property: Callable[[str, object], None],
) -> None:
    """Arriving 8, 4.5 and 2 seconds before the database is free again (in short: 4.2 and 2)."""
    sent = [(after_s, message_fields("TRYGG", sender=new_number())) for after_s in arrivals_s * AT_ONCE]

    def deliver(arrival: tuple[float, dict[str, str]]) -> Response:
        time.sleep(arrival[0])
        with closing(program.caller()) as caller:
            return caller.deliver(arrival[1])

    with ThreadPoolExecutor(len(sent) + 1) as pool:
        with _held(program.town):
            answers = pool.map(deliver, sent)
            assert pool.submit(_seconds_to_read, program).result() < 1
            time.sleep(held_s)
        for (after_s, fields), response in zip(sent, answers, strict=True):
            _assert_waited_for_or_told(response, left_s=held_s - after_s)
            with closing(program.caller()) as caller:
                again = caller.deliver(fields)
            assert (again.status_code, "frivilliga frågor" in twiml_text(again)) == (200, True)
            assert response.status_code == 503 or again.data == response.data
            waited = f"{response.status_code} after {response.seconds:.1f} s"
            record_property(f"held {held_s - after_s:.1f} s more:", waited)
    assert {fields["MessageSid"] for _, fields in sent} <= message_ids(program.town)


def _assert_waited_for_or_told(response: Response, *, left_s: float) -> None:
    assert response.seconds < LISTENS_S
    assert response.status_code in (200, 503)
    assert response.status_code == 200 or left_s > SURELY_WAITED_FOR_S
    assert response.status_code == 503 or left_s < SURELY_GIVEN_UP_S
    if response.status_code == 503:
        assert response.headers["Retry-After"] == "2"
        assert twiml_text(response) == ""


def _seconds_to_read(program: Program) -> float:
    """Pages are read while a writer holds the database."""
    with closing(program.caller()) as caller:
        response = caller.get("/health/ready")
    assert response.status_code == 200
    return response.seconds


@contextmanager
def _held(town: Town) -> Iterator[None]:
    database = town.house.database
    if database.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(database.engine.url.database or "", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with database.engine.connect() as connection:
        connection.execute(text("LOCK TABLE messages IN EXCLUSIVE MODE"))
        yield
        connection.rollback()
