"""What the chat's pages show: plain values made of a reply and of where the conversation stands. No Flask."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.channels.webchat import LANGUAGE_NAMES, Form
from bot.services.inbound import Reply
from bot.services.viewing import GivenAnswer, View
from bot.web.words import LANGUAGES, in_language
from flows.catalogue import page_words
from flows.conversation import ANSWERED, Position, Status
from flows.events import ASKED_AGAIN
from flows.model import Choice, Flow, Kind, Missing, Question
from flows.reading import Safeguard
from flows.wording import RIGHT_TO_LEFT, interpolate, with_more, with_numbers_in_order
from text.normalising import MAX_CHARACTERS

MOST_AREAS_TO_CHOOSE_FROM = 12
"""More than these are found faster by writing the name."""
MOST_IN_A_LINE = 200

_IN_A_NUMBER = re.compile(r"(?<=\d) (?=\d)")
_SAFEGUARDS = frozenset(s.value for s in Safeguard if s is not Safeguard.CRIME_REPORT)
_QUICK_EXIT = frozenset({Safeguard.SUICIDE.value, Safeguard.DOMESTIC.value, Safeguard.CHILD.value})
_SAID_INSTEAD = {
    Missing.DONT_KNOW.value: "dont_know",
    Missing.REFUSED.value: "refuse",
    Missing.SKIPPED.value: "skipped",
    Missing.WITHHELD.value: "withheld",
}
_REFUSABLE_ROLES = frozenset({"age", "gender"})


def words(language: str, flow: Flow | None = None) -> Mapping[str, str]:
    """The pages' own words: buttons, headings, explanations. `words_in` is the language that they are in.

    Those of a language that Lyhörd is not finished in come with the `flow` that offers it.
    """
    wordings = with_more(page_words(), flow.page if flow else {})
    words_in = language if all(language in wording for wording in wordings.values()) else LANGUAGES[0]
    return {**{key: wording[words_in] for key, wording in wordings.items()}, "words_in": words_in}


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


# --- the page to begin on ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class StartBlock:
    """Who asks and what becomes of the answers, in one language, above that language's button."""

    language: str
    direction: str
    title: str
    text: str
    privacy: str
    words: Mapping[str, str]


def start_blocks(flow: Flow, first: str, values: Mapping[str, str]) -> list[StartBlock]:
    """One for each language offered, `first` before the others."""
    ordered = sorted(flow.languages, key=lambda language: language != first)
    return [_start_block(flow, language, values) for language in ordered]


def _start_block(flow: Flow, language: str, values: Mapping[str, str]) -> StartBlock:
    asks = flow.questions[0] if flow.questions[0].kind is Kind.CONSENT else None
    return StartBlock(
        language=language,
        direction=direction(language),
        title=in_language(flow.title, language),
        text=interpolate(in_language(asks.label, language), values) if asks else "",
        privacy=interpolate(in_language(asks.hint, language), values) if asks else "",
        words=words(language, flow),
    )


_SCRIPT_WORDS = (
    "error", "send", "dont_know", "refuse", "skip", "back", "other_ways", "other_area", "progress", "language",
    "no_names", "empty_choice", "empty_text", "empty_refusable", "left_behind", "read_first", "phone_112",
    "survey_waits", "continue", "leave_quickly", "done", "erased", "over", "saved", "another_person", "erase",
    "erase_after", "erase_explained", "erase_here_only", "erase_now", "expired", "expired_explained", "start_again",
    "conversation", "question_was", "you_answered", "change", "keep_answer", "or_write", "chosen_now", "left",
    "no_contact", "in_a_rush", "cannot_save", "try_now", "not_taken", "fetching", "print", "memory_only",
    "own_window", "words_in", "code_wrong",
)  # fmt: skip
"""Those of the pages' words that static/chat.js says."""


def script_words(flow: Flow) -> Mapping[str, Mapping[str, str]]:
    """What the script says, by language: its words and the survey's title."""
    return {
        language: {
            "title": in_language(flow.title, language),
            "name": LANGUAGE_NAMES[language],
            "direction": direction(language),
            **_said_by_script(language, flow),
        }
        for language in flow.languages
    }


def _said_by_script(language: str, flow: Flow) -> Mapping[str, str]:
    own = words(language, flow)
    return {key: own[key] for key in _SCRIPT_WORDS}


# --- what was said -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A reply, sorted: an error belongs to the field, a safeguard stands alone, questions are drawn as forms."""

    texts: tuple[str, ...] = ()
    error: str = ""
    safeguard: str = ""
    keys: frozenset[str] = frozenset()
    is_left_behind: bool = False
    is_empty: bool = False
    """The form was sent without an answer."""
    is_look: bool = False
    """Nothing was sent: somebody looks where the conversation stands."""
    is_code: bool = False
    """A code for a telephone was asked for."""

    @property
    def may_leave_quickly(self) -> bool:
        """After S3-S5 somebody who must not see the page may be near (domain: safeguards, quick exit)."""
        return not self.keys.isdisjoint(_QUICK_EXIT)

    @property
    def has_words(self) -> bool:
        return bool(self.texts or self.safeguard)

    @property
    def is_silent(self) -> bool:
        return not (self.keys or self.is_left_behind or self.is_empty or self.is_look or self.is_code)


def heard(reply: Reply) -> Heard:
    """Sort what was said by what it is."""
    said = [
        (key, _IN_A_NUMBER.sub("\N{NO-BREAK SPACE}", text))
        for key, text in zip(reply.keys, reply.texts, strict=True)
        if not _is_question(key)
    ]
    return Heard(
        texts=tuple(text for key, text in said if not _is_error(key) and key not in _SAFEGUARDS),
        error=next((text for key, text in said if _is_error(key)), ""),
        safeguard=next((text for key, text in said if key in _SAFEGUARDS), ""),
        keys=frozenset(reply.keys),
        is_left_behind=reply.is_left_behind,
    )


def _is_question(key: str) -> bool:
    return key.startswith("question:")


def _is_error(key: str) -> bool:
    return key in ASKED_AGAIN or key.startswith("constraint:")


def end_heading(heard: Heard, view: View | None) -> str:
    """The key of the heading above the last words."""
    if "erased" in heard.keys:
        return "erased"
    if view is not None and view.is_on_phone:
        return "on_phone"
    return "done" if view is not None and view.status is Status.FINISHED else "over"


# --- the question that waits ---------------------------------------------------------------------------------------


class Widget(StrEnum):
    """How a question is drawn."""

    ONE = "one"  # radio buttons
    SEVERAL = "several"  # boxes to tick
    AREA = "area"  # radio buttons, and a line for what is not among them
    LINE = "line"
    LONG = "long"


_WIDGETS = {
    Kind.CONSENT: Widget.ONE,
    Kind.YESNO: Widget.ONE,
    Kind.SINGLE: Widget.ONE,
    Kind.SCALE: Widget.ONE,
    Kind.AGE: Widget.ONE,
    Kind.AREA: Widget.AREA,
    Kind.MULTI: Widget.SEVERAL,
    Kind.NUMBER: Widget.LINE,
    Kind.NUMBERS: Widget.LINE,
    Kind.PLACE: Widget.LINE,
    Kind.OPEN: Widget.LONG,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A choice. `value` is what its button says to the engine: the number that stands on a phone, else the label."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The waiting question, ready to be drawn. `shown` names it in the form."""

    shown: str
    widget: Widget
    label: str
    hint: str
    options: tuple[Option, ...]
    text: str
    error: str
    is_number: bool
    is_refusable: bool
    number: int
    of: int
    most: int
    """Characters that fit into the field."""
    at_most_choices: int | None


def asked(
    view: View, at: Position, question: Question, form: Form | None, heard: Heard, values: Mapping[str, str]
) -> Asked:
    """The question at `at`. What was typed or chosen stands in it again if it is the question that `form` showed."""
    again = form if _is_again(form, at, view, heard) else None
    widget = _WIDGETS[question.kind]
    options = _options(question, view.language, again.choices if again else (), view.chosen.split())
    if widget is Widget.AREA and len(options) > MOST_AREAS_TO_CHOOSE_FROM:
        widget, options = Widget.LINE, ()
    return Asked(
        shown=f"{at.question}.{at.repeat}",
        widget=widget,
        label=interpolate(in_language(question.label, view.language), values),
        hint=with_numbers_in_order(
            interpolate(in_language(question.hint, view.language), values), view.language
        ),
        options=options,
        text=again.text if again else "",
        error=_error(heard, question, words(view.language, view.flow)) if again else "",
        is_number=question.kind is Kind.NUMBER,
        is_refusable=question.role in _REFUSABLE_ROLES,
        number=view.number,
        of=view.of,
        most=MAX_CHARACTERS if widget is Widget.LONG else MOST_IN_A_LINE,
        at_most_choices=question.max_choices if widget is Widget.SEVERAL else None,
    )


def _is_again(form: Form | None, at: Position, view: View, heard: Heard) -> bool:
    return form is not None and form.shown == at and view.status is Status.ASKING and not heard.safeguard


def _options(
    question: Question, language: str, chosen: Sequence[str], answered: Sequence[str]
) -> tuple[Option, ...]:
    """Chosen is what the form said, else what stands as the answer."""
    return tuple(
        Option(
            value=(value := _value(choice, language)),
            label=in_language(choice.label, language),
            is_chosen=value in chosen if chosen else choice.name in answered,
        )
        for choice in question.choices
    )


def _value(choice: Choice, language: str) -> str:
    return choice.key or in_language(choice.label, language)


def _error(heard: Heard, question: Question, own: Mapping[str, str]) -> str:
    if heard.is_silent:
        return own["silence"]
    if not heard.is_empty:
        return heard.error
    if question.role in _REFUSABLE_ROLES:
        return own["empty_refusable"]
    return own["empty_choice" if question.choices else "empty_text"]


# --- the answers so far --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A question and what stands as its answer, in words."""

    shown: str
    label: str
    answer: str
    may_change: bool


def transcript(view: View) -> tuple[Line, ...]:
    """The answers so far, in the order of the questions. What was withheld says so and nothing else."""
    own = words(view.language, view.flow)
    return tuple(
        Line(
            shown=f"{given.position.question}.{given.position.repeat}",
            label=interpolate(in_language(given.question.label, view.language), view.values),
            answer=_in_words(given, view.language, own),
            may_change=given.may_change,
        )
        for given in view.given
    )


def _in_words(given: GivenAnswer, language: str, own: Mapping[str, str]) -> str:
    if given.value in _SAID_INSTEAD:
        return own[_SAID_INSTEAD[given.value]]
    if given.value in (ANSWERED, Missing.NOT_UNDERSTOOD):
        return given.text or own["text_forgotten"]
    labels = {choice.name: in_language(choice.label, language) for choice in given.question.choices}
    if given.value == "none" and not labels:
        return own["said_nothing"]
    said = ", ".join(labels.get(code, code) for code in given.value.split())
    return f"{said} ({given.text})" if given.text else said
