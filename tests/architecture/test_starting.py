"""What a web process imports is most of its start and of its memory: what it does not need it does not import."""

import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The modules of a web process that has started and has answered nobody yet."""
    settings = {
        "LYHORD_DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('data')}/lyhord.db",
        "LYHORD_MASTER_KEYS": f"k1:{b64encode(bytes(32)).decode()}",
        "LYHORD_PUBLIC_URL": "https://trygg.example.se",
        "LYHORD_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "LYHORD_TWILIO_AUTH_TOKENS": "12345",
    }
    return _modules_of("bot.wsgi", settings)


@pytest.fixture(scope="module")
def imported_by_console(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The same of the staff console's process."""
    settings = {
        "LYHORD_DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('data')}/lyhord.db",
        "LYHORD_MASTER_KEYS": f"k1:{b64encode(bytes(32)).decode()}",
        "LYHORD_CONSOLE_URL": "https://konsol.example.se",
    }
    return _modules_of("bot.console", settings)


def _modules_of(entry: str, settings: dict[str, str]) -> frozenset[str]:
    started = subprocess.run(
        [sys.executable, "-c", f"import sys, {entry}; print(*sys.modules)"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(started.stdout.split())


@pytest.mark.parametrize("module", ["alembic", "bot.cli", "bot.printing", "segno", "typst", "xlsxwriter"])
def test_web_process_does_not_import_what_only_commands_and_reports_use(
    imported: frozenset[str], module: str
) -> None:
    assert module not in imported


@pytest.mark.parametrize("module", ["langdetect", "re2"])
def test_web_process_does_not_import_what_few_messages_and_surveys_need(
    imported: frozenset[str], module: str
) -> None:
    assert module not in imported


@pytest.mark.parametrize("module", ["aiohttp", "requests", "twilio.rest"])
def test_web_process_does_not_import_a_client_since_it_answers_in_the_webhook_and_calls_nobody(
    imported: frozenset[str], module: str
) -> None:
    assert module not in imported


def test_web_process_does_not_import_the_demonstration(imported: frozenset[str]) -> None:
    assert not {module for module in imported if module.startswith("bot.demo")}


@pytest.mark.parametrize(
    "module",
    ["bot.web", "bot.wiring", "bot.cli", "bot.demo", "twilio", "alembic", "langdetect", "prometheus_client"],
)
def test_the_staff_console_does_not_import_the_residents_side(
    imported_by_console: frozenset[str], module: str
) -> None:
    assert module not in imported_by_console


@pytest.mark.parametrize("module", ["docx", "typst"])
def test_the_staff_console_loads_what_writes_documents_once_one_is_made(
    imported_by_console: frozenset[str], module: str
) -> None:
    assert module not in imported_by_console
