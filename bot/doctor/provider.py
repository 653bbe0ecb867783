"""Checks at the provider: the account, and how our numbers are set up there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.base import ProviderUnavailable
from bot.channels.twilio_sms import FALLBACK_PATH, SMS_PATH, STATUS_PATH
from bot.doctor.finding import Finding, fault, ok, warning
from bot.doctor.set_up import SetUp
from storage.rounds import RoundRow

if TYPE_CHECKING:
    from bot.channels.twilio_api import TwilioApi

TRIES = "rc=2&rp=ct,rt,5xx&ct=2000&rt=4500"
"""Behind # in the webhook's address: three tries within the provider's 15 seconds, also after an error of ours.
By default it tries once more, and only where it cannot connect. (Twilio: "Webhooks connection overrides".)"""


def check_account(set_up: SetUp) -> Iterator[Finding]:
    if not _can_ask(set_up):
        return
    try:
        status = _api(set_up).account_status()
    except ProviderUnavailable as error:
        advice = (
            "Is the first of LYHORD_TWILIO_AUTH_TOKENS the primary token? Does the host let requests out?"
        )
        yield fault(f"The account cannot be read: {error}.", advice)
        return
    if status == "active":
        yield ok("The provider's account is active.")
    else:
        yield fault(
            f"The provider's account is {status}.", "See to it in the provider's console: has it been paid?"
        )


def check_numbers(set_up: SetUp) -> Iterator[Finding]:
    """Where the provider takes the messages to the numbers of open rounds."""
    for row in set_up.open_rounds if _can_ask(set_up) else ():
        try:
            number = _api(set_up).number_setup(row.phone_number)
        except ProviderUnavailable as error:
            yield fault(
                f"The number of round {row.code} cannot be looked up: {error}.", "See the account above."
            )
            continue
        if number is None:
            advice = "Is it another account's, or written wrongly in the round?"
            yield fault(f"The account does not have the number of round {row.code}.", advice)
            continue
        base = set_up.settings.public_url
        told = [
            *_webhook(row, number.sms_url, number.sms_method, base),
            *_fallback(row, number.fallback_url, base),
            *_callback(row, number.status_callback, base),
        ]
        yield from told
        if not told:
            yield ok(f"The number of round {row.code} is set up at the provider as it should be.")


def _can_ask(set_up: SetUp) -> bool:
    """A demonstration has no account anywhere, but for a rehearsal's."""
    settings = set_up.settings
    is_somebodys = settings.is_rehearsal or not settings.is_demonstration
    return is_somebodys and bool(settings.twilio_account_sid and settings.twilio_auth_tokens)


def _api(set_up: SetUp) -> "TwilioApi":
    from bot.channels.twilio_api import TwilioApi  # the other commands need not wait for it

    settings = set_up.settings
    return TwilioApi(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_tokens[0],
        base_url=settings.provider_url,
    )


def _webhook(row: RoundRow, url: str, method: str, base: str) -> Iterator[Finding]:
    address, _, tries = url.partition("#")
    wanted = f"{base}{SMS_PATH}"
    if address != wanted:
        yield fault(
            f"Messages of round {row.code} do not go to LYHORD_PUBLIC_URL{SMS_PATH}.",
            f"Set the number's webhook to {wanted}#{TRIES}",
        )
    if method.upper() != "POST":
        yield fault(
            f"The webhook of round {row.code} is called with {method or 'no method'}.", "Set it to POST."
        )
    if set(tries.split("&")) != set(TRIES.split("&")):
        advice = f"Write #{TRIES} behind the webhook's address: else an answer is lost where we are away for a moment."
        yield warning(f"The provider does not try again as it should for round {row.code}.", advice)


def _fallback(row: RoundRow, url: str, base: str) -> Iterator[Finding]:
    advice = f"Set the number's fallback to https://OTHER-HOST{FALLBACK_PATH}: it keeps messages while we are away."
    if not url:
        yield warning(f"The number of round {row.code} has no fallback address.", advice)
    elif urlsplit(url).path != FALLBACK_PATH:
        yield warning(f"The fallback address of round {row.code} does not lead to the fallback.", advice)
    elif urlsplit(url).scheme != "https" and not base.startswith("http://"):
        yield fault(
            f"The fallback address of round {row.code} is not https.", "Messages would go over it in clear."
        )


def _callback(row: RoundRow, url: str, base: str) -> Iterator[Finding]:
    if url.partition("#")[0] != f"{base}{STATUS_PATH}":
        advice = f"Set the number's status callback to {base}{STATUS_PATH}"
        yield warning(f"The provider does not tell us how far messages of round {row.code} came.", advice)
