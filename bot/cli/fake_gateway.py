"""``lyhord fake-gateway``: a provider on this machine, to rehearse with."""

import logging

import click

from bot.cli.opening import sentences
from bot.config import SettingsError, read_settings, require
from bot.demo.provider.app import create_provider
from bot.demo.provider.store import Webhooks


@click.command("fake-gateway")
@click.option("--port", default=8900, show_default=True)
@click.option(
    "--webhook", default="", help="Where messages go; the default is LYHORD_PUBLIC_URL's /twilio/sms."
)
@click.option("--fallback", default="", help="Where they go when that fails.")
@click.option(
    "--blocks-stop", is_flag=True, help="Block whoever writes STOP, as the provider does by default."
)
def fake_gateway(port: int, webhook: str, fallback: str, blocks_stop: bool) -> None:
    """Stand for the SMS provider on this machine: point LYHORD_PROVIDER_URL at it. Nothing leaves the machine."""
    with sentences():
        settings = read_settings()
        require(settings, "public_url", "twilio_account_sid", "twilio_auth_tokens")
        if not settings.is_rehearsal:
            raise SettingsError(
                f"set LYHORD_PROVIDER_URL to http://127.0.0.1:{port}: a stand-in needs nobody's account"
            )
    base = settings.public_url
    webhooks = Webhooks(
        sms_url=webhook or f"{base}/twilio/sms#rc=2&rp=ct,rt,5xx&ct=2000&rt=4500",
        fallback_url=fallback,
        status_url=f"{base}/twilio/status",
    )
    app = create_provider(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_tokens[0],
        webhooks=webhooks,
        handles_stop=blocks_stop,
    )
    click.echo(f"\n  The provider's interface:  http://127.0.0.1:{port}/2010-04-01/")
    click.echo(
        f"  A telephone writes:        curl -d From=+46701740605 -d To=NUMBER -d Body=TRYGG http://127.0.0.1:{port}/rehearsal/texts"
    )
    click.echo("  Stop with Ctrl-C.\n")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would write numbers
    app.run(host="127.0.0.1", port=port, threaded=True)
