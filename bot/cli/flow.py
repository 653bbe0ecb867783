"""``lyhord flow``: writing surveys, in YAML or in Excel, and seeing their faults before a resident does."""

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.flow_cost import cost
from bot.cli.flow_preview import preview
from bot.cli.flow_translation import translation
from bot.cli.opening import load_named_flow, new_file, print_problems, sentences, utc_now
from bot.services.comparing import difference_lines
from bot.services.dates import local_date
from bot.services.publishing import check_document, load_flow_file
from bot.services.translating import list_progress
from bot.services.workbooks.faults import LANGUAGES
from flows.catalogue import LoadedDocument, document_text, flow_names, load_with_drafts
from flows.documents import Problem, has_errors
from flows.model import Flow
from flows.parsing import parse_flow, serialise
from flows.wording_checks import IN_UCS2

_TOLD_BELOW = "draft_language"
_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def flow() -> None:
    """Survey flows."""


@flow.command()
@click.argument("files", nargs=-1, type=_THERE)
def check(files: tuple[Path, ...]) -> None:
    """Check flow documents FILES, YAML or XLSForm (.xlsx), or the packaged flows: every fault with its place and
    how to mend it.

    Exit code 1 where there is an error.
    """
    loaded: dict[str, LoadedDocument] = {}
    for name in () if files else flow_names():
        loaded[name] = load_with_drafts(name)
    for path in files:
        loaded[str(path)] = load_flow_file(path)
    checked = {name: check_document(one) for name, one in loaded.items()}
    for name, problems in checked.items():
        told = tuple(problem for problem in problems if problem.code != _TOLD_BELOW)
        print_problems(told)
        click.echo(f"{name}: {_verdict(told)}")
        for line in _languages(loaded[name]):
            click.echo(f"  {line}")
    if any(has_errors(problems) for problems in checked.values()):
        raise SystemExit(1)


@flow.command()
@click.argument("name", metavar="FLOW")
@click.option("-o", "--output", type=_FILE, required=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def export(name: str, output: Path, language: str) -> None:
    """Write FLOW, a packaged flow or a file, as an XLSForm workbook to go on with in Excel."""
    from bot.services.workbooks.flow_writing import write_flow  # not at import: nobody else needs XlsxWriter

    loaded = load_named_flow(name)
    problems = (*loaded.problems, *parse_flow(loaded.document, loaded.places).problems)
    if has_errors(problems):
        print_problems(problems)
        raise click.ClickException("nothing was written: mend the errors above")
    with sentences(), new_file(output) as stream:
        write_flow(serialise(loaded.document), stream, made_on=local_date(utc_now()), language=language)
    click.echo(f"{output}: change it in Excel, then: lyhord flow check {output}")


@flow.command("import")
@click.argument("file", type=_THERE)
@click.option("-o", "--output", type=_FILE, required=True)
def import_command(file: Path, output: Path) -> None:
    """Write the XLSForm workbook FILE as a flow in YAML, when nothing must be mended; else say all that must."""
    loaded = load_flow_file(file)
    problems = check_document(loaded)
    print_problems(problems)
    if has_errors(problems):
        raise click.ClickException("nothing was written: mend the errors above")
    with new_file(output) as stream:
        stream.write(document_text(serialise(loaded.document)).encode())
    click.echo(f"{output}: {_verdict(problems)}. Try it: lyhord chat --flow {output}")


@flow.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
def diff(before: str, after: str) -> None:
    """What differs between the flows A and B: questions, wording, choices, conditions, and what follows from it for
    people in the middle of it and for comparison over time.

    A and B are packaged flows, files, or what a round has published, as are-2026:residents.
    """
    old, new = _parsed(before), _parsed(after)
    click.echo(f"{before} (version {old.version}) -> {after} (version {new.version})")
    for line in difference_lines(old, new):
        click.echo(line)


flow.add_command(cost)
flow.add_command(preview)
flow.add_command(translation)


def _parsed(name: str) -> Flow:
    loaded = load_named_flow(name)
    parsed = parse_flow(loaded.document, loaded.places)
    if parsed.flow is None or has_errors(loaded.problems):
        print_problems((*loaded.problems, *parsed.problems))
        raise click.ClickException(f"{name} cannot be compared: mend the errors above")
    return parsed.flow


def _languages(loaded: LoadedDocument) -> Iterator[str]:
    """How far each language has come that Lyhörd is not finished in."""
    flow = parse_flow(loaded.document, loaded.places).flow
    for one in list_progress(flow) if flow else ():
        made = "drafted by a machine" if one.is_machine_made else "being translated"
        how = "offered" if one.is_offered else f"{made}, not offered"
        size = (
            "; an SMS has room for 70 characters, 67 in each that follows" if one.language in IN_UCS2 else ""
        )
        yield f"{one.language}: {how}: {one.texts} texts, {one.missing} missing, {one.unsigned} not signed off{size}"


def _verdict(problems: tuple[Problem, ...]) -> str:
    if not problems:
        return "in order"
    return "errors" if has_errors(problems) else f"may be published, {len(problems)} warnings"
