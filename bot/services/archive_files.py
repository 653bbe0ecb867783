"""The single files of an archive package: flows, taxonomy, deletions, the round itself. Names an archive accepts."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.papers.wording import LANGUAGES, sentence
from bot.services.closing import ClosingPlan
from bot.services.deletion_records import kind_words, summed_up
from bot.services.paper_facts import RoundFacts
from bot.services.rounds import canonical
from bot.services.surveys import load_published
from categories.catalogue import CURRENT, taxonomy
from flows.model import Kind
from privacy.disclosure import EXACT
from storage.deletions import DeletionRow
from storage.rounds import FlowVersionRow
from summary.exporters.cells import guarded
from summary.exporters.formats import DOCX_MEDIA_TYPE, XLSX_MEDIA_TYPE

_LANGUAGE = LANGUAGES[0]
_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]")
_KEPT_OF_ROUND = (
    "controller",
    "diary_number",
    "dpia_date",
    "deletion_decision",
    "safeguard_mode",
    "information_page",
    "keywords",
    "options",
    "focus_map",
)
MEDIA_TYPES = {
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": XLSX_MEDIA_TYPE,
    "docx": DOCX_MEDIA_TYPE,
    "pdf": "application/pdf",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveFile:
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.name.rpartition(".")[2]]


def flow_files(flows: Iterable[FlowVersionRow]) -> Iterator[ArchiveFile]:
    """Each flow as the bytes that its checksum is of, and its questions to be read."""
    for row in flows:
        name = _NOT_IN_NAMES.sub("_", f"{row.flow}-{row.version}".lower())
        yield ArchiveFile(name=f"enkater/{name}.json", content=canonical(row.document))
        text = "\n".join(_question_lines(row)) + "\n"
        yield ArchiveFile(name=f"enkater/{name}-fragor.txt", content=text.encode())


def _question_lines(row: FlowVersionRow) -> Iterator[str]:
    flow = load_published(row.document)
    yield f"{flow.id}, version {flow.version}. sha256: {row.sha256}"
    asked = (question for question in flow.questions if question.kind is not Kind.CONSENT)
    for number, question in enumerate(asked, 1):
        yield ""
        yield f"{number}. {_in_swedish(question.label)}  [{question.name}]"
        yield from (f"   - {_in_swedish(choice.label)}  [{choice.name}]" for choice in question.choices)


def _in_swedish(wording: Mapping[str, str]) -> str:
    return wording.get(_LANGUAGE) or next(iter(wording.values()), "")


def taxonomy_files(document: Mapping[str, Any]) -> Iterator[ArchiveFile]:
    """The taxonomy that answers were coded with, rolled up to the round's own foci."""
    packaged = taxonomy(CURRENT)
    foci = {**packaged.focus_map, **(document.get("focus_map") or {})}
    categories = [{**asdict(category), "focus": foci.get(category.id)} for category in packaged]
    content = _json({"id": packaged.id, "foci": packaged.foci, "categories": categories})
    yield ArchiveFile(name=f"kategorier/{packaged.id}.json", content=content)
    rows = [
        (
            c["id"],
            c["name"]["sv"],
            c["name"]["en"],
            c["focus"] or "",
            "ja" if c["sensitive"] else "nej",
            c["definition"],
        )
        for c in categories
    ]
    heading = ("kategori", "namn_sv", "namn_en", "fokusomrade", "kanslig", "definition")
    yield ArchiveFile(name=f"kategorier/{packaged.id}.csv", content=_csv(heading, rows))


def deletion_files(deleted: Iterable[DeletionRow], plan: ClosingPlan) -> Iterator[ArchiveFile]:
    """What was deleted on its date, summed up by rule, and the dates of all that is to be."""
    few = sentence("deletions", "few", _LANGUAGE, threshold=EXACT.threshold)
    proof = [
        (
            kind_words(kind, _LANGUAGE),
            few if kind.count is None else str(kind.count),
            kind.first_on.isoformat(),
            kind.last_on.isoformat(),
            sentence("deletions", f"rule_{kind.rule}", _LANGUAGE),
        )
        for kind in summed_up(deleted)
    ]
    heading = ("vad", "antal", "forsta_dag", "sista_dag", "regel")
    yield ArchiveFile(name="gallring/gallringsbevis.csv", content=_csv(heading, proof))
    steps = [
        (step.on.isoformat() if step.on else "", sentence("closing", step.kind.value, _LANGUAGE))
        for step in plan.steps
    ]
    yield ArchiveFile(name="gallring/gallringsplan.csv", content=_csv(("dag", "vad_som_hander"), steps))


def round_file(round_: RoundFacts) -> ArchiveFile:
    """The round's own facts. Not its register of places, which goes on, nor its pages' looks."""
    row, plan = round_.row, round_.plan
    document = {
        "code": row.code,
        "name": row.name,
        "municipality": row.municipality,
        "is_demonstration": row.is_demonstration,
        "phone_number": row.phone_number,
        "opens": plan.opens_on.isoformat(),
        "closes": plan.closes_on.isoformat(),
        "answers_until": plan.answers_until.isoformat(),
        "decided_on": plan.decided_on.isoformat() if plan.decided_on else None,
        **{name: round_.document.get(name) for name in _KEPT_OF_ROUND},
        "taxonomy": CURRENT,
        "flows": [
            {"stream": f.stream, "flow": f.flow, "version": f.version, "sha256": f.sha256}
            for f in round_.flows
        ],
        "areas": [
            {"code": area.code, "name": area.name, "larger": area.parent_code} for area in round_.areas
        ],
    }
    return ArchiveFile(name="omgang.json", content=_json(document))


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2, default=dict) + "\n").encode()


def _csv(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """With `;` and a byte order mark, as the report's."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(heading)
    for row in rows:
        lines.writerow([guarded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")
