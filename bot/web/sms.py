"""The provider's webhooks: a message in, a status in. Bytes to InboundMessage and back, nothing else."""

from flask import Blueprint, Response, request

from bot.channels import twilio_sms
from bot.channels.base import Forged, Malformed
from bot.channels.twilio_sms import Fields, TwilioSms
from bot.services.inbound import Inbound
from storage.database import DatabaseUnavailable


def make_blueprint(channel: TwilioSms, inbound: Inbound) -> Blueprint:
    """Routes /twilio/sms and /twilio/status. Who may call: Twilio, by signature."""
    blueprint = Blueprint("sms", __name__)

    @blueprint.route(twilio_sms.SMS_PATH, methods=["GET", "POST"])
    def receive_sms() -> Response:
        message = channel.parse_inbound(_verified(channel))
        return _twiml(channel.acknowledge(inbound.receive(message).texts))

    @blueprint.route(twilio_sms.STATUS_PATH, methods=["GET", "POST"])
    def receive_status() -> Response:
        report = channel.parse_status(_verified(channel))
        if report is not None:
            inbound.note_delivery(report)
        return _twiml(channel.acknowledge(()))

    # Whatever goes wrong is answered as TwiML: Twilio sends text/plain on to the resident.
    blueprint.register_error_handler(Forged, lambda _: _twiml(channel.acknowledge(()), 403))
    blueprint.register_error_handler(Malformed, lambda _: _twiml(channel.acknowledge(()), 400))
    blueprint.register_error_handler(413, lambda _: _twiml(channel.acknowledge(()), 413))
    blueprint.register_error_handler(DatabaseUnavailable, lambda _: _twiml(channel.acknowledge(()), 503))
    return blueprint


def _verified(channel: TwilioSms) -> Fields:
    """The form's fields. Raises Forged unless the provider posted and signed exactly these."""
    if request.method != "POST":
        raise Forged("webhooks are posted")
    fields = dict(request.form.lists())
    signature = request.headers.get("X-Twilio-Signature", "")
    channel.verify(request.path, request.query_string.decode("latin-1"), fields, signature)
    return fields


def _twiml(body: str, status: int = 200) -> Response:
    response = Response(body, status=status, content_type=twilio_sms.MEDIA_TYPE)
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response
