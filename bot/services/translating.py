"""A survey in one more language: what a translator gets, and what comes of what they send back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.services.publishing import check_document
from flows.catalogue import LoadedDocument, draft, draft_names, flow_names, load_document, shipped
from flows.documents import Problem
from flows.drafts import MACHINE, draft_texts
from flows.model import FINISHED, Flow
from flows.parsing import parse_flow
from flows.signatures import parts_of, unsigned
from flows.translations import with_offer, with_signatures, with_texts

Words = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PutIn:
    """A survey with a translation in it. It is offered where nothing is `missing` and nothing `unsigned`, by place."""

    document: Mapping[str, Any]
    problems: tuple[Problem, ...]
    missing: tuple[str, ...]
    unsigned: tuple[str, ...]

    @property
    def is_offered(self) -> bool:
        return not self.missing and not self.unsigned


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a language of a survey has come."""

    language: str
    texts: int
    missing: int
    unsigned: int
    is_offered: bool
    is_machine_made: bool


def drafts_for(flow: Flow, language: str) -> dict[str, Words]:
    """What a machine has drafted of this survey, by place: where its words are those of one that ships."""
    if language not in draft_names():
        return {}
    found: dict[str, Words] = {}
    sources = {part.place: part.source for part in parts_of(flow, language, shipped())}
    for name in flow_names():
        theirs, drafted = _sources(name), draft_texts(draft(language), name)
        found |= {p: w for p, w in drafted.items() if p in sources and sources[p] == theirs.get(p)}
    return found


def put_in(
    document: Mapping[str, Any],
    flow: Flow,
    language: str,
    texts: Mapping[str, str | Words],
    *,
    by: str,
    on: str,
    stale: frozenset[str] = frozenset(),
) -> PutIn:
    """`document`, which reads as `flow`, with `texts` in `language`: signed off by `by` on the day `on` (YYYY-MM-DD)
    where that is a name, but for those at `stale` places, which were made from other words.

    The language is offered once a named person has signed off every text, and is a draft before; but one that Lyhörd
    is finished in and that was offered stays so.
    """
    stays = language in FINISHED and language in flow.languages
    changed = with_texts(document, language, texts)
    if not stays:
        changed = with_offer(changed, language, is_offered=False)
    read = parse_flow(changed).flow
    if read is None:
        return PutIn(document=changed, problems=_problems(changed), missing=(), unsigned=())
    if by.strip() or not stays:
        changed = with_signatures(
            changed, read, language, texts, shipped(), by=by.strip(), on=on, stale=stale
        )
    read = parse_flow(changed).flow or read
    parts = [part for part in parts_of(read, language, shipped()) if is_needed(part.place)]
    missing = tuple(part.place for part in parts if not part.text)
    left = () if stays else unsigned(read, language, shipped())
    if not missing and not left and not stays:
        changed = with_offer(changed, language, is_offered=True)
    return PutIn(document=changed, problems=_problems(changed), missing=missing, unsigned=left)


def list_progress(flow: Flow) -> tuple[Progress, ...]:
    """Every language of a survey but its first and those that Lyhörd is finished in."""
    return tuple(
        _progress(flow, language)
        for language in (*flow.languages, *flow.draft_languages)
        if language in flow.draft_languages or language in flow.signatures
    )


def _progress(flow: Flow, language: str) -> Progress:
    parts = [part for part in parts_of(flow, language, shipped()) if is_needed(part.place)]
    missing = sum(not part.text for part in parts)
    drafted = drafts_for(flow, language)
    return Progress(
        language=language,
        texts=len(parts),
        missing=missing,
        unsigned=len(unsigned(flow, language, shipped())),
        is_offered=language in flow.languages,
        is_machine_made=_is_machine_made(language)
        and any(part.text == drafted.get(part.place) for part in parts),
    )


@cache
def _sources(name: str) -> Mapping[str, Words]:
    """What a packaged flow is translated from, by place."""
    flow = parse_flow(load_document(name).document).flow
    language = draft_names()[0]
    return {part.place: part.source for part in parts_of(flow, language, shipped())} if flow else {}


def _is_machine_made(language: str) -> bool:
    return language in draft_names() and draft(language).get("drafted_by") == MACHINE


def is_needed(place: str) -> bool:
    """Other words for a choice help to understand; nobody is told them."""
    return not place.endswith("/synonyms")


def _problems(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    return check_document(LoadedDocument(document, {(): "the survey"}, ()))
