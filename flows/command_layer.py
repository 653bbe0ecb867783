"""The learned layer beside the commands' rules: how much a message sounds like those that were an instruction to us."""

from dataclasses import dataclass

from flows.learned import Heard, LearnedModel, heard_in, words_of
from flows.reading import CommandName

KINDS = (
    *(CommandName.STOP, CommandName.ERASE, CommandName.HELP, CommandName.UNDO, CommandName.SKIP),
    *(CommandName.CONTINUE, CommandName.RESTART, CommandName.INFO, CommandName.LANGUAGE),
)
"""What the layer tells apart, in the order of the tables of weights."""
FEWEST_WORDS, MOST_WORDS = 3, 30
"""One word or two are the rules' business ("sluta elda"), and who writes more than thirty tells something."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandLayer:
    """The model with the scores from which it is believed.

    From `sure` on a message is a command wherever it stands, from `erase` on also one to erase; from `perhaps` on where
    a choice is awaited.
    """

    model: LearnedModel
    sure: float
    erase: float
    perhaps: float

    def hear(self, text: str) -> tuple[CommandName, float] | None:
        """What `text` (cleaned) most sounds like, and its score, if that is at least `perhaps`."""
        length, numbers = heard_in(text, self.model.known)
        if not FEWEST_WORDS <= length <= MOST_WORDS:
            return None
        score = self.model.score(numbers)
        return (CommandName(self.model.kind(numbers)), score) if score >= self.perhaps else None

    def explain(self, text: str) -> Heard | None:
        """None for a text that is too short or too long to be scored."""
        words = words_of(text)
        return self.model.explain(words) if FEWEST_WORDS <= len(words) <= MOST_WORDS else None
