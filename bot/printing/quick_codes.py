"""QR codes on prints, and what stands in them: the only module that knows segno."""

import io
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import segno

from text.folding import folded
from text.normalising import for_matching

_CORRECTION = "m"
"""15 % of a code may be torn or wet."""


def chat_address(public_url: str, round_code: str, place_code: str, language: str) -> str:
    """The page on which residents begin, with the place that sent them. No address of anybody else is in between."""
    query = urlencode({"p": place_code, "lang": language} if place_code else {"lang": language})
    return f"{public_url}/chat/{quote(round_code)}/residents?{query}"


def sms_payload(number: str, text: str) -> str:
    """What opens a message ready to send, on iPhones and on Android.

    SMSTO: is the form that readers of both take the text from (reported for iOS 11 and Android 11). The address of
    RFC 5724, sms:NUMBER?body=TEXT, is not: Apple documents sms: for a number alone. In capitals without diacritics
    (keywords are read without them) it needs the smallest code there is.
    """
    return f"SMSTO:{number}:{folded(for_matching(text)).upper()}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A QR code as SVG without a margin, and how many modules it is wide: the template leaves the margin."""

    svg: str
    modules: int


def draw(payload: str) -> Drawing:
    stream = io.BytesIO()
    code = segno.make(payload, error=_CORRECTION, micro=False)
    code.save(stream, kind="svg", border=0, xmldecl=False, omitsize=True)
    return Drawing(svg=stream.getvalue().decode(), modules=len(code.matrix))
