"""Checks of what stands in the environment and of who can read it: settings, master keys, file modes."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.config import Settings, variables
from bot.doctor.finding import Finding, fault, ok, warning
from bot.doctor.set_up import SetUp
from bot.wiring import DEMONSTRATION_ACCOUNT
from privacy.pseudonyms import UndecipherableError
from storage.inspection import list_key_names

_NEEDED = {
    "LYHORD_DATABASE_URL": "database_url",
    "LYHORD_MASTER_KEYS": "master_keys",
    "LYHORD_PUBLIC_URL": "public_url",
    "LYHORD_TWILIO_ACCOUNT_SID": "twilio_account_sid",
    "LYHORD_TWILIO_AUTH_TOKENS": "twilio_auth_tokens",
}
_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_TOKEN = re.compile(r"[0-9a-fA-F]{32}")
_SHORTEST_METRICS_TOKEN = 20


def check_settings(set_up: SetUp) -> Iterator[Finding]:
    settings = set_up.settings
    missing = [name for name, field in _NEEDED.items() if not getattr(settings, field)]
    if missing:
        yield fault(
            f"{', '.join(missing)} not set.", "Set what is missing; docs/settings.md says what it is."
        )
    else:
        yield ok(f"All {len(_NEEDED)} settings that serving needs are set; {len(variables())} are known.")
    yield from _badly_formed(settings)
    if not (settings.ledger_file or settings.is_demonstration or settings.is_rehearsal):
        advice = "Name a file on another disk: without it a restored backup brings back what was erased."
        yield warning("LYHORD_LEDGER_FILE is not set.", advice)
    if settings.is_demonstration:
        yield warning("This is a demonstration.", "For real residents set LYHORD_ENVIRONMENT=production.")
    if settings.is_rehearsal:
        advice = "For real residents take LYHORD_PROVIDER_URL away."
        yield warning("Messages go to a stand-in for the provider on this machine.", advice)


def _badly_formed(settings: Settings) -> Iterator[Finding]:
    account = settings.twilio_account_sid
    if account and not _ACCOUNT.fullmatch(account):
        yield fault(
            "LYHORD_TWILIO_ACCOUNT_SID is not AC and 32 hexadecimal digits.",
            "Copy it again from the console.",
        )
    if account == DEMONSTRATION_ACCOUNT and not settings.is_demonstration:
        yield fault("LYHORD_TWILIO_ACCOUNT_SID is the demonstration's.", "Set your own.")
    if any(not _TOKEN.fullmatch(token) for token in settings.twilio_auth_tokens):
        yield warning(
            "A token in LYHORD_TWILIO_AUTH_TOKENS is not 32 hexadecimal digits.",
            "Was it cut when it was copied?",
        )
    if settings.metrics_token and len(settings.metrics_token) < _SHORTEST_METRICS_TOKEN:
        yield warning(
            f"LYHORD_METRICS_TOKEN has fewer than {_SHORTEST_METRICS_TOKEN} characters.", "Take a longer one."
        )


def check_master_keys(set_up: SetUp) -> Iterator[Finding]:
    """Whether the ring opens what the database holds, and what of it nothing needs any more."""
    if not set_up.settings.master_keys:
        return
    if set_up.keys is None:
        advice = "Write NAME:BASE64 of 32 random bytes, several separated by comma, the current one first."
        yield fault("LYHORD_MASTER_KEYS cannot be read.", advice)
        return
    yield ok(f"LYHORD_MASTER_KEYS can be read; {set_up.keys.current_key_id} is the key from now on.")
    if set_up.database is None or not set_up.has_current_tables:
        return
    with set_up.database.sessions.reading() as session:
        needed = list_key_names(session)
    ring = set(set_up.keys.key_ids)
    yield from _missing_keys(needed, ring)
    yield from _closed_rounds(set_up, ring)
    unused = sorted(ring - {set_up.keys.current_key_id}.union(*needed.values()))
    if unused:
        advice = "They may go once no backup that is still kept needs them."
        yield warning(f"Nothing in the database needs the older key {', '.join(unused)}.", advice)


def _missing_keys(needed: dict[str, set[str]], ring: set[str]) -> Iterator[Finding]:
    for what, names in needed.items():
        missing = sorted(names - ring)
        if missing:
            advice = (
                "Put it back into LYHORD_MASTER_KEYS, behind the current one. Without it these stay closed."
            )
            yield fault(f"The key {', '.join(missing)} is missing: the database needs it for {what}.", advice)


def _closed_rounds(set_up: SetUp, ring: set[str]) -> Iterator[Finding]:
    """Rounds whose key is named like one of the ring and yet is not opened by it."""
    wrong = []
    for row in set_up.rounds:
        if set_up.keys is not None and row.wrapped_key and row.wrapped_key.partition(".")[0] in ring:
            try:
                set_up.keys.unwrap_key(row.wrapped_key)
            except UndecipherableError:
                wrong.append(row.code)
    if wrong:
        advice = "It is another key of the same name: find the one that was used when the round was opened."
        yield fault(f"The master key does not open the key of round {', '.join(wrong)}.", advice)


def check_file_modes(set_up: SetUp) -> Iterator[Finding]:
    """Who else on this machine can read the database and the secrets."""
    files = [set_up.folder / ".env"]
    database = set_up.database_file
    if database is not None:
        files += [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]
    present = [file for file in files if file.exists()]
    for say, who, bits in (
        (fault, "Every user of this machine", stat.S_IROTH | stat.S_IWOTH),
        (warning, "Their group", stat.S_IRGRP | stat.S_IWGRP),
    ):
        open_to = [file for file in present if _mode(file) & bits]
        if open_to:
            present = [file for file in present if file not in open_to]
            names = ", ".join(file.name for file in open_to)
            yield say(f"{who} can read or write {names}.", f"chmod 600 {' '.join(map(str, open_to))}")
    if present:
        yield ok(f"Only their owner can read {', '.join(file.name for file in present)}.")


def _mode(file: Path) -> int:
    """What the file lets whom do; a folder that somebody cannot enter keeps them from what is in it."""
    folder, mode = file.resolve().parent.stat().st_mode, file.stat().st_mode
    if not folder & stat.S_IXOTH:
        mode &= ~stat.S_IRWXO
    if not folder & stat.S_IXGRP:
        mode &= ~stat.S_IRWXG
    return mode
