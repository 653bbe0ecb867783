"""Codes from a page to a telephone: every slip is found, and nothing that people answer looks like one."""

import random
from itertools import combinations

import pytest

from text.transfer_codes import POSSIBLE, make_code, read_code

CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODES = [make_code(random.Random(seed).randrange) for seed in range(40)]  # noqa: S311  not to be secret


def test_there_are_six_million() -> None:
    assert POSSIBLE == 8 * 24 * 32**3 > 6_000_000


@pytest.mark.parametrize("code", CODES[:8])
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    for typed in (code, code.lower(), f"{code[:3]} {code[3:]}", f" {code[:3]}-{code[3:]}. "):
        assert read_code(typed) == code


def test_every_wrong_character_is_found() -> None:
    for code in CODES:
        for at, right in enumerate(code):
            wrongs = (code[:at] + wrong + code[at + 1 :] for wrong in CHARACTERS + "01IO" if wrong != right)
            assert not any(map(read_code, wrongs)), code


def test_every_swap_is_found() -> None:
    for code in CODES:
        for one, other in combinations(range(len(code)), 2):
            swapped = list(code)
            swapped[one], swapped[other] = code[other], code[one]
            if swapped != list(code):
                assert read_code("".join(swapped)) == ""


@pytest.mark.parametrize(
    "text", ["", "2,3,4,5,6,7", "234567", "fartka", "1962", "12,9,3,8", "7KF2Q", "7KF2QMM"]
)
def test_numbers_and_words_are_no_codes(text: str) -> None:
    assert read_code(text) == ""
