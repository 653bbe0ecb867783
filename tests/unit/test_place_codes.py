"""Place codes that check themselves: every slip of one character is found, and nothing is read as another code."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.place_codes import is_slip, make_code, read_code, with_check

SIGNS = string.ascii_uppercase + string.digits
LETTERS = st.text(string.ascii_uppercase, min_size=3, max_size=8)
LOOKALIKES = {("O", "0"), ("I", "1")}


def substitutions(code: str) -> list[tuple[str, str, str]]:
    """The code with one character wrong, that character and what stands for it."""
    return [
        (code[:at] + sign + code[at + 1 :], right, sign)
        for at, right in enumerate(code)
        for sign in SIGNS
        if sign != right
    ]


@given(LETTERS)
def test_every_single_wrong_character_is_found(letters: str) -> None:
    code = with_check(letters)
    for wrong, right, sign in substitutions(code):
        read = read_code(wrong)
        assert read == "" or (read == code and (right, sign) in LOOKALIKES)


@given(LETTERS)
def test_every_swap_of_neighbours_is_found(letters: str) -> None:
    code = with_check(letters)
    for at in range(len(code) - 1):
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        assert swapped == code or read_code(swapped) == ""


@given(LETTERS)
def test_a_code_is_read_however_it_is_typed(letters: str) -> None:
    code = with_check(letters)
    for typed in (code.lower(), f"{code[:-2]} {code[-2:]}", f"{letters}-{code[-2:]}", f" {code} "):
        assert read_code(typed) == code


def test_a_left_out_or_doubled_letter_is_nearly_always_found() -> None:
    codes = [with_check(letters) for letters in ("DUVED", "ARESTATI", "JARPEN", "MORSIL", "STORLIEN", "KALL")]
    slips = [code[:at] + code[at + 1 :] for code in codes for at in range(len(code) - 2)]
    slips += [code[:at] + code[at] + code[at:] for code in codes for at in range(len(code) - 2)]
    read = [slip for slip in slips if read_code(slip)]
    assert len(read) <= len(slips) / 50


def test_o_for_zero_is_read_as_what_it_can_only_be() -> None:
    code = with_check("MORSIL")
    assert read_code(code.replace("O", "0").replace("I", "1")) == code


@pytest.mark.parametrize("text", ["", "DUVED", "DUVED3", "47", "DU47", "DUVEDBIBLIO47", "ДУВЕД47", "DUVED4٧"])
def test_what_has_not_the_form_is_no_code_of_ours(text: str) -> None:
    assert read_code(text) in ("", with_check("DUVED"))
    assert read_code("DUVED3") == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Duved library", "DUVED"),
        ("Åre station, väntsalen", "ARE"),
        ("Örnsköldsviks resecentrum", "ORNSKOLD"),
        ("Ö", "OPLAT"),
        ("بلدية", "PLATS"),
        ("", "PLATS"),
        ("E4 rastplats", "ERASTPLA"),
        ("'; DROP TABLE--", "DROP"),
    ],
)
def test_a_code_begins_with_the_place(name: str, letters: str) -> None:
    assert make_code(name, ()) == with_check(letters)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=40))
def test_codes_of_one_round_are_far_apart(names: list[str]) -> None:
    codes: list[str] = []
    for name in names:
        codes.append(make_code(name, codes))
    assert not [(one, other) for at, one in enumerate(codes) for other in codes[:at] if is_slip(one, other)]
    assert all(read_code(code) == code and 5 <= len(code) <= 10 for code in codes)


def test_three_hundred_places_of_one_name_have_codes() -> None:
    codes: list[str] = []
    for _ in range(300):
        codes.append(make_code("Åre", codes))
    assert len(set(codes)) == 300


def test_a_new_code_is_no_slip_from_one_written_by_hand() -> None:
    by_hand = with_check("DUVED")[:-1] + "1"
    assert make_code("Duved", [by_hand]) != with_check("DUVED")
    assert not is_slip(make_code("Duved", [by_hand]), by_hand)


def test_a_keyword_before_a_code_is_not_read_as_a_longer_code() -> None:
    assert make_code("Safehus", [with_check("SAFEHUS")[4:]], ["SAFE"]) != with_check("SAFEHUS")
    assert make_code("Hus", ["SAFE" + with_check("HUS")], ["Säfe"]) != with_check("HUS")
