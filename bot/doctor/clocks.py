"""Checks of this machine's clock: beside the database server's and the provider's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.doctor.asking import NoAnswer, ask
from bot.doctor.finding import Finding, fault, ok, warning
from bot.doctor.set_up import SetUp
from storage.inspection import get_server_time

MOST_S, FAR_TOO_MUCH_S = 2, 30
_ADVICE = "Let the machine set its clock by the network (NTP)."


def check_clock(set_up: SetUp) -> Iterator[Finding]:
    if set_up.database is not None and set_up.database_file is None:
        with set_up.database.sessions.reading() as session:
            before = set_up.now()
            yield _compared("the database server's", before, get_server_time(session), set_up.now(), 0)
    if set_up.settings.is_demonstration and not set_up.settings.is_rehearsal:
        return  # nothing of a demonstration leaves the machine
    try:
        before = set_up.now()
        date = ask(set_up.settings.provider_url, method="HEAD").date
        yield _compared("the provider's", before, _parsed(date), set_up.now(), 1)
    except NoAnswer as error:
        advice = (
            "Does the host let nothing out? Then nothing can be sent or looked up at the provider either."
        )
        yield warning(f"The provider's clock could not be asked: {error}.", advice)
    except ValueError:
        yield warning("The provider did not tell the time.", "Look at the machine's clock yourself.")


def _parsed(date: str) -> datetime:
    """Raises ValueError."""
    at = parsedate_to_datetime(date)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _compared(whose: str, before: datetime, theirs: datetime, after: datetime, grain_s: int) -> Finding:
    """Theirs was read between `before` and `after`, and is told in steps of `grain_s`: only what is beyond counts."""
    ahead = (before - theirs).total_seconds() - grain_s
    behind = (theirs - after).total_seconds()
    skew = max(0.0, ahead, behind)
    said = f"This machine's clock is {skew:.0f} s {'ahead of' if ahead > behind else 'behind'} {whose}."
    if skew > FAR_TOO_MUCH_S:
        return fault(said, _ADVICE)
    if skew > MOST_S:
        return warning(said, _ADVICE)
    return ok(f"This machine's clock agrees with {whose}.")
