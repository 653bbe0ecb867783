"""Where the provider turns when the webhook fails: the message is kept on disk for later. No database is needed."""

import logging
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response

from bot.channels.twilio_sms import FALLBACK_PATH, TwilioSms
from bot.services.deferring import Deferring
from bot.web.sms import answer_faults_in_twiml, twiml, verified

log = logging.getLogger("lyhord.web")


def make_blueprint(channel: TwilioSms, deferring: Deferring, now: Callable[[], datetime]) -> Blueprint:
    """Routes /twilio/fallback (Twilio, by signature) and /health/live of the fallback process."""
    blueprint = Blueprint("fallback", __name__)

    @blueprint.route(FALLBACK_PATH, methods=["GET", "POST"])
    def keep() -> Response:
        message = channel.parse_inbound(verified(channel))
        return twiml(channel.acknowledge(deferring.keep(message, now())))

    @blueprint.get("/health/live")
    def live() -> Response:
        return Response('{"status": "ok"}\n', content_type="application/json")

    def cannot_keep(error: OSError) -> Response:
        log.error("spool_unavailable", extra={"error": type(error).__name__, "errno": error.errno})
        return twiml(channel.acknowledge(()), 503)

    answer_faults_in_twiml(blueprint, channel)
    blueprint.register_error_handler(OSError, cannot_keep)
    return blueprint
