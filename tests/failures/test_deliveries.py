"""Messages that arrive many times or at once at two processes: each is taken once, one after the other."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from kept import assert_states_and_answers_agree, count, message_ids
from serving import Program, Response, new_number
from sizes import sizes
from town import RESIDENT, message_fields, twiml_text

from storage.tables import Answer, Conversation, Message

AT_ONCE = 20
DONT_KNOW = 7
"""Questions of the residents' survey that one is asked who answers "vet ej" to all."""


@sizes("residents", short=(1,), full=(6,))
def test_of_twenty_identical_deliveries_one_is_taken_and_all_get_its_reply(
    program: Program, residents: int
) -> None:
    before = count(program.town, Message), count(program.town, Conversation)
    for _ in range(residents):
        sender, told = new_number(), []
        for text in RESIDENT:
            fields = message_fields(text, sender=sender)
            replies = {_reply(response) for response in _deliver_at_once(program, [fields] * AT_ONCE)}
            assert len(replies) == 1, text
            told.append(replies.pop())
        assert len(set(told)) == len(RESIDENT)
        assert told[-1].startswith("Tack!")
    after = count(program.town, Message), count(program.town, Conversation)
    assert after == (before[0] + residents * len(RESIDENT), before[1] + residents)
    assert_states_and_answers_agree(program.town)


@sizes("residents", short=(3,), full=(30,))
def test_of_twenty_different_messages_at_once_no_step_is_lost_or_doubled(
    program: Program, residents: int
) -> None:
    before = count(program.town, Answer, *_CURRENT_DONT_KNOW), count(program.town, Conversation)
    for _ in range(residents):
        sender = new_number()
        with closing(program.caller()) as caller:
            for text in ("TRYGG", "ja"):
                caller.deliver_until_taken(message_fields(text, sender=sender))
        sent = [message_fields("vet ej", sender=sender) for _ in range(AT_ONCE)]
        replies = [_reply(response) for response in _deliver_at_once(program, sent)]
        assert {fields["MessageSid"] for fields in sent} <= message_ids(program.town)
        assert sum(reply.startswith("Tack!") for reply in replies) == 1
    after = count(program.town, Answer, *_CURRENT_DONT_KNOW), count(program.town, Conversation)
    assert after == (before[0] + residents * DONT_KNOW, before[1] + residents)
    assert_states_and_answers_agree(program.town)


_CURRENT_DONT_KNOW = (Answer.standing == "current", Answer.value == "dont_know")


def _deliver_at_once(program: Program, deliveries: Sequence[dict[str, str]]) -> list[Response]:
    """Each from a connection of its own."""
    barrier = threading.Barrier(len(deliveries))

    def deliver(fields: dict[str, str]) -> Response:
        with closing(program.caller()) as caller:
            barrier.wait(timeout=10)
            return caller.deliver(fields)

    with ThreadPoolExecutor(len(deliveries)) as pool:
        return list(pool.map(deliver, deliveries))


def _reply(response: Response) -> str:
    assert response.status_code == 200
    return twiml_text(response)
