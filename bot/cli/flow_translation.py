"""``lyhord flow translation``: the texts of a survey to a translator in Excel, and back."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from bot.cli.opening import load_file, load_named_flow, new_file, print_problems, utc_now
from bot.services.dates import local_date
from bot.services.publishing import WORKBOOKS, check_document
from flows.catalogue import LoadedDocument, document_text
from flows.documents import Severity, has_errors
from flows.model import Flow
from flows.parsing import parse_flow, serialise
from flows.translations import Record, list_texts, recorded, with_texts
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
    texts = list_texts(flow, language, _record(Path(name)).get(language, {}), join_words)
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
    """Put the translation in the workbook FILE into FLOW and write it. A language that is not offered becomes a draft.

    Who signed it off, and from which source it was made, is kept beside it in a file ending with .translations.yaml.
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
    known = {text.place for text in list_texts(flow, read.language, {}, join_words)}
    texts = {place: pair for place, pair in read.texts.items() if place in known}
    for place in read.texts.keys() - known:
        click.echo(f"warning  {place}: the survey has no such text any more. It is left out.")
    words = {place: text for place, (_, text) in texts.items()}
    document = with_texts(serialise(loaded.document), read.language, words, split_as_written)
    problems = check_document(LoadedDocument(document, {(): output.name}, ()))
    print_problems(problems)
    if has_errors(problems):
        raise click.ClickException("nothing was written: mend the errors above")
    before = _record(Path(name))
    today = local_date(utc_now()).isoformat()
    entries = recorded(texts, before.get(read.language, {}), by=signed_by.strip(), on=today)
    _write(_record_path(output), {**before, read.language: entries})
    _write(output, document)
    click.echo(f"{output}: {len(texts)} texts in {read.language}")


def _write(path: Path, document: Mapping[str, Any]) -> None:
    with new_file(path) as stream:
        stream.write(document_text(document).encode())


def _flow(loaded: LoadedDocument) -> Flow:
    parsed = parse_flow(loaded.document, loaded.places)
    if parsed.flow is None or has_errors(loaded.problems):
        print_problems((*loaded.problems, *parsed.problems))
        raise click.ClickException("mend the errors of the flow first")
    return parsed.flow


def _record_path(flow: Path) -> Path:
    return flow.with_name(f"{flow.stem}.translations.yaml")


def _record(flow: Path) -> dict[str, Record]:
    """What is known of the flow's translations, by language; nothing where no file lies beside it."""
    path = _record_path(flow)
    if not path.is_file():
        return {}
    loaded = load_file(path)
    if loaded.problems:
        print_problems(loaded.problems)
        raise click.ClickException(f"{path} cannot be read")
    return {str(code): _entries(entries) for code, entries in loaded.document.items()}


def _entries(entries: object) -> Record:
    rows = entries if isinstance(entries, dict) else {}
    return {str(place): entry for place, entry in rows.items() if isinstance(entry, dict)}
