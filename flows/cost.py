"""What a survey costs by SMS: the segments of every text as it is sent, and those of a whole conversation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.events import Said
from flows.model import Flow, Wording
from flows.wording import render
from flows.wording_checks import asked_by_sms
from text.sms import SmsSize, measure, swap_lookalikes

SMS = "sms"
_PAGE = "_page"
"""Ends the key of a text that stands on a page instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextCost:
    """One text in one language. `key` is that of a Said: ``question:NAME``, ``thanks`` or a service text's."""

    key: str
    language: str
    size: SmsSize


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationCost:
    """All that is sent in one conversation in which every reply is understood at once."""

    language: str
    route: str
    """shortest, typical or longest."""
    questions: tuple[str, ...]
    messages: int
    segments: int
    ucs2_messages: int
    """Of the messages, those that hold a character outside GSM-7."""


class Pricing:
    """Measures the texts of a flow, with the round's `values` in their places."""

    def __init__(self, flow: Flow, texts: Mapping[str, Wording], values: Mapping[str, str]) -> None:
        self._flow = flow
        self._texts = texts
        self._values = values

    def size(self, key: str, language: str) -> SmsSize:
        """Of the text as sent: filled in, look-alike characters swapped. A missing one counts in another language."""
        said = Said(key=key, language=language)
        text = render(said, flow=self._flow, texts=self._texts, values=self._values, channel=SMS)
        return measure(swap_lookalikes(text))

    def list_texts(self) -> Iterator[TextCost]:
        """Every text that can leave by SMS, in every offered and draft language that has any, in the order of the
        document."""
        for key in self._keys():
            for language in written_languages(self._flow):
                yield TextCost(key=key, language=language, size=self.size(key, language))

    def conversation(self, language: str, route: str, questions: Sequence[str]) -> ConversationCost:
        """The questions of `questions`, each in a message of its own, and the thanks."""
        sizes = [self.size(key, language) for key in (*(f"question:{name}" for name in questions), "thanks")]
        return ConversationCost(
            language=language,
            route=route,
            questions=tuple(questions),
            messages=len(sizes),
            segments=sum(size.segments for size in sizes),
            ucs2_messages=sum(size.encoding == "UCS-2" for size in sizes),
        )

    def _keys(self) -> Iterator[str]:
        for question in self._flow.questions:
            if asked_by_sms(self._flow, question):
                yield f"question:{question.name}"
                if question.constraint_message:
                    yield f"constraint:{question.name}"
        yield "thanks"
        yield from (key for key in self._texts if not key.endswith(_PAGE))


def written_languages(flow: Flow) -> tuple[str, ...]:
    """Offered languages, and the drafts that have come as far as the first question."""
    first = flow.questions[0].label
    return (*flow.languages, *(code for code in flow.draft_languages if code in first))
