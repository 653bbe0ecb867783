"""What the engine says happened in a turn, in the past tense. Whoever applies them stores and sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.conversation import Conversation, Position
from flows.reading import Reading, Safeguard

ASKED_AGAIN = frozenset(
    {
        "not_understood",
        "try_again_open",
        "one_choice",
        "too_many",
        "out_of_range",
        "area_again",
        "area_choose",
        "age_again",
        "numbers_again",
        "stop_or_answer",
        "erase_or_answer",
    }
)
"""Keys of what is said where the same question is asked once more; ``constraint:NAME`` too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A text that the respondent is to be given. `key` is ``question:NAME``, ``thanks`` or a service text's key."""

    key: str
    language: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """A reply was taken as the answer to `position`.

    `value` is what skip logic sees (see Conversation.answers); `values` the codes or numbers to count;
    `text` the redacted text to keep (open answers, remarks, and replies that were not understood).
    """

    position: Position
    value: str
    values: tuple[str, ...] = ()
    text: str = ""
    reading: Reading | None = None
    coded: bool = False
    """The categories and places of the message belong to this answer."""
    replaces: bool = False
    """An earlier answer to the same question stands no more."""
    extends: bool = False
    """It holds the text of the answer that it replaces, and what was written after it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftPath:
    """Earlier answers that a changed answer put off the path: they leave the counts."""

    positions: tuple[Position, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SafeguardAnswered:
    """A safeguard text was given. Its row holds time, kind and channel, never text or number."""

    safeguard: Safeguard


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """STOP: nothing unsolicited may be sent until START."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EraseRequested:
    """RADERA: every answer of this contact in this round is to be erased."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnderAgeFound:
    """The respondent is under 15: the answers of this conversation are to be erased."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultsRequested:
    """The number is to be put on the feedback list, apart from the answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnotherPersonBegan:
    """Somebody else answers on a number that has answered: a new conversation, marked, is to begin."""


Event = (
    Said
    | Answered
    | LeftPath
    | SafeguardAnswered
    | Stopped
    | EraseRequested
    | UnderAgeFound
    | ResultsRequested
    | AnotherPersonBegan
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One message in; the new state and what happened, in order."""

    conversation: Conversation
    events: tuple[Event, ...]

    @property
    def said(self) -> tuple[Said, ...]:
        """The texts for the respondent, in order. They leave as one message (providers promise no order)."""
        return tuple(event for event in self.events if isinstance(event, Said))
