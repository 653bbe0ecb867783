"""``lyhord promise``: the register of promises of a round, for those who keep it by script."""

from datetime import date, datetime

import click

from bot.cli.opening import actor, opened, utc_now
from bot.config import Settings
from bot.services.promise_forms import Outcome, Written
from bot.services.promise_register import Registered, Registers
from bot.services.promises import Promises
from bot.services.shipped import load_parts
from bot.wiring import read_keys
from storage.database import Database
from summary.promises import Frequency, Status, goal_of, outcome, result_of

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_LANGUAGE = "en"


@click.group()
def promise() -> None:
    """Promises to citizens: who is responsible, how much, until when, and what came of it."""


@promise.command("list")
@click.argument("code")
def list_command(code: str) -> None:
    """The promises of round CODE: number, status, wording, owner, target, last day, result, and what each lacks."""
    with opened() as (_, database):
        found = _registers(database).look(code).promises
    for each in found:
        click.echo(_line(each))
    if found:
        click.echo(outcome([each.promised for each in found], _LANGUAGE))


@promise.command()
@click.argument("code")
@click.argument("wording")
@click.option("--problem", required=True, help="Code of a focus issue or category.")
@click.option("--area", default="", help="Code of one of the round's areas; else the whole municipality.")
@click.option("--owner", default="", help="The function responsible, never a person.")
@click.option("--with", "co_actors", default="", help="Who takes part.")
@click.option("--indicator", default="", help="What is counted, and from where.")
@click.option("--target", type=float, help="How many or how much.")
@click.option("--unit", default="", help="Of what.")
@click.option(
    "--every", type=click.Choice([f.value for f in Frequency if f.value]), help="How often so many."
)
@click.option("--by", type=_DAY, help="The last day.")
def add(
    code: str,
    wording: str,
    problem: str,
    area: str,
    owner: str,
    co_actors: str,
    indicator: str,
    target: float | None,
    unit: str,
    every: str | None,
    by: datetime | None,
) -> None:
    """Write a promise of round CODE. What leads to somebody is refused; what it lacks is told. Logged."""
    written = Written(
        problem=problem,
        wording=wording,
        area=area,
        owner=owner,
        co_actors=co_actors,
        indicator=indicator,
        target=target,
        unit=unit,
        frequency=Frequency(every or ""),
        deadline=_day(by),
    )
    with opened() as (settings, database):
        made = _promises(settings, database).add(code, written)
        click.echo(_line(_registers(database).find(code, made)))


@promise.command("follow-up")
@click.argument("code")
@click.argument("number", type=int)
@click.option(
    "--status", type=click.Choice([s.value for s in Status]), required=True, help="What came of it."
)
@click.option("--result", default="", help="In words.")
@click.option("--result-number", type=float, help="As a number of the target's unit.")
@click.option("--on", "on", type=_DAY, help="The day of the follow-up; today for what is settled.")
@click.option("--told-on", type=_DAY, help="The day on which those who answered were told.")
def follow_up(
    code: str,
    number: int,
    status: str,
    result: str,
    result_number: float | None,
    on: datetime | None,
    told_on: datetime | None,
) -> None:
    """Say what came of promise NUMBER of round CODE, in place of what was said before. Logged."""
    said = Outcome(
        status=Status(status),
        result=result,
        result_number=result_number,
        on=_day(on),
        feedback_on=_day(told_on),
    )
    with opened() as (settings, database):
        version = _registers(database).find(code, number).row.version
        _promises(settings, database).follow_up(code, number, version, said)
        click.echo(_line(_registers(database).find(code, number)))


def _line(each: Registered) -> str:
    row = each.row
    told = (
        f"{row.id}  {row.status}  {row.wording}", row.owner, goal_of(each.promised, _LANGUAGE),
        f"by {row.deadline}" if row.deadline else "", result_of(each.promised, _LANGUAGE),
        f"[{', '.join(each.lacks)}]" if each.lacks else "",
    )  # fmt: skip
    return "  ".join(filter(None, told))


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _registers(database: Database) -> Registers:
    return Registers(sessions=database.sessions, now=utc_now)


def _promises(settings: Settings, database: Database) -> Promises:
    return Promises(parts=load_parts(database, read_keys(settings), utc_now), actor=actor())
