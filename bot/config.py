"""The settings of the program: read once from the environment, frozen, explained in docs/settings.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


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
    twilio_account_sid: str = _setting(
        "LYHORD_TWILIO_ACCOUNT_SID", "The account that webhooks must come from (AC...).", default=""
    )
    twilio_auth_tokens: tuple[str, ...] = _setting(
        "LYHORD_TWILIO_AUTH_TOKENS",
        "Auth tokens that sign webhooks, separated by comma; two during a rotation.",
        default=(),
    )
    ledger_file: str = _setting(
        "LYHORD_LEDGER_FILE",
        "File on another disk that keeps, outside the database and its backups, what a restore must erase again.",
        default="",
    )
    log_level: str = _setting("LYHORD_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", default="INFO")

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
    return Settings(
        is_demonstration=kind == "demonstration",
        database_url=env.get("LYHORD_DATABASE_URL", ""),
        master_keys=env.get("LYHORD_MASTER_KEYS", ""),
        public_url=env.get("LYHORD_PUBLIC_URL", "").rstrip("/"),
        twilio_account_sid=env.get("LYHORD_TWILIO_ACCOUNT_SID", ""),
        twilio_auth_tokens=tuple(token.strip() for token in tokens if token.strip()),
        ledger_file=env.get("LYHORD_LEDGER_FILE", ""),
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
