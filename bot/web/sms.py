"""The provider's webhooks: a message in, a status in. Bytes to InboundMessage and back, nothing else."""

import logging

from flask import Blueprint, Response, g, request

from bot.channels import twilio_sms
from bot.channels.base import Forged, Malformed
from bot.channels.twilio_sms import Fields, TwilioSms
from bot.services.inbound import Inbound
from bot.serving.faults import note_unavailable
from storage.database import DatabaseUnavailable

log = logging.getLogger("lyhord.web")


def make_blueprint(channel: TwilioSms, inbound: Inbound) -> Blueprint:
    """Routes /twilio/sms and /twilio/status. Who may call: Twilio, by signature."""
    blueprint = Blueprint("sms", __name__)

    @blueprint.route(twilio_sms.SMS_PATH, methods=["GET", "POST"])
    def receive_sms() -> Response:
        message = channel.parse_inbound(verified(channel))
        g.reply = inbound.receive(message)  # what is counted of it: see bot.web.metrics
        return twiml(channel.acknowledge(g.reply.texts))

    @blueprint.route(twilio_sms.STATUS_PATH, methods=["GET", "POST"])
    def receive_status() -> Response:
        report = channel.parse_status(verified(channel), mark=request.args.get("o", ""))
        if report is not None:
            inbound.note_delivery(report)
        return twiml(channel.acknowledge(()))

    answer_faults_in_twiml(blueprint, channel)
    return blueprint


def answer_faults_in_twiml(blueprint: Blueprint, channel: TwilioSms) -> None:
    """Whatever goes wrong is answered as TwiML: Twilio sends text/plain on to the resident."""

    def refuse(error: Exception, status: int) -> Response:
        log.warning("webhook_refused", extra={"reason": str(error), "status": status})
        return twiml(channel.acknowledge(()), status)

    def unavailable(error: DatabaseUnavailable) -> Response:
        note_unavailable(error)
        return twiml(channel.acknowledge(()), 503)

    blueprint.register_error_handler(Forged, lambda error: refuse(error, 403))
    blueprint.register_error_handler(Malformed, lambda error: refuse(error, 400))
    blueprint.register_error_handler(413, lambda _: twiml(channel.acknowledge(()), 413))
    blueprint.register_error_handler(DatabaseUnavailable, unavailable)


def verified(channel: TwilioSms) -> Fields:
    """The form's fields. Raises Forged unless the provider posted and signed exactly these."""
    if request.method != "POST":
        raise Forged("webhooks are posted")
    fields = dict(request.form.lists())
    request.stream.read(1)  # raises 413 where a body in chunks was cut at the limit
    signature = request.headers.get("X-Twilio-Signature", "")
    channel.verify(request.path, request.query_string.decode("latin-1"), fields, signature)
    return fields


def twiml(body: str, status: int = 200) -> Response:
    """An answer to the provider."""
    response = Response(body, status=status, content_type=twilio_sms.MEDIA_TYPE)
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response
