"""What is masked in free text before it is stored, and what stays."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer import personnummer

from privacy.catalogue import load_redactor
from privacy.redaction import PLACEHOLDERS

REDACTOR = load_redactor(keep=["010-123 45 67", "+46 647 161 00"])


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        # telephone
        ("ring mig på 070-123 45 67", "ring mig på [TEL]"),
        ("0701234567", "[TEL]"),
        ("tel0701234567!", "tel[TEL]!"),
        ("+46 70 123 45 67", "[TEL]"),
        ("+46701234567", "[TEL]"),
        ("+46 (0)70-123 45 67", "[TEL]"),
        ("0046701234567", "[TEL]"),
        ("46701234567", "[TEL]"),
        ("(070) 123 45 67", "[TEL]"),
        ("070/123.45.67", "[TEL]"),
        ("07.01.23.45.67", "[TEL]"),
        ("0701-234567", "[TEL]"),
        ("0701-2345 67", "[TEL]"),
        ("0 7 0 1 2 3 4 5 6 7", "[TEL]"),
        ("0\u200b70\u200b1234567", "[TEL]"),
        ("0\ufe0f\u20e37\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e32345 67", "[TEL]"),
        ("70 123 45 67", "[TEL]"),
        ("070-123 45 6", "[TEL]"),  # a digit forgotten
        ("رقمي ٠٧٠١٢٣٤٥٦٧", "رقمي [TEL]"),
        ("０７０－１２３４５６７ och ０７０１２３４５６７", "[TEL] och [TEL]"),
        ("0647-162 00", "[TEL]"),
        ("08-465 004 12 eller 031 12 34 56", "[TEL] eller [TEL]"),
        ("+47 912 34 567 och 91234567", "[TEL] och [TEL]"),
        ("0049 176 12345678", "[TEL]"),
        ("4 070-1234567", "4 [TEL]"),
        ("väg 321 0701234567 3 ggr", "väg 321 [TEL] 3 ggr"),
        ("mitt nummer är 12345", "mitt nummer är [TEL]"),
        ("hon nås på 070-123 45 67, eller 0701234568.", "hon nås på [TEL], eller [TEL]."),
        # personal numbers
        ("800101-1234", "[PNR]"),
        ("8001011234", "[PNR]"),
        ("19800101-1234", "[PNR]"),
        ("198001011234", "[PNR]"),
        ("180101+1234", "[PNR]"),
        ("800101 1234", "[PNR]"),
        ("1980-01-01-1234", "[PNR]"),
        ("80 01 01 - 1234", "[PNR]"),
        ("8 0 0 1 0 1 1 2 3 4", "[PNR]"),
        ("070123-4567 född 2007", "[PNR] född 2007"),
        ("800161-1234", "[PNR]"),  # coordination number
        ("800101-T234", "[PNR]"),
        ("٨٠٠١٠١-١٢٣٤", "[PNR]"),
        ("personnr 640823-3234 och tel 070-1234567", "personnr [PNR] och tel [TEL]"),
        # plates
        ("ABC123 kör för fort", "[REGNR] kör för fort"),
        ("svart volvo ABC 12D", "svart volvo [REGNR]"),
        ("abc123", "[REGNR]"),
        ("regnr abc 123", "regnr [REGNR]"),
        ("reg.nr: Abc-12d", "reg.nr: [REGNR]"),
        ("bilen abc 123 står där", "bilen [REGNR] står där"),
        ("norsk bil DN 12345", "norsk bil [REGNR]"),
        # addresses
        ("det är Kalle Fransson på Storgatan 3", "det är Kalle Fransson på Storgatan [ADRESS]"),
        ("Björkvägen 12B, lgh 1102", "Björkvägen [ADRESS], [ADRESS]"),
        ("bjorkvägen 12 b", "bjorkvägen [ADRESS] b"),
        ("bor på storgatan 3-5 i Åre", "bor på storgatan [ADRESS] i Åre"),
        ("Karl Johans gata 14 A", "Karl Johans gata [ADRESS]"),
        ("Järntorget nr 4", "Järntorget nr [ADRESS]"),
        ("port 8b", "[ADRESS]"),
        ("bjorkvagen 3", "bjorkvagen [ADRESS]"),
        ("Bjo\u0308rkva\u0308gen 3", "Bjo\u0308rkva\u0308gen [ADRESS]"),
        ("at 12 High Street", "at [ADRESS] High Street"),
        # e-mail, links, handles
        ("kalle.svensson@example.se", "[EPOST]"),
        ("skriv till kalle+x@mail.example.co.uk.", "skriv till [EPOST]."),
        ("kalle @ example.se", "[EPOST]"),
        ("kalle@gmail", "[EPOST]"),
        ("kalle (at) example.se", "[EPOST]"),
        ("kalle snabel-a example punkt se", "[EPOST]"),
        ("0701234567@example.se", "[EPOST]"),
        ("kalle＠example．se", "[EPOST]"),
        ("https://facebook.com/kalle.svensson?x=1.", "[LÄNK]."),
        ("kolla www.kallesblogg.se/hej, usch", "kolla [LÄNK], usch"),
        ("flashback.org/t123", "[LÄNK]"),
        ("kallesblogg.se", "[LÄNK]"),
        ("polisen.se/k/800101-1234", "[LÄNK]"),
        ("@kalle_99 langar", "[NAMN] langar"),
        ("snap: kalle", "snap: [NAMN]"),
        ("insta kalle_99", "insta [NAMN]"),
        ("han heter kallekula på snap", "han heter [NAMN] på snap"),
        # accounts
        ("4111 1111 1111 1111", "[KONTO]"),
        ("1234-5678-9012-3456", "[KONTO]"),
        ("SE45 5000 0000 0583 9825 7466 är hans", "[KONTO] är hans"),
        ("DE89 3704 0044 0532 0130 00", "[KONTO]"),
        ("bg 123-4567", "bg [KONTO]"),
        ("plusgiro: 12 34 56-7", "plusgiro: [KONTO]"),
        ("konto 8327-9, 123 456 789-0", "konto [KONTO]"),
        ("5000-123 456 789", "[KONTO]"),
        ("swisha 123 045 67 89", "swisha [KONTO]"),
        ("bankid-koden 482913", "bankid-koden [KONTO]"),
        ("portkod 4512", "portkod [KONTO]"),
        ("ärende 123456789012", "ärende [KONTO]"),
    ],
)
def test_masked(text: str, redacted: str) -> None:
    assert REDACTOR.redact(text).text == redacted


@pytest.mark.parametrize(
    "text",
    [
        *("112", "114 14", "11414", "113 13", "1177", "116 111", "116 117", "90101", "7726"),
        *(
            "020-50 50 50",
            "020505050",
            "+46 20 50 50 50",
            "020-80 80 80",
            "020-555 666",
            "ring 020-50 50 50 24 timmar",
        ),
        *("ring 114 14 och man får vänta en timme", "ring 112 24 timmar om dygnet", "077-114 14 00"),
        *("010-123 45 67", "0101234567", "+46 10 123 45 67", "0647-161 00", "00466 47 16100"),
        *(
            "väg 321",
            "E14",
            "VM8:an",
            "40-väg",
            "kl 22.30",
            "2024-05-01",
            "70 på 50",
            "12,9,3,8",
            "riksväg 45",
        ),
        *(
            "bmw 320",
            "BMW 320",
            "SUV 100",
            "ICA 123",
            "med 100",
            "var 120",
            "KÖR MED 100 PÅ VÄGEN",
            "bil med 100",
        ),
        *("mellan 08.00-16.00", "0815-1600", "08.15-16.00", "07.30-16.30, 22.00", "00.30-02.00", "22-04"),
        *(
            "01-05-2024",
            "2024-05-01 22.30",
            "2024-05-01 - 2024-05-31",
            "2024-2025",
            "1,4,5",
            "2 3 5",
            "0 1 2 3 4 5 6 7 8",
        ),
        *(
            "jag är 17 år",
            "född 1987",
            "6-7 personer",
            "100 000 kr",
            "10 000 000",
            "63.3990, 13.0815",
            "830 13 Åre",
        ),
        *(
            "Skolvägen är mörk",
            "på Storgatan vid torget",
            "på vägen 70",
            "Skolvägen 50 km/h",
            "Storgatan 3 gånger",
        ),
        *(
            "Storgatan kl 22",
            "Storgatan 22.30",
            "Storgatan 2024",
            "3:an",
            "klass 8b",
            "3G",
            "mp3",
            "B12",
            "top 10",
        ),
        *("polisen.se", "www.polisen.se/anmal", "https://www.1177.se/", "bris.se."),
        *(
            "det är farligt.se till att laga",
            "trasig.Nu får det räcka",
            "hemskt.nu får det räcka",
            "t.ex. torget",
            "bl.a.",
        ),
        *(
            "bråk @ torget",
            "snap",
            "insta är bra",
            "på snap sprids allt",
            "50%",
            "10/10",
            "kl 7-8",
            "",
            "👍🏽",
            "åäö",
        ),
        *("dom 3 nere vid 7-eleven", "var 10:e minut", "20.000 kronor", "1 Ja 2 Nej", "lägenheter", "porten"),
    ],
)
def test_kept(text: str) -> None:
    redacted = REDACTOR.redact(text)
    assert (redacted.text, redacted.masked) == (text, ())


def test_kinds_are_told_once_in_order() -> None:
    text = "ABC123 tillhör kalle@example.se 070-123 45 67 eller 070-123 45 68"
    assert REDACTOR.redact(text).masked == ("plate", "email", "telephone")


def test_what_is_invisible_outside_a_mask_stays() -> None:
    family = "👨\u200d👩\u200d👧 bor på Storgatan 3"
    assert REDACTOR.redact(family).text == "👨\u200d👩\u200d👧 bor på Storgatan [ADRESS]"


def test_text_without_handed_in_numbers_masks_them() -> None:
    assert load_redactor().redact("010-123 45 67").text == "[TEL]"


def separators(pattern: str = " -./") -> st.SearchStrategy[str]:
    return st.sampled_from(["", "", *pattern, "\u200b", " - ", "–", "\u00a0"])


def spelled(draw: st.DrawFn, digits: str) -> str:
    """`digits` with something between some of them, perhaps in Arabic or full-width digits."""
    zero = draw(st.sampled_from("00٠０"))
    groups = draw(st.sets(st.integers(1, len(digits) - 1), max_size=5))
    separator = draw(separators())
    shifted = [chr(ord(zero) + int(digit)) for digit in digits]
    return "".join(separator + digit if place in groups else digit for place, digit in enumerate(shifted))


@st.composite
def mobile_numbers(draw: st.DrawFn) -> str:
    national = "7" + draw(st.sampled_from("02369")) + draw(st.text("0123456789", min_size=7, max_size=7))
    prefix = draw(st.sampled_from(["0", "0", "+46", "+46 ", "0046", "+46(0)", "46"]))
    return prefix + spelled(draw, national)


@st.composite
def foreign_numbers(draw: st.DrawFn) -> str:
    regions = sorted(phonenumbers.SUPPORTED_REGIONS - {"SH", "TA"})  # four digits after the country code
    region = draw(st.sampled_from(regions))
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    example = example or phonenumbers.example_number(region)
    styles = phonenumbers.PhoneNumberFormat
    style = draw(st.sampled_from([styles.E164, styles.INTERNATIONAL, styles.RFC3966]))
    written = str(phonenumbers.format_number(example, style))
    return draw(st.sampled_from([written, written.replace("+", "00")]))


@st.composite
def personal_numbers(draw: st.DrawFn) -> str:
    day = draw(st.dates())
    year = draw(st.integers(1900, 2024))
    offset = draw(st.sampled_from([0, 0, 60]))
    nine = f"{year % 100:02}{day.month:02}{min(day.day, 28) + offset:02}{draw(st.integers(1, 999)):03}"
    full = next(nine + check for check in "0123456789" if personnummer.valid(nine + check))
    century = draw(st.sampled_from(["", "", str(year // 100)]))
    return century + full[:6] + draw(st.sampled_from(["", "-", "+", " ", " - ", "–"])) + full[6:]


plain_words = st.sampled_from(
    ["", "ring ", "han bor där ", "nr: ", "(", "3 ", "väg 321, ", "mörkt\n", "det är "]
)
endings = st.sampled_from(["", " nu", ".", ", tack", ")", " 2", "!", " åäö"])


@given(plain_words, st.one_of(mobile_numbers(), personal_numbers(), foreign_numbers()), endings)
def test_no_number_of_a_person_survives_in_any_spelling(before: str, number: str, after: str) -> None:
    redacted = REDACTOR.redact(before + number + after)
    left = "".join(character for character in redacted.text if character.isdigit())
    around = "".join(character for character in before + after if character.isdigit())
    assert redacted.masked
    assert len(left) <= len(around)


@given(plain_words, st.emails(), endings)
def test_no_email_address_survives(before: str, address: str, after: str) -> None:
    redacted = REDACTOR.redact(f"{before} {address}{after}")
    assert address.rsplit("@")[1].rstrip(".") not in redacted.text
    assert "@" not in redacted.text


fragments = (
    "0701234567|800101-1234|abc 123|reg |snap:|@|.se|kalle| |020-50 50 50|112|Storgatan 3|lgh |0|07|-|+46|bg |www."
    "|[TEL|]|\ufffc|2024-05-01|ring |kl 22.30"
)
pieces = st.one_of(st.sampled_from([*PLACEHOLDERS.values(), *fragments.split("|")]), st.text(max_size=4))


@given(st.lists(pieces, max_size=12).map("".join))
def test_redacting_twice_masks_nothing_more(text: str) -> None:
    once = REDACTOR.redact(text)
    assert REDACTOR.redact(once.text) == type(once)(text=once.text, masked=())
