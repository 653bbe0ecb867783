"""What travels with the chat's pages: styles and scripts that are kept for ever by their version, all compressed."""

import gzip
import re

import pytest
from town import ROUND, Town

from storage.database import Database

PAGE = f"/chat/{ROUND}/residents"
GZIP = {"Accept-Encoding": "br;q=1.0, gzip;q=0.8"}

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def test_a_page_names_the_version_of_its_style_which_may_be_kept_for_ever(town: Town) -> None:
    address = re.search(r'href="(/static/chat.css[?]v=[0-9a-f]{12})"', town.client.get(PAGE).text)
    assert address
    response = town.client.get(address[1])
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content_type == "text/css; charset=utf-8"


@pytest.mark.parametrize("query", ["", "?v=0123456789ab"])
def test_without_its_version_a_file_is_asked_for_again_soon(town: Town, query: str) -> None:
    assert town.client.get(f"/static/chat.css{query}").headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("path", ["/static/chat.css", PAGE])
def test_who_takes_it_gets_it_compressed(town: Town, path: str) -> None:
    plain, compressed = town.client.get(path), town.client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) == len(compressed.data) < len(plain.data) / 2
    without_ids = [
        re.sub(rb"[0-9a-f]{32}", b"", text) for text in (plain.data, gzip.decompress(compressed.data))
    ]
    assert without_ids[0] == without_ids[1]
    assert {plain.headers["Vary"], compressed.headers["Vary"]} == {"Accept-Encoding"}


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_who_does_not_take_it_gets_it_plain(town: Town, accepted: str) -> None:
    response = town.client.get(PAGE, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert response.text.startswith("<!doctype html>")


@pytest.mark.parametrize(
    "name", ["nothing.js", "../chat.py", "..%2Fchat.py", "%00", "templates/chat_base.html"]
)
def test_nothing_else_is_served(town: Town, name: str) -> None:
    assert town.client.get(f"/static/{name}").status_code == 404
