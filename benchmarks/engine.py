"""The engine alone: one turn in the middle of a residents' survey, its state through JSON as it is stored."""

import json
from collections.abc import Iterator

from benchmarks.figures import Effort, Figure, microseconds
from bot.cli.demo import demonstration_round
from bot.services.shipped import load_player
from flows import engine
from flows.catalogue import load_document
from flows.conversation import from_json, to_json
from flows.reading import ReadMessage

THIS_YEAR = 2026


def figures(effort: Effort) -> Iterator[Figure]:
    document = demonstration_round()
    player = load_player(load_document("residents").document, document, today=document.opens_on)
    flow, replies = player.flow, player.replies
    conversation = engine.start(flow, language="sv", channel="sms", given=player.given).conversation
    for text in ("ja", "1", "Duved", "4", "Folk kör för fort på E14"):
        answered = engine.resume(
            flow, conversation, ReadMessage(text=text), reader=replies, this_year=THIS_YEAR
        )
        conversation = answered.conversation
    stored = json.dumps(to_json(conversation))
    message = ReadMessage(text="Ica")

    def turn() -> str:
        before = from_json(json.loads(stored))
        after = engine.resume(flow, before, message, reader=replies, this_year=THIS_YEAR)
        return json.dumps(to_json(after.conversation))

    yield Figure(name="one turn", unit="µs", values=microseconds(turn, effort), most=75)
