"""What we ask of the provider's interface, against the stand-in over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from rehearsal import Rehearsal, rehearsal

from bot.channels.base import MaybeSent, NotSent, ProviderUnavailable
from bot.channels.twilio_api import TwilioApi
from bot.demo.provider.store import Webhooks

ACCOUNT = "AC" + "1" * 32
OURS, PHONE = "+46700000100", "+46701740605"

HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)
WEBHOOKS = Webhooks(sms_url="https://trygg.example.se/twilio/sms#rc=2", fallback_url="https://f.example.se/x")


@pytest.fixture
def provider() -> Iterator[Rehearsal]:
    with rehearsal(ACCOUNT, WEBHOOKS, handles_stop=True) as running:
        yield running


def _send(provider: Rehearsal, text: str = "Hur trygg är du?") -> str:
    return provider.api.send(sender=OURS, recipient=PHONE, text=text, status_url="")


def test_what_telephones_wrote_is_listed_as_messages(provider: Rehearsal) -> None:
    written = provider.write("Mörkt vid stationen", sender=PHONE, recipient=OURS, lost=True)
    provider.write("to somebody else", sender=PHONE, recipient="+46700000999", lost=True)
    (message,) = provider.api.list_inbound(OURS, HOUR_AGO)
    assert (message.provider, message.provider_id) == ("twilio", written["sid"])
    assert (message.sender, message.recipient, message.text) == (PHONE, OURS, "Mörkt vid stationen")
    assert message.sent_at is not None
    assert abs(message.sent_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_more_than_a_page_is_listed_whole(provider: Rehearsal) -> None:
    texts = {f"svar {number}" for number in range(1_050)}
    for text in texts:
        provider.write(text, sender=PHONE, recipient=OURS, lost=True)
    assert {message.text for message in provider.api.list_inbound(OURS, HOUR_AGO)} == texts


def test_nothing_older_than_asked_for_is_listed(provider: Rehearsal) -> None:
    provider.write("JA", sender=PHONE, recipient=OURS, lost=True)
    assert list(provider.api.list_inbound(OURS, datetime.now(UTC) + timedelta(minutes=1))) == []


def test_what_we_sent_is_listed_with_its_text_and_id(provider: Rehearsal) -> None:
    sid = _send(provider)
    (sent,) = provider.api.list_sent(PHONE, HOUR_AGO)
    assert (sent.provider_id, sent.text) == (sid, "Hur trygg är du?")
    assert list(provider.api.list_inbound(PHONE, HOUR_AGO)) == []


def test_too_fast_is_surely_not_sent_and_may_be_sent_later(provider: Rehearsal) -> None:
    provider.order_faults("429")
    with pytest.raises(NotSent) as refused:
        _send(provider)
    assert refused.value.may_retry
    assert provider.sent_to(PHONE) == []


def test_a_phone_that_said_stop_is_never_written_to_again(provider: Rehearsal) -> None:
    provider.write("STOP", sender=PHONE, recipient=OURS, lost=True)
    with pytest.raises(NotSent) as refused:
        _send(provider)
    assert (refused.value.may_retry, refused.value.has_opted_out) == (False, True)


@pytest.mark.parametrize(("fault", "was_sent"), [("500", 0), ("accepted-503", 1), ("accepted-cut", 1)])
def test_after_a_fault_of_the_provider_nobody_knows(provider: Rehearsal, fault: str, was_sent: int) -> None:
    provider.order_faults(fault)
    with pytest.raises(MaybeSent):
        _send(provider)
    assert len(list(provider.api.list_sent(PHONE, HOUR_AGO))) == was_sent


@pytest.mark.parametrize(("recipient", "text"), [("banana", "x"), (PHONE, "x" * 1_601)])
def test_what_the_provider_refuses_for_good_is_not_tried_again(
    provider: Rehearsal, recipient: str, text: str
) -> None:
    with pytest.raises(NotSent) as refused:
        provider.api.send(sender=OURS, recipient=recipient, text=text, status_url="")
    assert not refused.value.may_retry


def test_wrong_token_is_told_without_the_token(provider: Rehearsal) -> None:
    api = TwilioApi(account_sid=ACCOUNT, auth_token="wrong-secret", base_url=provider.address)
    with closing(api), pytest.raises(ProviderUnavailable, match="answers 401") as refused:
        list(api.list_inbound(OURS, HOUR_AGO))
    assert "wrong-secret" not in str(refused.value)


def test_a_provider_that_does_not_answer_is_told_as_such() -> None:
    api = TwilioApi(account_sid=ACCOUNT, auth_token="12345", base_url="http://127.0.0.1:9")
    with pytest.raises(ProviderUnavailable, match="cannot be reached"):
        list(api.list_inbound(OURS, HOUR_AGO))


class _Proxy(BaseHTTPRequestHandler):
    """A proxy of the municipality, which answers 200 in the provider's place."""

    said = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.said)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"<html>Sign in to the network</html>", "no JSON"),
        (b"{}", "otherwise than documented"),
        (b"[]", "otherwise than documented"),
        (b"null", "otherwise than documented"),
        (b'{"messages": [{"sid": "SM1"}], "next_page_uri": null}', "otherwise than documented"),
        (b'{"messages": [7], "next_page_uri": null}', "otherwise than documented"),
    ],
)
def test_an_answer_that_is_not_the_providers_is_no_list_and_no_sent_message(said: bytes, told: str) -> None:
    proxy = type("Proxy", (_Proxy,), {"said": said})
    with HTTPServer(("127.0.0.1", 0), proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with closing(TwilioApi(account_sid=ACCOUNT, auth_token="12345", base_url=address)) as api:
            for ask in (api.list_inbound, api.list_sent):
                with pytest.raises(ProviderUnavailable, match=told):
                    list(ask(OURS, HOUR_AGO))
            with pytest.raises(ProviderUnavailable, match=told):
                api.number_setup(OURS)
            with pytest.raises(ProviderUnavailable, match=told):
                api.account_status()
            with pytest.raises(MaybeSent):
                api.send(sender=OURS, recipient=PHONE, text="Hur trygg är du?", status_url="")
        server.shutdown()


def test_how_our_number_is_set_up_is_told_as_it_was_typed(provider: Rehearsal) -> None:
    setup = provider.api.number_setup(OURS)
    assert setup is not None
    assert (setup.sms_url, setup.fallback_url) == (WEBHOOKS.sms_url, WEBHOOKS.fallback_url)
    assert provider.api.account_status() == "active"
