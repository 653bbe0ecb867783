"""The program built as bot.wsgi builds it, with handles for tests: files in the folder that HANDLES names.

``before``: the next worker that comes to COMMIT dies there. ``after``: it dies when it has committed and not yet
answered. Either happens once. ``clock``: what time it is, in ISO form, for as long as the file lies there.
"""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from bot import logs
from bot.app import create_app
from bot.config import read_settings
from bot.wiring import build

_FOLDER = Path(os.environ["HANDLES"])


def _die_if_told(when: str) -> None:
    try:
        (_FOLDER / when).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def _now() -> datetime:
    try:
        return datetime.fromisoformat((_FOLDER / "clock").read_text(encoding="ascii"))
    except FileNotFoundError:
        return datetime.now(UTC)


def _commit_with_handles(engine: Engine) -> None:
    """In the dialect, which every transaction comes through, whoever begins it."""
    commit = engine.dialect.do_commit

    def die_or_commit(driver: Any) -> None:
        _die_if_told("before")
        commit(driver)
        _die_if_told("after")

    engine.dialect.do_commit = die_or_commit  # type: ignore[method-assign]


_settings = read_settings()
logs.set_up(_settings.log_level)
_house = build(_settings, now=_now)
_commit_with_handles(_house.database.engine)
app = create_app(_house)
