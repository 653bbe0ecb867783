"""Reading the audit log, and whether it is whole."""

from dataclasses import dataclass

from storage import audit, rounds
from storage.audit import ChainState, Entry, Head
from storage.database import Sessions


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Empty and None take everything. `before` goes on from an entry."""

    actor: str = ""
    action: str = ""
    round_code: str = ""
    before: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditPage:
    """The newest first. `next_before` leads to the next page, None on the last."""

    entries: tuple[Entry, ...]
    next_before: int | None
    actors: tuple[str, ...]
    actions: tuple[str, ...]
    rounds: dict[int, str]
    """Codes of rounds by id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Auditing:
    """Reads alone."""

    sessions: Sessions

    def page(self, wanted: Filter, *, size: int = 50) -> AuditPage:
        with self.sessions.reading() as session:
            codes = {row.id: row.code for row in rounds.list_rounds(session)}
            ids = {code: round_id for round_id, code in codes.items()}
            found = audit.list_entries(
                session,
                limit=size + 1,
                before_id=wanted.before,
                actor=wanted.actor,
                action=wanted.action,
                round_id=ids.get(wanted.round_code),
            )
            return AuditPage(
                entries=tuple(found[:size]),
                next_before=found[size - 1].id if len(found) > size else None,
                actors=tuple(audit.list_actors(session)),
                actions=tuple(audit.list_actions(session)),
                rounds=codes,
            )

    def check(self, known: Head | None = None) -> ChainState:
        """Look at every entry; a million take half a minute."""
        with self.sessions.reading() as session:
            return audit.check_chain(session, known=known)

    def head(self) -> Head:
        with self.sessions.reading() as session:
            return audit.get_head(session)
