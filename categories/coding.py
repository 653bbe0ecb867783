"""What an open answer is about, by rule. Codings are suggestions: a low score says that a person should look.

Nothing here knows a language's words (those are data) or how evidence is weighed (categories.weighing).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from categories.rulebook import RuleBook
from categories.taxonomy import Taxonomy
from categories.tokens import Tokens, tokens
from categories.weighing import Border, Coding, Explanation, Field, Weights, weighed

__all__ = ["Coder", "Coding", "CodingRules", "Explanation", "Field"]

_OTHER_LANGUAGE = 0.6
"""How much a finding counts that was made with the rules of a language that the message is not in."""
_SURE_VOTES = 2
"""Words that only one language has, from which on the others are not tried."""
_UNKNOWN = Explanation.of(Coding(category="off_topic", score=0.1, rule="nothing fired", primary=True))


class CodingRules:
    """Rule books by language, and how their findings are weighed. Immutable once made."""

    def __init__(self, books: Iterable[Mapping[str, Any]], weights: Mapping[str, Any]) -> None:
        """Raises ValueError or KeyError where a document contradicts itself."""
        self.books = tuple(RuleBook(book) for book in books)
        self.weights = Weights(
            rank=weights["rank"],
            default_rank=weights["default_rank"],
            measures=frozenset(weights["measures"]),
            borders=tuple(Border(**{**entry, "over": tuple(entry["over"])}) for entry in weights["borders"]),
        )

    def categories(self) -> set[str]:
        """Ids of the categories that the rules may give."""
        given = set[str]().union(*(book.categories() for book in self.books))
        return given | {name for border in self.weights.borders for name in (border.first, *border.over)}


class Coder:
    """Codes open answers. Holds no state between messages; safe to share between threads."""

    def __init__(self, taxonomy: Taxonomy, rules: CodingRules) -> None:
        """Raises ValueError where the rules give a category that the taxonomy lacks."""
        if unknown := rules.categories() - {category.id for category in taxonomy}:
            raise ValueError(f"rules give categories that {taxonomy.id} lacks: {', '.join(sorted(unknown))}")
        self.taxonomy = taxonomy
        self._rules = rules

    def code(self, text: str, *, field: Field = "problem") -> tuple[Coding, ...]:
        """What `text` (as written) is about, the primary category first; always one at least.

        `field` is ``measure`` where the question asked what should be done: then a wish for police or guards
        is not put behind the problems named.
        """
        return self.explain(text, field=field).codings

    def explain(self, text: str, *, field: Field = "problem") -> Explanation:
        """The codings of `text` and everything that led to them."""
        message = tokens(text)
        if technical := self._without_content(message):
            return Explanation.of(technical)
        weak: list[Explanation] = []
        for books, misspelt, factor in self._attempts(message):
            found = [self._weighed(book, message, field, factor, misspelt=misspelt) for book in books]
            named = [explanation for explanation in found if explanation and explanation.is_strong]
            if named:
                return max(named, key=_words_understood)
            weak += [explanation for explanation in found if explanation]
        return weak[0] if weak else _UNKNOWN

    def _weighed(
        self, book: RuleBook, message: Tokens, field: Field, factor: float, *, misspelt: bool
    ) -> Explanation | None:
        finds = book.find(message, misspelt=misspelt)
        return weighed(finds, book, message, self._rules.weights, field, factor)

    def _without_content(self, message: Tokens) -> Coding | None:
        if message.is_mash:
            return Coding(category="empty", score=0.95, rule="empty: no words", primary=True)
        for book in self._rules.books:
            empty, nothing = book.only["empty"], book.only["no_problem"]
            spelled = {book.spelled(word) for word in message.words}
            if spelled <= empty:
                return Coding(category="empty", score=0.95, rule=f"empty: {book.language} only", primary=True)
            if spelled <= empty | nothing:
                rule = f"no_problem: {book.language} only"
                return Coding(category="no_problem", score=0.9, rule=rule, primary=True)
        return None

    def _attempts(self, message: Tokens) -> Iterator[tuple[list[RuleBook], bool, float]]:
        """The books to try in order, whether with misspelt words, and how much their findings count."""
        votes = [(book.votes(message), book) for book in self._rules.books]
        most = max(vote for vote, _ in votes)
        likely = [book for vote, book in votes if vote == most]
        unlikely = [book for vote, book in votes if vote < most < _SURE_VOTES]
        for books, factor in ((likely, 1.0), (unlikely, _OTHER_LANGUAGE)):
            for misspelt in (False, True):
                yield books, misspelt, factor


def _words_understood(explanation: Explanation) -> int:
    return len({position for match in explanation.matches if not match.note for position in match.span})
