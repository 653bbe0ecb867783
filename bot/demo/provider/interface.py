"""The provider's interface as our client calls it, with its refusals and the faults that were ordered.

Shapes and codes: Twilio's "Messages resource" and "Error and warning dictionary".
"""

import hmac
import re
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.demo.provider.calling import Caller
from bot.demo.provider.store import Fault, KeptMessage, Store, Webhooks

API = "/2010-04-01/Accounts/<account>"
_MOST_CHARACTERS = 1600
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_STATES = ("queued", "sent", "delivered")
_CALLBACK_PAUSE_S = 0.05


def make_blueprint(store: Store, caller: Caller, *, account_sid: str, auth_token: str) -> Blueprint:
    """Messages (send, list, read, empty, delete), the account, its numbers. HTTP Basic with SID and token."""
    blueprint = Blueprint("provider_interface", __name__)

    @blueprint.before_request
    def authenticate() -> Response | None:
        given = request.authorization
        is_ours = (
            given is not None
            and hmac.compare_digest(given.username or "", account_sid)
            and hmac.compare_digest(given.password or "", auth_token)
        )
        return None if is_ours else _error(401, 20003, "Authenticate")

    @blueprint.post(f"{API}/Messages.json")
    def send(account: str) -> Response:
        return _send(store, caller, account)

    @blueprint.get(f"{API}/Messages.json")
    def list_messages(account: str) -> Response:
        return jsonify(_page(store, account))

    @blueprint.get(f"{API}/Messages/<sid>.json")
    def read(account: str, sid: str) -> Response:
        message = store.find(sid)
        return jsonify(_as_resource(message, account)) if message else _error(404, 20404, "no such message")

    @blueprint.post(f"{API}/Messages/<sid>.json")
    def empty(account: str, sid: str) -> Response:
        if store.find(sid) is None or request.form.get("Body") != "":
            return _error(400, 20001, "a message can only be emptied")
        store.change(sid, body="")
        return read(account, sid)

    @blueprint.delete(f"{API}/Messages/<sid>.json")
    def delete(account: str, sid: str) -> Response:
        store.remove(sid)
        return Response(status=204)

    @blueprint.get("/2010-04-01/Accounts/<account>.json")
    def account(account: str) -> Response:
        return jsonify(sid=account, status="active", friendly_name="Rehearsal")

    @blueprint.get(f"{API}/IncomingPhoneNumbers.json")
    def numbers(account: str) -> Response:
        number = request.args.get("PhoneNumber", "")
        return jsonify(_one_page("incoming_phone_numbers", [_number_resource(number, store.webhooks)]))

    return blueprint


def _send(store: Store, caller: Caller, account: str) -> Response:
    refusal = _refusal(store)
    if refusal is not None:
        return refusal
    fault = store.next_fault()
    if fault is Fault.TOO_MANY:
        return _error(429, 20429, "Too Many Requests")
    if fault is Fault.BROKEN:
        return _error(500, 20500, "Internal Server Error")
    message = store.add(
        sender=request.form["From"],
        recipient=request.form["To"],
        body=request.form["Body"],
        direction="outbound-api",
        status="queued",
    )
    _tell_in_background(store, caller, message, account)
    if fault is Fault.ACCEPTED_THEN_BROKEN:
        return _error(503, 20503, "Service Unavailable")
    if fault is Fault.ACCEPTED_THEN_CUT:
        return _cut()
    created = jsonify(_as_resource(message, account))
    created.status_code = 201
    return created


def _refusal(store: Store) -> Response | None:
    form = request.form
    if not form.get("To"):
        return _error(400, 21604, "A 'To' phone number is required.")
    if not _NUMBER.fullmatch(form["To"]):
        return _error(400, 21211, "Invalid 'To' Phone Number")
    if not form.get("From"):
        return _error(400, 21603, "A 'From' phone number is required.")
    if not form.get("Body"):
        return _error(400, 21602, "Message body is required.")
    if len(form["Body"]) > _MOST_CHARACTERS:
        return _error(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    if store.is_blocked(form["To"], form["From"]):
        return _error(400, 21610, "Attempt to send to unsubscribed recipient")
    return None


def _tell_in_background(store: Store, caller: Caller, message: KeptMessage, account: str) -> None:
    """Delivered in a moment; whoever asked to be told is told, in a thread as after an answer."""
    status_url = request.form.get("StatusCallback", "")

    def tell() -> None:
        for state in _STATES:
            time.sleep(_CALLBACK_PAUSE_S)
            store.change(message.sid, status=state)
            if status_url:
                caller.call(status_url, _status_fields(message, account, state))

    threading.Thread(target=tell, daemon=True).start()


def _status_fields(message: KeptMessage, account: str, state: str) -> Mapping[str, str]:
    return {
        "MessageSid": message.sid,
        "AccountSid": account,
        "From": message.sender,
        "To": message.recipient,
        "MessageStatus": state,
        "SmsStatus": state,
    }


def _page(store: Store, account: str) -> dict[str, Any]:
    since = request.args.get("DateSent>")
    found = store.listed(
        sender=request.args.get("From", ""),
        recipient=request.args.get("To", ""),
        since=datetime.fromisoformat(since).replace(tzinfo=UTC) if since else None,
    )
    size = min(1000, request.args.get("PageSize", 50, type=int))
    page = request.args.get("Page", 0, type=int)
    shown = found[page * size : (page + 1) * size]
    following = None
    if len(found) > (page + 1) * size:
        query = "&".join(f"{name}={value}" for name, value in request.args.items() if name != "Page")
        following = f"{request.path}?{query}&Page={page + 1}".replace("+", "%2B").replace(">", "%3E")
    return _one_page("messages", [_as_resource(message, account) for message in shown], following)


def _one_page(name: str, rows: list[dict[str, Any]], following: str | None = None) -> dict[str, Any]:
    return {name: rows, "next_page_uri": following, "page_size": len(rows), "uri": request.path}


def _as_resource(message: KeptMessage, account: str) -> dict[str, Any]:
    at = format_datetime(message.at)
    return {
        "sid": message.sid,
        "account_sid": account,
        "from": message.sender,
        "to": message.recipient,
        "body": message.body,
        "direction": message.direction,
        "status": message.status,
        "date_created": at,
        "date_sent": at,
        "date_updated": at,
        "num_media": "0",
        "num_segments": "1",
        "error_code": message.error_code,
    }


def _number_resource(number: str, webhooks: Webhooks) -> dict[str, Any]:
    return {
        "sid": f"PN{'0' * 32}",
        "phone_number": number,
        "sms_url": webhooks.sms_url,
        "sms_method": "POST",
        "sms_fallback_url": webhooks.fallback_url,
        "sms_fallback_method": "POST",
        "status_callback": webhooks.status_url,
    }


def _error(status: int, code: int, message: str) -> Response:
    refused = jsonify(code=code, message=message, status=status, more_info="")
    refused.status_code = status
    return refused


def _cut() -> Response:
    """As when the connection breaks before the answer has come: fewer bytes than are announced."""
    response = Response(b"", status=201, content_type="application/json")
    response.headers["Content-Length"] = "100"
    response.automatically_set_content_length = False
    return response
