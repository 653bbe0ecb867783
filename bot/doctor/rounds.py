"""Checks of what residents will meet: open rounds, their pages, helplines, words that the provider keeps for itself."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.channels.numbers import is_phone_number
from bot.doctor.asking import NoAnswer, ask
from bot.doctor.finding import Finding, fault, ok, warning
from bot.doctor.set_up import SetUp
from bot.papers.wording import sentence
from bot.services.dates import local_date, retention_of
from bot.services.deleting import Duty, list_duties
from bot.services.roles import Role
from bot.services.round_documents import missing_legal_fields
from bot.services.surveys import keeps_alarms
from flows.catalogue import Helpline, helplines
from privacy.disclosure import EXACT
from storage import accounts
from storage.audit import get_latest_release
from storage.database import Sessions
from storage.rounds import RoundRow

OLDEST_HELPLINE = timedelta(days=183)
_CLOSES_SOON = timedelta(days=7)
_WORKER_HAS_TIME = timedelta(hours=1)
_ANSWERS_GO_SOON = timedelta(days=183)


def check_rounds(set_up: SetUp) -> Iterator[Finding]:
    """Legal fields, dates and numbers of what is open."""
    if not set_up.has_current_tables:
        return
    if not set_up.open_rounds:
        yield warning("No round is open.", "When residents shall write: lyhord round open CODE")
    today = local_date(set_up.now())
    for row in set_up.rounds:
        if row.status == "paused":
            advice = f"When residents shall go on: lyhord round resume {row.code}"
            yield warning(f"Round {row.code} is paused and takes no answers.", advice)
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


def check_deletions(set_up: SetUp) -> Iterator[Finding]:
    """Whether what should have gone on its date has gone, and no round loses its answers without a final report."""
    if set_up.database is None or not set_up.has_current_tables:
        return
    sessions, now = set_up.database.sessions, set_up.now()
    overdue = [duty for duty in list_duties(sessions, now - _WORKER_HAS_TIME) if duty.count]
    for duty in overdue:
        whose = f"Of round {duty.row.code}" if duty.row else "Of no single round"
        advice = "Run: lyhord upkeep. If it stays, the log says why (deletion_failed)."
        yield fault(f"{whose} {duty.count} {_what(duty)} should have been deleted and are there.", advice)
    if not overdue:
        yield ok("Nothing is there that should have been deleted.")
    yield from _without_final_report(sessions, set_up.rounds, local_date(now))


def _what(duty: Duty) -> str:
    return sentence("deletions", f"due_{duty.rule.value}", "en")


def _without_final_report(sessions: Sessions, rows: Iterable[RoundRow], today: date) -> Iterator[Finding]:
    """Rounds whose answers go within half a year, and of which only interim reports were made."""
    for row in rows:
        last_day = retention_of(row).coded_answers_until
        if row.status == "closed" and today <= last_day < today + _ANSWERS_GO_SOON:
            with sessions.reading() as session:
                release = get_latest_release(session, row.id)
            if release is None or release.rule != EXACT.name:
                advice = f"Make it: lyhord export {row.code}"
                yield warning(
                    f"The answers of round {row.code} go after {last_day}, and it has no final report.",
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
        yield warning(f"Numbers for help that nobody has checked within six months: {named}.", advice)
    if not old:
        yield ok(f"All {len(helplines())} numbers for help were checked within six months.")


def _is_old(line: Helpline, today: date) -> bool:
    return line.checked_on is None or today - line.checked_on > OLDEST_HELPLINE
