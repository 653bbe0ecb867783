"""Packaged surveys whose drafts somebody has signed off: in tests only, where nobody relies on the words."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.services.translating import drafts_for, put_in
from flows.catalogue import draft, draft_names, load_document, shipped
from flows.model import Flow
from flows.parsing import parse_flow, serialise
from flows.signatures import parts_of
from flows.translations import without_drafts

DRAFTED = tuple(language for language in draft_names() if draft(language)["drafted_by"] == "machine")


@cache
def signed_document(name: str, languages: tuple[str, ...] = DRAFTED) -> Mapping[str, Any]:
    """What is published of a packaged survey once every draft in `languages` has been signed off."""
    return without_drafts(signed(serialise(load_document(name).document), *languages))


def signed(document: Mapping[str, Any], *languages: str) -> Mapping[str, Any]:
    """`document` with each of its texts in `languages` signed off, and with the drafts where it has none."""
    for language in languages:
        flow = flow_in(document)
        drafts = drafts_for(flow, language)
        words = {
            part.place: part.text or drafts.get(part.place, ())
            for part in parts_of(flow, language, shipped())
        }
        texts = {place: text for place, text in words.items() if text}
        result = put_in(document, flow, language, texts, by="A. Reader", on="2026-10-01")
        assert result.is_offered, (result.missing, result.unsigned)
        document = result.document
    return document


def flow_in(document: Mapping[str, Any]) -> Flow:
    flow = parse_flow(document).flow
    assert flow is not None
    return flow
