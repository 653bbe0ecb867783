"""What in a text that leaves the tool leads to somebody: looked for wherever a person writes for a report."""

import re

from privacy.redaction import Redactor

_PLACEHOLDER = re.compile(r"\[[A-ZÅÄÖ]{3,}\]")


def personal_in(redactor: Redactor, text: str) -> tuple[str, ...]:
    """Kinds of personal data in the text (privacy.redaction.PLACEHOLDERS), or the marks where some was masked."""
    return redactor.redact(text).masked or tuple(_PLACEHOLDER.findall(text))
