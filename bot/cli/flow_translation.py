"""``lyhord flow translation``: the texts of a survey to a translator in Excel, and back."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from bot.cli.opening import load_named_flow, new_file, print_problems, utc_now
from bot.services.dates import local_date
from bot.services.publishing import WORKBOOKS
from bot.services.translating import PutIn, drafts_for, put_in
from flows.catalogue import LoadedDocument, document_text, shipped
from flows.documents import Severity, has_errors
from flows.model import Flow
from flows.parsing import parse_flow, serialise
from flows.translations import list_texts
from flows.xlsform import language_code

_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def translation() -> None:
    """A survey in one more language."""


@translation.command("out")
@click.argument("name", metavar="FLOW")
@click.option("--language", "code", required=True, help="To translate to: its code, as ar.")
@click.option("-o", "--output", type=_FILE, required=True)
def out(name: str, code: str, output: Path) -> None:
    """Write the texts of FLOW as a workbook for a translator, with how far each has come: missing, changed (the source
    was changed since), draft, translated, or signed off by whom and when.
    """
    from bot.services.workbooks.cells import join_words
    from bot.services.workbooks.translation_book import write_translation

    flow = _flow(load_named_flow(name))
    language = language_code(code)
    if language is None or language == flow.default_language:
        raise click.UsageError(f"{code} is not the code of another language")
    texts = list_texts(flow, language, shipped(), join_words, drafts_for(flow, language))
    today = local_date(utc_now())
    with new_file(output) as stream:
        write_translation(
            texts,
            stream,
            source=flow.default_language,
            language=language,
            title=f"{flow.id} ({language})",
            made_on=today,
        )
    counted = Counter(text.status.value for text in texts)
    told = ", ".join(f"{count} {status}" for status, count in counted.most_common())
    click.echo(f"{output}: {len(texts)} texts, {told}")


@translation.command("in")
@click.argument("file", type=_THERE)
@click.argument("name", metavar="FLOW")
@click.option("-o", "--output", type=_FILE, required=True, help="The flow with the translation, in YAML.")
@click.option("--signed-by", default="", help="Who has read all texts of the workbook and stands for them.")
def in_command(file: Path, name: str, output: Path, signed_by: str) -> None:
    """Put the translation in the workbook FILE into FLOW and write it.

    The language is a draft, which is never offered, until a named person has signed off every text. Names and days
    stand in the survey; a text that is changed after that is not signed off any more.
    """
    from bot.services.workbooks.cells import join_words, split_as_written
    from bot.services.workbooks.faults import NotAWorkbookError
    from bot.services.workbooks.translation_book import LIMITS, read_translation

    if output.suffix.lower() in WORKBOOKS:
        raise click.UsageError("write YAML; lyhord flow export makes a workbook of it")
    loaded = load_named_flow(name)
    flow = _flow(loaded)
    try:
        with file.open("rb") as stream:
            read = read_translation(stream.read(LIMITS.packed + 1), flow.default_language)
    except NotAWorkbookError as error:
        raise click.ClickException(str(error)) from None
    for one in read.faults:
        click.echo(f"{one.severity.value}  {one.sentence('en')}")
    if any(one.severity is Severity.ERROR for one in read.faults):
        raise click.ClickException("nothing was written: mend the errors above")
    now = {text.place: text.source for text in list_texts(flow, read.language, shipped(), join_words)}
    texts = {place: text for place, (_, text) in read.texts.items() if place in now}
    words = {p: split_as_written(t) if p.endswith("/synonyms") else t for p, t in texts.items()}
    result = put_in(
        serialise(loaded.document),
        flow,
        read.language,
        words,
        by=signed_by,
        on=local_date(utc_now()).isoformat(),
        stale=_stale(read.texts, now),
    )
    print_problems(result.problems)
    if has_errors(result.problems):
        raise click.ClickException("nothing was written: mend the errors above")
    with new_file(output) as stream:
        stream.write(document_text(result.document).encode())
    click.echo(f"{output}: {len(texts)} texts in {read.language}. {_standing(result, read.language)}")


def _stale(read: Mapping[str, tuple[str, str]], now: Mapping[str, str]) -> frozenset[str]:
    """Places of translations from other words than the survey has now: a signature below them would say too much."""
    stale = {place for place, (source, _) in read.items() if now.get(place, source) != source}
    for place in read:
        if place not in now:
            click.echo(f"warning  {place}: the survey has no such text any more. It is left out.")
        elif place in stale:
            click.echo(
                f"warning  {place}: translated from other words than stand there now. It is not signed off."
            )
    return frozenset(stale)


def _standing(result: PutIn, language: str) -> str:
    if result.is_offered:
        return f"Every text is signed off: {language} is offered in rounds that use this file."
    told = [
        f"{len(places)} are {what}, the first is {places[0]}"
        for what, places in (("missing", result.missing), ("not signed off", result.unsigned))
        if places
    ]
    return f"{language} is a draft and is not offered: {'; '.join(told)}."


def _flow(loaded: LoadedDocument) -> Flow:
    parsed = parse_flow(loaded.document, loaded.places)
    if parsed.flow is None or has_errors(loaded.problems):
        print_problems((*loaded.problems, *parsed.problems))
        raise click.ClickException("mend the errors of the flow first")
    return parsed.flow
