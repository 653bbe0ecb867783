"""A turn in the making: the state so far and the events so far. What the engine's other modules build on."""

from collections.abc import Set
from dataclasses import replace

from flows.conversation import Conversation, Position, Status
from flows.events import Answered, Event, LeftPath, Said, Turn
from flows.model import Flow, Missing
from flows.path import derived, first_off_path, first_unanswered, has_answers_behind, next_position
from flows.reading import ReadMessage

_NO_CODE = frozenset(Missing)


class Turning:
    """A turn in the making: the state so far and the events so far. Lives for one call."""

    def __init__(self, flow: Flow, conversation: Conversation) -> None:
        self.flow = flow
        self.conversation = conversation
        self.events: list[Event] = []

    @property
    def language(self) -> str:
        return self.conversation.language

    def turn(self) -> Turn:
        return Turn(conversation=self.conversation, events=tuple(self.events))

    def note(self, event: Event) -> "Turning":
        self.events.append(event)
        return self

    def say(self, key: str, **values: str) -> "Turning":
        return self.note(Said(key=key, language=self.language, values=values))

    def become(self, **changes: object) -> "Turning":
        self.conversation = replace(self.conversation, **changes)  # type: ignore[arg-type]
        return self

    def go_to(self, position: Position | None) -> "Turning":
        """Ask the question there; None ends the survey."""
        if position is None:
            self.become(status=Status.FINISHED, at=None, tries=0, asked_back="")
            return self.say("thanks", **_meeting_code(self.flow, self.conversation))
        self.become(status=Status.ASKING, at=position, tries=0, asked_back="")
        return self.say(f"question:{position.question}")

    def go_on(self) -> "Turning":
        """The next question; once an earlier answer was taken up again, the first that has none."""
        if self.conversation.changing:
            return self.go_to(first_unanswered(self.flow, self.conversation))
        return self.go_to(next_position(self.flow, self.conversation, self.conversation.at))

    def continue_survey(self) -> "Turning":
        """The question asked last once more, or the next one where that was answered by a safeguard."""
        at = self.conversation.at
        if at is not None and self.conversation.answers.get(at) == Missing.WITHHELD:
            return self.go_on()
        return self.go_to(at)

    def answer(self, answered: Answered, message: ReadMessage | None = None) -> "Turning":
        """Keep the answer in the state, and drop what left the path with it."""
        replaced = answered.position in self.conversation.answers
        kept = self._without(derived(answered.position)) if replaced else self.conversation.answers
        answers = {**kept, answered.position: answered.value}
        if answered.coded and message is not None:
            name, repeat = answered.position
            answers[Position(f"{name}_category", repeat)] = " ".join(message.categories)
            answers[Position(f"{name}_place", repeat)] = " ".join(message.places)
        self.become(answers=answers).note(replace(answered, replaces=True) if replaced else answered)
        if has_answers_behind(self.flow, self.conversation, answered.position):
            self._drop_off_path()
        return self

    def _drop_off_path(self) -> None:
        left: list[Position] = []
        while (position := first_off_path(self.flow, self.conversation)) is not None:
            left.append(position)
            self.become(answers=self._without({position, *derived(position)}))
        if left:
            self.note(LeftPath(positions=tuple(left)))

    def _without(self, positions: Set[Position]) -> dict[Position, str]:
        return {p: value for p, value in self.conversation.answers.items() if p not in positions}


def _meeting_code(flow: Flow, conversation: Conversation) -> dict[str, str]:
    """The code of the meeting that was noted, for the texts that name it; "?" where it was not told."""
    asked = next((q.name for q in flow.questions if q.role == "meeting"), None)
    if asked is None:
        return {}
    code = conversation.answers.get(Position(asked, 0)) or conversation.given.get("place_code", "")
    if code in _NO_CODE:
        return {"KOD": "?"}
    return {"KOD": code} if code else {}
