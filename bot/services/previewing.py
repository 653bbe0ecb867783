"""Everything that a survey may say, for whoever looks through it before residents do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.services.dates import retention_of
from bot.services.surveys import build_survey
from bot.services.text_sizes import MeasuredText, measured
from bot.services.viewing import path_to_the_end
from flows.catalogue import service_texts
from flows.conversation import Conversation
from flows.model import Flow
from flows.wording import interpolate, with_more
from flows.wording_checks import LONGEST_VALUES, asked_by_sms
from storage import rounds
from storage.database import Sessions


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownQuestion:
    """A question as it is asked. `sms` is None where SMS never reaches it. `choices` are the chat's buttons."""

    name: str
    sms: MeasuredText | None
    chat: str
    hint: str
    choices: tuple[str, ...]
    is_conditional: bool
    """Asked only after certain answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """A stream of a round in one language."""

    stream: str
    language: str
    streams: Mapping[str, tuple[str, ...]]
    """Offered languages by stream."""
    questions: tuple[ShownQuestion, ...]
    thanks_sms: MeasuredText
    thanks: str
    replies: tuple[MeasuredText, ...]
    """What may be said anywhere in it: to a command, to danger, to what was not understood."""

    @property
    def dear(self) -> int:
        """Texts of more than one SMS."""
        texts = [*(q.sms for q in self.questions if q.sms), self.thanks_sms, *self.replies]
        return sum(text.size.segments > 1 for text in texts)


def find_preview(sessions: Sessions, code: str, stream: str, language: str) -> Preview | None:
    """Of the first stream and its default language where `stream` or `language` is not offered; None without round."""
    with sessions.reading() as session:
        row = rounds.get_round(session, code)
        if row is None:
            return None
        survey = build_survey(session, row)
    flows = {name: survey.flows[version] for name, version in survey.versions.items()}
    flow = flows.get(stream) or flows["residents" if "residents" in flows else next(iter(flows))]
    chosen = language if language in flow.languages else flow.default_language
    values = {**LONGEST_VALUES, **survey.values, "D": retention_of(row).erase_until.isoformat()}
    return Preview(
        stream=flow.stream,
        language=chosen,
        streams={name: offered.languages for name, offered in flows.items()},
        questions=tuple(_questions(flow, chosen, values, _usual(flow, survey.given))),
        thanks_sms=_measured(flow, "thanks", {**flow.thanks, **flow.thanks_sms}, chosen, values),
        thanks=interpolate(_in(flow.thanks, chosen), values),
        replies=tuple(
            _measured(flow, key, wording, chosen, values)
            for key, wording in with_more(service_texts(), flow.texts).items()
            if not key.endswith("_page")
        ),
    )


def _questions(
    flow: Flow, language: str, values: Mapping[str, str], usual: frozenset[str]
) -> Iterator[ShownQuestion]:
    for question in flow.questions:
        yield ShownQuestion(
            name=question.name,
            sms=_measured(flow, question.name, {**question.label, **question.sms}, language, values)
            if asked_by_sms(flow, question)
            else None,
            chat=interpolate(_in(question.label, language), values),
            hint=interpolate(_in(question.hint, language), values),
            choices=tuple(_in(choice.label, language) for choice in question.choices),
            is_conditional=question.name not in usual,
        )


def _usual(flow: Flow, given: Mapping[str, str]) -> frozenset[str]:
    """Names of the questions on an ordinary way through, by SMS or in the chat."""
    ways = (
        path_to_the_end(
            flow,
            Conversation(
                flow=flow.id,
                version=flow.version,
                language=flow.default_language,
                channel=channel,
                given={**given, "channel": channel, "place_code": ""},
            ),
        )
        for channel in ("sms", "chat")
    )
    return frozenset(position.question for way in ways for position in way)


def _measured(
    flow: Flow, name: str, wording: Mapping[str, str], language: str, values: Mapping[str, str]
) -> MeasuredText:
    return measured(flow.stream, name, language, _in(wording, language), values)


def _in(wording: Mapping[str, str], language: str) -> str:
    return wording.get(language) or next(iter(wording.values()), "")
