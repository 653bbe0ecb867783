"""How far each language of the surveys that ship has come, and who has signed what rounds offer. Changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.services.surveys import load_published
from bot.services.translating import drafts_for, is_needed
from flows.catalogue import draft_names, flow_names, load_document, shipped
from flows.model import FINISHED, Flow
from flows.parsing import parse_flow
from flows.signatures import parts_of
from flows.translations import Text, list_texts
from flows.xlsform import language_name
from storage import rounds
from storage.database import Sessions


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A language of a survey that ships. `machine` counts the texts that a machine has drafted."""

    flow: str
    language: str
    language_name: str
    texts: int
    missing: int
    machine: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """A language that a round offers. `signed` are the names and days (YYYY-MM-DD) below its texts, each once."""

    round_code: str
    flow: str
    language_name: str
    texts: int
    signed: tuple[tuple[str, str], ...]


def list_standings() -> tuple[Standing, ...]:
    return tuple(_standing(name, language) for name in flow_names() for language in draft_names())


def list_offered(sessions: Sessions) -> tuple[Offered, ...]:
    """Of every round, in the order of rounds; not those that Lyhörd is finished in."""
    with sessions.reading() as session:
        published = [
            (row.code, load_published(flow.document))
            for row in rounds.list_rounds(session)
            for flow in rounds.list_round_flows(session, row.id)
        ]
    return tuple(
        _offered(code, flow, language)
        for code, flow in published
        for language in flow.languages
        if language not in FINISHED
    )


def texts_for(name: str, language: str, join: Callable[[Sequence[str]], str]) -> tuple[Text, ...] | None:
    """The texts of a survey that ships, for a translator; None for one that does not, or a language without a draft."""
    if name not in flow_names() or language not in draft_names():
        return None
    flow = _packaged(name)
    return list_texts(flow, language, shipped(), join, drafts_for(flow, language))


def _standing(name: str, language: str) -> Standing:
    flow = _packaged(name)
    places = [part.place for part in parts_of(flow, language, shipped()) if is_needed(part.place)]
    machine = len({*places} & {*drafts_for(flow, language)})
    return Standing(
        flow=name,
        language=language,
        language_name=language_name(language),
        texts=len(places),
        missing=len(places) - machine,
        machine=machine,
    )


def _offered(code: str, flow: Flow, language: str) -> Offered:
    entries = flow.signatures.get(language, {}).values()
    signed = dict.fromkeys((entry["by"], entry["on"]) for entry in entries if entry.get("by"))
    return Offered(
        round_code=code,
        flow=flow.id,
        language_name=language_name(language),
        texts=len(entries),
        signed=tuple(signed),
    )


def _packaged(name: str) -> Flow:
    flow = parse_flow(load_document(name).document).flow
    if flow is None:
        raise ValueError(f"the packaged flow {name} cannot be read")
    return flow
