"""A reply read as yes or no. What is "sure", "never" or "no problem" is decided here; the words stand in a list."""

from collections.abc import Sequence
from typing import NamedTuple

from flows.choices import OWN_SYNONYM, ChoiceIndex
from flows.evidence import unclear
from flows.reading import Outcome, Reading
from flows.vocabulary import Found, Token, Utterance, Vocabulary

_SAYS = {
    "affirms": "yes",
    "affirms_alone": "yes",
    "agreed": "yes",
    "letter_yes": "yes",
    "denies": "no",
    "denies_alone": "no",
    "letter_no": "no",
}


class _Said(NamedTuple):
    """Yes or no, said by words[start:stop]."""

    value: str
    start: int
    stop: int
    how: str


class YesNo:
    """One reply to a question with the answers yes and no. `offered`: "ok" is a yes."""

    def __init__(self, said: Utterance, index: ChoiceIndex, vocabulary: Vocabulary, *, offered: bool) -> None:
        self._said = said
        self._words = said.words
        self._index = index
        self._vocabulary = vocabulary
        self._phrases = vocabulary.polarity.find(said.words)
        self._offered = offered

    def read(self, missing: Sequence[Found[str]]) -> Reading:
        """yes, no, or UNCLEAR where both or neither is said. `missing` are phrases such as "no idea"."""
        labelled = self._by_label()
        if labelled is not None:
            return labelled
        spoken = self._spoken(missing)
        if any(phrase.meaning == "unsure" for phrase in self._phrases):
            return unclear("unsure", sorted({word.value for word in spoken}))
        values = {word.value for word in spoken}
        if len(values) != 1 or self._is_out_of_range():
            return unclear("contradiction" if values else "", sorted(values))
        return Reading(
            outcome=Outcome.VALUE,
            values=(values.pop(),),
            how=spoken[0].how,
            remark=self._remark(spoken, missing),
        )

    def _by_label(self) -> Reading | None:
        """The whole reply is the wording of one choice: "Nej, klart"."""
        hit = next(iter(self._index.hits(self._words, frozenset())), None)
        if (
            hit is None
            or hit.stop - hit.start < len(self._words)
            or len(hit.choices) > 1
            or hit.score < OWN_SYNONYM
        ):
            return None
        return Reading(outcome=Outcome.VALUE, values=self._index.names_of(hit.choices), how=hit.how)

    def _spoken(self, missing: Sequence[Found[str]]) -> list[_Said]:
        """Words and numbers for yes and no that answer the question, in order."""
        taken = {at for phrase in missing for at in range(phrase.start, phrase.stop)}
        known = {at for phrase in self._phrases for at in range(phrase.start, phrase.stop)} | taken
        numbers = self._numbers(known)
        alone = not self._rest(known | {number.start for number in numbers})
        free = [
            p
            for p in self._phrases
            if not taken & set(range(p.start, p.stop)) and self._counts(p, known, alone)
        ]
        surest = [p for p in free if not p.meaning.endswith("_alone")] or free
        found = [_Said(_SAYS[p.meaning], p.start, p.stop, "word") for p in surest]
        return self._without_pronouns(sorted(found + numbers, key=lambda word: word.start))

    def _without_pronouns(self, found: list[_Said]) -> list[_Said]:
        """Behind a no, "ja" among other words is what others spell "jag": "nä, ja e inte rädd"."""
        if not found or found[0].value != "no":
            return found
        return [
            word
            for word in found
            if self._words[word.start : word.stop] != ["ja"] or self._stands_alone(word)
        ]

    def _stands_alone(self, word: _Said) -> bool:
        tokens, at = self._said.tokens, self._said.word_positions[word.start]
        return all(not 0 <= beside < len(tokens) or tokens[beside].mark for beside in (at - 1, at + 1))

    def _counts(self, phrase: Found[str], known: set[int], alone: bool) -> bool:
        if phrase.meaning not in _SAYS or (phrase.meaning == "agreed" and not self._offered):
            return False
        if phrase.meaning.startswith("letter"):
            return len(self._words) == 1 + any(token.value is not None for token in self._said.tokens)
        return alone or not (phrase.meaning.endswith("_alone") or self._rest(known, until=phrase.start))

    def _numbers(self, known: set[int]) -> list[_Said]:
        """The numbers of choices that open the reply or stand right behind its yes or no."""
        found = []
        for at, position in enumerate(self._said.word_positions):
            token = self._said.tokens[position]
            choice = self._index.by_key.get(token.value) if token.value is not None else None
            if self._is_article(token, at):
                continue
            if choice is not None and not self._rest(known, until=at) and not self._counts_something(at):
                how = "number_word" if token.spelled else "number"
                found.append(_Said(self._index.names[choice], at, at + 1, how))
                known = known | {at}
        return found

    def _is_article(self, token: Token, at: int) -> bool:
        """ "Ett halvår är långt"."""
        return token.spelled and token.value == 1 and not token.named and at + 1 < len(self._words)

    def _counts_something(self, at: int) -> bool:
        following = self._words[at + 1] if at + 1 < len(self._words) else ""
        return following in self._vocabulary.units or self._vocabulary.joining.get(following) == "of"

    def _is_out_of_range(self) -> bool:
        first = self._said.tokens[self._said.word_positions[0]]
        return first.value is not None and first.value not in self._index.by_key

    def _rest(self, known: set[int], until: int | None = None) -> bool:
        """Whether anything but fillers stands outside `known`, before word `until`."""
        empty = self._vocabulary.empty
        return any(at not in known and word not in empty for at, word in enumerate(self._words[:until]))

    def _remark(self, spoken: Sequence[_Said], missing: Sequence[Found[str]]) -> str:
        known = {at for word in spoken for at in range(word.start, word.stop)}
        known |= {at for phrase in self._phrases for at in range(phrase.start, phrase.stop)}
        if not self._rest(known) and not missing:
            return ""
        return self._said.after(self._said.word_positions[spoken[0].stop - 1] + 1)
