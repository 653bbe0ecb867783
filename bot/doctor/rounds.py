"""Checks of what residents will meet: open rounds, their pages, helplines, words that the provider keeps for itself."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.channels.numbers import is_phone_number
from bot.doctor.asking import NoAnswer, ask
from bot.doctor.finding import Finding, fault, ok, warning
from bot.doctor.set_up import SetUp
from bot.services.dates import local_date
from bot.services.roles import Role
from bot.services.round_documents import missing_legal_fields
from bot.services.surveys import keeps_alarms
from flows.catalogue import Helpline, helplines
from storage import accounts
from storage.rounds import RoundRow

OLDEST_HELPLINE = timedelta(days=365)
_CLOSES_SOON = timedelta(days=7)


def check_rounds(set_up: SetUp) -> Iterator[Finding]:
    """Legal fields, dates and numbers of what is open."""
    if not set_up.has_current_tables:
        return
    if not set_up.open_rounds:
        yield warning("No round is open.", "When residents shall write: lyhord round open CODE")
    today = local_date(set_up.now())
    for row in set_up.open_rounds:
        told = [*_facts(set_up, row), *_dates(row, today)]
        yield from told
        if not told:
            yield ok(f"Round {row.code} is open until {row.closes_on}.")


def _facts(set_up: SetUp, row: RoundRow) -> Iterator[Finding]:
    is_demonstration = set_up.settings.is_demonstration
    missing = missing_legal_fields(set_up.documents[row.id])
    if missing and not is_demonstration:
        advice = "Create a new round with them (docs/round-format.md)."
        yield fault(f"Round {row.code} is open without {', '.join(missing)}.", advice)
    if row.is_demonstration and not is_demonstration:
        yield warning(f"Round {row.code} is the demonstration's, beside real residents.", "Close it.")
    if not is_phone_number(row.phone_number):
        advice = "Create a new round with the number as +46701234567."
        yield fault(f"The number of round {row.code} is no telephone number that can receive.", advice)


def _dates(row: RoundRow, today: date) -> Iterator[Finding]:
    if row.closes_on < today:
        yield fault(
            f"Round {row.code} should have closed on {row.closes_on}.", "Does the worker run? lyhord worker"
        )
    elif row.closes_on - today < _CLOSES_SOON:
        yield warning(f"Round {row.code} closes on {row.closes_on}.", "Take the posters down in time.")
    if row.opens_on > today:
        yield warning(f"Round {row.code} takes answers from {row.opens_on} only.", "Test after that day.")


def check_guardians(set_up: SetUp) -> Iterator[Finding]:
    """Whether somebody can read what rounds of mode B keep for three working days."""
    if not set_up.has_current_tables or set_up.database is None:
        return
    kept = [row.code for row in set_up.open_rounds if keeps_alarms(set_up.documents[row.id])]
    if not kept:
        return
    with set_up.database.sessions.reading() as session:
        count = accounts.count_active(session, Role.GUARDIAN)
    if count:
        yield ok(f"{count} can read the quarantine of {', '.join(kept)}.")
    else:
        advice = "lyhord user add --role guardian, and let them accept; or create the round with mode A."
        yield warning(
            f"Nobody can read the quarantine of {', '.join(kept)} (mode B): what tells of danger is deleted unread.",
            advice,
        )


def check_information_pages(set_up: SetUp) -> Iterator[Finding]:
    """Whether the page with the privacy information is there: every first text names it."""
    documents = set_up.documents
    pages = {str(documents[row.id].get("information_page", "")): row.code for row in set_up.open_rounds}
    for page, code in pages.items():
        try:
            answer = ask(page if "://" in page else f"https://{page}")
        except NoAnswer as error:
            yield warning(f"The information page of round {code} gave no answer: {error}.", "Publish it.")
            continue
        if answer.status == 200 or answer.is_redirect:
            yield ok(f"The information page of round {code} is there.")
        else:
            advice = "Publish it: who asks, why, what becomes of the answers (GDPR art. 13)."
            yield fault(f"The information page of round {code} answers {answer.status}.", advice)


def check_helplines(set_up: SetUp) -> Iterator[Finding]:
    """When somebody last saw to the numbers that people in danger are given."""
    today = local_date(set_up.now())
    old = [line for line in helplines() if _is_old(line, today)]
    if old:
        named = "; ".join(f"{line.number} ({line.what}): {line.checked_on or 'never noted'}" for line in old)
        advice = (
            "See that each is still right, at its source and by calling those that may be called (never 112), "
            "and write the day in flows/library/words/helplines.yaml."
        )
        yield warning(f"Numbers for help that nobody has checked within a year: {named}.", advice)
    if not old:
        yield ok(f"All {len(helplines())} numbers for help were checked within a year.")


def _is_old(line: Helpline, today: date) -> bool:
    return line.checked_on is None or today - line.checked_on > OLDEST_HELPLINE
