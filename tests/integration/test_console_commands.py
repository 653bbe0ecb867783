"""`lyhord user` and `lyhord audit` as they are typed."""

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result
from console import CONSOLE_URL, Console
from serving import environment_of
from sqlalchemy import text
from town import Town

from bot.cli import main
from bot.config import SettingsError
from bot.coordinator.desk import open_desk
from storage.database import Database

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _run(town: Town, *words: str) -> Result:
    variables = {**environment_of(town), "LYHORD_CONSOLE_URL": CONSOLE_URL}
    return CliRunner().invoke(main, words, env=variables)


def test_the_first_coordinator_comes_in_by_a_link_from_the_command_line(town: Town) -> None:
    added = _run(town, "user", "add", "Sara@Are.se", "--name", "Sara Berg")
    assert added.exit_code == 0, added.output
    assert re.search(rf"^{CONSOLE_URL}/invitation/[\w-]{{32}}$", added.output, re.MULTILINE)
    assert "sara@are.se  coordinator  invited  never" in _run(town, "user", "list").output
    assert _run(town, "user", "add", "sara@are.se", "--name", "Again").exit_code == 1
    assert _run(town, "user", "reset", "sara@are.se").exit_code == 0
    assert _run(town, "user", "disable", "sara@are.se").exit_code == 0
    assert "disabled" in _run(town, "user", "list").output
    assert "no account" in _run(town, "user", "disable", "nobody@are.se").output


def test_the_chain_is_looked_at_from_the_command_line(town: Town) -> None:
    head = _run(town, "audit", "head").output.strip()
    held = _run(town, "audit", "verify", "--head", head)
    assert (held.exit_code, head in held.output) == (0, True)
    assert _run(town, "audit", "verify", "--head", "1:abc").exit_code == 2
    with town.house.database.sessions.begin() as session:
        session.execute(text("UPDATE audit_log SET reason = 'because' WHERE id = 2"))
    broken = _run(town, "audit", "verify")
    assert (broken.exit_code, "entry 2 was changed" in broken.output) == (1, True)


def test_outside_a_demonstration_the_console_is_served_over_https_alone(town: Town) -> None:
    console = Console.beside(town)
    plain = replace(console.desk.settings, console_url="http://konsol.example.se")
    with pytest.raises(SettingsError, match="https://"):
        open_desk(plain)
