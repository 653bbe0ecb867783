"""Answers that staff type in for others, many at once: the same reading, engine and rows as when each is a message.

What is typed from paper or at a meeting is never a command: "stopp" on a form is an answer. Nobody can be asked again
and nobody can be answered, so both are told to whoever types.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.services import applying
from bot.services.applying import Filing, new_id
from bot.services.arrivals import Parts
from bot.services.reading import CodedMessage
from bot.services.surveys import Survey
from bot.services.withholding import Told, keep_words
from flows import engine
from flows.conversation import Conversation, Position, Status
from flows.events import ASKED_AGAIN, SafeguardAnswered, Said, Turn
from flows.model import Flow, Kind, Missing, Question, Wording
from flows.reading import Command, CommandName, ReadMessage, Safeguard
from storage import conversations
from storage.database import Session
from storage.rounds import RoundRow
from text.normalising import clean

SAYS_UNKNOWN = "vet ej"
"""What a ticked "not sure" says to the engine, in any language."""

Typed = Callable[[Position], str]
"""What was typed as the answer at a position; empty where nothing was."""

_YES = "ja"
_NO_WORDS = CodedMessage(message=ReadMessage(text=""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A turn with what was read."""

    turn: Turn
    coded: CodedMessage
    typed: str = ""
    """The words as they were typed, before masking. Never stored among the answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclear:
    """An answer that a resident would have been asked for again, in these words."""

    question: str
    said: Said


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarmed:
    """A safeguard that an answer set off. Its words are not kept, except after a crime that is told."""

    question: str
    safeguard: Safeguard


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """Steps of a conversation that nothing has been stored of yet."""

    conversation: Conversation
    steps: tuple[Step, ...]
    unclear: tuple[Unclear, ...]
    alarmed: tuple[Alarmed, ...]
    asked: tuple[Position, ...]
    """The positions that were answered, in the order of the path."""

    @property
    def has_masked(self) -> bool:
        """Whether personal data were taken out of a text that is kept."""
        return any(step.coded.message.masked for step in self.steps)


class Playing:
    """One conversation played in memory. Lives for one call."""

    def __init__(self, parts: Parts, survey: Survey, flow: Flow, first: Turn, today: date) -> None:
        self._parts, self._survey, self._flow, self._today = parts, survey, flow, today
        self._steps = [Step(turn=first, coded=_NO_WORDS)]
        self._unclear: list[Unclear] = []
        self._alarmed: list[Alarmed] = []
        self._asked: list[Position] = []

    @property
    def state(self) -> Conversation:
        return self._steps[-1].turn.conversation

    def say(self, text: str) -> None:
        """Answer the question that waits."""
        for at, question in self._waiting():
            self._asked.append(at)
            self._answer(question, clean(text))
            break

    def change(self, position: Position) -> None:
        """Ask an earlier question again: its answer stands until there is another."""
        turn = engine.change(self._flow, self.state, position)
        self._steps.append(Step(turn=turn, coded=_NO_WORDS))

    def play(self, typed: Typed, until: Callable[[Question], bool] = lambda _: False) -> Played:
        """Answer each question as it comes, to the end of the survey or to a question that `until` stops before."""
        for at, question in self._waiting():
            if until(question):
                break
            self._asked.append(at)
            self._answer(question, clean(typed(at)))
        return Played(
            conversation=self.state,
            steps=tuple(self._steps[1:]),
            unclear=tuple(self._unclear),
            alarmed=tuple(self._alarmed),
            asked=tuple(self._asked),
        )

    def _waiting(self) -> Iterator[tuple[Position, Question]]:
        while self.state.is_open and self.state.at is not None:
            yield self.state.at, self._flow.question(self.state.at.question)

    def _answer(self, question: Question, text: str) -> None:
        before = self.state.at
        if question.kind is Kind.CONSENT:
            text = _YES
        if not text.strip():
            self._order(CommandName.SKIP)
            return
        self._say(question, text)
        again = _asks_again(self._steps[-1].turn)
        if again is not None:
            self._unclear.append(Unclear(question=question.name, said=again))
            self._say(question, text)  # a second time, it is kept as it is
        if self.state.status is Status.WAITING:
            self._order(CommandName.CONTINUE)
        if self.state.is_open and self.state.at == before:
            self._order(CommandName.SKIP)  # nothing of it may be kept

    def _say(self, question: Question, text: str) -> None:
        message = self._as_typed(
            self._parts.reader.read(text, language=self.state.language, question=question)
        )
        coded = self._parts.reader.code(message, question, self._survey.places)
        self._resume(coded, typed=text)
        self._alarmed += [
            Alarmed(question=question.name, safeguard=event.safeguard)
            for event in self._steps[-1].turn.events
            if isinstance(event, SafeguardAnswered)
        ]

    def _as_typed(self, message: ReadMessage) -> ReadMessage:
        """No command. At a meeting it is not the writer who is under 15: it would take the whole meeting away."""
        of_writer = self._flow.stream == "residents"
        alarms = tuple(a for a in message.alarms if of_writer or a.safeguard is not Safeguard.UNDER_AGE)
        return replace(message, command=None, alarms=alarms)

    def _order(self, name: CommandName) -> None:
        self._resume(CodedMessage(message=ReadMessage(text="", command=Command(name=name))))

    def _resume(self, coded: CodedMessage, typed: str = "") -> None:
        turn = engine.resume(
            self._flow, self.state, coded.message, reader=self._parts.replies, this_year=self._today.year
        )
        self._steps.append(Step(turn=turn, coded=coded, typed=typed))


def _asks_again(turn: Turn) -> Said | None:
    return next((s for s in turn.said if s.key in ASKED_AGAIN or s.key.startswith("constraint:")), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A conversation that is typed in: where it belongs, and what it is called in its round."""

    row: RoundRow
    survey: Survey
    stream: str
    channel: str
    language: str
    place_code: str
    contact_key: str

    @property
    def flow(self) -> Flow:
        return self.survey.flows[self.survey.versions[self.stream]]

    def begin(self) -> Turn:
        """The first turn: the first question waits."""
        given = {**self.survey.given, "place_code": self.place_code}
        return engine.start(self.flow, language=self.language, channel=self.channel, given=given)


def in_words(question: Question, codes: Sequence[str], text: str, language: str) -> str:
    """What ticked boxes say, as a resident would write it; what is written where none of ours is ticked."""
    if Missing.DONT_KNOW.value in codes:
        return SAYS_UNKNOWN
    choices = {choice.name: choice for choice in question.choices}
    said = [choices[c].key or in_language(choices[c].label, language) for c in codes if c in choices]
    return ",".join(said) or text.replace("\r\n", "\n").strip()


def in_language(wording: Wording, language: str) -> str:
    return wording.get(language) or next(iter(wording.values()), "")


def may_enter(row: RoundRow, today: date) -> bool:
    """Whether staff may type in for a round: forms handed in on its last day are typed in later, until it is closed."""
    return row.status == "open" and row.opens_on <= today and row.wrapped_key is not None


def store_new(
    session: Session, entry: Entry, played: Played, now: datetime, moved_at: datetime | None = None
) -> int:
    """Add the conversation with all that was played. Returns its id. `moved_at`: where now is not late enough."""
    moved_at = moved_at or now
    conversation_id = new_id()
    earlier = conversations.count_conversations_of(session, entry.contact_key, entry.stream)
    conversations.add_conversation(
        session,
        {
            "id": conversation_id,
            "round_id": entry.row.id,
            "flow_version_id": entry.survey.versions[entry.stream],
            "stream": entry.stream,
            "channel": entry.channel,
            "place_code": entry.place_code or None,
            "contact_key": entry.contact_key,
            "ordinal": earlier + 1,
            "mark": "",
            "started_at": now,
            **applying.conversation_columns(entry.flow, played.conversation, moved_at),
        },
    )
    filing = Filing(
        round_id=entry.row.id,
        conversation_id=conversation_id,
        flow_version_id=entry.survey.versions[entry.stream],
        flow=entry.flow,
        now=now,
        moved_at=moved_at,
        begun_at=now,
        mark="",
    )
    store_steps(session, filing, played)
    return conversation_id


def store_steps(session: Session, filing: Filing, played: Played) -> None:
    for step in played.steps:
        applying.apply(session, filing, step.turn, step.coded)


def keep_typed(parts: Parts, session: Session, entry: Entry, played: Played, now: datetime) -> None:
    """In a round that keeps them (mode B): what was typed and told of danger, for the guardian alone."""
    for step in played.steps:
        told = Told(survey=entry.survey, contact_key=entry.contact_key, text=step.typed, at=now)
        keep_words(parts, session, told, step.coded.message, step.turn.events)
