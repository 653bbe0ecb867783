"""The readers of messages with the word lists that ship, and what takes answers or plays a survey with them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, partial

from bot.services.arrivals import Parts
from bot.services.playing import Player
from bot.services.reading import MessageReader
from bot.services.round_documents import RoundDocument
from bot.services.surveys import (
    Surveys,
    first_meeting,
    given_values,
    load_published,
    place_of,
    round_lists,
    text_values,
)
from categories.catalogue import CURRENT, coder
from categories.places import PlaceFinder
from flows import catalogue
from flows.answers import ReplyReader
from flows.parsing import with_round_lists
from flows.vocabulary import LANGUAGES
from privacy.catalogue import load_redactor
from privacy.pseudonyms import KeyRing
from privacy.retention import erase_until
from storage.database import Database
from text.catalogue import load_language_noticer


@cache
def load_reader() -> MessageReader:
    """The readers of messages, with the packaged word lists."""
    return MessageReader(
        commands=catalogue.command_hearer(),
        safeguards=catalogue.safeguard_noticer(),
        redactor=load_redactor(),
        languages=load_language_noticer(),
        coder=coder(CURRENT),
    )


def load_player(flow_document: Mapping[str, object], document: RoundDocument, *, today: date) -> Player:
    """A survey to be played without a database, in the setting of a round."""
    lists = round_lists((a for a in document.areas if a.code in document.asked_areas), document.place_codes)
    flow = load_published(flow_document)
    return Player(
        flow=with_round_lists(flow, lists),
        reader=load_reader(),
        replies=ReplyReader(partial(catalogue.words, "replies")),
        places=PlaceFinder(place_of(place) for place in document.places),
        texts=catalogue.service_texts(),
        values={
            **text_values(document.values, [flow]),
            "KOD": first_meeting(document.place_codes),
            "D": erase_until(document.closes_on).isoformat(),
        },
        given=given_values(document.values),
        today=today,
    )


def load_parts(database: Database, keys: KeyRing, clock: Callable[[], datetime]) -> Parts:
    """What taking answers needs, in any process."""
    replies = ReplyReader(partial(catalogue.words, "replies"))
    replies.prepare(LANGUAGES[0])
    return Parts(
        sessions=database.sessions,
        surveys=Surveys(),
        reader=load_reader(),
        replies=replies,
        texts=catalogue.service_texts(),
        keys=keys,
        now=clock,
    )
