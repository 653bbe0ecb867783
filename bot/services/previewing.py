"""Everything that a survey may say, for whoever looks through it before residents do: a round's page, or a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.services.dates import retention_of
from bot.services.surveys import build_survey
from bot.services.text_sizes import MeasuredText, measured
from categories.catalogue import CURRENT, taxonomy
from flows.catalogue import service_texts
from flows.model import Choice, Flow, Question
from flows.plain_conditions import PlainConditions
from flows.wording import interpolate, with_more
from flows.wording_checks import LONGEST_VALUES, asked_by_sms
from storage import rounds
from storage.database import Sessions


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownChoice:
    """A button in the chat. `key` is its number on the phone."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownQuestion:
    """A question as it is asked. `sms` is None where SMS never reaches it.

    It is asked where all of `conditions` hold, and an answer is taken where all of `constraints` do; plain words both.
    """

    number: int
    name: str
    sms: MeasuredText | None
    chat: str
    hint: str
    choices: tuple[ShownChoice, ...]
    conditions: tuple[str, ...]
    constraints: tuple[str, ...]
    refusal: MeasuredText | None
    """What is said where a constraint does not hold."""
    turns: int
    """In a repeat: how often it is asked at the most; else 0."""
    from_round: bool
    """The choices come from the round, where there is one."""
    begins_again: bool
    """Yes goes round the repeat once more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """A flow in one language."""

    stream: str
    language: str
    is_draft: bool
    """Not offered: nobody has signed the translation off."""
    missing: int
    """Texts of the flow that are not there in a draft; another language stands in their place."""
    questions: tuple[ShownQuestion, ...]
    thanks_sms: MeasuredText
    thanks: str
    replies: tuple[MeasuredText, ...]
    """What may be said anywhere in it: to a command, to danger, to what was not understood."""
    streams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a round: offered languages by stream."""

    @property
    def dear(self) -> int:
        """Texts of more than one SMS."""
        texts = [*(q.sms for q in self.questions if q.sms), self.thanks_sms, *self.replies]
        return sum(text.size.segments > 1 for text in texts)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundTexts:
    """A round as its texts need it: flows by stream with its lists in them, values for placeholders, its settings."""

    flows: Mapping[str, Flow]
    values: Mapping[str, str]
    lists: Mapping[str, tuple[Choice, ...]]


def find_round_texts(sessions: Sessions, code: str) -> RoundTexts | None:
    """None without such a round."""
    with sessions.reading() as session:
        row = rounds.get_round(session, code)
        if row is None:
            return None
        survey = build_survey(session, row)
    return RoundTexts(
        flows={name: survey.flows[version] for name, version in survey.versions.items()},
        values={**LONGEST_VALUES, **survey.values, "D": retention_of(row).erase_until.isoformat()},
        lists=survey.lists,
    )


def find_preview(sessions: Sessions, code: str, stream: str, language: str, words_in: str) -> Preview | None:
    """Of the first stream and its default language where `stream` or `language` is not offered; None without round.

    `words_in` is the language of those who look.
    """
    texts = find_round_texts(sessions, code)
    if texts is None:
        return None
    flows = texts.flows
    flow = flows.get(stream) or flows["residents" if "residents" in flows else next(iter(flows))]
    chosen = language if language in flow.languages else flow.default_language
    streams = {name: offered.languages for name, offered in flows.items()}
    return preview_of(flow, chosen, texts.values, words_in, streams)


def preview_of(
    flow: Flow,
    language: str,
    values: Mapping[str, str],
    words_in: str,
    streams: Mapping[str, tuple[str, ...]] | None = None,
) -> Preview:
    """The flow in a language that it offers or has a draft in."""
    names = {category.id: category.name.get(words_in, category.id) for category in taxonomy(CURRENT)}
    conditions = PlainConditions(flow, words_in, names)
    return Preview(
        stream=flow.stream,
        language=language,
        is_draft=language in flow.draft_languages,
        missing=_missing(flow, language),
        questions=tuple(_questions(flow, language, values, conditions)),
        thanks_sms=_measured(flow, "thanks", {**flow.thanks, **flow.thanks_sms}, language, values),
        thanks=interpolate(_in(flow.thanks, language), values),
        replies=tuple(
            _measured(flow, key, wording, language, values)
            for key, wording in with_more(service_texts(), flow.texts).items()
            if not key.endswith("_page")
        ),
        streams=streams or {},
    )


def _questions(
    flow: Flow, language: str, values: Mapping[str, str], conditions: PlainConditions
) -> Iterator[ShownQuestion]:
    for number, question in enumerate(flow.questions, 1):
        yield ShownQuestion(
            number=number,
            name=question.name,
            sms=_measured(flow, question.name, {**question.label, **question.sms}, language, values)
            if asked_by_sms(flow, question)
            else None,
            chat=interpolate(_in(question.label, language), values),
            hint=interpolate(_in(question.hint, language), values),
            choices=tuple(
                ShownChoice(key=choice.key, label=_in(choice.label, language)) for choice in question.choices
            ),
            conditions=conditions.say(question.relevant),
            constraints=conditions.say(question.constraint),
            refusal=_measured(flow, question.name, question.constraint_message, language, values)
            if question.constraint_message
            else None,
            turns=flow.repeat_max.get(question.repeat, 0) if question.repeat else 0,
            from_round=question.from_round,
            begins_again=question.closes_repeat,
        )


def _missing(flow: Flow, language: str) -> int:
    wordings = [flow.title, flow.thanks, *(q.label for q in flow.questions), *_choice_labels(flow.questions)]
    return sum(language not in wording for wording in wordings if wording)


def _choice_labels(questions: tuple[Question, ...]) -> Iterator[Mapping[str, str]]:
    for question in questions:
        if not question.from_round:
            yield from (choice.label for choice in question.choices)


def _measured(
    flow: Flow, name: str, wording: Mapping[str, str], language: str, values: Mapping[str, str]
) -> MeasuredText:
    return measured(flow.stream, name, language, _in(wording, language), values)


def _in(wording: Mapping[str, str], language: str) -> str:
    return wording.get(language) or next(iter(wording.values()), "")
