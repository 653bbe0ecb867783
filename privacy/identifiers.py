"""The shapes of personal data in text as people type it: numbers, plates, addresses, links, handles.

Leans to recall: a lost word costs less than a kept telephone number. Patterns see text that
privacy.redaction has made plain: ASCII digits, nothing invisible, WALL where something was masked or kept.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from text.folding import folded

WALL = "\ufffc"
"""Stands for what is done with. No pattern may match across it."""

Check = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    """One shape of personal data. Masked is the pattern's group if it has one, or else the whole match.

    `digits` is the fewest that the whole text must have. `check` looks at what would be masked and says whether
    it is one.
    """

    kind: str
    pattern: re.Pattern[str]
    digits: int = 0
    check: Check | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RedactionWords:
    """The lists of privacy/library/redaction.yaml."""

    keep_numbers: tuple[str, ...]
    keep_domains: tuple[str, ...]
    street_endings: tuple[str, ...]
    not_streets: tuple[str, ...]
    not_house_numbers: tuple[str, ...]
    home_words: tuple[str, ...]
    not_plates: frozenset[str]
    handle_services: tuple[str, ...]


_DASH = r"\-‐-―−"
_S = rf"[\s.{_DASH}/()_·*|]{{0,3}}"  # what people put between the digits of a telephone number
_B = rf"[ .{_DASH}/]?"  # and between those of a personal number

_INTERNATIONAL = re.compile(
    rf"(?<!\d)(?:\+[ (]?\d(?:{_S}\d){{6,14}}|00(?:{_S}\d){{8,13}}|0[ .-]0(?:[ .-]\d){{8,13}})(?!\d)"
)
_AREA_IN_PARENTHESES = r"(?:\((?=0\d{1,3}\)))?"
_MOBILE = re.compile(
    rf"(?<!\d){_AREA_IN_PARENTHESES}(?:4{_S}6{_S}(?:0{_S})?|0{_S})7{_S}[02369]"
    rf"(?:(?:,?{_S}\d){{7}}|(?:,?{_S}\d){{8}}|(?:,?{_S}\d){{6}})(?!\d)"  # or a digit too many or too few
    r"|(?<!\d)7[02369](?:[ -]?\d){7}(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<!\d){_AREA_IN_PARENTHESES}0(?:[1-9](?:{_S}\d){{6,8}}|[ .-][1-9](?:[ .-]\d){{6,8}})(?!\d)"
)
_NORWEGIAN_NUMBER = re.compile(r"(?<!\d)[49](?:\d{7}|\d\d \d\d \d{3})(?!\d)")
_AFTER_TELEPHONE_WORD = re.compile(
    r"\b(?i:tele?|tfn|telefon(?:nummer)?|mobil(?:en|nummer)?|nummer|numret|ring|phone|call|cell)\b[ :.=]{0,3}"
    r"(?:(?:nr|är|e|på|till|is|number)[ :.]{1,2})?(\d(?:[ -]?\d){4,9})(?!\d)"
)
_PERSONAL_NUMBER = re.compile(
    rf"(?<!\d)(?:(?:1{_B}[89]|2{_B}0){_B})?\d{_B}\d{_B}(?:0{_B}[1-9]|1{_B}[0-2]){_B}"
    rf"(?:[06]{_B}[1-9]|[1278]{_B}\d|[39]{_B}[01])"  # the day, or in a coordination number the day + 60
    rf"[\s.{_DASH}/+]{{0,3}}(?:[\dTRSUWXJKLMN]\d{{3}}|\d(?:[ .]\d){{3}})(?!-?\d)"
)
_BARE_TEN_FROM_ZERO = re.compile(r"0\d{9}")
_SIX_AND_FOUR = re.compile(r"\d{6}[-+]\d{4}")
_CLOCK_TIMES = re.compile(rf"[012]\d[.:][0-5]\d[ ,/{_DASH}]{{1,3}}[012]\d[.:][0-5]\d")
_CLOCK_TIMES_WITHOUT_DOTS = re.compile(rf"[012]\d[0-5]\d ?[{_DASH}] ?[012]\d[0-5]\d")
_DATE = re.compile(r"[0-3]\d[-./ ][01]\d[-./ ](?:19|20)\d\d")
_ISO_DATE = rf"(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d|[\s.{_DASH}/+]{{0,3}}\d{{4}}(?![\d-]))"
_AREA_CODES_OF_THREE = frozenset(
    f"0{area:02}"
    for area in (10, 11, 13, 16, 18, 19, 20, 21, 23, 26, 31, 33, 35, 36, 40, 42, 44, 46, 54, 60, 63, 90)
)

_EMAIL_ATOM = r"\w.!#$%&'*+/=?^`{|}~-"  # RFC 5322 atext and the full stop
_EMAIL = re.compile(
    rf"(?<![{_EMAIL_ATOM}])[{_EMAIL_ATOM}]+(?:@| ?@ ?(?=[\w-]+\.\w))[\w-]+(?:\.[\w-]+)*"
    r"|(?<![\w.+-])[\w.+-]+ ?(?i:[(\[] ?(?:at|snabel-?a|a) ?[)\]]| snabel-?a\b) ?[\w-]+"
    r"(?:(?:\.| (?:punkt|dot) )[\w-]+)*"
    r"|(?<![\w.+-])[\w.+-]+ at [\w-]+ (?:punkt|dot) \w{2,}"
)
_NOT_PATH = rf"\s{WALL}"
_PATH = rf"(?:/(?:[^{_NOT_PATH}]*[^{_NOT_PATH}.,!?)])?)"
_HOST = r"(?<![\w@.-])(?:[\w-]+\.)+"
_LINK = re.compile(
    rf"(?i:\bhttps?://|\bwww\.)[^{_NOT_PATH}]*[^{_NOT_PATH}.,!?)]"
    rf"|{_HOST}(?:com|net|org|info|eu|fi|dk|io|app|gov|tv|uk|ly|COM|NET|ORG)\b{_PATH}?"
    # These are also words that a sentence begins with when the space is forgotten: "hemskt.nu får det räcka".
    rf"|{_HOST}(?:se|nu|no|de|me|SE|NU)(?:{_PATH}|(?!\w|-\w| +[a-zåäö]))"
    rf"|{_HOST}se(?= )(?! (?:till|upp|ut|över|på|hur|vad|om|att|efter|fram|det|dig|så|er|ovan|nedan|gärna)\b)"
)

_IBAN = re.compile(
    r"\b[Ss][Ee]\d\d(?:[ -]?\d){20}(?!\d)"
    r"|\b[A-Z]{2}\d\d(?=(?:[A-Z -]*\d){10})(?: ?[\dA-Z]{4}){2,7}(?: ?[\dA-Z]{1,3})?\b"
)
_CLEARING_AND_ACCOUNT = re.compile(r"(?<!\d)[1-9]\d{3}(?:-\d)?[-, ]{1,2}\d(?:[ .-]?\d){6,9}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_CARD_IN_FOURS = re.compile(r"\d{4}([ -]\d{4}){3}")
_AFTER_ACCOUNT_WORD = re.compile(
    r"\b(?i:konto\w*|clearing\w*|bankgiro|plusgiro|postgiro|bg|pg|swish\w*|account|iban|bank-?id[\w-]*|card"
    r"|kort(?:nummer|nr)|pin-?kod\w*|portkod\w*|dörrkod\w*)[ :.=#-]{0,3}"
    r"(?:(?:nr|nummer|number|no|kod|till|är|e|is)[ :.=#]{1,3})?(\d(?:[ ,.-]{0,2}\d){3,23})(?!\d)"
)
_LONG_NUMBER = re.compile(r"(?<!\d)\d{9,}")

_PLATE_LETTERS = "[A-HJ-PR-UW-Z]{3}"
_PLATE_TAIL = r"\d{2}[0-9A-HJ-NPR-UW-Z]"
_PLATE = re.compile(
    rf"\b{_PLATE_LETTERS}[ .-]?{_PLATE_TAIL}\b"
    rf"|\b(?i:{_PLATE_LETTERS}{_PLATE_TAIL})\b"
    r"|\b[A-HJ-NPR-Z]{2} ?\d{2} ?\d{3}\b"  # Norwegian
)
_AFTER_PLATE_WORD = re.compile(
    r"\b(?:reg|regnr|regnummer|registrering\w*|registration|skylt\w*|plåt\w*|plates?|licen[sc]e|bil(?:en)?)\b"
    r"[ :.=]{0,3}(?:(?:nr|nummer|number|plate|är|med|e|is)[ :.]{1,2})?"
    rf"({_PLATE_LETTERS}[ .-]?{_PLATE_TAIL})\b",
    re.IGNORECASE,
)


def identifiers(words: RedactionWords, service: re.Pattern[str]) -> tuple[Identifier, ...]:
    """All shapes in the order in which they claim text: what may hold another shape goes before it.

    `service` matches service numbers, which telephone words ("ring 114 14") do not turn into personal ones.
    """

    def is_plate(span: str) -> bool:
        return "".join(filter(str.isalpha, span))[:3].upper() not in words.not_plates

    def is_unknown_site(span: str) -> bool:
        host, _, path = re.sub("^(?:https?://)?(?:www[.])?", "", span.lower()).partition("/")
        known = any(host == domain or host.endswith("." + domain) for domain in words.keep_domains)
        return not known or re.fullmatch(r"[^\W\d]*(?:[/-][^\W\d]*)*", path) is None

    return (
        Identifier(kind="email", pattern=_EMAIL),
        Identifier(kind="link", pattern=_LINK, check=is_unknown_site),
        Identifier(kind="handle", pattern=_handle(words)),
        Identifier(kind="account", pattern=_IBAN, digits=12),
        Identifier(kind="account", pattern=_CARD, digits=13, check=_is_card),
        Identifier(kind="account", pattern=_AFTER_ACCOUNT_WORD, digits=4),
        Identifier(kind="telephone", pattern=_INTERNATIONAL, digits=7, check=_is_no_time),
        Identifier(kind="telephone", pattern=_MOBILE, digits=9, check=_is_mobile),
        Identifier(kind="personal_number", pattern=_PERSONAL_NUMBER, digits=9, check=_is_personal_number),
        Identifier(kind="telephone", pattern=_LANDLINE, digits=8, check=_is_landline),
        Identifier(kind="telephone", pattern=_NORWEGIAN_NUMBER, digits=8),
        Identifier(kind="account", pattern=_CLEARING_AND_ACCOUNT, digits=11),
        Identifier(
            kind="telephone",
            pattern=_AFTER_TELEPHONE_WORD,
            digits=5,
            check=lambda span: not service.match(span),
        ),
        Identifier(kind="plate", pattern=_AFTER_PLATE_WORD, digits=2, check=is_plate),
        Identifier(kind="plate", pattern=_PLATE, digits=2, check=is_plate),
        Identifier(kind="address", pattern=_street_address(words), digits=1),
        Identifier(kind="address", pattern=_home(words), digits=1),
        Identifier(kind="account", pattern=_LONG_NUMBER, digits=9),
    )


def service_numbers(numbers: Iterable[str]) -> str:
    """Pattern of any of `numbers` (digits in national form), however they are spaced, also with +46."""
    return rf"(?<!\d)(?:{'|'.join(_spaced(number) for number in numbers)})(?!\d)"


def impersonal(numbers: Iterable[str]) -> re.Pattern[str]:
    """What is to stay though it looks like a telephone number: `numbers`, and dates as 2024-05-01."""
    return re.compile(rf"{service_numbers(numbers)}|{_ISO_DATE}")


def _spaced(number: str) -> str:
    separator = r"[ .\-/()]{0,2}"
    if not number.startswith("0"):
        return separator.join(number)
    return rf"(?:(?:\+|00){separator}4{separator}6{separator}0?|0){separator}{separator.join(number[1:])}"


def _is_card(span: str) -> bool:
    return _passes_luhn(_digits(span)) or _CARD_IN_FOURS.fullmatch(span) is not None


def _is_no_time(span: str) -> bool:
    return not (_CLOCK_TIMES.match(span) or _CLOCK_TIMES_WITHOUT_DOTS.fullmatch(span) or _DATE.match(span))


def _is_mobile(span: str) -> bool:
    """Six digits, a dash and four are a personal number, also of somebody born in 2007."""
    return _SIX_AND_FOUR.fullmatch(span) is None and _is_no_time(span)


def _is_personal_number(span: str) -> bool:
    """Typing errors count too, but ten digits from 0 in a row may also be a telephone number."""
    return _BARE_TEN_FROM_ZERO.fullmatch(span) is None or _passes_luhn(span)


def _is_landline(span: str) -> bool:
    """Area code of two, three or four digits, and a subscriber number, which never begins with 0.

    Rising single digits are a multiple choice ("0 1 2 4 5 6 7 8").
    """
    digits = _digits(span)
    area = 2 if digits.startswith("08") else 3 if digits[:3] in _AREA_CODES_OF_THREE else 4
    rising = list(digits) == sorted(set(digits))
    return digits[area] != "0" and len(digits) - area >= 5 and not rising and _is_no_time(span)


def _digits(span: str) -> str:
    return "".join(filter(str.isdigit, span))


def _passes_luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _any_of(words: Iterable[str]) -> str:
    """Alternatives, each also with its dots left out."""
    return "|".join(re.escape(form) for word in words for form in dict.fromkeys((word, folded(word))))


def _handle(words: RedactionWords) -> re.Pattern[str]:
    """ "@kalle", "snap: kalle", "insta kalle_99", "heter kalle på snap"; without a colon only what looks made up."""
    services = rf"\b(?i:{_any_of(words.handle_services)})\b"
    made_up = r"(?=[\w.-]*[^\W\d_])(?=[\w.-]*(?:[._]\w|\d))[\w.-]{3,30}"
    patterns = (
        r"(?<![\w@])(@[\w.-]*\w)",
        rf"{services}(?: ?[:=] ?@?([\w.-]*\w)| (?:är |e |heter |is )?({made_up}))",
        rf"\b(?i:heter|kallar sig) ([\w.-]+) på {services}",
    )
    return re.compile("|".join(patterns))


def _street_address(words: RedactionWords) -> re.Pattern[str]:
    """The number of a house in a street. The street itself is a place, which the problem picture needs."""
    endings = rf"(?i:{_any_of(words.street_endings)})"
    compound = (
        rf"(?<![\w-])(?=[\w-]+ (?:nr|\d))(?!(?i:{_any_of(words.not_streets)}))[^\W\d_][\w-]{{0,30}}?{endings}"
    )
    separate = rf"\b[A-ZÅÄÖ][\w-]+ {endings}"
    letter = r"(?:[A-Za-z]| [A-HJ-Z])(?!\w)"
    number = rf"(?!(?:19|20)\d\d\b)\d{{1,4}}(?:{letter})?(?:-\d{{1,3}}(?:{letter})?)?"
    not_more = rf"(?![.,:]?\d| ?(?i:{_any_of(words.not_house_numbers)})(?!\w))"
    english = r"\b(\d{1,4}[A-Za-z]?) (?=(?:[A-Z][a-z]+ ){1,2}(?:Street|Road|Avenue|Lane|Way)\b)"
    return re.compile(rf"(?:{compound}|{separate}) (?:nr\.? ?)?({number}){not_more}|{english}")


def _home(words: RedactionWords) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?i:{_any_of(words.home_words)})\b[ .:]{{0,2}}(?:nr\.? )?\d{{1,4}} ?[A-Za-z]?\b(?![.,:]\d)"
    )
