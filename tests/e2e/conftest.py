"""The demonstration as a server of its own, and a real browser before it. Required where CI=true."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from chat_town import ChatTown, chat_town, free_port
from console_seen import ConsoleTown, console_town
from playwright.sync_api import Browser, expect, sync_playwright

from storage.database import open_database

CHROMIUM = shutil.which("chromium")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_START_S = 120
_PATIENCE_S = 30
"""What a page may take on a machine that runs other tests at once. Playwright waits as long for what is pressed."""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration, started in a folder of its own."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    command = [sys.executable, "-c", "from bot.cli import main; main()", "demo", "run", "--port", str(port)]
    command += ["--site-port", str(free_port()), "--console-port", str(free_port())]
    with subprocess.Popen([*command, "--folder", str(folder / "data")], stdout=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{url}/health/ready")
            yield url
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=_PATIENCE_S).close()
            return
        except OSError:  # URLError is one
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            raise RuntimeError("Chromium is required where CI=true: install Debian's chromium")
        pytest.skip("Chromium is not installed")
    expect.set_options(timeout=_PATIENCE_S * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chats(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatTown]:
    """The chat and the municipality's site, served from this process: one for each module."""
    path = tmp_path_factory.mktemp("chats") / "lyhord.db"
    shutil.copyfile(migrated_file, path)
    with closing(open_database(f"sqlite:///{path}")) as database, chat_town(database) as chats:
        yield chats


@pytest.fixture(autouse=True)
def later(request: pytest.FixtureRequest) -> None:
    """Each test before the chat comes an hour after the one before, as far as limits are concerned."""
    if "chats" in request.fixturenames:
        request.getfixturevalue("chats").town.clock.move(hours=1)


@pytest.fixture(scope="module")
def consoles(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleTown]:
    """The staff console around a town, served from this process: one for each module."""
    path = tmp_path_factory.mktemp("consoles") / "lyhord.db"
    shutil.copyfile(migrated_file, path)
    with closing(open_database(f"sqlite:///{path}")) as database, console_town(database) as consoles:
        yield consoles
