"""From a flow as its author wrote it to the document that is published: parsed, checked, made plain."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.services.rounds import RoundRefused
from flows.catalogue import (
    LoadedDocument,
    flow_names,
    load_document,
    load_document_text,
    shipped,
    words,
)
from flows.checks import check_flow
from flows.commands import CommandReader
from flows.documents import Places, Problem, has_errors, locate
from flows.model import FINISHED, Flow
from flows.parsing import parse_flow, serialise
from flows.signatures import unsigned
from flows.translations import without_drafts
from storage import rounds
from storage.database import Session

EXAMPLE_VALUES = {
    "K": "Örnsköldsviks kommun",
    "U": "kommun.se/trygghet",
    "T": "0660-880 00",
    "D": "2026-12-29",
    "ORT": "Arnäsvall",
    "VÄG": "E4",
    "KOD": "MOTE1",
    "ORD": "TRYGG",
    "ANTAL": "9",
}
"""Values of the length that rounds have, so that a text's segments can be counted before there is a round."""

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
"""Files that are taken for workbooks, be it to say why one cannot be read."""


def check_document(loaded: LoadedDocument, values: Mapping[str, str] = EXAMPLE_VALUES) -> tuple[Problem, ...]:
    """Everything that is wrong with a flow document, from its file to the length of its texts."""
    if loaded.problems and not loaded.document:
        return loaded.problems
    parsed = parse_flow(loaded.document, loaded.places)
    if parsed.flow is None:
        return (*loaded.problems, *parsed.problems)
    commands = CommandReader(words("commands"))
    found = check_flow(
        parsed.flow,
        texts=shipped().texts,
        page=shipped().page,
        values=values,
        is_command=lambda word, language: commands.read(word, language=language) is not None,
        places=loaded.places,
    )
    return (*loaded.problems, *parsed.problems, *found, *_outdated(parsed.flow, loaded.places))


def _outdated(flow: Flow, places: Places) -> Iterator[Problem]:
    """Translations of what Lyhörd says in other words since: signed off, but not from these."""
    for language in flow.languages:
        outdated = unsigned(flow, language, shipped()) if language not in FINISHED else ()
        if outdated:
            path = ("settings", "languages")
            said = f"{len(outdated)} texts were translated from other words, the first is {outdated[0]}"
            yield Problem(
                code="not_signed",
                where=locate(path, places),
                message=f"in {language} {said}",
                advice="A named person reads them: lyhord flow translation out, then in with --signed-by.",
                path=path,
            )


def load_flow_file(path: Path) -> LoadedDocument:
    """An author's flow: YAML, or an XLSForm workbook."""
    if path.suffix.lower() in WORKBOOKS:
        from bot.services.workbooks import flow_reading  # not at import: openpyxl is heavy, and seldom needed

        with path.open("rb") as stream:
            return flow_reading.load_workbook_flow(stream.read(flow_reading.LIMITS.packed + 1), path.name)
    return load_document_text(path.read_bytes(), path.name)


def load_flow(name: str, folder: Path) -> Mapping[str, Any]:
    """The publishable document of a packaged flow, or of a file beside the round's file.

    Raises RoundRefused with the errors where it has any.
    """
    if name in flow_names():
        loaded = load_document(name)
    else:
        path = folder / name
        if not path.is_file():
            raise RoundRefused(
                f"no flow {name}: neither one of {', '.join(flow_names())} nor a file beside the round"
            )
        loaded = load_flow_file(path)
    problems = check_document(loaded)
    if has_errors(problems):
        first = next(p for p in problems if has_errors([p]))
        raise RoundRefused(
            f"flow {name} has errors ({first.where}: {first.message}); run lyhord flow check {name}"
        )
    return without_drafts(serialise(loaded.document))


def load_packaged_flow(name: str) -> Mapping[str, Any]:
    """As `load_flow`, for what comes from a browser: no file of this machine is read.

    Raises RoundRefused for a flow that does not ship.
    """
    if name not in flow_names():
        raise RoundRefused(f"no flow {name}: {', '.join(flow_names())} are there")
    return load_flow(name, Path())


def published_flow(session: Session, code: str, stream: str) -> Mapping[str, Any]:
    """The document that round `code` asks in that stream. Raises RoundRefused where it has none."""
    row = rounds.get_round(session, code)
    if row is None:
        raise RoundRefused(f"there is no round {code}")
    for published in rounds.list_round_flows(session, row.id):
        if published.stream == stream:
            return published.document
    raise RoundRefused(f"round {code} does not ask {stream}")
