"""Checks of the address under which the provider calls us: as it is written, as it answers, as signatures are made."""

import json
import secrets
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.channels.twilio_sms import STATUS_PATH, TwilioSms
from bot.doctor.asking import Answer, NoAnswer, ask
from bot.doctor.finding import Finding, fault, ok, warning
from bot.doctor.set_up import SetUp

_OTHER_SIGNATURE = "bHlob3JkLWRvY3RvcjogYSBmb3JnZXI="


def check_public_url(set_up: SetUp) -> Iterator[Finding]:
    """How it is written, and that its host can be found."""
    url = set_up.settings.public_url
    if not url:
        return
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    wrong = [
        sentence
        for is_wrong, sentence in (
            (parts.scheme != "https", "does not begin with https"),
            (bool(parts.path or parts.query or parts.fragment), "has more than a host"),
            (parts.username is not None, "has a user's name in it"),
            (port not in (None, 443), "names a port"),
            (not parts.hostname, "has no host"),
        )
        if is_wrong
    ]
    if wrong:
        advice = (
            "Write exactly what the provider calls, as https://trygg.example.se: signatures are made over it."
        )
        is_at_home = set_up.settings.is_demonstration or set_up.settings.is_rehearsal
        say = warning if is_at_home else fault
        yield say(f"LYHORD_PUBLIC_URL {', '.join(wrong)}.", advice)
    else:
        yield ok("LYHORD_PUBLIC_URL is well written.")
    if parts.hostname:
        yield from _check_host(parts.hostname)


def _check_host(host: str) -> Iterator[Finding]:
    try:
        socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        yield fault(
            f"The host {host} is not known to the name servers.", "See to its DNS entry, or mend the address."
        )


def check_public_answer(set_up: SetUp) -> Iterator[Finding]:
    """Whether it is this program that answers there, without a detour."""
    if not set_up.settings.public_url:
        return
    try:
        answer = ask(f"{set_up.settings.public_url}/health/live")
    except NoAnswer as error:
        yield fault(
            f"Nobody answers at LYHORD_PUBLIC_URL: {error}.",
            "Does the web process run, with the proxy before it?",
        )
        return
    if answer.is_redirect:
        advice = "Set LYHORD_PUBLIC_URL to where it ends: the provider loses a message's fields on the way."
        yield fault(f"LYHORD_PUBLIC_URL sends its callers somewhere else ({answer.status}).", advice)
    elif not _is_ours(answer):
        advice = "Is it the address of another site, or is there a page of the proxy's in front?"
        yield fault(f"Something else than Lyhörd answers at LYHORD_PUBLIC_URL ({answer.status}).", advice)
    else:
        yield ok("Lyhörd answers at LYHORD_PUBLIC_URL.")


def _is_ours(answer: Answer) -> bool:
    try:
        return answer.status == 200 and json.loads(answer.body) == {"status": "ok"}
    except ValueError:
        return False


def check_signature(set_up: SetUp) -> Iterator[Finding]:
    """A status of a message that never was, signed as the provider signs: taken, and refused with another signature.

    That proves that the web process knows our tokens and makes signatures over this very address. It stores nothing.
    """
    settings = set_up.settings
    if not (settings.public_url and settings.twilio_auth_tokens and settings.twilio_account_sid):
        return
    try:
        refused = _post(settings.public_url, _fields(settings.twilio_account_sid), _OTHER_SIGNATURE)
        taken = [_signed(set_up, token) for token in settings.twilio_auth_tokens]
    except NoAnswer as error:
        yield fault(f"A webhook of our own could not be delivered: {error}.", "Mend what stands above first.")
        return
    yield from _judged(refused, taken)


def _judged(refused: int, taken: list[int]) -> Iterator[Finding]:
    if refused == 200:
        advice = (
            "Stop it: whoever answers there takes messages that nobody signed. It cannot be this program."
        )
        yield fault("A webhook with a wrong signature is taken (200).", advice)
    elif refused != 403:
        yield fault(
            f"A webhook with a wrong signature is answered with {refused}, not 403.",
            "Does the proxy let POST through?",
        )
    if all(status == 200 for status in taken):
        yield ok("Webhooks that are signed for LYHORD_PUBLIC_URL are taken, with every token.")
        return
    advice = (
        "The web process has another LYHORD_PUBLIC_URL, account or token than this environment: "
        "set them alike and start it again."
    )
    statuses = ", ".join(map(str, taken))
    yield fault(
        f"A webhook that is rightly signed for LYHORD_PUBLIC_URL is answered with {statuses}.", advice
    )


def _signed(set_up: SetUp, token: str) -> int:
    settings = set_up.settings
    fields = _fields(settings.twilio_account_sid)
    channel = TwilioSms(
        account_sid=settings.twilio_account_sid, auth_tokens=(token,), public_url=settings.public_url
    )
    return _post(settings.public_url, fields, channel.sign(STATUS_PATH, fields))


def _fields(account_sid: str) -> dict[str, str]:
    """A state that no message can be in is acknowledged and kept nowhere."""
    return {
        "MessageSid": f"SM{secrets.token_hex(16)}",
        "AccountSid": account_sid,
        "To": "+00000000",
        "MessageStatus": "looked-after",
    }


def _post(public_url: str, fields: dict[str, str], signature: str) -> int:
    headers = {"X-Twilio-Signature": signature}
    return ask(public_url + STATUS_PATH, method="POST", form=fields, headers=headers).status
