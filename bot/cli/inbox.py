"""``lyhord inbox``: messages outside any survey, for a person to read."""

import click

from bot.cli.opening import actor, opened, utc_now
from bot.services.rounds import get_existing
from storage import audit, messages


@click.command()
@click.argument("code")
def inbox(code: str) -> None:
    """Messages to round CODE outside any survey, redacted, with the day on which each is deleted."""
    with opened() as (_, database), database.sessions.begin() as session:
        row = get_existing(session, code)
        found = messages.list_inbox(session, row.id)
        audit.add_audit_entry(session, actor=actor(), action="inbox_read", round_id=row.id, at=utc_now())
    for message in found:
        click.echo(f"{message.received_on}  deleted {message.delete_on}  {message.text}")
    click.echo(f"{len(found)} messages.")
