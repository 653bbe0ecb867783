"""Creating, opening and closing rounds."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services.errors import Refused
from bot.services.round_documents import RoundDocument, missing_legal_fields
from privacy.pseudonyms import KEY_BYTES, KeyRing
from storage import audit, rounds
from storage.database import Session, Sessions
from storage.rounds import RoundRow

LoadFlow = Callable[[str], Mapping[str, Any]]
"""From a flow's name or path to the document that is published. Raises RoundRefused where it has errors."""


class RoundRefused(Refused):
    """The round cannot be created, opened or closed as it stands. The message says what to mend."""


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
            self._refuse_second_on_number(session, row)
            wrapped = self.keys.wrap_key(secrets.token_bytes(KEY_BYTES))
            rounds.mark_opened(session, row.id, key_id=f"r{row.id}", wrapped_key=wrapped, at=self.now())
            self._log(session, "round_opened", row.id)

    def close(self, code: str) -> None:
        """Take no more answers. RADERA works for another 14 days, then the round's key is destroyed."""
        with self.sessions.begin() as session:
            row = get_existing(session, code)
            if row.status != "open":
                raise RoundRefused(f"round {code} is {row.status}: only an open round can be closed")
            rounds.mark_closed(session, row.id, at=self.now())
            self._log(session, "round_closed", row.id)

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

    def _refuse_second_on_number(self, session: Session, row: RoundRow) -> None:
        others = rounds.list_rounds_on_number(session, row.phone_number)
        taken = [other.code for other in others if other.status == "open"]
        if taken:
            raise RoundRefused(
                f"round {taken[0]} is open on {row.phone_number}: close it first, or use another number"
            )

    def _log(self, session: Session, action: str, round_id: int) -> None:
        audit.add_audit_entry(session, actor=self.actor, action=action, round_id=round_id, at=self.now())


def publish_flow(session: Session, flow: Mapping[str, Any], at: datetime) -> int:
    """The id of the flow's published version."""
    canonical = json.dumps(flow, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    settings = flow["settings"]
    return rounds.add_flow_version(
        session,
        flow=str(settings["form_id"]),
        version=str(settings["version"]),
        sha256=hashlib.sha256(canonical.encode()).hexdigest(),
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
    }
