"""Checks of single wordings: SMS segments, placeholders, the numbers in front of choices, words that collide."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import Protocol

from flows.conditions import compile_expression
from flows.documents import Path, Severity
from flows.model import Choice, Flow, Kind, Question, Wording
from flows.reachability import can_hold
from flows.wording import interpolate
from text.folding import folded, words
from text.normalising import for_matching
from text.sms import measure, room_in, swap_lookalikes

LONGEST_VALUES: Mapping[str, str] = {
    "K": "K" * 22,  # Örnsköldsviks kommun is 20
    "U": "u" * 20,
    "D": "30 september",
    "T": "0647-16 10 00",
    "ORT": "Undersåker",
    "VÄG": "Strandvägen",
    "KOD": "MOTE1234",
    "ORD": "TRYGGHET",
    "ANTAL": "10",
    "A": "Undersåker by",
    "B": "Storlien fjäll",
    "N": "3",
    "SPRÅK": "SVENSKA, ENGLISH, SUOMI, ARABISKA, SOOMAALI, NORSK",
}
"""Placeholder values as long as they usually get; a round's own go before them."""

BUDGETS: Mapping[str, int] = {"fi": 2, "so": 2, "ar": 3, "sma": 3}
"""Most segments of a text by language; one in all others. Finnish and Somali say the same in a fifth more letters than
Swedish. Arabic, in fewer, has room for 70 characters in the first SMS and 67 in each that follows; so has South Sami,
in as many letters as Finnish, for its ï (decision 0027)."""

IN_UCS2 = frozenset({"ar", "sma"})
"""Languages whose letters make every SMS one of 70 characters."""

_PLACEHOLDER = re.compile(r"\[([A-ZÅÄÖ]+)\]")
_ANSWER = re.compile(r"\$\{([^{}]*)\}")
_NUMBER = re.compile(r"(?<!\S)([0-9]{1,3})(?=\s)")
_ON_PAGE = "_page"
"""Ends the key of a text that stands on a page and leaves by no SMS."""
_NUMBERED_KINDS = frozenset({Kind.YESNO, Kind.SINGLE, Kind.SCALE, Kind.AGE, Kind.MULTI})


IsCommand = Callable[[str, str], bool]
"""Whether a reply, in a conversation in that language, is an instruction to us instead."""


class Report(Protocol):
    """How a check tells what it found."""

    def __call__(
        self, code: str, path: Path, message: str, advice: str, severity: Severity = Severity.ERROR
    ) -> None: ...


def check_sms_texts(
    report: Report, flow: Flow, texts: Mapping[str, Wording], values: Mapping[str, str]
) -> None:
    """Segment budgets and placeholders of all that goes out by SMS, and the numbers of choices."""
    known = {*flow.languages, *flow.draft_languages}
    for path, wording in sms_wordings(flow, texts):
        for language, text in wording.items():
            if language in known and not str(path[-1]).endswith(_ON_PAGE):
                _check_size(report, (*path, language), text, values)
    for question in flow.questions:
        if question.kind in _NUMBERED_KINDS and not question.from_round and question.choices:
            for language, text in question.sms.items():
                _check_numbers(report, ("survey", question.name, "sms", language), text, question, language)


def check_choices(report: Report, flow: Flow, is_command: IsCommand) -> None:
    """Words of choices that are commands, or that two choices of a list share."""
    lists = {question.list_name: question.choices for question in flow.questions if question.choices}
    for name, choices in lists.items():
        for language in (*flow.languages, *flow.draft_languages):
            owners: dict[str, Choice] = {}
            for choice in choices:
                path: Path = ("choices", name, choice.name)
                for word in _words_of(choice, language):
                    _check_word(report, path, word, choice, owners)
                    if is_command(word, language):
                        advice = "Use another word: the reply would be taken for a command."
                        report("reserved_word", path, f"{word!r} is a command", advice)


def sms_wordings(flow: Flow, texts: Mapping[str, Wording]) -> Iterator[tuple[Path, Wording]]:
    """What is sent by SMS: the sms column, or the label of a question that SMS may reach."""
    for question in flow.questions:
        path: Path = ("survey", question.name)
        yield (*path, "sms"), question.sms
        if asked_by_sms(flow, question):
            yield (
                (*path, "label"),
                {language: text for language, text in question.label.items() if language not in question.sms},
            )
        yield (*path, "constraint_message"), question.constraint_message
    yield ("survey", "thanks", "sms"), {**flow.thanks, **flow.thanks_sms}
    for key, wording in texts.items():
        yield ("texts", key), wording


def check_placeholders(
    report: Report, path: Path, wording: Wording, flow: Flow, values: Mapping[str, str]
) -> None:
    """What stands in a text to be filled in, and nothing fills it."""
    for language, text in wording.items():
        if language not in flow.languages:
            continue
        for name in _PLACEHOLDER.findall(interpolate(text, values)):
            advice = f"Known placeholders are {', '.join(f'[{known}]' for known in values)}."
            report("unknown_placeholder", (*path, language), f"nothing fills [{name}]", advice)
        for name in _ANSWER.findall(text):
            advice = "Word it so that it fits every answer, or ask a question for each with relevant."
            message = f"an answer cannot be put into a text: ${{{name}}}"
            report("answer_in_text", (*path, language), message, advice)


def asked_by_sms(flow: Flow, question: Question) -> bool:
    """Whether SMS may reach the question."""
    if not question.relevant:
        return True
    return can_hold(compile_expression(question.relevant), flow, given={"channel": "sms"})


def _check_size(report: Report, path: Path, text: str, values: Mapping[str, str]) -> None:
    size = measure(swap_lookalikes(interpolate(text, values)))  # as it is sent
    most = BUDGETS.get(str(path[-1]), 1)
    if size.segments > most:
        room = room_in(most, size.encoding)
        message = f"the SMS takes {size.segments} segments ({size.units} of {room} {size.encoding} units)"
        advice = f"Shorten it by {size.units - room}."
        if size.costly:
            advice += f" These cost most: {' '.join(size.costly)}"
        report("over_budget", path, message, advice, Severity.WARNING)


def _check_numbers(report: Report, path: Path, text: str, question: Question, language: str) -> None:
    """Whether ``1 Bor här 2 Jobbar`` numbers the choices as their keys do."""
    numbered = _numbered(text)
    keys = [choice.key for choice in _in_order(question.choices)]
    if question.kind is Kind.YESNO and not {*keys} & {key for key, _ in numbered}:
        return
    found = iter([key for key, _ in numbered])
    missing = [key for key in keys if key not in found]  # `in` consumes: the keys must come in this order
    if missing:
        message = f"the text does not name the choice with the key {missing[0]}, or not in order"
        report("choice_numbers", path, message, "Write every choice as its key, a space and its words.")
    beyond = str(max(int(key) for key in keys) + 1)
    if not missing and beyond in [key for key, _ in numbered][-2:]:
        advice = "Take it out of the text, or add the choice to the list."
        report("choice_numbers", path, f"the text names {beyond}, which is no choice", advice)
    for key, words_behind in numbered:
        _check_number(report, path, key, words_behind, question, language)


def _check_number(
    report: Report, path: Path, key: str, words_behind: str, question: Question, language: str
) -> None:
    """Whether the words behind a number are those of another choice."""
    labels = {choice.key: _plain(choice.label.get(language, "")) for choice in question.choices}
    own = labels.get(key, "")
    if not own or _begin_alike(words_behind, own):
        return
    for other, label in labels.items():
        if label and _begin_alike(words_behind, label):
            advice = f"The list says {other} for it. Change the text or the keys."
            report("choice_numbers", path, f"the text gives {key} to the choice with the key {other}", advice)


def _begin_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _numbered(text: str) -> list[tuple[str, str]]:
    """The free-standing numbers of a text, each with the words up to the next, folded."""
    marks = [*_NUMBER.finditer(text)]
    found = []
    for mark, following in zip_longest(marks, marks[1:]):
        end = following.start() if following else len(text)
        found.append((mark[1], _plain(text[mark.end() : end])))
    return found


def _in_order(choices: tuple[Choice, ...]) -> list[Choice]:
    """By key; 0 stands last on a phone."""
    return sorted(choices, key=lambda choice: (int(choice.key) == 0, int(choice.key)))


def _words_of(choice: Choice, language: str) -> Iterator[str]:
    yield choice.key
    if language in choice.label:
        yield choice.label[language]
    yield from choice.synonyms.get(language, ())


def _check_word(
    report: Report,
    path: Path,
    word: str,
    choice: Choice,
    owners: dict[str, Choice],
) -> None:
    plain = _plain(word)
    owner = owners.setdefault(plain, choice)
    if owner is not choice:
        message = f"{word!r} cannot be told from a word of the choice {owner.name}"
        report("choices_collide", path, message, "Give each word to one choice only.")


def _plain(text: str) -> str:
    return " ".join(words(folded(for_matching(text))))
