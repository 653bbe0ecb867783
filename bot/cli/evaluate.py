"""``lyhord evaluate``: the shipped readers against labelled files. Prints figures; the counting is elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click

from bot.cli import labelled
from bot.services import evaluation
from bot.services.evaluation import Evaluation, LabelFigures, Row, Share
from bot.services.labelled_files import BadTableError, read_tsv, write_predictions

REPLY_COLUMNS = ("id", "language", "question_kind", "options", "reply", "intended")
MESSAGE_COLUMNS = ("id", "language", "state", "text", "intended")
CODING_COLUMNS = ("id", "language", "text", "primary_category", "other_categories")
LANGUAGE_COLUMNS = ("id", "language", "text")
OFFERED = "sv,en,fi,ar,so"
_WIDTH = 34
_Command = Callable[..., None]


class BadFile(click.ClickException):
    """What the user gave cannot be evaluated: exit code 2, as for any other wrong use."""

    exit_code = 2


@click.group()
def evaluate() -> None:
    """Measure the readers on labelled rows: a tab-separated file such as those in tests/labelled."""


def _file_and_output(command: _Command) -> _Command:
    file = click.argument("file", type=click.Path(path_type=Path))
    output = click.option(
        "-o",
        "--output",
        type=click.File("w", encoding="utf-8", lazy=True),
        help="Write the rows with what was read.",
    )
    return file(output(command))


@evaluate.command()
@_file_and_output
@click.option("--year", type=int, help="The year in which birth years are read; this year if not given.")
def replies(file: Path, output: TextIO | None, year: int | None) -> None:
    """Replies to questions: share read as intended, by question kind and language."""
    read = labelled.reply_reader(this_year=year or datetime.now(UTC).year)
    rows = _rows(file, REPLY_COLUMNS)
    result = _evaluated(evaluation.evaluate_replies, rows, read)
    _write_read(output, rows, result)
    _print(result)


@evaluate.command()
@_file_and_output
def messages(file: Path, output: TextIO | None) -> None:
    """Whole messages: commands and safeguards, with precision, recall and false alarms of each."""
    rows = _rows(file, MESSAGE_COLUMNS)
    result = _evaluated(evaluation.evaluate_messages, rows, labelled.message_reader())
    _write_read(output, rows, result)
    _print(result)


@evaluate.command()
@_file_and_output
def codings(file: Path, output: TextIO | None) -> None:
    """What open answers are about: the primary category, and the one intended found anywhere."""
    rows = _rows(file, CODING_COLUMNS)
    result = _evaluated(evaluation.evaluate_codings, rows, labelled.coding_reader())
    if output:
        write_predictions(output, rows, [_coding_columns(read) for read in result.read])
    _print(result)


@evaluate.command()
@_file_and_output
@click.option("--among", default=OFFERED, show_default=True, help="The languages that the survey offers.")
@click.option("--sure", is_flag=True, help="Count only what is sure enough to switch the survey's language.")
def languages(file: Path, output: TextIO | None, among: str, sure: bool) -> None:
    """Languages of short messages, by length. A language that is not offered should be read as none."""
    offered = tuple(code.strip() for code in among.split(","))
    rows = _rows(file, LANGUAGE_COLUMNS)
    intended = [
        {**row, "language": row["language"] if row["language"] in offered else "none"} for row in rows
    ]
    read = labelled.language_reader(among=offered, only_sure=sure)
    result = _evaluated(evaluation.evaluate_languages, intended, read)
    _write_read(output, rows, result)
    _print(result)


def _rows(file: Path, columns: Sequence[str]) -> tuple[dict[str, str], ...]:
    try:
        return read_tsv(file, columns)
    except BadTableError as error:
        raise BadFile(str(error)) from error


def _evaluated(
    evaluate_rows: Callable[[Sequence[Row], evaluation.Read], Evaluation],
    rows: Sequence[Row],
    read: evaluation.Read,
) -> Evaluation:
    try:
        return evaluate_rows(rows, read)
    except BadTableError as error:
        raise BadFile(str(error)) from error


def _write_read(output: TextIO | None, rows: Sequence[Row], result: Evaluation) -> None:
    if output:
        write_predictions(output, rows, [{"read": label} for label in result.read])


def _coding_columns(read: str) -> dict[str, str]:
    primary, *others = evaluation.split_categories(read) or ("",)
    return {
        "primary_category": primary,
        "other_categories": evaluation.CATEGORY_SEPARATOR.join(others),
    }


def _print(result: Evaluation) -> None:
    click.echo(f"{'':{_WIDTH}}  right    of   share  95 % interval")
    _print_share("all", result.overall)
    for title, shares in result.groups.items():
        _print_shares(title, shares)
    if result.kappa is not None:
        click.echo(f"\nCohen's kappa with the labels: {result.kappa:.2f}")
    if result.labels:
        _print_labels(result.labels)
    if result.confusions:
        _print_confusions(result)


def _print_shares(title: str, shares: Mapping[str, Share]) -> None:
    click.echo(f"\nby {title}")
    for name, share in shares.items():
        _print_share(f"  {name}", share)


def _print_share(name: str, share: Share) -> None:
    click.echo(f"{name:{_WIDTH}} {share.hits:6} {share.n:5}  {_percent(share)}  {_interval(share)}")


def _print_labels(labels: Sequence[LabelFigures]) -> None:
    click.echo(f"\n{'by label':{_WIDTH}} {'recall':>28}  {'precision':>28}  {'false alarms':>28}")
    for label in labels:
        figures = (label.recall, label.precision, label.false_alarms)
        click.echo(f"  {label.label:{_WIDTH - 2}} " + "  ".join(_in_full(share) for share in figures))


def _print_confusions(result: Evaluation) -> None:
    click.echo("\nread otherwise than intended")
    for confusion in result.confusions:
        ids = " ".join(confusion.ids)
        click.echo(f"{len(confusion.ids):5}  {confusion.intended} -> {confusion.read or 'nothing'}: {ids}")


def _in_full(share: Share) -> str:
    return f"{share.hits:4}/{share.n:<4} {_percent(share)} {_interval(share):>12}"


def _percent(share: Share) -> str:
    return "     -" if share.share is None else f"{100 * share.share:5.1f}%"


def _interval(share: Share) -> str:
    if not share.n:
        return "-"
    low, high = share.interval
    return f"{100 * low:.1f}-{100 * high:.1f}"
