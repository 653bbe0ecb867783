"""What a flow is: questions, choices and repeats, as frozen data. Nothing here runs or reads anything.

The vocabulary is that of XLSForm (xlsform.org): a *question* has a type, a name, labels by language,
a relevance and a constraint; a *choice* has a language-neutral name. Own additions carry SMS wording.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Wording = Mapping[str, str]
"""The same text by language code, as ``{"sv": "...", "en": "..."}``."""


FINISHED = ("sv", "en")
"""Languages that Lyhörd's own words are finished in. Any other is offered only once a named person has signed off
each of its texts (flows.signatures)."""

Signature = Mapping[str, str]
"""``source`` and ``text``: fingerprints of what was translated and of the translation; ``by`` and ``on``: who and on
which day."""


class Kind(StrEnum):
    """How a question is answered. Follows from XLSForm type, role and appearance (see flows.parsing)."""

    CONSENT = "consent"  # type acknowledge: a start signal, never GDPR consent
    YESNO = "yesno"  # select_one of a list with exactly the choices yes and no
    SINGLE = "single"  # select_one
    SCALE = "scale"  # select_one with appearance likert
    AGE = "age"  # select_one with role age; also read from years and birth years
    AREA = "area"  # select_one_from_file areas
    MULTI = "multi"  # select_multiple
    NUMBER = "number"  # integer
    NUMBERS = "numbers"  # integer with parts, as "12,9,3,8"
    PLACE = "place"  # text with role place
    OPEN = "open"  # text


IN_OWN_WORDS = frozenset({Kind.OPEN, Kind.PLACE})
"""Kinds that are answered with text."""


class Missing(StrEnum):
    """Why a question has no value. Stands where a choice code would stand: these are answers too."""

    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    SKIPPED = "skipped"  # the respondent asked to skip the question
    NOT_UNDERSTOOD = "not_understood"  # asked twice; the text is kept
    WITHHELD = "withheld"  # a safeguard fired: the text is not stored


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One alternative. `name` is the code in data, `key` the number that stands on the phone."""

    name: str
    key: str
    label: Wording
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclusive: bool = False
    """In a select_multiple, cannot be combined with others (as *none of these*)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One step of a flow that waits for a reply."""

    name: str
    kind: Kind
    label: Wording
    """Wording for the chat: without numbers, since choices become buttons."""
    sms: Wording = field(default_factory=dict)
    """Wording for SMS, with the numbers in it; `label` where a language is missing."""
    hint: Wording = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    list_name: str = ""
    """Name of the choice list; ``areas`` and ``meetings`` come from the round."""
    from_round: bool = False
    max_choices: int | None = None
    relevant: str = ""
    constraint: str = ""
    constraint_message: Wording = field(default_factory=dict)
    required: bool = True
    role: str = ""
    """What the answer is to the picture: role area safety avoided problem place when list wish age gender ..."""
    code_with: str = ""
    """The taxonomy that an open answer is coded with, as ``tax-1``."""
    parts: tuple[str, ...] = ()
    """Names of the numbers of a Kind.NUMBERS question, in order."""
    repeat: str = ""
    """Name of the repeat that the question stands in."""
    closes_repeat: bool = False
    """This is the yes/no question after each turn of the repeat: yes goes round again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden:
    """XLSForm type hidden: a value handed in at the start (place_code, channel, a setting of the round)."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """A survey script. Published versions are immutable; a conversation ends on the version it began with."""

    id: str
    version: str
    title: Wording
    stream: str
    """residents, employees or dialogue: never added together."""
    languages: tuple[str, ...]
    """Offered languages, the default first."""
    draft_languages: tuple[str, ...] = ()
    """Languages in the document that are not offered until a named person has signed them off."""
    texts: Mapping[str, Wording] = field(default_factory=dict)
    """Service texts in languages that those which ship are not finished in, by key."""
    page: Mapping[str, Wording] = field(default_factory=dict)
    """The chat page's own words in such languages, by key."""
    signatures: Mapping[str, Mapping[str, Signature]] = field(default_factory=dict)
    """By language and place of the text."""
    questions: tuple[Question, ...]
    hidden: tuple[Hidden, ...] = ()
    thanks: Wording = field(default_factory=dict)
    thanks_sms: Wording = field(default_factory=dict)
    core: tuple[str, ...] = ()
    """Names of the questions that decide between complete, partial and break-off (AAPOR-like codes)."""
    repeat_max: Mapping[str, int] = field(default_factory=dict)
    _by_name: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    @property
    def default_language(self) -> str:
        return self.languages[0]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {question.name: question for question in self.questions})

    def question(self, name: str) -> Question:
        """The question of that name. Raises KeyError: names in a conversation come from its own flow version."""
        return self._by_name[name]
