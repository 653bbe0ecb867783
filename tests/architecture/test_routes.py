"""Every route is written down with who may call it, and refuses everybody else. New routes are covered at once."""

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from town import ROUND, Town

from bot.app import create_app, create_fallback_app
from bot.channels.twilio_sms import FALLBACK_PATH
from bot.wiring import build_fallback
from storage.database import Database
from storage.tables import Base, Round

DOCUMENT = Path(__file__).parents[2] / "docs" / "routes.md"
ROW = re.compile(r"^\| ([A-Z, ]+) \| `(/[^`]*)` \| ([^|]+) \|", re.MULTILINE)
BY_SIGNATURE, DEMONSTRATION = "Twilio, by signature", "demonstration only"
SITES = "http://127.0.0.1:8010 http://localhost:8010"
"""That may frame the demonstration's round."""
ACCESS = {BY_SIGNATURE, DEMONSTRATION, "with the metrics token", "anyone"}


class Route(NamedTuple):
    """`methods` in alphabetical order, separated by comma."""

    methods: str
    path: str


DOCUMENTED = {Route(m, path): access.strip() for m, path, access in ROW.findall(DOCUMENT.read_text("utf-8"))}


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


@pytest.fixture
def demonstration(town: Town) -> Flask:
    return create_app(replace(town.house, settings=replace(town.house.settings, is_demonstration=True)))


def _routes(app: Flask) -> set[Route]:
    return {
        Route(", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})), rule.rule)
        for rule in app.url_map.iter_rules()
    }


@pytest.fixture
def fallback(town: Town, tmp_path: Path) -> Flask:
    settings = replace(town.house.settings, spool_folder=str(tmp_path / "spool"))
    return create_fallback_app(build_fallback(settings))


def test_every_route_is_documented_with_who_may_call_it(demonstration: Flask, fallback: Flask) -> None:
    assert set(DOCUMENTED) == _routes(demonstration) | _routes(fallback)
    assert set(DOCUMENTED.values()) <= ACCESS


def test_production_has_no_route_of_the_demonstration(town: Town, fallback: Flask) -> None:
    allowed = {route for route, access in DOCUMENTED.items() if access != DEMONSTRATION}
    assert _routes(town.client.application) | _routes(fallback) == allowed


def test_fallback_keeps_messages_and_nothing_else(fallback: Flask) -> None:
    assert {route.path for route in _routes(fallback)} == {"/twilio/fallback", "/health/live"}


def test_routes_for_the_provider_refuse_what_it_did_not_sign(town: Town, fallback: Flask) -> None:
    before = _rows(town)
    spooling = fallback.test_client()
    answers = {
        (method, route.path): (spooling if route.path == FALLBACK_PATH else town.client)
        .open(route.path, method=method, data={"Body": "ja"})
        .status_code
        for route, access in DOCUMENTED.items()
        if access == BY_SIGNATURE
        for method in route.methods.split(", ")
    }
    assert set(answers.values()) == {403}
    assert _rows(town) == before


def test_forms_of_other_sites_change_nothing_in_the_demonstration(demonstration: Flask, town: Town) -> None:
    before = _rows(town)
    client = demonstration.test_client()
    other_site = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    answers = {
        route.path: client.post(route.path, data={"text": "ja"}, headers=other_site).status_code
        for route, access in DOCUMENTED.items()
        if access == DEMONSTRATION and "POST" in route.methods
    }
    assert answers and all(400 <= status < 500 for status in answers.values()), answers
    assert _rows(town) == before


def test_every_answer_carries_the_security_headers(demonstration: Flask) -> None:
    client = demonstration.test_client()
    for route in DOCUMENTED:
        headers = client.get(re.sub("<.*?>", "nothing", route.path)).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], route
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], route
        assert headers["X-Content-Type-Options"] == "nosniff", route
        assert headers["Referrer-Policy"] == "no-referrer", route


def test_exactly_the_chats_pages_may_be_framed_and_by_their_rounds_sites_only(town: Town) -> None:
    framable = set()
    for rule in town.client.application.url_map.iter_rules():
        path = rule.rule.replace("<round_code>", ROUND).replace("<stream>", "residents")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = town.client.open(re.sub("<.*?>", "chat.css", path), method=method)
            answer.close()
            headers = answer.headers
            policy, is_denied = headers["Content-Security-Policy"], headers.get("X-Frame-Options") == "DENY"
            assert ("frame-ancestors 'none'" in policy) is is_denied, path
            if not is_denied:
                assert policy.endswith(f"frame-ancestors {SITES}"), path
                framable.add(rule.rule)
    assert framable == {"/chat/<round_code>/<stream>"}


def test_a_round_without_sites_is_framed_by_nobody(database: Database) -> None:
    town = Town.build(database)
    document = {k: v for k, v in _round_values(town).items() if k != "sites"}
    with town.house.database.sessions.begin() as session:
        session.execute(update(Round).values(document=document))
    headers = town.client.get(f"/chat/{ROUND}/residents").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def _round_values(town: Town) -> dict[str, object]:
    with town.house.database.sessions.reading() as session:
        return dict(session.scalars(select(Round.document)).one())


def _rows(town: Town) -> dict[str, int]:
    """How many rows every table has."""
    with town.house.database.sessions.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }
