"""The papers' words, from the YAML files beside this module, in Swedish and English."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from flows.catalogue import load_document_text
from privacy.retention import (
    AUDIT_MONTHS,
    BACKUP_DAYS,
    CODED_ANSWERS_MONTHS,
    DELIVERY_DAYS,
    FEEDBACK_NUMBERS_MAX_MONTHS,
    INBOX_DAYS,
    LEDGER_KEPT,
    MASKED_TEXT_MONTHS_AFTER_DECISION,
    QUARANTINE_WORKING_DAYS,
    REPLY_KEPT,
    UNDO_DAYS,
)
from summary.wording import Words

LANGUAGES = ("sv", "en")
_SPACES = re.compile(r"[ \n]+")
_PERIODS = {
    "reply_hours": REPLY_KEPT // timedelta(hours=1),
    "inbox_days": INBOX_DAYS,
    "quarantine_days": QUARANTINE_WORKING_DAYS,
    "delivery_days": DELIVERY_DAYS,
    "undo_days": UNDO_DAYS,
    "decision_months": MASKED_TEXT_MONTHS_AFTER_DECISION,
    "numbers_months": FEEDBACK_NUMBERS_MAX_MONTHS,
    "codes_months": CODED_ANSWERS_MONTHS,
    "audit_months": AUDIT_MONTHS,
    "ledger_days": LEDGER_KEPT.days,
    "backup_days": BACKUP_DAYS,
}
"""The periods of the rules, which any text may name."""


@cache
def document(name: str) -> Mapping[str, object]:
    """A file as mappings, lists and texts. Raises ValueError where it cannot be read: it is the program's own."""
    loaded = load_document_text(files("bot.papers").joinpath(f"{name}.yaml").read_bytes(), name)
    if loaded.problems:
        raise ValueError(f"{name}.yaml: {loaded.problems[0].message}")
    return loaded.document


def sentence(name: str, key: str, language: str, **values: object) -> str:
    """A text of a file with its values filled in, days as people write them. Raises KeyError for an unknown key."""
    wording = document(name)[key]
    if not isinstance(wording, Mapping):
        raise KeyError(key)
    return filled(str(wording[language]), language, values)


def filled(text: str, language: str, values: Mapping[str, object]) -> str:
    """The text on one line. Raises KeyError for a value that it names and that is not there."""
    words = Words(language)
    spoken = {key: words.day(v) if isinstance(v, date) else v for key, v in values.items()}
    return _SPACES.sub(" ", text.format(**_PERIODS, **spoken)).strip()


def unbroken(number: str) -> str:
    """A telephone number that no line ends within."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")
