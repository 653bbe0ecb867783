"""A person decides what an answer is about. The machine's suggestion stays on record beside the decision."""

from datetime import datetime

from bot.services.applying import new_id
from bot.services.rounds import RoundRefused, get_existing
from categories.catalogue import CURRENT, taxonomy
from storage import answers, audit
from storage.answers import CodingRow
from storage.database import Session


def list_sensitive(session: Session, round_code: str) -> list[CodingRow]:
    """Codings of a round in categories that only a person may let into a report."""
    sensitive = [category.id for category in taxonomy(CURRENT).categories if category.sensitive]
    return answers.list_current_codings(session, get_existing(session, round_code).id, sensitive)


def confirm(session: Session, *, answer_id: int, category: str, author: str, now: datetime) -> None:
    """Give the answer `category` as its primary one. Raises RoundRefused for an unknown answer or category."""
    known = {c.id for c in taxonomy(CURRENT).categories}
    if category not in known:
        raise RoundRefused(f"no category {category}; categories: {', '.join(sorted(known))}")
    round_id = answers.get_answer_round(session, answer_id)
    if round_id is None:
        raise RoundRefused(f"no answer {answer_id}; list them with: lyhord coding list ROUND")
    decision = answers.coding_values(
        coding_id=new_id(),
        answer_id=answer_id,
        category=category,
        is_primary=True,
        score=1.0,
        rule="decided",
        author=author,
        decided_at=now,
    )
    answers.replace_codings(session, answer_id, [decision])
    audit.add_audit_entry(session, actor=author, action="coding_decided", round_id=round_id, at=now)
