"""Words as people type them on a phone: tokens, letters without their dots, repeated letters.

Input is always in the form of text.normalising.for_matching.
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['´`-][^\W_]+)*")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_SWEDISH = re.compile("[åäö]")
_SAME_IN_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": ""})
_WITH_ARABIC_ARTICLE = re.compile("^(?:[وبف]?ال|لل)(?=.{3})")
_SPECIAL = str.maketrans({"æ": "a", "ø": "o", "ß": "ss", "đ": "d", "ŋ": "n", "ł": "l"})


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of `text` in order, without punctuation, emoji or underscores."""
    return tuple(_WORD.findall(text))


def folded(text: str) -> str:
    """`text` with diacritics taken off: å and ä become a, ö becomes o, é becomes e. Arabic keeps its letters.

    Collides (domain: våld/vald, rån/ran): fold only where `lacks_swedish_letters`, or where a list says that
    the folded form is safe.
    """
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text.translate(_SPECIAL))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def without_article(word: str) -> str:
    """An Arabic word, folded, without its article ("and the", "by the", "for the") and the two ways to write its last
    letter; others as they are."""
    if word.isascii():
        return word
    return _WITH_ARABIC_ARTICLE.sub("", word.translate(_SAME_IN_ARABIC))


def lacks_swedish_letters(text: str) -> bool:
    """Whether the whole message has no å, ä or ö, so that its writer may have left the dots out."""
    return _SWEDISH.search(text) is None


def squeezed(text: str, keep: int = 2) -> str:
    """Letters repeated three times or more cut to `keep`: "hjääääälp" becomes "hjäälp", or "hjälp" with 1."""
    return _ELONGATED.sub(lambda match: match.group(1) * keep, text)
