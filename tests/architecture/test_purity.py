"""The pure packages do no I/O and know no clock and no chance: what an import rule cannot see, the syntax shows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE_PACKAGES = ("flows", "categories", "privacy", "summary", "text")
FORBIDDEN_CALLS = {
    "breakpoint", "eval", "exec", "getenv", "input", "monotonic", "now", "open", "perf_counter", "print", "randbytes",
    "randint", "random", "read_bytes", "read_text", "shuffle", "sleep", "today", "token_bytes", "token_hex", "urandom",
    "utcnow", "uuid1", "uuid4", "write_bytes", "write_text",
}  # fmt: skip
FORBIDDEN_MODULES = {"os", "random", "secrets", "time", "uuid"}
READS_PACKAGED_FILES = frozenset({"open", "read_bytes", "read_text"})
"""What a catalogue and text.packaged may do besides: they read the files that packages carry."""
READERS = frozenset({"catalogue.py", "packaged.py"})


def impurities(source: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    """What is called or imported against the rule, as "line 3: now"."""
    return [f"line {line}: {name}" for line, name in _uses(ast.parse(source)) if name not in allowed]


def _uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in FORBIDDEN_CALLS:
                yield node.lineno, name
            case ast.Attribute(attr="environ"):
                yield node.lineno, "environ"
            case ast.Import(names=aliases):
                yield from (
                    (node.lineno, a.name) for a in aliases if a.name.split(".")[0] in FORBIDDEN_MODULES
                )
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in FORBIDDEN_MODULES:
                yield node.lineno, module


def test_pure_packages_touch_nothing_outside_themselves() -> None:
    found = {}
    for package in PURE_PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            allowed = READS_PACKAGED_FILES if path.name in READERS else frozenset()
            if impure := impurities(path.read_text(encoding="utf-8"), allowed):
                found[str(path.relative_to(ROOT))] = impure
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "open('flow.yaml')",
        "datetime.now(UTC)",
        "date.today()",
        "uuid4()",
        "from uuid import uuid4",
        "import random",
        "import os.path",
        "from time import sleep",
        "setting = module.environ['LYHORD_LOG_LEVEL']",
        "print('a word')",
        "Path('words.txt').read_text()",
    ],
)
def test_rule_sees(source: str) -> None:
    assert impurities(source) != []


def test_rule_lets_time_be_handed_in() -> None:
    assert impurities("def is_open(now: datetime) -> bool:\n    return now.time() < closing") == []
