"""What a person can set, type or call is written down, and what is written down exists."""

import re
from pathlib import Path

from bot.config import read_environment_file, variables

ROOT = Path(__file__).parents[2]


def test_settings_are_those_of_the_documentation() -> None:
    assert _named("docs/settings.md", r"^\| `(LYHORD_\w+)`") == set(variables())


def test_settings_are_those_of_the_example() -> None:
    assert set(read_environment_file(ROOT / ".env.example")) == set(variables())


def test_no_paper_names_a_setting_that_does_not_exist() -> None:
    papers = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "Makefile", ROOT / "Procfile"]
    named = {name for paper in papers for name in _named(paper, r"\b(LYHORD_[A-Z_]+)\b")}
    assert named <= set(variables())


def _named(paper: str | Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, (ROOT / paper).read_text(encoding="utf-8"), re.MULTILINE))
