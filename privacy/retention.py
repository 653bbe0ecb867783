"""How long what is kept: the dates that follow from a round's end. Nothing is deleted here.

The periods are a proposal that the municipality's decision on disposal (gallringsbeslut) confirms; it is decided
as if each date were the last day on which the data may be there.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from privacy.working_days import working_days_after

REPLY_KEPT = timedelta(hours=48)
"""A stored reply, so that a second delivery of the same message gets the same one."""

INBOX_DAYS = 30
"""Messages outside a survey, redacted, for somebody to look at."""

QUARANTINE_WORKING_DAYS = 3
"""A message that told of danger, where a round keeps them for its guardian (mode B, docs/safeguards.md)."""

UNDO_DAYS = 14
"""After the end, while the phone itself is still the key to its answers (GDPR art. 11 and 17)."""

MASKED_TEXT_MONTHS_AFTER_DECISION = 3
MASKED_TEXT_MAX_MONTHS = 12
"""A round's own decision on disposal may say fewer, never more."""

FEEDBACK_NUMBERS_MAX_MONTHS = 12
CODED_ANSWERS_MONTHS = 48
"""Two rounds, for the trend."""

DELIVERY_DAYS = 30
"""How far a message of ours has come, at the provider."""

AUDIT_MONTHS = 24

BACKUP_DAYS = 30
"""A backup. It holds what the database held: what was deleted there since is in it for as long."""

LEDGER_KEPT = timedelta(days=BACKUP_DAYS + 2)
"""An entry of the ledger: longer than there may be a backup that does not know it, on its last day until midnight."""


class Rule(StrEnum):
    """What demands that something goes. A deletion record names it."""

    UNSENT = "unsent"
    """REPLY_KEPT after it was written: what did not leave by then never will."""
    REPLY = "reply"
    """REPLY_KEPT after a message came."""
    INBOX = "inbox"
    QUARANTINE = "quarantine"
    """After QUARANTINE_WORKING_DAYS, in rounds of mode B."""
    DELIVERY = "delivery"
    KEY = "key"
    """After the last day for RADERA: the round's key, every link from people to answers, and times of day."""
    TEXT = "text"
    NUMBERS = "numbers"
    CODES = "codes"
    AUDIT = "audit"
    LEDGER = "ledger"
    COUNTS = "counts"
    """How much came to the chat in an hour (bot.services.limiting)."""


OF_A_ROUND = (Rule.KEY, Rule.NUMBERS, Rule.TEXT, Rule.CODES)
"""Rules whose date follows from the round's end. The others follow from when each thing came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionPlan:
    """Last days of what a round has gathered. The problem picture itself, with its method, is kept for good."""

    erase_until: date
    """Last day on which RADERA works; the round's key, and all links from people to answers, go the day after."""
    key_destroyed_on: date
    masked_text_until: date
    feedback_numbers_until: date
    coded_answers_until: date

    def last_day(self, rule: Rule) -> date:
        """The last day on which what the rule is about may be there. Raises KeyError for a rule without such a day."""
        return {
            Rule.KEY: self.erase_until,
            Rule.TEXT: self.masked_text_until,
            Rule.NUMBERS: self.feedback_numbers_until,
            Rule.CODES: self.coded_answers_until,
        }[rule]


def plan(closed_on: date, *, decided_on: date | None = None, text_months: int | None = None) -> RetentionPlan:
    """Dates for a round that ended on `closed_on` and whose problem picture was decided on `decided_on`.

    Text goes three months after the decision, and never later than twelve after the end, or `text_months` where the
    round's own decision on disposal says fewer.
    """
    last = erase_until(closed_on)
    most = min(text_months or MASKED_TEXT_MAX_MONTHS, MASKED_TEXT_MAX_MONTHS)
    text_until = months_after(closed_on, most)
    if decided_on is not None:
        text_until = min(text_until, months_after(decided_on, MASKED_TEXT_MONTHS_AFTER_DECISION))
    return RetentionPlan(
        erase_until=last,
        key_destroyed_on=last + timedelta(days=1),
        masked_text_until=text_until,
        feedback_numbers_until=months_after(closed_on, FEEDBACK_NUMBERS_MAX_MONTHS),
        coded_answers_until=months_after(closed_on, CODED_ANSWERS_MONTHS),
    )


def quarantine_until(received_on: date) -> date:
    """Last day on which the guardian can read a message of that day: never unread over a holiday."""
    return working_days_after(received_on, QUARANTINE_WORKING_DAYS)


def erase_until(closed_on: date) -> date:
    """Last day on which a resident's answers can be found by their number, and erased."""
    return closed_on + timedelta(days=UNDO_DAYS)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
