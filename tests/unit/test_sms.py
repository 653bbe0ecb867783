"""What texts cost as SMS, and which signs are swapped for cheaper twins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.sms import measure, swap_lookalikes

# Texts of the shipped surveys without placeholders, with the sizes that they were counted to have.
SHIPPED = [
    ("Synpunkt: vad sades? Sammanfatta en sak i taget med gruppens ord.", 65),
    ("Föreslogs någon åtgärd? Skriv den, eller 0", 42),
    (
        "Vilka grupper saknades på mötet? Flera går bra. 1 Unga 2 Unga vuxna 3 Män 4 Kvinnor 5 Nyanlända "
        "6 Samer 7 Byar långt bort 8 Funktionsnedsatta 0 Ingen",
        149,
    ),
    (
        "Vad är det största trygghetsproblemet där? Skriv med egna ord. Skriv inga namn på personer. "
        "Finns inget problem? Skriv INGET",
        124,
    ),
    (
        "Är det fara nu? RING 112. Ingen läser sms här direkt och vi kan inte skicka hjälp. "
        "Polis, ej akut: 114 14. Svara FORTSÄTT om du vill gå vidare med frågorna.",
        156,
    ),
    (
        "Medarbetardialog: hjälp oss se problemen lokalt. 11 frågor. Skriv inget om enskilda personer "
        "eller ärenden (sekretess). Svara JA för att börja, STOPP = sluta",
        157,
    ),
    (
        "Which are problems there? Max 3, e.g. 1,4. 1 Traffic 2 Dark places 3 Litter, graffiti 4 Rows, noise "
        "5 Youth alcohol, drugs 6 Theft 7 Violence 8 Other 0 None",
        156,
    ),
]


@pytest.mark.parametrize(("text", "units"), SHIPPED)
def test_shipped_texts_are_one_gsm_segment(text: str, units: int) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.segments, size.costly) == ("GSM-7", units, 1, ())


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("åäöÅÄÖéÉ", "GSM-7", 8, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 159 + "€", "GSM-7", 161, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),  # € may not straddle the first boundary
        ("a" * 151 + "€" + "a" * 153, "GSM-7", 306, 2),
        ("ï" + "a" * 69, "UCS-2", 70, 1),
        ("ï" + "a" * 70, "UCS-2", 71, 2),
        ("ï" + "a" * 133, "UCS-2", 134, 2),
        ("ï" + "a" * 134, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("😀" * 67, "UCS-2", 134, 3),  # 33 whole pairs fit in each part of 67
        ("مرحبا", "UCS-2", 5, 1),
        ("`", "UCS-2", 1, 1),
    ],
)
def test_size(text: str, encoding: str, units: int, segments: int) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)


def test_costly_names_what_forces_ucs2_each_once() -> None:
    assert measure("naïve – “så” – ï {").costly == ("ï", "–", "“", "”")


def test_costly_names_two_septet_signs_when_all_is_gsm() -> None:
    assert measure("[K] {x} €").costly == ("[", "]", "{", "}", "€")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("“Så här” – det’s…", '"Så här" - det\'s...'),
        ("10\u00a0000\u202fkr", "10 000 kr"),
        ("• lampor\n• is", "- lampor\n- is"),
        ("«hei»\t`x´", "\"hei\" 'x'"),
        ("a\u0308r i A\u030are", "är i Åre"),  # as typed on a Mac
        ("a\u00ad\u0308 \u1fef", "ä '"),
        ("naïve Dvořák š", "naïve Dvořák š"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_lookalikes_are_swapped_and_letters_kept(written: str, sent: str) -> None:
    assert swap_lookalikes(written) == sent


@given(st.text())
def test_swapping_twice_changes_nothing_more(text: str) -> None:
    assert swap_lookalikes(swap_lookalikes(text)) == swap_lookalikes(text)


@given(st.text())
def test_units_fit_in_the_segments_counted(text: str) -> None:
    size = measure(text)
    single, part = (160, 153) if size.encoding == "GSM-7" else (70, 67)
    assert size.units <= (single if size.segments == 1 else size.segments * part)
