"""A survey played without a database: the same reading and the same engine as for messages that are kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.services.reading import CodedMessage, MessageReader
from categories.places import PlaceFinder
from flows import engine
from flows.answers import ReplyReader
from flows.conversation import Conversation, from_json, to_json
from flows.events import Answered, Said, Turn
from flows.model import Flow, Wording
from flows.wording import render
from text.normalising import clean


@dataclass(kw_only=True)
class Player:
    """One conversation in memory. `notes` says how the last message was read."""

    flow: Flow
    reader: MessageReader
    replies: ReplyReader
    places: PlaceFinder
    texts: Mapping[str, Wording]
    values: Mapping[str, str]
    given: Mapping[str, str]
    today: date
    notes: tuple[str, ...] = ()
    answered: list[Answered] = field(default_factory=list)
    _conversation: Conversation | None = None

    @property
    def is_open(self) -> bool:
        return self._conversation is not None and self._conversation.is_open

    def begin(self, *, language: str, channel: str, place_code: str = "") -> tuple[str, ...]:
        """The first texts."""
        given = {**self.given, "place_code": place_code}
        return self._take(engine.start(self.flow, language=language, channel=channel, given=given))

    def say(self, raw: str) -> tuple[str, ...]:
        """What is answered to a message. Raises ValueError before `begin`."""
        if self._conversation is None:
            raise ValueError("begin first")
        conversation = from_json(to_json(self._conversation))
        question = self.flow.question(conversation.at.question) if conversation.at else None
        message = self.reader.read(clean(raw), language=conversation.language, question=question)
        coded = CodedMessage(message=message)
        if question is not None and message.command is None:
            coded = self.reader.code(message, question, self.places)
        turn = engine.resume(
            self.flow, conversation, coded.message, reader=self.replies, this_year=self.today.year
        )
        self.notes = tuple(_notes(coded, turn))
        self.answered += [event for event in turn.events if isinstance(event, Answered)]
        return self._take(turn)

    def _take(self, turn: Turn) -> tuple[str, ...]:
        self._conversation = turn.conversation
        return tuple(self._render(said, turn.conversation.channel) for said in turn.said)

    def _render(self, said: Said, channel: str) -> str:
        return render(said, flow=self.flow, texts=self.texts, values=self.values, channel=channel)


def _notes(coded: CodedMessage, turn: Turn) -> Iterator[str]:
    message = coded.message
    if message.command is not None:
        yield f"command: {message.command.name} {message.command.language}".rstrip()
    for alarm in message.alarms:
        yield f"safeguard: {alarm.safeguard} ({alarm.rule})"
    if message.masked:
        yield f"masked: {', '.join(message.masked)} -> {message.text}"
    for event in turn.events:
        if isinstance(event, Answered):
            how = f" ({event.reading.how}, {event.reading.score:.2f})" if event.reading else ""
            yield f"{event.position.question} = {event.value}{how}"
    for coding in coded.codings:
        yield f"category: {coding.category} {coding.score:.2f} ({coding.rule})"
    for place in coded.places:
        yield f"place: {place.code} ({place.matched_how})"
