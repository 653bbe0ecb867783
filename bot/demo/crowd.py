"""Lets invented people answer through the webhook, in a thread of its own, and tells how far it has come."""

import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bot.demo.gateway import NotDelivered, SimulatedGateway
from bot.demo.people import Person, employees, note_takers, residents
from flows.catalogue import flow_names, load_document
from flows.parsing import parse_flow

RESIDENTS, EMPLOYEES, MEETINGS = 300, 12, ("MOTE1", "MOTE2")
MOST_MESSAGES = 200
"""A person who is asked more than this is stuck."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the crowd has come. `error` is empty as long as all is well."""

    people: int = 0
    done: int = 0
    messages: int = 0
    is_running: bool = False
    error: str = ""


_PLACEHOLDER = re.compile(r"\[[A-ZÅÄÖ]+\]")


class Crowd:
    """One crowd for each process. Safe for threads."""

    def __init__(self, gateway: SimulatedGateway, recipient: str) -> None:
        self._gateway = gateway
        self._recipient = recipient
        self._questions = _recognisable_questions()
        self._lock = threading.Lock()
        self._progress = Progress()

    def progress(self) -> Mapping[str, object]:
        return asdict(self._progress)

    def start(self) -> bool:
        """Begin, unless it is under way or has been here. Whether it began."""
        with self._lock:
            if self._progress.people:
                return False
            people = [
                *note_takers(MEETINGS),
                *employees(EMPLOYEES, seed=2),
                *residents(RESIDENTS, seed=1),
            ]
            self._progress = Progress(people=len(people), is_running=True)
        threading.Thread(target=self.run, args=(people,), daemon=True).start()
        return True

    def run(self, people: list[Person]) -> None:
        """Let each answer in turn; stops with a sentence in `error` where the webhook does not take a message."""
        done = messages = 0
        try:
            for person in people:
                messages += self._converse(person)
                done += 1
                self._progress = Progress(len(people), done, messages, is_running=True)
            self._progress = Progress(len(people), done, messages)
        except NotDelivered as error:
            self._progress = Progress(len(people), done, messages, error=str(error))

    def _converse(self, person: Person) -> int:
        text: str | None = person.first_text
        for count in range(MOST_MESSAGES):
            if text is None:
                return count
            replies = self._gateway.send(sender=person.number, recipient=self._recipient, text=text)
            question = self._question_in(" ".join(replies))
            text = person.answers(question) if question else None
        return MOST_MESSAGES

    def _question_in(self, reply: str) -> str:
        """The question that the reply asks: the one whose words stand last in it."""
        found = [(reply.rfind(words), name) for words, name in self._questions if words in reply]
        return max(found)[1] if found else ""


def _recognisable_questions() -> list[tuple[str, str]]:
    """Words by which each question is known, in every language, with its name."""
    flows = [parse_flow(load_document(name).document).flow for name in flow_names()]
    questions = [question for flow in flows if flow for question in flow.questions]
    return [
        (_longest_part(text), question.name)
        for question in questions
        for text in (question.sms or question.label).values()
    ]


def _longest_part(text: str) -> str:
    """The longest stretch without a placeholder, which is filled in what a phone gets."""
    return max(_PLACEHOLDER.split(text), key=len)[:60].strip()
