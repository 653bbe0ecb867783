"""Text made to break something, through the signed webhook, wherever a message may arrive: no fault, TwiML that
parses, and what is stored is the normalised text to the letter. On both databases.
"""

import itertools
import secrets
import socket
from collections import Counter
from urllib.parse import urlencode

import pytest
from hostile import CHAT_FORM, CORPUS
from sqlalchemy import select
from town import ROUND, Town, message_fields, twiml_text
from werkzeug.test import TestResponse

from bot.channels import webchat
from bot.channels.twilio_sms import SMS_PATH, STATUS_PATH
from storage.database import Database
from storage.tables import Answer, InboxMessage

OPEN_QUESTION = ("TRYGG", "ja", "1", "Duved", "4")


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def test_text_is_kept_to_the_letter_wherever_it_arrives(town: Town) -> None:
    for number, (name, (sent, _)) in enumerate(CORPUS.items()):
        phone = town.phone(f"+467017410{number:02}")
        for text, reply in (
            (sent, "Hej! Vi läser inte sms här löpande"),
            ("TRYGG", "Åre kommun ställer"),
            (sent, "Svara JA"),
            ("ja", "Vem är du här?"),
            (sent, "Jag förstod inte svaret"),
            (sent, "sparat som text"),
            ("Duved", "Hur trygg"),
            ("4", "Vad är det största"),
            (sent, "Var är det så?"),
            (sent, "När är det värst?"),
        ):
            said = phone.say(text)
            assert reply in said, f"{name}: {text[:40]!r} was answered {said!r}"
    kept = Counter(kept for _, kept in CORPUS.values())
    assert _inbox(town) == kept
    for question in ("role", "problem", "place"):
        assert _texts(town, question) == kept, question


def test_a_text_that_is_all_noise_is_asked_again_once_and_kept(town: Town) -> None:
    noise = ("\ufeff\u200b\u202e", "\U0001f621\U0001f621", "\x00", "...", "\u0301" * 40, "&#")
    for number, sent in enumerate(noise):
        phone = town.phone(f"+467017414{number:02}")
        phone.answer_all(*OPEN_QUESTION)
        assert phone.say(sent), sent
        assert phone.say(sent), sent
    assert _texts(town, "problem") == Counter(sent.replace("\x00", "\ufffd") for sent in noise)


def test_bytes_that_are_no_text_are_kept_as_their_escapes_or_refused(town: Town) -> None:
    """Escaped, the form's reader leaves them as they were written; raw, it sees no form at all."""
    escapes = ("%FF%FE", "%ED%A0%80", "%C0%AF", "%F8%88%80%80%80", "%E5")
    for escaped in escapes:
        fields = message_fields(f"lampan {escaped}")
        body = urlencode({**fields, "Body": ""}).replace("Body=", f"Body=lampan+{escaped}")
        assert _post(town, fields, body.encode()).status_code == 200
    assert _inbox(town) == Counter(f"lampan {escaped}" for escaped in escapes)
    raw = urlencode(message_fields("")).encode().replace(b"Body=", b"Body=lampan\xff\xfe")
    assert _post(town, message_fields("lampan\ufffd\ufffd"), raw).status_code == 403


def test_a_lone_surrogate_is_made_harmless_in_every_field(town: Town) -> None:
    fields = {name: [value] for name, value in message_fields("lampan \ud800 \udfff").items()}
    message = town.house.twilio.parse_inbound({**fields, "From": ["+4670\ud8001"], "To": ["\udfff"]})
    assert (message.text, message.sender, message.recipient) == (
        "lampan \ufffd \ufffd",
        "+4670\ufffd1",
        "\ufffd",
    )


@pytest.mark.parametrize("path", [SMS_PATH, STATUS_PATH])
def test_hostile_values_in_any_field_are_no_fault(town: Town, path: str) -> None:
    values = (
        "",
        "\x00",
        "\ufffe",
        "9" * 4000,
        "٣",
        "²",
        "-1",
        "<x>",
        "'; --",
        "%s",
        "\U0001f621",
        "STOP\x00",
    )
    more = {"MessageStatus": "sent", "OptOutType": "", "ErrorCode": "", "MediaUrl0": ""}
    fields = {**message_fields("lampan"), **more}
    for number, (name, value) in enumerate(itertools.product(fields, values)):
        own = message_fields("lampan", sender=f"+4670174{number:04}")
        response = town.webhook({**fields, **own, name: value}, path=path)
        assert response.status_code in (200, 400, 403), (name, value)
        twiml_text(response)


def test_hostile_values_in_any_field_of_the_chat_are_no_fault(town: Town) -> None:
    values = (
        "",
        "\x00",
        "\ufffe\x1b",
        "9" * 4000,
        "٣",
        '<x>"',
        "{{7*7}}",
        "start.0",
        "nosuch.0",
        "problem.999",
    )
    for field, value in itertools.product(CHAT_FORM, values):
        for action in ("start", "answer"):
            form = {**CHAT_FORM, "message_id": secrets.token_hex(16), "action": action, field: value}
            response = town.client.post(f"/chat/{ROUND}/residents", data=form)
            assert response.status_code in (200, 400, 404), (field, value, action)


def test_what_is_typed_or_chosen_in_the_chat_is_cut_as_a_text_is(town: Town) -> None:
    for field in ("text", "choice"):
        form = webchat.parse(
            {name: [value] for name, value in {**CHAT_FORM, "text": "", field: "ö" * 5000}.items()}
        )
        assert form.words == "ö" * 1600
    form = webchat.parse(
        {**{name: [value] for name, value in CHAT_FORM.items()}, "text": [""], "choice": ["öö"] * 5000}
    )
    assert len(form.words) == 1600


def test_the_address_of_a_picture_is_never_fetched(town: Town) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x.jpg"
        phone = town.phone()
        for text in ("", "Se bilden", f"Se {address}"):
            phone.say(text, NumMedia="1", MediaUrl0=address, MediaContentType0="image/jpeg")
        with pytest.raises(TimeoutError):
            listener.accept()


def _inbox(town: Town) -> Counter[str]:
    with town.house.database.sessions.reading() as session:
        return Counter(session.scalars(select(InboxMessage.text)))


def _texts(town: Town, question: str) -> Counter[str | None]:
    with town.house.database.sessions.reading() as session:
        return Counter(session.scalars(select(Answer.text).where(Answer.question == question)))


def _post(town: Town, fields: dict[str, str], body: bytes) -> TestResponse:
    signature = town.house.twilio.sign(SMS_PATH, fields)
    return town.client.post(
        SMS_PATH,
        data=body,
        headers={"X-Twilio-Signature": signature},
        content_type="application/x-www-form-urlencoded",
    )
