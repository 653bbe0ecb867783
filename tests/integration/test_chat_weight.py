"""What travels before the first question: little, compressed, kept where it can be, and nothing that tells a token."""

import gzip
import re

import pytest
from test_chat import PATH, Visitor
from town import Town
from werkzeug.test import TestResponse

from storage.database import Database

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
COMPRESSED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _get(town: Town, path: str, **headers: str) -> TestResponse:
    return town.client.get(path, headers={**COMPRESSED, **headers})


def _files(town: Town) -> list[str]:
    page = gzip.decompress(_get(town, PATH).data).decode()
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_everything_until_the_first_question_is_at_most_twelve_kib(town: Town) -> None:
    files = _files(town)
    assert [path.partition("?")[0] for path in files] == ["/static/chat.css", "/static/chat.js"]
    assert sum(len(_get(town, path).data) for path in (PATH, *files)) <= 12 * 1024


def test_the_loader_is_at_most_two_kib_and_any_site_may_use_it(town: Town) -> None:
    loader = _get(town, "/static/widget.js")
    assert len(loader.data) <= 2 * 1024
    assert loader.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert loader.headers["Cache-Control"] == "public, max-age=600"
    again = _get(town, "/static/widget.js", **{"If-None-Match": loader.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_is_kept_for_good_under_the_address_of_its_content_only(town: Town) -> None:
    for path in _files(town):
        assert "immutable" in _get(town, path).headers["Cache-Control"]
        assert "immutable" not in _get(town, f"{path}0").headers["Cache-Control"]


def test_a_browser_that_takes_nothing_compressed_gets_the_same(town: Town) -> None:
    for path in _files(town):
        plain = town.client.get(path)
        assert "Content-Encoding" not in plain.headers
        assert plain.data == gzip.decompress(_get(town, path).data)


def test_comments_and_indentation_stay_here(town: Town) -> None:
    script = town.client.get("/static/chat.js").text
    assert not re.search(r"^\s", script, re.MULTILINE)
    assert not re.search(r"^//", script, re.MULTILINE)
    assert "/*" not in town.client.get("/static/chat.css").text


def test_answers_to_what_was_posted_are_never_compressed(town: Town) -> None:
    visitor = Visitor(town).start()
    posted = town.client.post(PATH, data=visitor.fields("Vet ej"), headers=COMPRESSED)
    assert "Content-Encoding" not in posted.headers
    assert "token" in posted.text


def test_a_file_that_is_not_ours_is_not_found(town: Town) -> None:
    assert town.client.get("/static/../chat.py").status_code == 404
    assert town.client.get("/static/nothing.js").status_code == 404
