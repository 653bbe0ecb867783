"""``lyhord explain``: what the program sees in one message, and which rule saw it. Keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from flows.model import Kind
from text.normalising import clean, for_matching

if TYPE_CHECKING:
    from bot.services.reading import MessageReader
    from flows.learned import Heard

_OFFERED = ("sv", "en", "fi", "ar", "so")
_WEIGHTIEST = 6
"""How many words are shown with what the learned layer's score owes to each."""


@click.command()
@click.argument("text")
@click.option("--language", default="sv", show_default=True, help="The language that the survey is held in.")
@click.option(
    "--answers", metavar="FLOW:QUESTION", help="Also as a reply to that question, as residents:safety."
)
@click.option(
    "--measure", is_flag=True, help="Code it as an answer to what should be done, not what is wrong."
)
def explain(text: str, language: str, answers: str | None, measure: bool) -> None:
    """Show how TEXT is read: command, safeguards, masking, language and categories, each with its rule, and as a
    reply to a question: what was understood, in which way and how surely (0 to 1).

    Places are not shown: they belong to a round.
    """
    from bot.services.shipped import load_reader

    reader = load_reader()
    cleaned = clean(text)
    _print("normalised", [for_matching(cleaned)])
    _print("command", _commands(reader, cleaned, language))
    _print(
        "safeguards",
        [f"{alarm.safeguard.value}  by {alarm.rule}" for alarm in reader.safeguards.notice(cleaned)],
    )
    distress, commands = reader.safeguards.layer, reader.commands.layer
    _print("distress", _heard(distress.explain(cleaned), distress.threshold))
    _print("asks us", _heard(commands.explain(cleaned), commands.sure))
    redacted = reader.redactor.redact(cleaned)
    _print("stored as", [redacted.text])
    _print("masked", redacted.masked)
    noticed = reader.languages.notice(cleaned, _OFFERED)
    certainty = "sure" if noticed.sure else "not sure"
    _print("language", [f"{noticed.language}  by {noticed.how}, {certainty}"] if noticed.language else [])
    if answers:
        _print("reply", _reply(answers, redacted.text, language))
    _print("categories", _categories(reader, redacted.text, measure))


def _commands(reader: MessageReader, text: str, language: str) -> list[str]:
    """The command by where the message stands: a word may be an answer to an open question only."""
    found = []
    for where, asked in (("at a closed question", Kind.SINGLE), ("at an open question", Kind.OPEN)):
        command = reader.commands.read(text, language=language, asked=asked)
        if command:
            doubt = "" if command.sure else ", asks back"
            found.append(f"{command.name.value} {command.language}".strip() + f"  {where}{doubt}")
    return found


def _heard(heard: Heard | None, threshold: float) -> list[str]:
    """What a learned layer hears, whether or not the rules were silent and it was asked."""
    if heard is None:
        return []
    sign = ">=" if heard.score >= threshold else "<"
    hangs = [f"  {word}  {weight:+.2f}" for word, weight in heard.words[:_WEIGHTIEST]]
    return [f"{heard.score:.2f} {sign} {threshold:.2f}  if any, {heard.kind}", *hangs]


def _reply(answers: str, text: str, language: str) -> list[str]:
    """What `text` is read as at the question of a packaged flow. The round's areas are not known here."""
    from flows import catalogue
    from flows.answers import ReplyReader
    from flows.parsing import parse_flow

    name, _, asked = answers.partition(":")
    try:
        flow = parse_flow(catalogue.load_document(name).document).flow
        question = flow.question(asked) if flow else None
    except KeyError:
        question = None
    if question is None:
        raise click.BadParameter(
            f"no question is called {answers!r}; residents:safety is one", param_hint="--answers"
        )
    replies = ReplyReader(partial(catalogue.words, "replies"))
    reading = replies.read(question, text, language, this_year=datetime.now(UTC).year)
    found = [reading.outcome.value, *reading.values]
    lines = [f"{' '.join(found)}  by {reading.how or 'nothing found'}, {reading.score:.2f}"]
    lines += [f"  remark: {reading.remark}"] if reading.remark else []
    return lines + ([f"  between: {' '.join(reading.candidates)}"] if reading.candidates else [])


def _categories(reader: MessageReader, text: str, measure: bool) -> list[str]:
    explanation = reader.coder.explain(text, field="measure" if measure else "problem")
    codings = [
        f"{coding.category}  {coding.score:.2f}  by {coding.rule}{'  (praise)' if coding.positive else ''}"
        for coding in explanation.codings
    ]
    matches = [
        f"  fired: {match.category}  {' '.join(match.words)}  {match.weight:.2f}  {match.note}".rstrip()
        for match in explanation.matches
    ]
    return [*codings, *matches, *(f"  border: {rule}" for rule in explanation.moved)]


def _print(title: str, lines: Sequence[str]) -> None:
    for number, line in enumerate(lines or ["-"]):
        click.echo(f"{title if number == 0 else '':12}{line}")
