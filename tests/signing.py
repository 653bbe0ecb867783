"""Packaged surveys whose drafts somebody has signed off: in tests only, where nobody relies on the words."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.services.translating import drafts_for, put_in
from flows.catalogue import draft, draft_names, load_document
from flows.model import Flow
from flows.parsing import parse_flow, serialise
from flows.translations import without_drafts

DRAFTED = tuple(language for language in draft_names() if draft(language)["drafted_by"] == "machine")


@cache
def signed_document(name: str, languages: tuple[str, ...] = DRAFTED) -> Mapping[str, Any]:
    """What is published of a packaged survey once every draft in `languages` has been signed off."""
    document = serialise(load_document(name).document)
    for language in languages:
        flow = flow_in(document)
        words = {
            place: text if place.endswith("/synonyms") else "".join(text)
            for place, text in drafts_for(flow, language).items()
        }
        result = put_in(document, flow, language, words, by="A. Reader", on="2026-10-01")
        assert result.is_offered, (result.missing, result.unsigned)
        document = dict(result.document)
    return without_drafts(document)


def flow_in(document: Mapping[str, Any]) -> Flow:
    flow = parse_flow(document).flow
    assert flow is not None
    return flow
