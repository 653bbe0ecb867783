"""The script of a survey as one file: complete, self-contained, in every language, as the console shows it."""

import re
from copy import deepcopy
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.coordinator.preview_file import write_script
from bot.services.publishing import EXAMPLE_VALUES, load_flow
from bot.services.scripts import script_of
from bot.services.surveys import load_published
from flows.catalogue import document_text, flow_names, load_document, service_texts
from flows.model import Flow
from flows.wording import interpolate
from flows.wording_checks import LONGEST_VALUES, asked_by_sms
from text.sms import swap_lookalikes

VALUES = {**LONGEST_VALUES, **EXAMPLE_VALUES}


def _written(flow: Flow, language: str = "sv") -> str:
    return write_script(script_of(flow, VALUES, language), language=language)


@cache
def _flow(name: str) -> Flow:
    return load_published(load_flow(name, Path()))


@cache
def _shipped(name: str, language: str = "sv") -> str:
    return unescape(_written(_flow(name), language))


@pytest.mark.parametrize("name", flow_names())
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_text_stands_in_the_file_in_every_language(name: str, language: str) -> None:
    flow = _flow(name)
    page = _shipped(name, language)
    for spoken in flow.languages:
        for question in flow.questions:
            assert interpolate(question.label[spoken], VALUES) in page
            sent = interpolate({**question.label, **question.sms}[spoken], VALUES)
            assert not asked_by_sms(flow, question) or swap_lookalikes(sent) in page
        for key, wording in service_texts().items():
            assert key.endswith("_page") or swap_lookalikes(interpolate(wording[spoken], VALUES)) in page
    assert not re.search(r"\[[A-ZÅÄÖ]+\]", page)


def test_the_file_fetches_nothing_and_runs_nothing() -> None:
    page = _shipped("residents")
    assert "default-src 'none'; style-src 'sha256-" in page
    assert not re.search(r"<script|<link|<img|<iframe|src=|url\(|@import|https?:|style=|\bon\w+=", page)


def test_what_an_author_writes_is_text_and_never_markup() -> None:
    flow = deepcopy(load_document("residents").document)
    assert isinstance(flow["settings"], dict)
    flow["settings"]["title"] = {"sv": "<script>alert(1)</script>", "en": "</style>"}
    assert "<script" not in _written(load_published(flow))


def test_a_draft_is_marked_and_says_what_it_lacks() -> None:
    flow = deepcopy(load_document("residents").document)
    assert isinstance(flow["settings"], dict)
    flow["settings"] |= {"languages": ["sv"], "draft_languages": ["en", "fi"]}
    page = _written(load_published(flow))
    assert page.count('class="badge draft"') == 2
    assert re.search(r"\d+ texter saknas och visas på ett annat språk", page)


def test_conditions_costs_and_ways_are_told() -> None:
    page = _shipped("residents")
    assert "svaret på fråga 2 (”Vem är du här?”) är något annat än ”På besök”" in page
    assert "handlar inte om ”Inget problem”" in page
    assert "1 SMS · 152 GSM-7" in page
    assert re.search(r"Sms, kortast</th><td class=\"n\"[^>]*>4<", page)
    assert "STOPP" in page and "DELETE" in page


def test_a_dear_text_names_the_characters_that_make_it_so() -> None:
    flow = deepcopy(load_document("residents").document)
    flow["survey"] = [
        {**row, "sms": {"sv": "Var är det? ž " + "a" * 80, "en": "x"}} if row.get("name") == "place" else row
        for row in flow["survey"]  # type: ignore[attr-defined]
    ]
    assert "2 SMS · 94 UCS-2 · dyra tecken: <strong>ž</strong>" in _written(load_published(flow))


def test_the_command_writes_a_file_or_says_what_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, ["flow", "preview", "dialogue", "--language", "en"])
    assert told.output == "dialogue.html: open it in a browser, or print it\n"
    assert "Asked only if" in Path("dialogue.html").read_text(encoding="utf-8")
    document = dict(load_flow("residents", Path()))
    document["survey"] = [row for row in document["survey"] if row.get("role") != "thanks"]
    Path("broken.yaml").write_text(document_text(document), encoding="utf-8")
    told = CliRunner().invoke(main, ["flow", "preview", "broken.yaml", "-o", "broken.html"])
    assert told.exit_code == 1 and "thanks_missing" in told.output and not Path("broken.html").exists()
