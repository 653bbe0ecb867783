"""The other side of the stand-in: telephones that write to our numbers, and the faults that a rehearsal orders."""

from dataclasses import asdict

from flask import Blueprint, Response, abort, jsonify, request

from bot.demo.provider.calling import Called, Caller, message_fields
from bot.demo.provider.store import Fault, Store

_STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_START_WORDS = frozenset({"START", "YES", "UNSTOP"})


def make_blueprint(store: Store, caller: Caller, *, account_sid: str, handles_stop: bool) -> Blueprint:
    """Routes under /rehearsal, open to all: the stand-in listens on this machine only."""
    blueprint = Blueprint("rehearsal", __name__, url_prefix="/rehearsal")

    @blueprint.post("/texts")
    def write() -> Response:
        """A telephone writes: From, To, Body; ``Lost=1`` where the webhook is never called."""
        form = request.form
        if not form.get("From") or not form.get("To"):
            abort(400)
        sender, recipient, body = form["From"], form["To"], form.get("Body", "")
        message = store.add(
            sender=sender, recipient=recipient, body=body, direction="inbound", status="received"
        )
        if handles_stop:
            _note_opt_out(store, sender, recipient, body)
        called = Called(status=0, calls=0)
        if not form.get("Lost"):
            fields = message_fields(
                sid=message.sid, account_sid=account_sid, sender=sender, recipient=recipient, text=body
            )
            called = caller.call_with_fallback(store.webhooks.sms_url, store.webhooks.fallback_url, fields)
        for text in called.texts:
            store.add(
                sender=recipient, recipient=sender, body=text, direction="outbound-reply", status="delivered"
            )
        return jsonify(sid=message.sid, **asdict(called))

    @blueprint.get("/texts")
    def read() -> Response:
        """What a telephone has been sent, the oldest first: ``?To=``."""
        sent = reversed(store.listed(recipient=request.args.get("To", "")))
        return jsonify([{"body": m.body, "direction": m.direction, "at": m.at.isoformat()} for m in sent])

    @blueprint.post("/faults")
    def order_faults() -> Response:
        """``fault=429`` and the like, as often as wanted: one for each of the next messages that are sent."""
        try:
            store.fail_next([Fault(name) for name in request.form.getlist("fault")])
        except ValueError:
            abort(400)
        return jsonify(ordered=request.form.getlist("fault"))

    return blueprint


def _note_opt_out(store: Store, phone: str, number: str, body: str) -> None:
    word = body.strip().upper()
    if word in _STOP_WORDS:
        store.block(phone, number)
    elif word in _START_WORDS:
        store.unblock(phone, number)
