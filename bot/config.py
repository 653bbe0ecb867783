"""The settings of the program: read once from the environment, frozen, explained in docs/settings.md."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PROVIDER_URL = "https://api.twilio.com"
_ON_THIS_MACHINE = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")


class SettingsError(Exception):
    """A setting is missing or wrong. The message names the variable and what to do, never its value."""


def _setting(variable: str, explanation: str, default: Any = None) -> Any:
    return field(default=default, metadata={"variable": variable, "explanation": explanation})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings. `is_demonstration` stands for LYHORD_ENVIRONMENT=demonstration."""

    is_demonstration: bool = _setting(
        "LYHORD_ENVIRONMENT",
        "production or demonstration. Demonstration opens the phone simulator.",
        default=False,
    )
    database_url: str = _setting(
        "LYHORD_DATABASE_URL", "sqlite:///file or postgresql+psycopg://user@host/name.", default=""
    )
    master_keys: str = _setting(
        "LYHORD_MASTER_KEYS",
        "Keys that wrap the rounds' keys: NAME:BASE64 of 32 bytes, the current one first.",
        default="",
    )
    public_url: str = _setting(
        "LYHORD_PUBLIC_URL",
        "The address under which the provider calls us, as https://trygg.are.se.",
        default="",
    )
    console_url: str = _setting(
        "LYHORD_CONSOLE_URL",
        "The address of the staff console, as https://lyhord.are.se: another host name than the residents' pages.",
        default="",
    )
    twilio_account_sid: str = _setting(
        "LYHORD_TWILIO_ACCOUNT_SID", "The account that webhooks must come from (AC...).", default=""
    )
    twilio_auth_tokens: tuple[str, ...] = _setting(
        "LYHORD_TWILIO_AUTH_TOKENS",
        "Auth tokens that sign webhooks, separated by comma; two during a rotation.",
        default=(),
    )
    provider_url: str = _setting(
        "LYHORD_PROVIDER_URL",
        "The provider's interface: its own address, or a stand-in on this machine for a rehearsal.",
        default=PROVIDER_URL,
    )
    spool_folder: str = _setting(
        "LYHORD_SPOOL_FOLDER",
        "Where the fallback process keeps messages while the database is away.",
        default="",
    )
    trusted_proxies: int = _setting(
        "LYHORD_TRUSTED_PROXIES",
        "How many proxies of yours stand before the web process and add to X-Forwarded-For.",
        default=0,
    )
    ledger_file: str = _setting(
        "LYHORD_LEDGER_FILE",
        "File on another disk that keeps, outside the database and its backups, what a restore must erase again.",
        default="",
    )
    export_folder: str = _setting(
        "LYHORD_EXPORT_FOLDER",
        "Where the worker keeps large exports, encrypted, for the hour until they are fetched.",
        default="",
    )
    metrics_token: str = _setting(
        "LYHORD_METRICS_TOKEN",
        "Who shows it may read /metrics: at least 20 random characters. Without it there is no such page.",
        default="",
    )
    log_level: str = _setting("LYHORD_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", default="INFO")

    @property
    def is_rehearsal(self) -> bool:
        """Whether messages go to a stand-in for the provider."""
        return self.provider_url != PROVIDER_URL

    def __repr__(self) -> str:
        return f"Settings(is_demonstration={self.is_demonstration})"


def variables() -> dict[str, str]:
    """Every environment variable that the program reads, with its explanation."""
    return {f.metadata["variable"]: f.metadata["explanation"] for f in fields(Settings)}


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises SettingsError for a value that cannot be understood."""
    env = os.environ if environment is None else environment
    kind = env.get("LYHORD_ENVIRONMENT", "production")
    if kind not in ("production", "demonstration"):
        raise SettingsError("LYHORD_ENVIRONMENT must be production or demonstration")
    level = env.get("LYHORD_LOG_LEVEL", "INFO").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingsError("LYHORD_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    tokens = env.get("LYHORD_TWILIO_AUTH_TOKENS", "").split(",")
    provider_url = env.get("LYHORD_PROVIDER_URL", "").rstrip("/") or PROVIDER_URL
    if provider_url != PROVIDER_URL and not _ON_THIS_MACHINE.fullmatch(provider_url):
        raise SettingsError(
            f"LYHORD_PROVIDER_URL must be {PROVIDER_URL}, or a stand-in on this machine as http://127.0.0.1:8900"
        )
    proxies = env.get("LYHORD_TRUSTED_PROXIES", "") or "0"
    if not (proxies.isascii() and proxies.isdecimal() and len(proxies) == 1):
        raise SettingsError("LYHORD_TRUSTED_PROXIES must be a whole number from 0 to 9")
    return Settings(
        is_demonstration=kind == "demonstration",
        database_url=env.get("LYHORD_DATABASE_URL", ""),
        master_keys=env.get("LYHORD_MASTER_KEYS", ""),
        public_url=env.get("LYHORD_PUBLIC_URL", "").rstrip("/"),
        console_url=env.get("LYHORD_CONSOLE_URL", "").rstrip("/"),
        twilio_account_sid=env.get("LYHORD_TWILIO_ACCOUNT_SID", ""),
        twilio_auth_tokens=tuple(token.strip() for token in tokens if token.strip()),
        provider_url=provider_url,
        spool_folder=env.get("LYHORD_SPOOL_FOLDER", ""),
        trusted_proxies=int(proxies),
        ledger_file=env.get("LYHORD_LEDGER_FILE", ""),
        export_folder=env.get("LYHORD_EXPORT_FOLDER", ""),
        metrics_token=env.get("LYHORD_METRICS_TOKEN", "").strip(),
        log_level=level,
    )


def require(settings: Settings, *names: str) -> None:
    """Refuse to start without these settings. Raises SettingsError that lists every variable that is missing."""
    by_name = {f.name: f.metadata["variable"] for f in fields(Settings)}
    missing = [by_name[name] for name in names if not getattr(settings, name)]
    if missing:
        raise SettingsError(
            f"set {', '.join(missing)} (see docs/settings.md; `make run` makes its own for the demonstration)"
        )


def read_environment_file(path: Path) -> dict[str, str]:
    """NAME=value lines of a file such as .env; empty lines and lines that begin with # are passed over."""
    values = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            values[name.strip()] = value.strip()
    return values


def environment() -> dict[str, str]:
    """The environment to hand on to a process that this one becomes."""
    return dict(os.environ)
