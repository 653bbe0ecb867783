"""Every event that the log can hold is written down with what it means and what to do, and no other is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import SERVER_EVENTS

ROOT = Path(__file__).parents[2]
LEVELS = {"critical", "debug", "error", "exception", "info", "log", "warning"}
ROW = re.compile(
    r"^\| ((?:`[a-z_]+`(?:, )?)+) \| (?:info|warning|warning and above|error|any) \|", re.MULTILINE
)


def events(source: str) -> Iterator[str]:
    """Names of the events that a module logs. Raises ValueError for a call that gives no plain name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=arguments) if (
                level in LEVELS
            ):
                match arguments:
                    case [ast.Constant(value=str(event))] if re.fullmatch("[a-z_]+", event):
                        yield event
                    case _:
                        raise ValueError(f"line {node.lineno}: an event is one plain name, ids go into extra")


def test_every_event_is_documented() -> None:
    logged = {
        event
        for package in ("bot", "storage")
        for path in (ROOT / package).rglob("*.py")
        for event in events(path.read_text(encoding="utf-8"))
    }
    paper = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    documented = {event for names in ROW.findall(paper) for event in re.findall(r"`([a-z_]+)`", names)}
    assert documented == logged | set(SERVER_EVENTS.values()) | {"server_message"}


def test_pure_packages_log_nothing() -> None:
    pure = (
        path
        for package in ("flows", "categories", "privacy", "summary", "text")
        for path in (ROOT / package).rglob("*.py")
    )
    assert [path.name for path in pure if list(events(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize(
    "source", ["log.info(f'round {code}')", "log.warning('Two words')", "log.error('a', number)"]
)
def test_rule_sees(source: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        list(events(source))
