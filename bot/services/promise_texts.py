"""Promises as plain text to paste: into the promise template of the police's method support, as feedback to those who
answered, and as drafts of text messages. Nothing is sent from here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from summary.promises import Promised, goal_of, result_of
from summary.wording import Words
from text.sms import SmsSize, measure, swap_lookalikes

_TEXTS: Mapping[str, tuple[str, str]] = {
    "problem": ("Problem", "Problem"),
    "area": ("Plats", "Place"),
    "everywhere": ("hela kommunen", "the whole municipality"),
    "wording": ("Löfte", "Promise"),
    "owner": ("Ansvarig", "Responsible"),
    "co_actors": ("Medverkande", "Takes part"),
    "goal": ("Antal", "Number"),
    "indicator": ("Mäts genom", "Measured by"),
    "deadline": ("Senast", "No later than"),
    "result": ("Resultat", "Result"),
    "heading": ("Det här har ni sagt, det här gör vi", "This is what you said, this is what we do"),
    "line": ("{label}: {text}", "{label}: {text}"),
    "you_said": ("Ni har sagt: {problem}", "You said: {problem}"),
    "you_said_at": ("Ni har sagt: {problem} ({area})", "You said: {problem} ({area})"),
    "we_promised": ("Vi lovade: {wording}", "We promised: {wording}"),
    "we_do": ("Vi gör: {wording}", "We do: {wording}"),
    "who_when": ("Ansvarig: {owner}. Senast {day}.", "Responsible: {owner}. No later than {day}."),
    "it_was_kept": ("Så gick det: vi höll löftet.", "What came of it: we kept the promise."),
    "it_was_partly_kept": (
        "Så gick det: vi höll en del av löftet.",
        "What came of it: we kept a part of it.",
    ),
    "it_was_not_kept": ("Så gick det: vi höll inte löftet.", "What came of it: we did not keep it."),
    "sms_one": (
        "Tack för ditt svar om trygghet till {municipality}. Nu finns 1 löfte om vad som ska göras, av vem och när: "
        "{page}",
        "Thank you for answering {municipality} on safety. There is now 1 promise: what will be done, by whom, when: "
        "{page}",
    ),
    "sms_all": (
        "Tack för ditt svar om trygghet till {municipality}. Nu finns {count} löften om vad som ska göras, av vem och "
        "när: {page}",
        "Thank you for answering {municipality} on safety. There are now {count} promises: what will be done, by whom, "
        "when: {page}",
    ),
    "sms_settled": (
        "Tack för ditt svar om trygghet till {municipality}. Nu kan du läsa hur det gick med löftena: {page}",
        "Thank you for answering {municipality} on safety. Now you can read what came of the promises: {page}",
    ),
    "sms_each": (
        "{municipality}: {wording} Senast {day}. {page}",
        "{municipality}: {wording} By {day}. {page}",
    ),
    "sms_outcome": (
        "{municipality} lovade: {wording} {said} {page}",
        "{municipality} promised: {wording} {said} {page}",
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsDraft:
    """A text as it would be sent, and what it costs."""

    text: str
    size: SmsSize


def template_text(promises: Iterable[Promised], names: Mapping[str, str], language: str) -> str:
    """Each promise as labelled lines; what is not decided has an empty line to fill in. `names`: problems by code."""
    words = Words(language, _TEXTS)
    return "\n\n".join(_labelled(each, names, words) for each in promises)


def feedback_text(promises: Sequence[Promised], names: Mapping[str, str], language: str) -> str:
    """What was said and what is done or was done, of promises that can be followed up; empty where there are none."""
    words = Words(language, _TEXTS)
    told = [_told(each, names, words) for each in promises if each.is_whole]
    return "\n\n".join([words("heading"), *told]) if told else ""


def sms_drafts(
    promises: Sequence[Promised], municipality: str, page: str, language: str
) -> tuple[SmsDraft, ...]:
    """One about all promises that can be followed up, then one for each; none where there are none."""
    words = Words(language, _TEXTS)
    whole = [each for each in promises if each.is_whole]
    if not whole:
        return ()
    to_do = sum(each.status.is_open for each in whole)
    key = "sms_all" if to_do > 1 else "sms_one" if to_do else "sms_settled"
    texts = [words(key, municipality=municipality, count=to_do, page=page)]
    texts += [_in_sms(each, municipality, page, words) for each in whole]
    return tuple(SmsDraft(text=text, size=measure(text)) for text in map(swap_lookalikes, texts))


def _in_sms(promise: Promised, municipality: str, page: str, words: Words) -> str:
    wording = _ended(promise.wording)
    if promise.status.is_open and promise.deadline:
        day = words.day(promise.deadline)
        return words("sms_each", municipality=municipality, wording=wording, day=day, page=page)
    said = _outcome(promise, words)
    return words("sms_outcome", municipality=municipality, wording=wording, said=said, page=page)


def _labelled(promise: Promised, names: Mapping[str, str], words: Words) -> str:
    lines = {
        "problem": names.get(promise.problem, promise.problem),
        "area": promise.area or words("everywhere"),
        "wording": promise.wording,
        "owner": promise.owner,
        "co_actors": promise.co_actors,
        "goal": goal_of(promise, words.language),
        "indicator": promise.indicator,
        "deadline": words.day(promise.deadline) if promise.deadline else "",
        "result": result_of(promise, words.language),
    }
    return "\n".join(words("line", label=words(key), text=text).rstrip() for key, text in lines.items())


def _told(promise: Promised, names: Mapping[str, str], words: Words) -> str:
    problem = names.get(promise.problem, promise.problem)
    said = words("you_said_at" if promise.area else "you_said", problem=problem, area=promise.area)
    if promise.status.is_open and promise.deadline:
        does = words("we_do", wording=promise.wording)
        return f"{said}\n{does}\n{words('who_when', owner=promise.owner, day=words.day(promise.deadline))}"
    return f"{said}\n{words('we_promised', wording=promise.wording)}\n{_outcome(promise, words)}"


def _outcome(promise: Promised, words: Words) -> str:
    result = result_of(promise, words.language)
    return " ".join(filter(None, [words(f"it_was_{promise.status}"), _ended(result) if result else ""]))


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
