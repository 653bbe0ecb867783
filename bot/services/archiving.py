"""The archive package of a closed round: what was released, how it came about, what was deleted. Nothing of anybody.

Only released tables go in, never rows. The same data make the same bytes: no file says when the package was made.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.papers import to_text
from bot.papers.paper import Facts, Paper, build
from bot.papers.wording import LANGUAGES, sentence
from bot.services.archive_files import ArchiveFile, deletion_files, flow_files, round_file, taxonomy_files
from bot.services.beside_release import BesideRelease, gather_beside
from bot.services.closing import ClosingPlan, plan_of
from bot.services.dates import local_date
from bot.services.paper_facts import RoundFacts, facts_of, gather_facts
from bot.services.reporting import Reports
from bot.services.rounds import RoundRefused, StateRefused, get_existing
from privacy.disclosure import EXACT
from storage import audit, deletions
from storage.audit import ReleaseRow
from storage.database import Session, Sessions
from storage.deletions import DeletionRow
from storage.rounds import RoundRow
from summary.exporters.formats import EXPORTERS
from summary.picture import from_json

_LANGUAGE = LANGUAGES[0]
"""Of the papers of the package."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_REPORT_FORMATS = ("pdf", "xlsx", "csv", "json")
"""PDF/A to be read, the others to be computed with. Word is for going on writing: an archive takes what is finished."""
_READABLE_BY_ALL = 0o644 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """What was written. `why_no_exact` is a sentence, empty where the final report is in it."""

    files: tuple[str, ...]
    why_no_exact: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Content:
    """All that the package is made of, read in one transaction."""

    round: RoundFacts
    release: ReleaseRow | None
    beside: BesideRelease
    deleted: tuple[DeletionRow, ...]
    audit_head: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Archives:
    """Each package has a line with its reason in the audit log."""

    sessions: Sessions
    now: Callable[[], datetime]
    actor: str

    def write(self, code: str, stream: BinaryIO, *, reason: str) -> Archived:
        """Write the package. Raises RoundRefused without a reason, or while the round has not closed."""
        if not reason.strip():
            raise RoundRefused("an archive package needs a reason: who gets it, and under which decision")
        self._release_exact(code)
        content = self._read(code, reason)
        why = _why_no_exact(content.round.plan, content.release)
        files = tuple(_files(content, why))
        _write_zip(files, stream)
        return Archived(files=tuple(file.name for file in files), why_no_exact=why)

    def _release_exact(self, code: str) -> None:
        """The final report is made where it is due and the answers are there; nothing else is released for this."""
        today = local_date(self.now())
        with self.sessions.reading() as session:
            row = get_existing(session, code)
            last = audit.get_latest_release(session, row.id)
        if row.status != "closed":
            raise StateRefused("archive_open", row)
        plan = plan_of(row, today)
        is_due = plan.exact_from <= today <= plan.dates.coded_answers_until
        if is_due and not _is_exact(last):
            Reports(sessions=self.sessions, now=self.now, actor=self.actor).picture(code)

    def _read(self, code: str, reason: str) -> _Content:
        """The log in the same transaction: what cannot be logged is not written."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            content = _Content(
                round=gather_facts(session, row, local_date(self.now())),
                release=audit.get_latest_release(session, row.id),
                beside=gather_beside(session, row, local_date(self.now())),
                deleted=tuple(deletions.list_deletions(session, row.id)),
                audit_head=audit.get_head(session).hash,
            )
            self._log(session, row, reason)
        return content

    def _log(self, session: Session, row: RoundRow, reason: str) -> None:
        audit.add_audit_entry(
            session,
            actor=self.actor,
            action="archive_exported",
            round_id=row.id,
            at=self.now(),
            reason=reason,
        )


def _is_exact(release: ReleaseRow | None) -> bool:
    return release is not None and release.rule == EXACT.name


def _why_no_exact(plan: ClosingPlan, release: ReleaseRow | None) -> str:
    """Made from dates alone, so that the same data say the same."""
    if _is_exact(release):
        return ""
    is_gone = any(step.kind.value == "codes" and step.is_past for step in plan.steps)
    key, day = (
        ("no_exact_any_more", plan.dates.coded_answers_until)
        if is_gone
        else ("no_exact_yet", plan.exact_from)
    )
    why = sentence("tables", key, _LANGUAGE, day=day)
    return f"{why} {sentence('tables', 'interim_instead' if release else 'no_report', _LANGUAGE)}"


# The files


def _files(content: _Content, why_no_exact: str) -> Iterator[ArchiveFile]:
    """In the order in which they stand in the package: the readme first, then by folder, the checksums last."""
    facts = _facts(content, why_no_exact)
    made = [
        ArchiveFile(name="LASMIG.txt", content=to_text.write(_paper("archive", content, facts))),
        *_report_files(content),
        *_method_files(content, facts),
        *flow_files(content.round.flows),
        *taxonomy_files(content.round.document),
        *deletion_files(content.deleted, content.round.plan),
        round_file(content.round),
    ]
    manifest = ArchiveFile(name="manifest.json", content=_manifest(content.round.row.code, made))
    yield from (*made, manifest)
    yield ArchiveFile(name="sha256.txt", content=_checksums([*made, manifest]))


def _facts(content: _Content, why_no_exact: str) -> Facts:
    facts = facts_of(content.round, _LANGUAGE)
    picture = from_json(content.release.picture[_LANGUAGE]) if content.release else None
    flags = {"has_report"} if picture else set()
    if not why_no_exact:
        flags.add("has_exact")
    values = {
        "basis": picture.basis if picture else "",
        "status": picture.status if picture else "",
        "honesty": picture.honesty if picture else "",
        "why_no_report": why_no_exact,
        "why_no_exact": why_no_exact,
        "audit_head": sentence("tables", "audit_head", _LANGUAGE, head=content.audit_head),
    }
    return replace(facts, values={**facts.values, **values}, flags=facts.flags | flags)


def _paper(part: str, content: _Content, facts: Facts) -> Paper:
    plan = content.round.plan
    return build("method", part, _LANGUAGE, facts, plan.closed_on or plan.closes_on)


def _report_files(content: _Content) -> Iterator[ArchiveFile]:
    if content.release is None:
        return
    kind = "slutlig" if _is_exact(content.release) else "preliminar"
    for language in LANGUAGES:
        picture = content.beside.put_into(from_json(content.release.picture[language]))
        for format_ in _REPORT_FORMATS:
            stream = BytesIO()
            EXPORTERS[format_].write(picture, stream)
            name = f"rapport/{content.round.row.code}-{kind}-{language}.{format_}"
            yield ArchiveFile(name=name, content=stream.getvalue())


def _method_files(content: _Content, facts: Facts) -> Iterator[ArchiveFile]:
    from bot.papers import to_docx  # Word's library is 10 MiB: only once a paper is made

    paper = _paper("method", content, facts)
    yield ArchiveFile(name="metod/metodbeskrivning.docx", content=to_docx.write(paper))
    yield ArchiveFile(name="metod/metodbeskrivning.txt", content=to_text.write(paper))


def _manifest(code: str, files: list[ArchiveFile]) -> bytes:
    listed = [
        {"name": f.name, "bytes": len(f.content), "media_type": f.media_type, "sha256": f.sha256}
        for f in files
    ]
    document = {"package": f"arkivpaket-{code}", "version": 1, "files": listed}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _checksums(files: list[ArchiveFile]) -> bytes:
    """As ``sha256sum -c`` reads them."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in files).encode()


def _write_zip(files: tuple[ArchiveFile, ...], stream: BinaryIO) -> None:
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for file in files:
            entry = ZipInfo(file.name, _EARLIEST)
            entry.external_attr = _READABLE_BY_ALL
            package.writestr(entry, file.content, ZIP_DEFLATED)
