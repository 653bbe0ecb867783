"""The learned layer beside the safeguard rules: how much a message sounds like those that told of distress."""

from flows.learned import FEWEST_WORDS, Heard, LearnedModel, heard_in, judged_words
from flows.reading import Alarm, Safeguard

KINDS = (Safeguard.EMERGENCY, Safeguard.CHILD, Safeguard.SUICIDE, Safeguard.DOMESTIC)
"""What the layer tells apart, in the order of the tables of weights."""
LEARNED = "learned."
"""Begins the name of what the layer noticed, as the names of rules begin with their safeguard."""


class DistressLayer:
    """The model with the scores from which it is believed: `threshold` for distress, `ordinary` for none."""

    def __init__(self, model: LearnedModel, *, threshold: float, ordinary: float) -> None:
        self._model, self.threshold, self._ordinary = model, threshold, ordinary

    def is_ordinary(self, text: str) -> bool:
        """Whether `text` is so surely an ordinary answer that no rule is believed that takes it for distress."""
        length, numbers = heard_in(text, self._model.known)
        return length >= FEWEST_WORDS and self._model.score(numbers) < self._ordinary

    def alarm(self, text: str) -> Alarm | None:
        """What `text` (cleaned, not yet redacted) sounds like, if it is surely no ordinary answer."""
        length, numbers = heard_in(text, self._model.known)
        if length < FEWEST_WORDS or self._model.score(numbers) < self.threshold:
            return None
        kind = Safeguard(self._model.kind(numbers))
        return Alarm(safeguard=kind, rule=f"{LEARNED}{kind.value}")

    def explain(self, text: str) -> Heard | None:
        """None for a text too short to be scored."""
        words = judged_words(text)
        return self._model.explain(words) if len(words) >= FEWEST_WORDS else None
