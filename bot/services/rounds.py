"""Creating and opening rounds, pausing, extending and closing them, and noting the day of the decision."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.papers.wording import sentence
from bot.services.dates import ended_on, local_date, retention_of
from bot.services.errors import Refused
from bot.services.number_words import list_shared_words
from bot.services.round_documents import RoundDocument, missing_legal_fields
from privacy.pseudonyms import KEY_BYTES, KeyRing
from storage import audit, rounds
from storage.database import Session, Sessions
from storage.rounds import RoundRow

LoadFlow = Callable[[str], Mapping[str, Any]]
"""From a flow's name or path to the document that is published. Raises RoundRefused where it has errors."""


class RoundRefused(Refused):
    """The round cannot be created, opened or closed as it stands. The message says what to mend."""


class StateRefused(RoundRefused):
    """What was asked for is not allowed in the state that the round is in. `in_language` says why."""

    def __init__(self, key: str, row: RoundRow, **days: date) -> None:
        self.key = key
        self._code = row.code
        self._days = days
        super().__init__(self.in_language("en"))

    def in_language(self, language: str) -> str:
        """The sentence, in Swedish or English."""
        return sentence("closing", f"refused_{self.key}", language, code=self._code, **self._days)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounds:
    """What a coordinator does with rounds. Each call is one transaction with a line in the audit log."""

    sessions: Sessions
    keys: KeyRing
    now: Callable[[], datetime]
    actor: str

    def create(self, document: RoundDocument, load_flow: LoadFlow, *, is_demonstration: bool = False) -> None:
        """Store a draft: the round, its flows as published versions, areas, places and place codes."""
        published = {stream: load_flow(name) for stream, name in document.flows.items()}
        with self.sessions.begin() as session:
            if rounds.get_round(session, document.code) is not None:
                raise RoundRefused(f"a round {document.code} exists; give the new one another code")
            draft = {"status": "draft", "is_demonstration": is_demonstration, "key_id": ""}
            round_id = rounds.add_round(session, {**round_columns(document), **draft})
            rounds.update_register(session, document.areas, document.places)
            rounds.update_selection(session, round_id, document.asked_areas, document.place_codes)
            for stream, flow in published.items():
                rounds.set_round_flow(session, round_id, stream, publish_flow(session, flow, self.now()))
            self._log(session, "round_created", round_id)

    def open(self, code: str) -> None:
        """Give the round its key and let it take answers. Raises RoundRefused without its legal fields."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if row.status != "draft":
                raise RoundRefused(f"round {code} is {row.status}: only a draft can be opened")
            missing = missing_legal_fields(rounds.get_round_document(session, row.id))
            if missing and not row.is_demonstration:
                raise RoundRefused(
                    f"round {code} lacks {', '.join(missing)}: outside demonstration a round opens only with them "
                    "(docs/round-format.md)"
                )
            self._refuse_shared_words(session, row)
            wrapped = self.keys.wrap_key(secrets.token_bytes(KEY_BYTES))
            rounds.mark_opened(session, row.id, key_id=f"r{row.id}", wrapped_key=wrapped, at=self.now())
            self._log(session, "round_opened", row.id)

    def close(self, code: str) -> None:
        """Take no more answers. RADERA works for another 14 days, then the round's key is destroyed."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if not row.is_under_way:
                raise StateRefused("close_draft" if row.status == "draft" else "closed_already", row)
            rounds.mark_closed(session, row.id, at=self.now())
            self._log(session, "round_closed", row.id)

    def pause(self, code: str) -> None:
        """Take no answers for a while. Danger, STOP and RADERA are heard; conversations wait where they are."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if row.status != "open":
                raise StateRefused(f"pause_{row.status}", row)
            rounds.update_status(session, row.id, "paused")
            self._log(session, "round_paused", row.id)

    def resume(self, code: str) -> None:
        """Take answers again."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if row.status != "paused":
                raise StateRefused(f"resume_{row.status}", row)
            if row.closes_on < self._today():
                raise StateRefused("resume_late", row, day=row.closes_on)
            rounds.update_status(session, row.id, "open")
            self._log(session, "round_resumed", row.id)

    def extend(self, code: str, closes_on: date) -> None:
        """Take answers until and with a later day. A round that has closed opens again, while RADERA still works."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            self._refuse_extension(session, row, closes_on)
            rounds.mark_extended(session, row.id, closes_on=closes_on, at=self.now())
            deed = "round_reopened" if row.status == "closed" else "round_extended"
            self._log(session, deed, row.id, f"{row.closes_on.isoformat()} to {closes_on.isoformat()}")

    def decide(self, code: str, on: date) -> None:
        """The problem picture was decided on that day: free text goes three months later."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if row.closed_at is None:
                raise StateRefused("decide_open", row)
            closed_on = local_date(row.closed_at)
            if not closed_on <= on <= self._today():
                raise StateRefused("decide_day", row, first=closed_on, last=self._today())
            rounds.mark_decided(session, row.id, decided_on=on, at=self.now())
            self._log(session, "picture_decided", row.id, on.isoformat())

    def publish(self, code: str) -> None:
        """Put the latest report on the round's public page. Raises RoundRefused where none has been exported."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if not audit.mark_published(session, row.id, self.now()):
                raise RoundRefused(
                    f"round {code} has no report yet: write one first with lyhord export {code}"
                )
            self._log(session, "report_published", row.id)

    def withdraw(self, code: str) -> None:
        """Take the report from the public page."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            audit.mark_published(session, row.id, None)
            self._log(session, "report_withdrawn", row.id)

    def _refuse_extension(self, session: Session, row: RoundRow, closes_on: date) -> None:
        today = self._today()
        if row.status == "draft":
            raise StateRefused("extend_draft", row)
        if row.is_under_way and closes_on <= row.closes_on:
            raise StateRefused("extend_day", row, day=row.closes_on)
        if closes_on < today:
            raise StateRefused("extend_past", row, day=closes_on)
        if row.status == "closed":
            dates = retention_of(row)
            if row.wrapped_key is None or today > dates.erase_until:
                raise StateRefused("extend_late", row, day=dates.erase_until)
            if row.decided_on is not None:
                raise StateRefused("extend_decided", row, day=row.decided_on)
            if closes_on < ended_on(row):
                raise StateRefused("extend_told", row, day=ended_on(row))
            self._refuse_shared_words(session, row)

    def _refuse_shared_words(self, session: Session, row: RoundRow) -> None:
        for other, word in list_shared_words(session, row).items():
            raise RoundRefused(
                f"round {other} is open on {row.phone_number} and begins with {word} too: close it first, or use "
                "other keywords and place codes, or another number"
            )

    def _log(self, session: Session, action: str, round_id: int, reason: str = "") -> None:
        audit.add_audit_entry(
            session, actor=self.actor, action=action, round_id=round_id, at=self.now(), reason=reason
        )

    def _today(self) -> date:
        return local_date(self.now())


def canonical(flow: Mapping[str, Any]) -> bytes:
    """A flow's document as the bytes that its checksum is of."""
    return json.dumps(flow, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def publish_flow(session: Session, flow: Mapping[str, Any], at: datetime) -> int:
    """The id of the flow's published version."""
    settings = flow["settings"]
    return rounds.add_flow_version(
        session,
        flow=str(settings["form_id"]),
        version=str(settings["version"]),
        sha256=hashlib.sha256(canonical(flow)).hexdigest(),
        document=flow,
        at=at,
    )


def get_existing(session: Session, code: str) -> RoundRow:
    """The round of that code. Raises RoundRefused that lists the rounds there are."""
    row = rounds.get_round(session, code)
    if row is None:
        known = ", ".join(other.code for other in rounds.list_rounds(session)) or "none yet"
        raise RoundRefused(f"there is no round {code}; rounds: {known}")
    return row


def round_columns(document: RoundDocument) -> dict[str, Any]:
    """What the round's row holds of its document."""
    return {
        "code": document.code,
        "name": document.name,
        "municipality": document.municipality,
        "phone_number": document.phone_number,
        "opens_on": document.opens_on,
        "closes_on": document.closes_on,
        "document": dict(document.values),
        "text_months": document.text_months,
    }
