"""What a text costs as SMS: GSM-7 septets or UCS-2 units, segments, and the characters that make it dear.

Sizes are those of the text as sent, after interpolation (3GPP TS 23.038 and 23.040).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
_NOT_GSM = re.compile(f"[^{re.escape(_BASIC + _EXTENSION)}]")
_TWO_SEPTETS = re.compile(f"[{re.escape(_EXTENSION)}]")
_SURROGATE_PAIR = re.compile("[\U00010000-\U0010ffff]")
_ROOM: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

_LOOKALIKES = str.maketrans(
    dict.fromkeys("‘’‚‛′ʹʼ`´", "'")
    | dict.fromkeys("“”„‟″«»‹›", '"')
    | dict.fromkeys("‐‑‒–—―−⁃•‣◦·∙●▪", "-")
    | dict.fromkeys("\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006", " ")
    | dict.fromkeys("\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " ")
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff", "")
    | dict.fromkeys("\u2028\u2029", "\n")
    | {"…": "...", "⁄": "/", "×": "x", "→": "->", "²": "2", "³": "3", "½": "1/2"}
)
_LOOKALIKE = re.compile(f"[{re.escape(''.join(map(chr, _LOOKALIKES)))}]")


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsSize:
    """`units` are septets (GSM-7) or 16-bit units (UCS-2). An empty text has no segment.

    `costly` names what a writer can change to make the text cheaper, each once, in order: the characters
    that force UCS-2, or else those that take two septets.
    """

    encoding: Encoding
    units: int
    segments: int
    costly: tuple[str, ...]


def measure(text: str) -> SmsSize:
    """Size of `text` as one SMS. Concatenated parts lose 7 septets or 3 units to the header."""
    foreign = _NOT_GSM.findall(text)
    encoding: Encoding = "UCS-2" if foreign else "GSM-7"
    double = _SURROGATE_PAIR if foreign else _TWO_SEPTETS
    doubled = double.findall(text)
    units = len(text) + len(doubled)
    single, part = _ROOM[encoding]
    if units <= single:
        segments = 1 if text else 0
    elif doubled:
        segments = _parts(text, double, part)
    else:
        segments = -(-units // part)
    costly = tuple(dict.fromkeys(foreign or doubled))
    return SmsSize(encoding=encoding, units=units, segments=segments, costly=costly)


def room_in(segments: int, encoding: Encoding) -> int:
    """Units that fit into so many segments."""
    single, part = _ROOM[encoding]
    return single if segments == 1 else segments * part


def swap_lookalikes(text: str) -> str:
    """`text` with typographic signs as their GSM-7 twins, composed (NFC). Letters keep dots and accents.

    Idempotent. "Sågs vi – där…" becomes "Sågs vi - där..."; "naïve" stays and costs UCS-2.
    """
    if unicodedata.is_normalized("NFC", text) and not _LOOKALIKE.search(text):
        return text
    composed = unicodedata.normalize("NFC", text.translate(_LOOKALIKES))
    return composed.translate(_LOOKALIKES)  # composing brings forth a few: U+1FEF becomes a backtick


def _parts(text: str, double: re.Pattern[str], room: int) -> int:
    """Parts needed when a character of two units may not be cut in half."""
    parts, used = 1, 0
    for character in text:
        width = 2 if double.match(character) else 1
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
