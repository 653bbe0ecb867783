"""What we answer is what twilio-python would write, to the byte."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from town import ACCOUNT
from twilio.twiml.messaging_response import MessagingResponse

from bot.channels.twilio_sms import TwilioSms

_CHANNEL = TwilioSms(account_sid=ACCOUNT, auth_tokens=("12345",), public_url="https://trygg.example.se")
_TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text("&<>\"'\r\n\t{}%åÅ€😀]", max_size=20)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(_TEXT, max_size=3))
def test_an_acknowledgement_is_written_as_the_providers_library_writes_it(texts: list[str]) -> None:
    assume(not texts or "\n".join(texts))  # to say nothing, there is nothing to say
    official = MessagingResponse()
    if texts:
        official.message("\n".join(texts))
    assert _CHANNEL.acknowledge(texts) == str(official)
