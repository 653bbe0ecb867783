"""The whole script of a survey at once: every language, the ways through it, the commands that are understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.services.costing import list_routes
from bot.services.previewing import Preview, preview_of
from flows.catalogue import service_texts, words
from flows.cost import SMS, Pricing
from flows.model import Flow
from flows.reading import CommandName

CHAT = "chat"
_WORDS_SHOWN = 4
_SPECIAL = frozenset("|?")
"""In phrases that are patterns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A way through the survey: the numbers of its questions in order. By SMS also what is sent, thanks included."""

    channel: str
    route: str
    questions: tuple[int, ...]
    messages: int = 0
    segments: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenCommand:
    """A command with some of the words that it is known by, by language."""

    name: str
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """`languages` are the offered ones, the default first, then the drafts."""

    title: str
    flow: str
    version: str
    stream: str
    languages: tuple[Preview, ...]
    ways: tuple[Way, ...]
    commands: tuple[SpokenCommand, ...]

    @property
    def dear(self) -> int:
        return sum(language.dear for language in self.languages)


def script_of(flow: Flow, values: Mapping[str, str], words_in: str) -> Script:
    """Of a flow that has no errors. `values` fill the texts; `words_in` is the language of those who look."""
    spoken = (*flow.languages, *flow.draft_languages)
    return Script(
        title=flow.title.get(words_in) or next(iter(flow.title.values()), flow.id),
        flow=flow.id,
        version=flow.version,
        stream=flow.stream,
        languages=tuple(preview_of(flow, language, values, words_in) for language in spoken),
        ways=(*_ways_by_sms(flow, values), *_ways_in_chat(flow)),
        commands=tuple(_commands(spoken)),
    )


def _ways_by_sms(flow: Flow, values: Mapping[str, str]) -> Iterator[Way]:
    """In the default language."""
    pricing, language = Pricing(flow, service_texts(), values), flow.default_language
    for route, names in list_routes(
        flow, SMS, lambda name: pricing.size(f"question:{name}", language).segments
    ):
        cost = pricing.conversation(language, route, names)
        yield Way(
            channel=SMS,
            route=route,
            questions=_numbers(flow, names),
            messages=cost.messages,
            segments=cost.segments,
        )


def _ways_in_chat(flow: Flow) -> Iterator[Way]:
    for route, names in list_routes(flow, CHAT, lambda name: 1):
        yield Way(channel=CHAT, route=route, questions=_numbers(flow, names))


def _numbers(flow: Flow, names: Sequence[str]) -> tuple[int, ...]:
    numbers = {question.name: number for number, question in enumerate(flow.questions, 1)}
    return tuple(numbers[name] for name in names)


def _commands(languages: Sequence[str]) -> Iterator[SpokenCommand]:
    """Single phrases as they stand in the word list; the names of languages are commands of their own."""
    listed = words("commands")["commands"]
    for command in CommandName:
        if command.value in listed and command is not CommandName.TEST:
            known = listed[command.value]
            yield SpokenCommand(
                name=command.value,
                words={
                    language: tuple(
                        phrase for phrase in known[language]["phrases"] if not _SPECIAL & {*phrase}
                    )[:_WORDS_SHOWN]
                    for language in languages
                    if language in known
                },
            )
