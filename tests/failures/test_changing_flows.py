"""A survey that is changed while residents answer it: each finishes the version that they began."""

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kept import assert_states_and_answers_agree
from serving import Caller, Program
from sizes import sizes
from sqlalchemy import select
from town import RESIDENT, Town, message_fields, twiml_text

from bot.cli.demo import demonstration_round
from bot.services.dates import local_date
from bot.services.publishing import load_flow
from storage import rounds
from storage.tables import Conversation

NUMBER = "+46700000200"
CODE = "changing"
WEEK = timedelta(days=7)
INSERTED = "Hur trygg känner du dig där mitt på dagen?"
CHANGED = ("TRYGG DUVED3", "ja", "1", "Duved", "4", "2", "Folk kör för fort på E14", "2,5", "47", "1")
"""A whole survey on the version where one question is inserted, one renamed and one deleted."""


@sizes("residents", short=(10,), full=(50,))
def test_each_finishes_the_version_that_they_began_while_another_is_published(
    program: Program, caller: Caller, residents: int
) -> None:
    town = program.town
    today = local_date(datetime.now(UTC))
    document = replace(
        demonstration_round(),
        code=f"{CODE}-{residents}",
        phone_number=f"{NUMBER[:-2]}{residents}",
        opens_on=today - WEEK,
        closes_on=today + WEEK,
    )
    town.rounds.create(document, lambda name: load_flow(name, Path()), is_demonstration=True)
    town.rounds.open(document.code)
    undisturbed = _answer(caller, document.phone_number, residents, RESIDENT)
    for resident in range(residents):
        begun = 1 + resident % (len(RESIDENT) - 1)
        told = _answer(caller, document.phone_number, resident, RESIDENT[:begun])
        assert told == undisturbed[:begun]

    old, new = _publish_changed(town, document.code)
    program.renew_workers()

    for resident in range(residents):
        begun = 1 + resident % (len(RESIDENT) - 1)
        assert _answer(caller, document.phone_number, resident, RESIDENT[begun:]) == undisturbed[begun:]
    told = _answer(caller, document.phone_number, residents + 1, CHANGED)
    assert INSERTED in told[4]
    assert told[-1].startswith("Tack!")
    assert told[2:4] == undisturbed[2:4]
    assert _versions(town, document.code) == [(old, "finished")] * (residents + 1) + [(new, "finished")]
    assert_states_and_answers_agree(town)


def _answer(caller: Caller, recipient: str, resident: int, texts: Sequence[str]) -> list[str]:
    sender = f"+46701742{resident:03}"
    sent = ({**message_fields(text, sender=sender), "To": recipient} for text in texts)
    return [twiml_text(caller.deliver_until_taken(fields)) for fields in sent]


def _publish_changed(town: Town, code: str) -> tuple[int, int]:
    """The version ids before and after; as bot.services.rounds publishes the flows of a new round."""
    flow = _changed(load_flow("residents", Path()))
    with town.house.database.sessions.begin() as session:
        row = rounds.get_round(session, code)
        assert row
        old = next(f.id for f in rounds.list_round_flows(session, row.id) if f.stream == "residents")
        new = rounds.add_flow_version(
            session,
            flow="residents",
            version="2",
            sha256=hashlib.sha256(json.dumps(flow).encode()).hexdigest(),
            document=flow,
            at=datetime.now(UTC),
        )
        rounds.set_round_flow(session, row.id, "residents", new)
    return old, new


def _changed(document: Mapping[str, Any]) -> dict[str, Any]:
    """One question inserted, one renamed, one deleted."""
    flow = copy.deepcopy(dict(document))
    flow["survey"] = list(_changed_questions(flow["survey"]))
    flow["settings"]["version"] = "2"
    names = {"when": "hours"}
    flow["settings"]["core"] = [names.get(n, n) for n in flow["settings"]["core"] if n != "wish"]
    return flow


def _changed_questions(questions: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for question in questions:
        if question.get("name") == "wish":
            continue
        yield {**question, "name": "hours"} if question.get("name") == "when" else question
        if question.get("name") == "safety":
            yield {
                **question,
                "name": "daytime",
                "role": "daytime",
                "label": {"sv": INSERTED, "en": INSERTED},
                "sms": {"sv": f"{INSERTED} 1 Mycket trygg 5 Mycket otrygg", "en": INSERTED},
            }


def _versions(town: Town, code: str) -> list[tuple[int, str]]:
    with town.house.database.sessions.reading() as session:
        row = rounds.get_round(session, code)
        assert row
        found = session.execute(
            select(Conversation.flow_version_id, Conversation.status)
            .where(Conversation.round_id == row.id)
            .order_by(Conversation.flow_version_id)
        )
        return [tuple(row) for row in found]
