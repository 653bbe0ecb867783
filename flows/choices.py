"""Which choices of one question a word or phrase may mean. Finds; flows.answers and flows.selections decide."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from flows.model import Choice, Question
from flows.vocabulary import Phrases, Vocabulary, keys_of
from text.fuzzy import closest

Choices = frozenset[int]
"""Indexes into Question.choices."""

_FRAGMENT = re.compile(r"[(),;/&.]|\b(?:och|eller|or|and|ja|tai)\b", re.IGNORECASE)
_ENDINGS = (
    *("arnas", "ernas", "ornas", "arna", "erna", "orna", "ande"),
    *(
        "ar",
        "er",
        "or",
        "en",
        "et",
        "an",
        "na",
        "as",
        "es",
        "ns",
        "ts",
        "a",
        "e",
        "n",
        "t",
        "s",
        "ing",
        "ies",
    ),
)
_DENYING = frozenset({"not", "without", "at_all"})
OWN_SYNONYM = 0.98
"""Score of a synonym that the flow itself gives; a label has 1."""
GENERAL_SYNONYM = 0.95
_SHORTEST_STEM = 3
_SHORTEST_MISSPELT = 4
_MOST_REMEMBERED = 2000


class Meaning(NamedTuple):
    """The choices that some words may mean, how that is known and how surely."""

    choices: Choices
    how: str
    score: float


_NOTHING = Meaning(frozenset(), "", 0.0)


class Hit(NamedTuple):
    """Words at keys[start:stop] that may mean one of `choices`."""

    start: int
    stop: int
    choices: Choices
    how: str
    score: float


def stem(word: str) -> str:
    """A folded Swedish or English word without its commonest endings: "trafiken", "trafik" become one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


class ChoiceIndex:
    """The words of one question's choices, in the conversation's language first, then in the others."""

    def __init__(self, question: Question, vocabulary: Vocabulary, language: str) -> None:
        self.question = question
        self.names = tuple(choice.name for choice in question.choices)
        self.by_key = {int(c.key): i for i, c in enumerate(question.choices) if c.key.isdecimal()}
        self._vocabulary = vocabulary
        self._words: dict[str, Meaning] = {}
        self._sizes: list[frozenset[int]] = []
        self._labels = _one_for_each(
            (keys_of(text), i) for i, c in enumerate(question.choices) for text in c.label.values()
        )
        of_one_word = (((stem(keys[0]),), i) for keys, i in self._labels.items() if len(keys) == 1)
        self._inflected = {
            word: Meaning(frozenset({i}), "label", 0.98) for (word,), i in _one_for_each(of_one_word).items()
        }
        """A label of one word, by its stem: "trafiken" is that choice, though other choices are about traffic too."""
        self._phrases = Phrases(self._index(language))
        self._stems = self._by_stem()
        self._remembered: dict[str, Meaning] = {}
        self.exclusive = frozenset(i for i, choice in enumerate(question.choices) if choice.exclusive)
        self.none = self._that_means("none", exclusive=True)
        self.other = self._that_means("other")
        self.all = self._that_means("all")
        self.several = self._that_means("several")
        self.dont_know = self._where(vocabulary.missing, "dont_know")
        self.not_at_all = self._not_at_all()

    def hits(self, keys: Sequence[str], ignored: frozenset[int]) -> list[Hit]:
        """What in `keys` may mean a choice, left to right; positions in `ignored` are not looked at."""
        found = []
        start = 0
        while start < len(keys):
            hit = None if start in ignored else self._at(keys, start)
            if hit is not None and hit.choices:
                found.append(hit)
            start = hit.stop if hit is not None else start + 1
        return found

    def labelled(self, words: Sequence[str]) -> int | None:
        """The choice whose whole label `words` are."""
        return self._labels.get(tuple(words))

    def named_exactly(self, hits: Sequence[Hit], candidates: Choices) -> Choices:
        """The candidates whose wording holds just as many words as were said: "stort" is not "ganska stort"."""
        said = len({hit.start for hit in hits})
        return frozenset(i for i in candidates if said in self._sizes[i])

    def names_of(self, choices: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.names[i] for i in sorted(choices))

    def _at(self, keys: Sequence[str], start: int) -> Hit | None:
        phrase = self._phrases.at(keys, start)
        if phrase is not None:
            return Hit(start, phrase.stop, *phrase.meaning)
        meaning = self.meaning(keys[start])
        return Hit(start, start + 1, *meaning) if meaning is not None else None

    def meaning(self, word: str) -> Meaning | None:
        """What a single word may mean, by the surest way that finds something."""
        remembered = self._remembered.get(word)  # one look, since another thread may clear it
        if remembered is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            remembered = self._remembered[word] = self._find(word) or _NOTHING
        return remembered if remembered.choices else None

    def first_part(self, word: str) -> Choices:
        """What the first half of a compound may mean: all of the weekend in "helgkvallar"."""
        for cut in range(3, len(word) - 2):
            head, tail = self._parts(word, cut)
            if head and tail and head.choices & tail.choices:
                return head.choices
        return frozenset()

    def _find(self, word: str) -> Meaning | None:
        v = self._vocabulary
        if word in v.ordinals:
            return self._words.get(word)
        if word in v.fillers or word in v.joining:
            return self._known(word)
        return self._known(word) or self._compound(word) or self._misspelt(word)

    def _known(self, word: str) -> Meaning | None:
        known = self._words.get(word)
        if known is not None and known.score > GENERAL_SYNONYM:
            return known
        if word in self._vocabulary.fillers or len(word) < _SHORTEST_STEM:
            return known
        bare = stem(word)
        inflected = self._stems.get(bare) or self._words.get(bare)  # "inbrotten", whose stem has a stem
        return self._inflected.get(bare) or known or inflected

    def _compound(self, word: str) -> Meaning | None:
        """Swedish compounds: "helgnatter" is helg and natt, "trafikproblem" is about trafik."""
        heads, tails = [], []
        for cut in range(3, len(word) - 2):
            head, tail = self._parts(word, cut)
            both = head.choices & tail.choices if head and tail else None
            if both:
                return Meaning(both, "compound", 0.9)
            if head and cut >= _SHORTEST_MISSPELT:
                heads.append(head.choices)
            if tail and len(word) - cut >= _SHORTEST_MISSPELT and word[:cut] not in self._vocabulary.joining:
                tails.append(tail.choices)
        found = [*heads[-1:], *tails[:1]]
        return Meaning(frozenset[int]().union(*found), "compound", 0.85) if found else None

    def _parts(self, word: str, cut: int) -> tuple[Meaning | None, Meaning | None]:
        head = self._known(word[:cut].removesuffix("s")) or self._known(word[:cut])
        return head, self._known(word[cut:])

    def _misspelt(self, word: str) -> Meaning | None:
        """Close to a word of a choice with the same first letter: "otrygg" is no misspelt "trygg"."""
        found = self._near(word) or [near for near in self._near(stem(word)) if self._is_own(near[0])]
        if not found:
            return None
        best = found[0][1]
        tied = frozenset[int]().union(
            *(self._words[known].choices for known, score in found if score == best)
        )
        return Meaning(tied, "fuzzy", round(best, 2))

    def _near(self, word: str) -> list[tuple[str, float]]:
        if len(word) < _SHORTEST_MISSPELT:
            return []
        near = (known for known in self._words if known[0] == word[0] and abs(len(known) - len(word)) <= 2)
        return [(known, score) for known, score in closest(word, near) if score >= self._needed(known)]

    def _needed(self, known: str) -> float:
        """How close a misspelt word must be: the general synonyms are many, and of all languages."""
        return 0.8 if self._is_own(known) else 0.88

    def _is_own(self, known: str) -> bool:
        """Whether the flow has the word, in a label or as a synonym."""
        return self._words[known].score > GENERAL_SYNONYM

    def _index(self, language: str) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        """Fill the words; give the phrases of several words."""
        phrases: dict[tuple[str, ...], set[int]] = {}
        words: dict[str, set[int]] = {}
        for i, choice in enumerate(self.question.choices):
            fragments = [keys for text in _texts(choice, language) for keys in _fragments(text)]
            self._sizes.append(frozenset(len(self._content(keys)) for keys in fragments))
            for keys in fragments:
                phrases.setdefault(keys, set()).add(i)
                for word in self._content(keys):
                    for form in _without_and(word):
                        words.setdefault(form, set()).add(i)
        yield from self._as_meanings(phrases, words, "label", 1.0)
        named = phrases | {(word,): found for word, found in words.items()}
        yield from self._index_synonyms(named)

    def _index_synonyms(
        self, named: dict[tuple[str, ...], set[int]]
    ) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        """The flow's own synonyms before the general ones."""
        phrases: dict[tuple[str, ...], set[int]] = {}
        words: dict[str, set[int]] = {}
        for i, choice in enumerate(self.question.choices):
            for text in _synonyms(choice):
                _sort_in(keys_of(text), i, phrases, words)
        yield from self._as_meanings(phrases, words, "synonym", OWN_SYNONYM)
        phrases, words = {}, {}
        marked = self._concepts_of(named)
        for keys, concepts in self._vocabulary.concepts.items():
            for i in set[int]().union(*(marked.get(concept, ()) for concept in concepts)):
                _sort_in(keys, i, phrases, words)
        yield from self._as_meanings(phrases, words, "synonym", GENERAL_SYNONYM)

    def _as_meanings(
        self, phrases: dict[tuple[str, ...], set[int]], words: dict[str, set[int]], how: str, score: float
    ) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        for word, found in words.items():
            self._words.setdefault(word, Meaning(frozenset(found), how, score))
        for keys, found in phrases.items():
            if len(keys) > 1:
                yield keys, Meaning(frozenset(found), how, score)

    def _concepts_of(self, named: dict[tuple[str, ...], set[int]]) -> dict[str, set[int]]:
        """Concept to the choices whose labels name it."""
        marked: dict[str, set[int]] = {}
        for keys, choices in named.items():
            for concept in self._vocabulary.concepts.get(keys, ()):
                marked.setdefault(concept, set()).update(choices)
        return marked

    def _content(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The words that single a choice out; none after a "no": "inget problem" is not about a problem."""
        joining = self._vocabulary.joining
        if keys and joining.get(keys[0]) in _DENYING and len(keys) > 1:
            return ()
        empty = self._vocabulary.stop_words
        content = tuple(
            k for k in keys if k not in empty and (k == keys[0] or joining.get(k) not in _DENYING)
        )
        return content if any(content) else tuple(keys)

    def _by_stem(self) -> dict[str, Meaning]:
        stems: dict[str, Meaning] = {}
        for word, (choices, how, score) in self._words.items():
            if len(word) >= _SHORTEST_STEM:
                before = stems.get(stem(word))
                if before is None:
                    stems[stem(word)] = Meaning(choices, how, score - 0.02)
                elif before.how == how:
                    stems[stem(word)] = Meaning(before.choices | choices, how, before.score)
        return stems

    def _not_at_all(self) -> int | None:
        roles = self._vocabulary.joining
        saying = {
            i
            for i, choice in enumerate(self.question.choices)
            for text in choice.label.values()
            if {"not", "at_all"} <= {roles.get(key) for key in keys_of(text)}
        }
        return saying.pop() if len(saying) == 1 else None

    def _that_means(self, what: str, exclusive: bool = False) -> int | None:
        """The choice for none, other or all, by its wording; for none also the only exclusive one."""
        for i, choice in enumerate(self.question.choices):
            for text in choice.label.values():
                keys = keys_of(text)
                if choice.name == what or what in (
                    self._vocabulary.choosing.whole(keys),
                    self._vocabulary.choosing.whole(keys[:1]),
                ):
                    return i
        return next(iter(self.exclusive)) if exclusive and len(self.exclusive) == 1 else None

    def _where(self, phrases: Phrases[str], meaning: str) -> int | None:
        """The choice whose whole label is a phrase of that meaning."""
        for i, choice in enumerate(self.question.choices):
            if any(phrases.whole(keys_of(text)) == meaning for text in choice.label.values()):
                return i
        return None


def _without_and(word: str) -> tuple[str, ...]:
    """The word of a label, and without the "and" that Arabic writes together with it."""
    return (word, word[1:]) if word[0] == "و" and len(word) > _SHORTEST_MISSPELT else (word,)


def _one_for_each(entries: Iterable[tuple[tuple[str, ...], int]]) -> dict[tuple[str, ...], int]:
    """Without what is said of two."""
    found: dict[tuple[str, ...], set[int]] = {}
    for keys, i in entries:
        found.setdefault(keys, set()).add(i)
    return {keys: min(choices) for keys, choices in found.items() if len(choices) == 1}


def _texts(choice: Choice, language: str) -> Iterator[str]:
    if language in choice.label:
        yield choice.label[language]
    yield from (text for other, text in choice.label.items() if other != language)


def _synonyms(choice: Choice) -> Iterator[str]:
    for texts in choice.synonyms.values():
        yield from texts


def _fragments(label: str) -> list[tuple[str, ...]]:
    """The words of the whole label and of each part that a comma, slash, bracket or "och" sets apart."""
    parts = [keys_of(label), *(keys_of(part) for part in _FRAGMENT.split(label))]
    return list(dict.fromkeys(part for part in parts if part))


def _sort_in(
    keys: tuple[str, ...], choice: int, phrases: dict[tuple[str, ...], set[int]], words: dict[str, set[int]]
) -> None:
    if len(keys) == 1:
        words.setdefault(keys[0], set()).add(choice)
    elif keys:
        phrases.setdefault(keys, set()).add(choice)
