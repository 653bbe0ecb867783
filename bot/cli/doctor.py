"""``lyhord doctor``: how a real set-up is, and what to mend."""

import json
from pathlib import Path

import click

from bot.cli.opening import sentences, utc_now
from bot.config import read_settings
from bot.doctor.examining import Seen, examine
from bot.doctor.finding import Level
from bot.doctor.set_up import opened

_COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.FAULT: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for machines.")
def doctor(*, as_json: bool) -> None:
    """Look at this set-up and say what to mend before residents write. Changes nothing.

    Asks the public address, the information pages of open rounds and the provider, and nobody else.
    """
    with sentences(), opened(read_settings(), utc_now, Path.cwd()) as set_up:
        seen = []
        for one in examine(set_up):
            seen.append(one)
            if not as_json:
                _print(one)
    if as_json:
        click.echo(json.dumps([_as_object(one) for one in seen], ensure_ascii=False, indent=2))
    else:
        click.echo(f"\n{_summary(seen)}")
    if any(one.finding.level is Level.FAULT for one in seen):
        raise SystemExit(1)


def _print(one: Seen) -> None:
    level = click.style(f"{one.finding.level.value:<8}", fg=_COLOURS[one.finding.level])
    click.echo(f"{level} {one.check:<18} {one.finding.sentence}")
    if one.finding.advice:
        click.echo(f"{'':<27} → {one.finding.advice}")


def _as_object(one: Seen) -> dict[str, str]:
    finding = one.finding
    return {
        "check": one.check,
        "level": finding.level.value,
        "sentence": finding.sentence,
        "advice": finding.advice,
    }


def _summary(seen: list[Seen]) -> str:
    faults, warnings = (
        sum(one.finding.level is level for one in seen) for level in (Level.FAULT, Level.WARNING)
    )
    if not faults and not warnings:
        return "All is well."
    return f"Faults, which must be mended: {faults}. Warnings: {warnings}."
