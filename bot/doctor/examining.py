"""All checks, in the order in which one stands on the other, and the round that looks at them."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from bot.doctor import clocks, console, database, environment, provider, public, reserved, rounds
from bot.doctor.finding import Finding, fault
from bot.doctor.set_up import SetUp
from storage.database import DatabaseUnavailable


class Check(NamedTuple):
    """`look` says nothing where there is nothing to look at, or where it stands on what is broken."""

    name: str
    look: Callable[[SetUp], Iterable[Finding]]


CHECKS = (
    Check("settings", environment.check_settings),
    Check("database", database.check_database),
    Check("migrations", database.check_migrations),
    Check("disk", database.check_disk),
    Check("room", database.check_room),
    Check("sqlite", database.check_sqlite),
    Check("postgresql", database.check_postgresql),
    Check("master_keys", environment.check_master_keys),
    Check("file_modes", environment.check_file_modes),
    Check("worker", database.check_worker),
    Check("clock", clocks.check_clock),
    Check("public_url", public.check_public_url),
    Check("public_answer", public.check_public_answer),
    Check("signature", public.check_signature),
    Check("console_url", console.check_console_url),
    Check("coordinators", console.check_coordinators),
    Check("audit_log", console.check_audit_log),
    Check("account", provider.check_account),
    Check("numbers", provider.check_numbers),
    Check("rounds", rounds.check_rounds),
    Check("guardians", rounds.check_guardians),
    Check("deletions", rounds.check_deletions),
    Check("information_pages", rounds.check_information_pages),
    Check("helplines", rounds.check_helplines),
    Check("reserved_words", reserved.check_reserved_words),
)


class Seen(NamedTuple):
    """A finding and the check that it comes from."""

    check: str
    finding: Finding


def examine(set_up: SetUp, checks: Iterable[Check] = CHECKS) -> Iterator[Seen]:
    """Every finding, as it comes: some checks take seconds."""
    for check in checks:
        try:
            for finding in check.look(set_up):
                yield Seen(check.name, finding)
        except DatabaseUnavailable:
            lost = fault(
                "The database went away while it was looked at.", "Look again; then see the check database."
            )
            yield Seen(check.name, lost)
