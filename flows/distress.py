"""The learned layer beside the safeguard rules: how much a message sounds like those that told of distress."""

import re

from flows.learned import FEWEST_WORDS, Heard, LearnedModel, heard_in, words_of
from flows.reading import Alarm, Safeguard

KINDS = (Safeguard.EMERGENCY, Safeguard.CHILD, Safeguard.SUICIDE, Safeguard.DOMESTIC)
"""What the layer tells apart, in the order of the tables of weights."""
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)
"""Stands in pasted code, whose words are not its writer's: the layer says nothing of it. "<3" is none."""
LEARNED = "learned."
"""Begins the name of what the layer noticed, as the names of rules begin with their safeguard."""


class DistressLayer:
    """The model with the scores from which it is believed: `threshold` for distress, `ordinary` for none."""

    def __init__(self, model: LearnedModel, *, threshold: float, ordinary: float) -> None:
        self._model, self.threshold, self._ordinary = model, threshold, ordinary

    def is_ordinary(self, text: str) -> bool:
        """Whether `text` is so surely an ordinary answer that no rule is believed that takes it for distress."""
        score = self._score(text)
        return score is not None and score < self._ordinary

    def alarm(self, text: str) -> Alarm | None:
        """What `text` (cleaned, not yet redacted) sounds like, if it is surely no ordinary answer."""
        score = self._score(text)
        if score is None or score < self.threshold:
            return None
        _, numbers = heard_in(text, self._model.known)
        kind = Safeguard(self._model.kind(numbers))
        return Alarm(safeguard=kind, rule=f"{LEARNED}{kind.value}")

    def _score(self, text: str) -> float | None:
        """None for a text too short to be scored, and for code."""
        length, numbers = heard_in(text, self._model.known)
        return self._model.score(numbers) if length >= FEWEST_WORDS and not _TAG.search(text) else None

    def explain(self, text: str) -> Heard | None:
        """None for a text of which the layer says nothing."""
        return self._model.explain(words_of(text)) if self._score(text) is not None else None
