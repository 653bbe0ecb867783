"""Word lists are read by a parser in C where there is one: in Python they would be half of the start."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.cyaml import CParser

ROOT = Path(__file__).parents[2]
LISTS = sorted(
    path
    for path in (*ROOT.glob("*/library/*.yaml"), *ROOT.glob("*/library/words/*.yaml"))
    if path.parent != ROOT / "flows" / "library"
    or path.name in ("texts.yaml", "chat.yaml")  # the others are flow documents
)


def test_the_parser_in_c_is_the_one_that_reads_word_lists() -> None:
    assert YAML(typ="safe").Parser is CParser


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_a_word_list_says_the_same_to_the_parser_in_c_and_to_the_one_in_python(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert YAML(typ="safe").load(text) == YAML(typ="safe", pure=True).load(text)


def test_words_that_are_a_truth_value_a_time_or_an_octal_number_elsewhere_are_read_as_yaml_1_2_says() -> None:
    read = YAML(typ="safe").load("no: yes\non: off\ntime: 1:30:00\ncode: 0701\nö: كلا\nlist: [no, ja]")
    assert read == {
        "no": "yes", "on": "off", "time": "1:30:00", "code": 701, "ö": "كلا", "list": ["no", "ja"],
    }  # fmt: skip


@pytest.mark.parametrize("text", ["ja: 1\nnej: 2\nja: 3", "{classes: {A: a, B: b, A: c}}"])
def test_a_key_that_stands_twice_in_a_word_list_is_refused(text: str) -> None:
    with pytest.raises(DuplicateKeyError):
        YAML(typ="safe").load(text)
