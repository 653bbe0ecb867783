"""What a poster and a card tell about one place, and their PDFs. Pure: facts in, bytes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.printing import quick_codes
from bot.printing.wording import words
from typesetting.compiling import typeset

DEFAULT_COLOUR = "#1f5a5a"
TEMPLATES = "bot.printing"
"""The package whose templates prints are made with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """One round as one place invites to it, in one language. Texts are as people read them."""

    language: str
    municipality: str
    keyword: str
    other_keyword: str
    """In the other language; empty where the round has none."""
    number: str
    """As the telephone dials it: +46701234567."""
    readable_number: str
    place_code: str
    place: str
    round_code: str
    public_url: str
    information_page: str
    telephone: str
    last_day: str
    colour: str = DEFAULT_COLOUR
    is_demonstration: bool = False

    @property
    def chat_address(self) -> str:
        return quick_codes.chat_address(self.public_url, self.round_code, self.place_code, self.language)

    @property
    def sms_payload(self) -> str:
        return quick_codes.sms_payload(self.number, f"{self.keyword} {self.place_code}".strip())


def print_posters(invitations: Iterable[Invitation], size: str) -> bytes:
    """One poster a page, on A4 or A3."""
    return typeset(TEMPLATES, "poster", {**document(invitations, with_codes=True), "size": size})


def print_cards(invitations: Iterable[Invitation]) -> bytes:
    """For each place an A4 sheet of ten cards of 85 x 55 mm with cut marks."""
    return typeset(TEMPLATES, "cards", document(invitations, with_codes=True))


def document(invitations: Iterable[Invitation], *, with_codes: bool = False) -> dict[str, Any]:
    """What templates are filled with: `pages`, one a place, in the language and colour of the first."""
    pages = [{**_page(i), **(_codes(i) if with_codes else {})} for i in invitations]
    first = pages[0]
    return {
        "title": f"{first['words']['title']} {first['municipality']}",
        "author": first["municipality"],
        "language": first["language"],
        "colour": first["colour"],
        "is_demonstration": first["is_demonstration"],
        "pages": pages,
    }


def _page(invitation: Invitation) -> dict[str, Any]:
    texts = words(invitation.language, text_values(invitation))
    if not invitation.other_keyword:
        texts["other_language"] = ""
    return {
        "language": invitation.language,
        "municipality": invitation.municipality,
        "colour": invitation.colour,
        "keyword": invitation.keyword,
        "code": invitation.place_code,
        "place": invitation.place,
        "number": _unbroken(invitation.readable_number),
        "words": texts,
        "is_demonstration": invitation.is_demonstration,
    }


def _codes(invitation: Invitation) -> dict[str, Any]:
    chat = quick_codes.draw(invitation.chat_address)
    sms = quick_codes.draw(invitation.sms_payload)
    return {
        "chat_code": chat.svg,
        "chat_modules": chat.modules,
        "sms_code": sms.svg,
        "sms_modules": sms.modules,
    }


def text_values(invitation: Invitation) -> dict[str, str]:
    return {
        "K": invitation.municipality,
        "U": invitation.information_page,
        "T": _unbroken(invitation.telephone),
        "D": invitation.last_day,
        "KOD": invitation.place_code,
        "ORD": invitation.keyword,
        "ANNAT": invitation.other_keyword,
        "NUMMER": _unbroken(invitation.readable_number),
        "PLATS": invitation.place,
        "ADRESS": invitation.chat_address,
    }


def _unbroken(number: str) -> str:
    """A telephone number that stays on one line."""
    return number.replace(" ", "\u00a0").replace("-", "\u2011")
