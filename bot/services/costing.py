"""What the SMS of a survey cost: its texts, and its shortest, a typical and its longest conversation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.services.publishing import EXAMPLE_VALUES
from bot.services.viewing import path_to_the_end
from flows.catalogue import service_texts
from flows.conversation import Conversation
from flows.cost import SMS, ConversationCost, Pricing, TextCost, written_languages
from flows.model import Flow
from flows.routes import find_routes
from flows.wording_checks import LONGEST_VALUES

ASSUMPTIONS = (
    "Counted is what is sent: one message for each question and one for the thanks. Every reply is understood at once; "
    "asking again, commands, safeguards and reminders come on top.",
    "Not counted: what the provider takes for receiving and for the number. Residents pay for their own messages.",
    "Shortest and longest are over all answers and settings of a round that decide what is asked. Typical is the first "
    "choice everywhere, no optional question, no further turn of a repeat.",
    "Texts hold example values for the round's own, as in lyhord flow check.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowCost:
    """`conversations` lack shortest and longest where the questions hang together in too many ways."""

    flow: str
    texts: tuple[TextCost, ...]
    conversations: tuple[ConversationCost, ...]


def cost_of(flow: Flow) -> FlowCost:
    """Segments of a flow that has no errors."""
    pricing = Pricing(flow, service_texts(), {**LONGEST_VALUES, **EXAMPLE_VALUES})
    conversations = [
        pricing.conversation(language, route, questions)
        for language in written_languages(flow)
        for route, questions in list_routes(flow, SMS, _segments(pricing, language))
    ]
    return FlowCost(flow=flow.id, texts=tuple(pricing.list_texts()), conversations=tuple(conversations))


def cost_document(cost: FlowCost, price_ore: float | None) -> Mapping[str, Any]:
    """For a program: every figure, and öre where there is a price for a segment."""
    return {
        "flow": cost.flow,
        "price_ore_per_segment": price_ore,
        "texts": [
            {
                "key": text.key,
                "language": text.language,
                **asdict(text.size),
                "ore": _ore(text.size.segments, price_ore),
            }
            for text in cost.texts
        ],
        "conversations": [
            {**asdict(conversation), "ore": _ore(conversation.segments, price_ore)}
            for conversation in cost.conversations
        ],
    }


def list_routes(
    flow: Flow, channel: str, weigh: Callable[[str], int]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """``shortest``, ``typical`` and ``longest`` with the questions that are asked; see ASSUMPTIONS."""
    found = find_routes(flow, channel, weigh)
    if found is not None:
        yield "shortest", found.shortest
    yield "typical", _typical(flow, channel)
    if found is not None:
        yield "longest", found.longest


def _segments(pricing: Pricing, language: str) -> Callable[[str], int]:
    return lambda name: pricing.size(f"question:{name}", language).segments


def _typical(flow: Flow, channel: str) -> tuple[str, ...]:
    given = {hidden.name: "no" if hidden.name.startswith("ask_") else "" for hidden in flow.hidden}
    begun = Conversation(
        flow=flow.id,
        version=flow.version,
        language=flow.default_language,
        channel=channel,
        given={**given, "channel": channel},
    )
    return tuple(position.question for position in path_to_the_end(flow, begun))


def _ore(segments: int, price_ore: float | None) -> float | None:
    return None if price_ore is None else round(segments * price_ore, 2)
