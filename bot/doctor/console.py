"""Checks of the staff console: its address, that somebody can sign in, that the log of who did what is whole."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.doctor.finding import Finding, fault, ok, warning
from bot.doctor.set_up import SetUp
from bot.services.auditing import Auditing
from bot.services.roles import Role
from storage import accounts


def check_console_url(set_up: SetUp) -> Iterator[Finding]:
    """How it is written, and that it is another origin than the residents' pages."""
    settings = set_up.settings
    if not settings.console_url:
        advice = "Set it to the address of the staff console, as https://konsol.example.se."
        yield warning("LYHORD_CONSOLE_URL is not set: nobody can work in a browser.", advice)
        return
    parts = urlsplit(settings.console_url)
    if parts.scheme != "https" and not settings.is_demonstration:
        yield fault(
            "LYHORD_CONSOLE_URL does not begin with https.", "Passwords go over it: serve it by TLS alone."
        )
    elif not parts.hostname or parts.path or parts.query or parts.fragment:
        yield fault(
            "LYHORD_CONSOLE_URL is no address of a host alone.", "Write it as https://konsol.example.se."
        )
    elif parts.netloc == urlsplit(settings.public_url).netloc:
        advice = "Give the console a host name of its own: what residents reach must not share its origin."
        yield fault("LYHORD_CONSOLE_URL has the host of LYHORD_PUBLIC_URL.", advice)
    else:
        yield ok("LYHORD_CONSOLE_URL is well written.")


def check_coordinators(set_up: SetUp) -> Iterator[Finding]:
    """Whether somebody can sign in who may invite others."""
    if set_up.database is None or not set_up.has_current_tables or not set_up.settings.console_url:
        return
    with set_up.database.sessions.reading() as session:
        number = accounts.count_active(session, Role.COORDINATOR)
    if number:
        yield ok(f"{number} of the console's accounts can sign in as coordinator.")
    else:
        advice = "lyhord user add ADDRESS --name NAME, and pass the link on."
        yield warning("Nobody can sign in to the console as coordinator.", advice)


def check_audit_log(set_up: SetUp) -> Iterator[Finding]:
    """Whether the log is as it was written."""
    if set_up.database is None or not set_up.has_current_tables:
        return
    state = Auditing(sessions=set_up.database.sessions).check()
    if state.fault is None:
        yield ok(f"All {state.count} entries of the audit log are as they were written.")
    else:
        advice = (
            "lyhord audit verify says more. Keep the database as it is, and find out who can write to it."
        )
        yield fault(f"The audit log was changed afterwards, at entry {state.broken_at}.", advice)
