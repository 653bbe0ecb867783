"""The learned layer beside the commands' rules: how much a message sounds like those that were an instruction to us."""

from dataclasses import dataclass

from flows.learned import FEWEST_WORDS, Heard, LearnedModel, heard_in, judged_words
from flows.reading import CommandName

KINDS = (
    *(CommandName.STOP, CommandName.ERASE, CommandName.HELP, CommandName.UNDO, CommandName.SKIP),
    *(CommandName.CONTINUE, CommandName.RESTART, CommandName.INFO, CommandName.LANGUAGE),
)
"""What the layer tells apart, in the order of the tables of weights."""
MOST_WORDS = 30
"""Who writes more than thirty tells something. One word or two are the rules' business ("sluta elda")."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandLayer:
    """The model with the scores from which it is believed.

    From `perhaps` on a message is a command where a choice is awaited or no question waits, from `sure` on also where
    an answer in own words is; from `unasked` on STOP and ERASE are obeyed without asking back.
    """

    model: LearnedModel
    sure: float
    unasked: float
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
        words = judged_words(text)
        return self.model.explain(words) if FEWEST_WORDS <= len(words) <= MOST_WORDS else None
