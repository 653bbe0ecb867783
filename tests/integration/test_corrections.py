"""A corrected version of a flow while people answer: who can go over does, nobody loses a step, all answers count."""

import io
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from click.testing import CliRunner
from corrected import ADDED, NEW_WORDS, fewer_choices, more_and_fewer, reworded
from kept import assert_states_and_answers_agree
from sqlalchemy import select
from town import OUR_NUMBER, RESIDENT, ROUND, Town

from bot.channels.base import InboundMessage, PressedStart
from bot.cli import main
from bot.services.coding_queue import CodingQueue, Selection, Show
from bot.services.correcting import Correction, Corrections
from bot.services.paper_facts import facts_of, gather_facts
from bot.services.reporting import Reports
from bot.services.rounds import RoundRefused, get_existing
from bot.services.viewing import look
from bot.services.watching import Watching
from flows.catalogue import document_text
from flows.conversation import Position
from storage.database import Database
from storage.tables import AuditEntry, Conversation, FlowVersion

WISH = RESIDENT.index("fartkamera")
CHAT = "chat:" + "c" * 32


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _corrections(town: Town) -> Corrections:
    return Corrections(sessions=town.house.database.sessions, now=town.clock, actor="sara")


def _publish(town: Town, document: Mapping[str, Any]) -> Correction:
    return _corrections(town).publish(ROUND, document)


def _versions(town: Town) -> list[tuple[str, str]]:
    """Version and status of each conversation."""
    query = select(FlowVersion.version, Conversation.status).join(
        FlowVersion, FlowVersion.id == Conversation.flow_version_id
    )
    with town.house.database.sessions.reading() as session:
        return sorted((version, status) for version, status in session.execute(query))


def _by_phone(number: int, text: str, step: int) -> InboundMessage:
    return InboundMessage(
        provider="twilio",
        provider_id=f"{number}.{step}",
        channel="sms",
        sender=f"+467017406{number:02}",
        recipient=OUR_NUMBER,
        text=text,
    )


def _in_chat(text: str, step: int, shown: str = "", start: PressedStart | None = None) -> InboundMessage:
    return InboundMessage(
        provider="web",
        provider_id=f"chat {step}",
        channel="chat",
        sender=CHAT,
        recipient="",
        text=text,
        round_code=ROUND,
        start=start,
        answers=Position(shown, 0) if shown else None,
    )


def test_where_nothing_but_words_differs_everybody_in_the_middle_is_asked_in_the_new_words(
    town: Town,
) -> None:
    town.phone().answer_all(*RESIDENT)
    middle = town.phone("+46701740606")
    middle.answer_all(*RESIDENT[: WISH - 1])
    assert _corrections(town).plan(ROUND, reworded()).in_the_middle == 1
    assert _versions(town) == [("1", "asking"), ("1", "finished")]

    made = _publish(town, reworded())
    assert (made.obstacles, made.in_the_middle) == ((), 1)
    assert middle.say(RESIDENT[WISH - 1]) == NEW_WORDS
    assert middle.answer_all(*RESIDENT[WISH:]).startswith("Tack!")
    assert _versions(town) == [("1", "finished"), ("2", "finished")]
    assert_states_and_answers_agree(town)


def test_a_page_that_waits_shows_the_new_words_and_takes_the_answer_that_was_given_to_the_old(
    town: Town,
) -> None:
    parts, receive = town.house.inbound.parts, town.house.inbound.receive
    receive(_in_chat("", 0, start=PressedStart(stream="residents", language="sv")))
    steps = (("start", "ja"), ("role", "1"), ("area", "Duved"), ("safety", "4"), ("avoided", "2"))
    for step, (shown, text) in enumerate((*steps, ("problem", "Folk kör för fort på E14"), ("when", "2")), 1):
        view = look(parts, ROUND, CHAT)
        assert view is not None and view.question is not None and view.question.name == shown
        receive(_in_chat(text, step, shown))
    waiting = look(parts, ROUND, CHAT)
    assert waiting is not None and waiting.question is not None

    _publish(town, reworded())
    again = look(parts, ROUND, CHAT)
    assert again is not None and again.at == waiting.at and again.flow.version == "2"
    reply = receive(_in_chat("1", 20, waiting.question.name))
    assert not reply.is_left_behind and reply.texts
    assert_states_and_answers_agree(town)


def test_where_more_differs_it_is_said_why_and_each_finishes_the_version_that_they_began(town: Town) -> None:
    middle = town.phone()
    middle.answer_all(*RESIDENT[:4])
    made = _publish(town, fewer_choices(more_and_fewer(), "when", "weekend_night"))
    assert {(one.what, one.of) for one in made.obstacles} >= {
        ("question_added", "daytime"),
        ("choice_removed", "when"),
    }
    told = [middle.say(text) for text in RESIDENT[4:]]
    assert told[-1].startswith("Tack!") and not any(ADDED in text for text in told)
    later = town.phone("+46701740606")
    assert ADDED in later.answer_all(*RESIDENT[:5])
    assert _versions(town) == [("1", "finished"), ("2", "asking")]


def test_what_was_asked_before_stays_as_it_was_and_the_correction_is_logged(town: Town) -> None:
    with town.house.database.sessions.reading() as session:
        before = {row.id: row.document for row in session.scalars(select(FlowVersion))}
    _publish(town, reworded())
    with town.house.database.sessions.reading() as session:
        after = {row.id: row.document for row in session.scalars(select(FlowVersion))}
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "flow_corrected")).one()
    assert {id_: after[id_] for id_ in before} == before and len(after) == len(before) + 1
    assert (entry.actor, entry.reason, entry.subject) == ("sara", "residents 1 to 2", "carried over")


@pytest.mark.parametrize(
    ("deed", "document", "why"),
    [
        ("", reworded("1"), "give the corrected one a new version"),
        (
            "",
            {**reworded(), "settings": {**reworded()["settings"], "form_id": "other"}},
            "does not ask the flow other",
        ),
        ("close", reworded(), "is closed"),
    ],
)
def test_what_cannot_be_a_correction_is_refused_and_nothing_changes(
    town: Town, deed: str, document: Mapping[str, Any], why: str
) -> None:
    if deed:
        town.rounds.close(ROUND)
    for attempt in (_corrections(town).plan, _corrections(town).publish):
        with pytest.raises(RoundRefused, match=why):
            attempt(ROUND, document)
    with town.house.database.sessions.reading() as session:
        assert len(session.scalars(select(FlowVersion)).all()) == 3


def test_no_step_is_lost_when_corrections_come_while_many_answer(town: Town) -> None:
    """Twelve telephones answer at once and three corrections come between: two that carry everybody over, one not."""
    receive, turning = town.house.inbound.receive, Lock()
    documents = (reworded("2"), reworded("3"), more_and_fewer("4"))

    def answer(number: int) -> list[int]:
        """How many texts each message was answered with."""
        replies: Sequence[str] = ()
        told = []
        for step, text in enumerate(RESIDENT):
            said = text if not any(ADDED in reply for reply in replies) else "2"
            with turning:
                town.clock.move(minutes=1)  # what comes at once would be more of the answer before
            replies = receive(_by_phone(number, said, step)).texts
            told.append(len(replies))
        return told

    with ThreadPoolExecutor(max_workers=6) as pool:
        answering = [pool.submit(answer, number) for number in range(10, 16)]
        published = []
        for document in documents:
            published.append(pool.submit(_publish, town, document))
            answering += [pool.submit(answer, 20 + len(answering) + number) for number in range(2)]
        told = [one.result() for one in answering]
        assert [bool(one.result().obstacles) for one in published].count(True) >= 1
    assert all(len(replies) == len(RESIDENT) and all(replies) for replies in told)
    assert_states_and_answers_agree(town)
    assert len(_versions(town)) == 12


def test_answers_to_all_versions_stand_in_one_table(town: Town) -> None:
    """The second version has one question more and one choice fewer, which somebody chose of the first."""
    for number in range(12):
        town.phone(f"+467017406{10 + number}").answer_all(*(*RESIDENT[:6], "6", *RESIDENT[7:]))
    town.clock.move(days=2)
    _publish(town, fewer_choices(more_and_fewer(), "when", "weekend_night"))
    for number in range(12):
        answers = (*RESIDENT[:5], "2", RESIDENT[5], "1", *RESIDENT[7:])
        assert town.phone(f"+467017407{10 + number}").answer_all(*answers).startswith("Tack!")

    persons, book = _working_copy(town)
    assert [one["flow_version"] for one in persons].count("1") == 12
    assert [one["when"] for one in persons].count("weekend_night") == 12
    assert [one["daytime"] for one in persons].count("fairly_safe") == 12
    assert [one["daytime"] for one in persons].count("") == 12
    assert book["when", "weekend_night"] and book["question_residents", "daytime"] == ADDED

    picture = _reports(town).picture(ROUND)
    when = picture.table("when") or next(table for table in picture.tables if table.section == "times")
    assert {row.code.rpartition(":")[2] for row in when.rows} >= {"weekend_night"} or "helg" in str(when.rows)
    assert "24" in picture.basis or "25" in picture.basis

    watched = Watching(sessions=town.house.database.sessions, now=town.clock).look(ROUND, "sv")
    assert watched is not None
    assert [stream.stream for stream in watched.streams].count(watched.streams[0].stream) == 1
    assert watched.streams[0].total.counted.everybody == 24
    queue = CodingQueue(sessions=town.house.database.sessions, me="sara")
    page = queue.page(ROUND, Selection(show=Show.ALL))
    assert page.round.progress.coded == 48
    assert {answer.question.partition("?")[0] for answer in page.answers} == {
        "Vad är det största trygghetsproblemet där",
        "Vad borde polisen och kommunen göra först",
    }


def test_the_method_note_names_the_versions_and_what_cannot_be_compared(town: Town) -> None:
    town.phone().answer_all(*RESIDENT)
    town.clock.move(days=2)
    _publish(town, reworded("2"))
    town.clock.move(days=2)
    _publish(town, fewer_choices(more_and_fewer("3"), "when", "weekend_night"))
    method = {one.heading: one.text for one in _reports(town).picture(ROUND).method}
    told = method["Enkäter som ändrades under omgången"]
    assert "residents: version 1 till 4 november 2026, sedan version 2." in told
    assert "residents: version 2 till 6 november 2026, sedan version 3." in told
    assert (
        f"Ställdes med andra ord, vilket kan ha påverkat svaren: ”{NEW_WORDS}”" not in told
    )  # today's words count
    assert "Ställdes med andra ord" in told and f"färre kan därför ha svarat: ”{ADDED}”" in told
    assert "svaren inte kan jämföras mellan versionerna" in told
    with town.house.database.sessions.reading() as session:
        facts = facts_of(gather_facts(session, get_existing(session, ROUND), town.clock().date()), "sv")
    assert facts.values["versions"] == told and "has_versions" in facts.flags
    assert [f"version {number})" in str(facts.values["flows"]) for number in (1, 2, 3)] == [True] * 3


def test_the_command_tells_first_and_publishes_when_asked_to(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.phone().answer_all(*RESIDENT[:4])
    url = town.house.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("LYHORD_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    Path("words.yaml").write_text(document_text(reworded()), encoding="utf-8")
    Path("more.yaml").write_text(document_text(more_and_fewer("3")), encoding="utf-8")

    told = CliRunner().invoke(main, ["round", "correct", ROUND, "words.yaml"]).output
    assert "1 person in the middle of it would go over" in told and "Nothing is published yet" in told
    assert _versions(town) == [("1", "asking")]
    told = CliRunner().invoke(main, ["round", "correct", ROUND, "words.yaml", "--publish"]).output
    assert "1 person in the middle of it went over" in told
    assert _versions(town) == [("2", "asking")]
    told = CliRunner().invoke(main, ["round", "correct", ROUND, "more.yaml", "--publish"]).output
    assert "cannot go over, because:" in told and f"daytime is new, after safety: {ADDED}" in told
    assert "finish version 2; whoever begins later is asked version 3" in told
    assert _versions(town) == [("2", "asking")]


def _reports(town: Town) -> Reports:
    return Reports(sessions=town.house.database.sessions, now=town.clock, actor="sara")


def _working_copy(town: Town) -> tuple[list[dict[str, Any]], dict[tuple[str, str], str]]:
    stream = io.BytesIO()
    _reports(town).write_working_copy(ROUND, "json", stream, reason="a test")
    document = json.loads(stream.getvalue())
    book = {(one["list"], one["code"]): one["label"] for one in document["codebook"]}
    return document["persons"], book
