"""``lyhord coding``: a person's decision about what an answer is about. Sensitive categories need one."""

import click

from bot.cli.opening import opened, utc_now
from bot.services.confirming import confirm, list_sensitive


@click.group()
def coding() -> None:
    """Categories that a person must confirm before a report may show them."""


@coding.command("list")
@click.argument("code")
def list_command(code: str) -> None:
    """Answers of round CODE in sensitive categories, with the rule that fired and who has decided."""
    with opened() as (_, database), database.sessions.reading() as session:
        for row in list_sensitive(session, code):
            decided = "not confirmed" if row.author == "rules" else f"by {row.author}"
            click.echo(
                f"{row.answer_id}  {row.category}  {decided}  ({row.rule})  {row.text or '[no text kept]'}"
            )


@coding.command("confirm")
@click.argument("answer_id", type=int)
@click.argument("category")
@click.option("--by", "author", required=True, help="Your name, for the record.")
def confirm_command(answer_id: int, category: str, author: str) -> None:
    """Decide that ANSWER_ID is mainly about CATEGORY. The machine's coding stays on record."""
    with opened() as (_, database), database.sessions.begin() as session:
        confirm(session, answer_id=answer_id, category=category, author=author, now=utc_now())
        click.echo(f"Answer {answer_id} is {category}, decided by {author}.")
