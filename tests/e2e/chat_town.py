"""The program behind the chat for tests in a browser: served from this process, so that a test can turn its clock,
close its round and count its rows; and the municipality's site beside it.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask
from signing import signed
from sqlalchemy import func, select
from town import MONDAY, ROUND, Town
from werkzeug.serving import make_server

from bot.app import create_app
from bot.cli.demo import demonstration_round
from bot.demo.municipality import create_site
from flows.catalogue import load_document_text
from flows.parsing import serialise
from storage.database import Database
from storage.tables import Answer, Conversation

_EMPTY = '<!doctype html><title>-</title><link rel="icon" href="data:,"><main></main>'
"""A page for which no browser asks for an icon, whose lack it would tell as a fault."""


@dataclass
class ChatTown:
    """`address` is the program's, `site` the municipality's on another origin, `neighbour` the same on another site.

    `elsewhere` is a site with an empty page that the round does not name.
    """

    town: Town
    address: str
    site: str
    neighbour: str
    elsewhere: str

    @property
    def residents(self) -> str:
        return f"{self.address}/chat/{ROUND}/residents"

    def answers(self, *standings: str) -> int:
        """Answers in the database, of all conversations."""
        with self.town.house.database.sessions.reading() as session:
            query = (
                select(func.count()).select_from(Answer).where(Answer.standing.in_(standings or ("current",)))
            )
            return session.scalar(query) or 0

    def conversations(self) -> int:
        """Conversations in the database."""
        with self.town.house.database.sessions.reading() as session:
            return session.scalar(select(func.count()).select_from(Conversation)) or 0

    def open_round(self, code: str, flow: str, **changes: Any) -> str:
        """Open a round more, with `flow` (a document's text) for residents, with its drafts signed off; its address."""
        document = replace(
            demonstration_round(),
            code=code,
            phone_number=f"+4670000{len(code):02}{sum(code.encode()) % 90 + 10}",
            opens_on=MONDAY.date() - timedelta(days=30),
            closes_on=MONDAY.date() + timedelta(days=30),
            flows={"residents": "own"},
            **changes,
        )
        document_of_flow = serialise(load_document_text(flow.encode(), f"{code}.yaml").document)
        published = signed(document_of_flow, *document_of_flow["settings"].get("draft_languages", ()))
        self.town.rounds.create(document, lambda _: published, is_demonstration=True)
        self.town.rounds.open(code)
        return f"{self.address}/chat/{code}/residents"


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[int]:
    """`app` on a port of this machine."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chat_town(database: Database) -> Iterator[ChatTown]:
    """The town with its round open and framable by the site."""
    site_port = free_port()
    sites = (f"http://127.0.0.1:{site_port}", f"http://localhost:{site_port}")
    town = Town.build(database, values=demonstration_round(sites).values)
    with served(create_app(town.house)) as port:
        address = f"http://127.0.0.1:{port}"
        site, empty = create_site(chat=address, round_code=ROUND), Flask("empty")
        empty.add_url_rule("/", view_func=lambda: _EMPTY)
        with served(site, site_port), served(empty) as elsewhere:
            yield ChatTown(
                town=town,
                address=address,
                site=sites[0],
                neighbour=sites[1],
                elsewhere=f"http://127.0.0.1:{elsewhere}",
            )
