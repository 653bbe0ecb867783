"""The demonstration's pages: a phone that sends real signed webhooks, the crowd, and the report to open."""

import re
from io import BytesIO

from flask import Blueprint, Response, abort, jsonify, render_template, request

from bot.demo.crowd import Crowd
from bot.demo.gateway import NotDelivered, SimulatedGateway
from bot.demo.provider.calling import Caller
from bot.services.reporting import Reports
from bot.wiring import House
from storage import rounds
from summary.exporters.formats import EXPORTERS

DEMO_ROUND = "are-demo"
_NUMBER = re.compile(r"\+[0-9]{8,15}")


def make_blueprint(house: House) -> Blueprint:
    """Routes under /demo/, for whoever sits at this machine; only wired in demonstration (bot.app)."""
    blueprint = Blueprint(
        "demo", __name__, url_prefix="/demo", template_folder="templates", static_folder="static"
    )
    settings = house.settings
    gateway = SimulatedGateway(
        caller=Caller(account_sid=settings.twilio_account_sid, auth_token=settings.twilio_auth_tokens[0]),
        address=settings.public_url,
    )
    number = _demo_number(house)
    crowd = Crowd(gateway, number)

    @blueprint.before_request
    def refuse_other_sites() -> None:
        if request.method == "POST" and not request.is_json:  # a form of another site cannot post JSON
            abort(403)

    @blueprint.get("/")
    def phone() -> str:
        return render_template("phone.html", number=number)

    @blueprint.post("/messages")
    def send() -> tuple[Response, int]:
        sender, text = _message()
        try:
            replies = gateway.send(sender=sender, recipient=number, text=text)
        except NotDelivered as error:
            return jsonify(error=str(error)), 502
        return jsonify(replies=replies), 200

    @blueprint.get("/crowd")
    def crowd_progress() -> Response:
        return jsonify(crowd.progress())

    @blueprint.post("/crowd")
    def start_crowd() -> Response:
        crowd.start()
        return jsonify(crowd.progress())

    @blueprint.get("/report.<format_>")
    def report(format_: str) -> Response:
        if format_ not in EXPORTERS:
            abort(404)
        buffer = BytesIO()
        reports = Reports(sessions=house.database.sessions, now=house.now, actor="demonstration")
        reports.write_report(DEMO_ROUND, format_, buffer, language="sv")
        name = f"problembild-{DEMO_ROUND}.{format_}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(buffer.getvalue(), content_type=EXPORTERS[format_].media_type, headers=headers)

    return blueprint


def _demo_number(house: House) -> str:
    with house.database.sessions.reading() as session:
        row = rounds.get_round(session, DEMO_ROUND)
    return row.phone_number if row else ""


def _message() -> tuple[str, str]:
    """Number and text of a JSON body."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("text"), str):
        abort(400)
    sender = body.get("sender")
    if not isinstance(sender, str) or not _NUMBER.fullmatch(sender):
        abort(400)
    return sender, body["text"]
