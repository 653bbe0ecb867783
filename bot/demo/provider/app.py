"""The stand-in as an application of its own."""

from flask import Flask

from bot.demo.provider import interface, telephones
from bot.demo.provider.calling import Caller
from bot.demo.provider.store import Store, Webhooks


def create_provider(
    *, account_sid: str, auth_token: str, webhooks: Webhooks, handles_stop: bool = False
) -> Flask:
    """`handles_stop`: block whoever writes STOP, as the provider does unless it was asked not to."""
    store, caller = Store(webhooks=webhooks), Caller(account_sid=account_sid, auth_token=auth_token)
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(
        interface.make_blueprint(store, caller, account_sid=account_sid, auth_token=auth_token)
    )
    app.register_blueprint(
        telephones.make_blueprint(store, caller, account_sid=account_sid, handles_stop=handles_stop)
    )
    return app
