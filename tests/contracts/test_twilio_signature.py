"""Who may call the webhooks. Signatures are those of twilio-python's own tests and of Twilio's page on security;
everything else that may arrive at the address is refused with 403, never with a fault, and leaves no row.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from town import ACCOUNT, PUBLIC_URL, Town, message_fields, twiml_text
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from bot.channels.base import Forged, Malformed
from bot.channels.twilio_sms import SMS_PATH, STATUS_PATH, TwilioSms
from storage.database import open_database
from storage.tables import Base

TOKEN = "12345"
PATH, QUERY = "/myapp.php", "foo=1&bar=2"
CALL = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+14158675309"],
    "Digits": ["1234"],
    "From": ["+14158675309"],
    "To": ["+18005551212"],
}
REPEATED = {"Sid": ["CA123"], "SidAccount": ["AC123"], "Digits": ["5678", "1234", "1234"]}
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON_QUERY = f"{QUERY}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
SIGNED_BUT_INCOMPLETE = "required field"
NOT_SIGNED = "no valid signature"


def _channel(public_url: str = "https://mycompany.com", tokens: Sequence[str] = (TOKEN,)) -> TwilioSms:
    return TwilioSms(account_sid=ACCOUNT, auth_tokens=tokens, public_url=public_url)


# --- signatures that others have published ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("public_url", "query", "fields", "signature", "why"),
    [
        ("https://mycompany.com", QUERY, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", SIGNED_BUT_INCOMPLETE),
        ("https://mycompany.com:1234", QUERY, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", SIGNED_BUT_INCOMPLETE),
        ("https://mycompany.com", QUERY, CALL, "kvajT1Ptam85bY51eRf/AJRuM3w=", SIGNED_BUT_INCOMPLETE),
        ("http://mycompany.com", QUERY, CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4=", SIGNED_BUT_INCOMPLETE),
        ("http://mycompany.com:1234", QUERY, CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", SIGNED_BUT_INCOMPLETE),
        ("https://mycompany.com", QUERY, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", "more than once"),
        ("https://mycompany.com", JSON_QUERY, {}, "a9nBmqA0ju/hNViExpshrM61xv4=", SIGNED_BUT_INCOMPLETE),
    ],
    ids=["plain", "port dropped", "signed with 443", "http with 80", "http port dropped", "repeated", "json"],
)
def test_published_signature_is_known(
    public_url: str, query: str, fields: Mapping[str, Sequence[str]], signature: str, why: str
) -> None:
    channel = _channel(public_url)
    with pytest.raises(Forged, match=why):
        channel.verify(PATH, query, fields, signature)
    with pytest.raises(Forged, match=NOT_SIGNED):
        channel.verify(PATH, query, fields, signature.swapcase())
    with pytest.raises(Forged, match=NOT_SIGNED):
        channel.verify(PATH, f"{query}&more=1", fields, signature)


def test_hash_of_the_published_json_body_is_that_of_its_address() -> None:
    assert JSON_QUERY.endswith(hashlib.sha256(JSON_BODY).hexdigest())


def test_a_changed_added_or_dropped_field_breaks_the_signature() -> None:
    fields = message_fields("hej")
    signature = _channel().sign(SMS_PATH, fields)
    _channel().verify(SMS_PATH, "", _lists(fields), signature)
    dropped = {name: value for name, value in fields.items() if name != "NumMedia"}
    for other in ({**fields, "Body": "hej "}, {**fields, "Extra": "1"}, dropped):
        with pytest.raises(Forged, match=NOT_SIGNED):
            _channel().verify(SMS_PATH, "", _lists(other), signature)


def test_unknown_fields_are_signed_and_let_through() -> None:
    fields = {**message_fields("hej"), "SomethingNewOf2027": "yes", "ProfileName": "<b>Kalle</b>"}
    channel = _channel()
    channel.verify(SMS_PATH, "", _lists(fields), channel.sign(SMS_PATH, fields))
    assert channel.parse_inbound(_lists(fields)).text == "hej"


def test_either_token_signs_during_a_rotation_and_a_third_does_not() -> None:
    fields = message_fields("hej")
    rotating = _channel(tokens=("new", "old"))
    for token in ("new", "old"):
        rotating.verify(SMS_PATH, "", _lists(fields), _channel(tokens=(token,)).sign(SMS_PATH, fields))
    with pytest.raises(Forged, match=NOT_SIGNED):
        rotating.verify(SMS_PATH, "", _lists(fields), _channel(tokens=("stolen",)).sign(SMS_PATH, fields))
    with pytest.raises(Forged, match=NOT_SIGNED):
        _channel(tokens=()).verify(SMS_PATH, "", _lists(fields), rotating.sign(SMS_PATH, fields))


# --- what makes the library's validator raise ------------------------------------------------------------------


@pytest.mark.parametrize("port", ["99999", "abc"])
def test_a_port_that_is_none_refuses_and_does_not_raise(port: str) -> None:
    with pytest.raises(ValueError, match=r"[Pp]ort"):
        RequestValidator(TOKEN).validate(f"https://mycompany.com:{port}/", {}, "x")
    with pytest.raises(Forged, match=NOT_SIGNED):
        _channel(f"https://mycompany.com:{port}").verify(PATH, "", _lists(message_fields("hej")), "x")


@pytest.mark.parametrize("name", ["Body", "From", "\ud800"])
def test_a_lone_surrogate_refuses_and_does_not_raise(name: str) -> None:
    with pytest.raises(Forged, match=NOT_SIGNED):
        _channel().verify(SMS_PATH, "", _lists({**message_fields("hej"), name: "\ud800"}), "x")


def test_boundary_between_name_and_value_cannot_be_moved() -> None:
    fields = message_fields("hej")
    channel = _channel()
    signature, recut = channel.sign(SMS_PATH, fields), _recut(fields)
    assert RequestValidator(TOKEN).validate(f"https://mycompany.com{SMS_PATH}", recut, signature)
    with pytest.raises(Forged, match="required field"):
        channel.verify(SMS_PATH, "", _lists(recut), signature)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    fields=st.dictionaries(
        st.sampled_from(["MessageSid", "From", "To", "AccountSid", "Body", ""]) | st.text(max_size=8),
        st.lists(st.text(max_size=20), max_size=3),
        max_size=8,
    ),
    query=st.text(max_size=20),
    signature=st.text(max_size=40) | st.binary(min_size=20, max_size=20).map(lambda b: b.hex()),
)
def test_whatever_a_forger_sends_is_refused(fields: dict[str, list[str]], query: str, signature: str) -> None:
    with pytest.raises(Forged):
        _channel().verify(SMS_PATH, query, fields, signature)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(values=st.dictionaries(st.sampled_from(sorted(message_fields(""))), st.text(max_size=40)))
def test_whatever_is_signed_is_a_message_or_refused(values: dict[str, str]) -> None:
    fields = _lists({**message_fields("hej"), **values})
    for parse in (_channel().parse_inbound, _channel().parse_status):
        try:
            parse(fields)
        except (Forged, Malformed) as refused:
            assert "hej" not in str(refused)


# --- through the web -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """On SQLite only: what is refused here never comes to a database."""
    path = tmp_path_factory.mktemp("signature") / "lyhord.db"
    shutil.copyfile(migrated_file, path)
    with closing(open_database(f"sqlite:///{path}")) as database:
        yield Town.build(database)


Attack = Callable[[Town, str], TestResponse]


def _post(town: Town, path: str, body: bytes | str, signature: str | None, **more: str) -> TestResponse:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    content_type = more.pop("content_type", "application/x-www-form-urlencoded")
    query = more.pop("query", "")
    return town.client.post(
        path, data=body, query_string=query, headers={**headers, **more}, content_type=content_type
    )


def _signed(
    town: Town, path: str, fields: Mapping[str, str], body: str | bytes | None = None
) -> TestResponse:
    sent = urlencode(fields) if body is None else body
    return _post(town, path, sent, town.house.twilio.sign(path, fields))


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in message_fields("hej").items() if key != name}


def _get(town: Town, path: str) -> TestResponse:
    query = urlencode(message_fields("hej"))
    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC_URL}{path}?{query}", {})
    return town.client.get(path, query_string=query, headers={"X-Twilio-Signature": signature})


def _json(town: Town, path: str, *, with_hash: bool) -> TestResponse:
    body = json.dumps(message_fields("hej")).encode()
    query = f"bodySHA256={hashlib.sha256(body).hexdigest()}" if with_hash else ""
    url = f"{PUBLIC_URL}{path}?{query}" if query else PUBLIC_URL + path
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    return _post(town, path, body, signature, query=query, content_type="application/json")


def _repeated(town: Town, path: str, again: str) -> TestResponse:
    fields = _lists(message_fields("hej"))
    fields["Body"].append(again)
    signature = _sign(f"{PUBLIC_URL}{path}", fields)
    return _post(town, path, urlencode(fields, doseq=True), signature)


def _moved(town: Town, path: str) -> TestResponse:
    fields = message_fields("hej")
    return _post(town, path, urlencode(_recut(fields)), town.house.twilio.sign(path, fields))


def _for_another_host(town: Town, path: str) -> TestResponse:
    fields = message_fields("hej")
    signature = RequestValidator(TOKEN).compute_signature(f"https://evil.example{path}", fields)
    forwarded = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    return _post(town, path, urlencode(fields), signature, **forwarded)


def _of_another_address(town: Town, path: str) -> TestResponse:
    fields = message_fields("hej")
    other = STATUS_PATH if path == SMS_PATH else SMS_PATH
    return _post(town, path, urlencode(fields), town.house.twilio.sign(other, fields))


ATTACKS: dict[str, Attack] = {
    "no header": lambda t, p: _post(t, p, urlencode(message_fields("hej")), None),
    "empty header": lambda t, p: _post(t, p, urlencode(message_fields("hej")), ""),
    "wrong header": lambda t, p: _post(
        t, p, urlencode(message_fields("hej")), "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    ),
    "header of other letters": lambda t, p: _post(t, p, urlencode(message_fields("hej")), "\xe5\xff" * 14),
    "nothing at all": lambda t, p: _post(t, p, "", None),
    "GET, signed": _get,
    "JSON, signed with its hash": lambda t, p: _json(t, p, with_hash=True),
    "JSON, signed without": lambda t, p: _json(t, p, with_hash=False),
    "name and value cut elsewhere": _moved,
    "a field twice": lambda t, p: _repeated(t, p, "hej"),
    "a field with two values": lambda t, p: _repeated(t, p, "stopp"),
    "another account": lambda t, p: _signed(t, p, {**message_fields("hej"), "AccountSid": "AC" + "2" * 32}),
    "empty account": lambda t, p: _signed(t, p, {**message_fields("hej"), "AccountSid": ""}),
    "empty recipient": lambda t, p: _signed(t, p, {**message_fields("hej"), "To": ""}),
    "no recipient": lambda t, p: _signed(t, p, _without("To")),
    "no message id": lambda t, p: _signed(t, p, _without("MessageSid")),
    "signed for another host": _for_another_host,
    "signed for another address": _of_another_address,
    "query added": lambda t, p: _post(
        t, p, urlencode(f := message_fields("hej")), t.house.twilio.sign(p, f), query="x=1"
    ),
    "raw bytes that are no UTF-8": lambda t, p: _signed(
        t, p, message_fields("hej"), b"Body=\xff\xfe&From=%2B46"
    ),
    "escaped bytes that are no UTF-8": lambda t, p: _signed(
        t, p, message_fields("\ufffd"), urlencode(message_fields("")) + "%FF%FE"
    ),
    "escaped surrogate": lambda t, p: _signed(
        t, p, message_fields("\ufffd"), urlencode(message_fields("")) + "%ED%A0%80"
    ),
    "not a form": lambda t, p: _post(t, p, "hej", "x", content_type="text/plain"),
    "multipart without an end": lambda t, p: _post(
        t, p, "--b\r\nContent-Disposition: form-data", "x", content_type="multipart/form-data; boundary=b"
    ),
}
NO_SENDER: dict[str, Attack] = {
    "empty sender": lambda t, p: _signed(t, p, {**message_fields("hej"), "From": ""}),
    "no sender": lambda t, p: _signed(t, p, _without("From")),
}


@pytest.mark.parametrize("path", [SMS_PATH, STATUS_PATH])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_what_the_provider_would_not_send_is_refused(town: Town, attack: Attack, path: str) -> None:
    _assert_refused(town, attack, path)


@pytest.mark.parametrize("attack", NO_SENDER.values(), ids=NO_SENDER)
def test_a_message_without_sender_is_refused(town: Town, attack: Attack) -> None:
    _assert_refused(town, attack, SMS_PATH)


def test_a_status_without_sender_is_taken(town: Town) -> None:
    """A message of a messaging service that failed before a sender was chosen has none."""
    fields, before = {**_without("From"), "MessageStatus": "failed", "ErrorCode": "30001"}, _rows(town)
    assert _signed(town, STATUS_PATH, fields).status_code == 200
    assert _rows(town) == before + 1


@pytest.mark.parametrize("path", [SMS_PATH, STATUS_PATH])
@pytest.mark.parametrize(
    "sid", ["SMabc", "SM" + "g" * 32, "CA" + "1" * 32, f"SM{'1' * 32}\n", "SM" + "1" * 33]
)
def test_what_is_signed_but_no_message_is_400(town: Town, path: str, sid: str) -> None:
    before = _rows(town)
    response = _signed(town, path, {**message_fields("hej", sid=sid), "MessageStatus": "sent"})
    assert (response.status_code, response.content_type) == (400, "text/xml; charset=utf-8")
    assert _rows(town) == before


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "head"])
def test_other_methods_do_nothing(town: Town, method: str) -> None:
    before = _rows(town)
    response = getattr(town.client, method)(SMS_PATH)
    assert response.status_code in (200, 403, 405)
    assert "<Message>" not in response.get_data(as_text=True)
    assert _rows(town) == before


def _assert_refused(town: Town, attack: Attack, path: str) -> None:
    before = _rows(town)
    response = attack(town, path)
    assert response.status_code == 403
    assert twiml_text(response) == ""
    assert _rows(town) == before


def _rows(town: Town) -> int:
    """In all tables."""
    with town.house.database.sessions.reading() as session:
        tables = Base.metadata.sorted_tables
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def _lists(fields: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in fields.items()}


def _recut(fields: Mapping[str, str]) -> dict[str, str]:
    """The same signed text with another boundary: MessageSid=SM... as MessageSi=dSM..."""
    rest = {name: value for name, value in fields.items() if name != "MessageSid"}
    return {**rest, "MessageSi": f"d{fields['MessageSid']}"}


def _sign(url: str, fields: Mapping[str, Sequence[str]]) -> str:
    """Twilio's signature where a name has several values."""
    signed = url + "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    return RequestValidator(TOKEN).compute_signature(signed, {})
