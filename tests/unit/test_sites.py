"""The sites that may frame a round's chat: only whole origins, for they go into a header as they are."""

from importlib.resources import files

import pytest

from bot.services.round_documents import parse_round
from bot.services.sites import sites_in
from flows.catalogue import load_document_text
from flows.documents import Problem


def _read(sites: object) -> tuple[tuple[str, ...], list[Problem]]:
    text = files("bot.demo").joinpath("are.yaml").read_bytes()
    loaded = load_document_text(text, "are.yaml")
    parsed = parse_round({**loaded.document, "sites": sites}, loaded.places)
    found = sites_in(parsed.document.values) if parsed.document else ()
    return found, [problem for problem in parsed.problems if problem.code == "site"]


@pytest.mark.parametrize(
    "site",
    [
        "https://www.are.se",
        "https://are.se:8443",
        "https://xn--re-yia.se",
        "http://127.0.0.1:8010",
        "http://localhost",
    ],
)
def test_an_origin_is_taken(site: str) -> None:
    assert _read([site, site]) == ((site,), [])


@pytest.mark.parametrize(
    "site",
    [
        "www.are.se",
        "http://www.are.se",
        "https://www.are.se/",
        "https://www.are.se/trygghet",
        "https://*.are.se",
        "https://WWW.are.se",
        "https://åre.se",
        "https://are",
        "*",
        "'self'",
        "https://are.se; script-src *",
        "https://are.se\nX: y",
        "https://user@are.se",
        "http://127.0.0.1:8010@evil.example",
        "http://127.0.0.1.evil.example",
        "data:",
    ],
)
def test_anything_else_is_named_with_its_place_and_advice(site: str) -> None:
    sites, problems = _read(["https://www.are.se", site])
    assert sites == ()
    assert [problem.message for problem in problems] == [f"{site!r} is not the address of a site"]
    assert "sites" in problems[0].where
    assert "https://www.are.se" in problems[0].advice


def test_one_text_with_commas_is_a_list_too_and_none_is_nobody() -> None:
    assert _read("https://www.are.se, https://are.se")[0] == ("https://www.are.se", "https://are.se")
    assert _read("")[0] == ()
    assert sites_in({}) == ()
