"""The console's words: every one in both languages, with the same blanks, and every deed that is logged has some."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.coordinator.wording import EVERYWHERE, LANGUAGES, word_files, wordings, words

ROOT = Path(__file__).parents[2]
PLACE = re.compile(r"\{\w*\}")


@pytest.mark.parametrize("name", word_files())
def test_every_word_is_in_both_languages_with_the_same_blanks(name: str) -> None:
    for key, texts in wordings(name).items():
        assert set(texts) == set(LANGUAGES), key
        assert all(str(text).strip() for text in texts.values()), key
        assert len({tuple(sorted(PLACE.findall(text))) for text in texts.values()}) == 1, key


@pytest.mark.parametrize("name", sorted(set(word_files()) - {EVERYWHERE}))
def test_no_page_has_another_meaning_for_a_word_that_all_share(name: str) -> None:
    assert set(wordings(name)) & set(wordings(EVERYWHERE)) == set()


def test_every_deed_that_is_logged_has_words() -> None:
    known = words("audit", "sv")
    deeds = {deed for path in (ROOT / "bot").rglob("*.py") for deed in _deeds(path.read_text("utf-8"))}
    assert "round_opened" in deeds and "signed_in" in deeds
    assert {deed for deed in deeds if f"did_{deed}" not in known} == set()


def _deeds(source: str) -> Iterator[str]:
    """What `add_audit_entry` and `_log` are given as the deed."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = [k.value for k in node.keywords if k.arg == "action"] if name == "add_audit_entry" else []
            given += node.args[1:2] if name == "_log" else []
            for value in given:
                yield from (
                    n.value
                    for n in ast.walk(value)
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                )
