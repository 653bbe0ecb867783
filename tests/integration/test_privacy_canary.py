"""A number, an e-mail address, a personal number, a handle and a telling word go in by every door there is; then every
table, the file itself, every log line and every page is searched for them.
"""

import hashlib
import logging
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update
from town import ROUND, Town, message_fields
from werkzeug.test import TestResponse

from bot import logs
from bot.app import create_app
from bot.channels import webchat
from bot.channels.twilio_sms import SMS_PATH, STATUS_PATH
from bot.cli import main
from privacy.pseudonyms import KeyRing, UndecipherableError
from storage.database import Database
from storage.tables import Base, Conversation, FeedbackEntry

NUMBER = "+46701740633"
CODE_WORD = "kvitterlyktan"
TEXT = (
    f"{CODE_WORD} vid torget är trasig, ring 070-174 06 44 eller vitsippa.blom@example.com, "
    "19811218-9876, insta @vitsippan_duved"
)
DANGER = f"jag orkar inte leva mer, {TEXT}"
FAULT = "felordet"
"""What is wrong with a row, as the fault that it makes says it."""
NEVER = (
    *("701740633", "70174 06 33", "70-174 06 33"),
    *("701740644", "70-174 06 44", "174 06 44"),
    *("vitsippa", "blom@", "811218-9876", "8112189876"),
)
"""What identifies somebody, in every form in which it may be written down."""
WORDS = (*NEVER, CODE_WORD, FAULT)
ENCODED = (*(b64encode(NUMBER[cut:].encode())[:12].decode() for cut in range(4)), NUMBER.encode().hex())
MAY_HOLD_WORDS = {("answers", "text"), ("inbox", "text")}


class Doors:
    """Sends the canaries in. Keeps every page that came back."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.pages: list[str] = []
        self.others = iter(f"+467017406{number}" for number in range(50, 99))

    def post(self, fields: dict[str, str], path: str = SMS_PATH, signature: str | None = None) -> int:
        return self._keep(self.town.webhook(fields, path=path, signature=signature))

    def say(self, text: str, number: str = NUMBER, **more: str) -> None:
        assert self.post({**message_fields(text, sender=number), **more}) == 200

    def at(self, *texts: str) -> None:
        """A telephone of its own says these, one after the other."""
        number = next(self.others)
        for text in texts:
            self.say(text, number)

    def get(self, address: str) -> int:
        return self._keep(self.town.client.get(address))

    def fill(self, address: str, **form: str) -> int:
        """A form of the chat. A page that asks again says the words back to whom they are from, and only to them."""
        response = self.town.client.post(address, data=form)
        return response.status_code if response.status_code in (200, 404) else self._keep(response)

    def _keep(self, response: TestResponse) -> int:
        self.pages.append(f"{response.headers}\n{response.get_data(as_text=True)}")
        return response.status_code


def _survey(doors: Doors) -> None:
    for text in (
        TEXT,
        "TRYGG",
        TEXT,
        "ja",
        TEXT,
        TEXT,
        "Duved",
        "4",
        TEXT,
        TEXT,
        "2,5",
        TEXT,
        "47",
        TEXT,
        TEXT,
    ):
        doors.say(text)
    doors.say("RESULTAT")
    doors.say(TEXT)
    doors.say("TRYGG 070-174 06 44")
    doors.say(TEXT)
    doors.at("PERSONAL", "ja", "1", "Duved", TEXT, TEXT, TEXT)
    doors.at("MOTE1", "12,9,3,8", TEXT, TEXT, "2", "14", "6", TEXT, TEXT, "2", "1")


def _elsewhere(doors: Doors) -> None:
    """Commands, safeguards, the inbox, what comes too often or from no telephone."""
    doors.at(DANGER, "TRYGG", DANGER, "ja", DANGER, "1", "Duved", "4", DANGER, "FORTSÄTT", TEXT)
    doors.at("TRYGG", TEXT, "ENGLISH", TEXT, "HELP", "tillbaka", "stopp", TEXT, "START", TEXT, "radera", TEXT)
    doors.at("TRYGG", "ja", "1", "Duved", "4", f"jag är 12 år {TEXT}", TEXT)
    doors.at(*[TEXT] * 32)
    doors.say(TEXT, number=f"whatsapp:{NUMBER}")
    doors.say(TEXT, number="vitsippa.blom@example.com")
    doors.say(TEXT, ProfileName="vitsippa", WaId=NUMBER, FromCity=TEXT, MediaUrl0=TEXT, NumMedia="1")
    doors.say(TEXT, To=NUMBER)
    doors.say("", From=NUMBER, To=TEXT)
    doors.say(TEXT, OptOutType="STOP")


def _callbacks(doors: Doors) -> None:
    for more in (
        {"MessageStatus": "failed", "ErrorCode": "21610"},
        {"MessageStatus": "failed", "ErrorCode": NUMBER, "ErrorMessage": TEXT},
        {"MessageStatus": TEXT, "ErrorCode": TEXT},
    ):
        assert doors.post({**message_fields(TEXT, sender=NUMBER), "To": NUMBER, **more}, STATUS_PATH) == 200


def _refused(doors: Doors) -> None:
    fields = message_fields(TEXT, sender=NUMBER)
    for path in (SMS_PATH, STATUS_PATH):
        assert doors.post(fields, path, signature=TEXT.encode("ascii", "ignore").decode()) == 403
        assert doors.post({**fields, "MessageSid": TEXT, "MessageStatus": "sent"}, path) == 400
        assert doors.post({**fields, "From": "", "To": ""}, path) == 403
        assert doors.post({**fields, "Body": TEXT * 1000}, path) == 413
        assert doors.get(f"{path}?{urlencode(fields)}") == 403
        assert doors.get(f"{path}/{NUMBER}/{CODE_WORD}") == 404
    assert doors.get(f"/health/ready?From={NUMBER}") == 200


def _chat(doors: Doors) -> None:
    """Its forms, and what is no form of ours."""
    address = f"/chat/{ROUND}/residents"
    start = webchat.parse(
        {"message_id": ["1" * 32], "action": ["start"], "language": ["sv"], "place_code": [NUMBER]}
    )
    token = webchat.begun_with(start)
    assert doors.fill(address, message_id="1" * 32, action="start", language="sv", place_code=NUMBER) == 200
    for question in ("role", "area", "safety", "avoided", "problem", "place", "when"):
        for again in ("a", "b"):
            form = {
                "message_id": hashlib.md5(f"{question}{again}".encode(), usedforsecurity=False).hexdigest()
            }
            doors.fill(address, **form, token=token, question=f"{question}.0", text=TEXT)
    assert doors.fill(address, message_id=TEXT, token=token, text=TEXT) == 400
    assert doors.fill(address, message_id="2" * 32, token=NUMBER, text=TEXT) == 404
    assert doors.fill(address, message_id="3" * 32, token=token, text=TEXT * 1000) == 413


def _broken(doors: Doors) -> None:
    """A conversation that this program cannot read: what stands in it must not get out with the fault."""
    number = next(doors.others)
    doors.say("TRYGG", number)
    with doors.town.house.database.sessions.begin() as session:
        at_start = update(Conversation).where(Conversation.at_question == "start")
        session.execute(at_start.values(state={"v": FAULT}))
    assert doors.post(message_fields(TEXT, sender=number)) == 500


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """All that is logged by whomever, statements to the database too, and all that is written to standard error."""
    stream, ours = StringIO(), logging.getLogger("lyhord")
    before = (ours.handlers[:], ours.level, ours.propagate)
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up("DEBUG")
    everything, root, database = (
        logging.StreamHandler(stream),
        logging.getLogger(),
        logging.getLogger("sqlalchemy.engine"),
    )
    levels = (root.level, database.level)
    root.addHandler(everything)
    root.setLevel("DEBUG")
    database.setLevel("INFO")
    yield stream
    root.removeHandler(everything)
    root.setLevel(levels[0])
    database.setLevel(levels[1])
    ours.handlers[:], ours.level, ours.propagate = before


@pytest.fixture
def doors(log: StringIO, database: Database) -> Doors:
    """Everything has been sent."""
    doors = Doors(Town.build(database))
    for send in (_survey, _elsewhere, _callbacks, _refused, _chat, _broken):
        send(doors)
    return doors


def _stored(town: Town) -> Iterator[tuple[str, str, Any]]:
    """Table, column and value of everything that there is."""
    with town.house.database.sessions.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                yield from ((table.name, column, value) for column, value in row.items())


def _found(text: str, among: tuple[str, ...] = NEVER) -> list[str]:
    return [canary for canary in among if canary.lower() in text.lower()]


@pytest.mark.faulty
def test_nothing_that_came_in_can_be_found_again(log: StringIO, doors: Doors, tmp_path: Path) -> None:
    stored = list(_stored(doors.town))
    assert {(t, c) for t, c, value in stored if _found(str(value), NEVER + ENCODED)} == set()
    assert {(t, c) for t, c, value in stored if CODE_WORD in str(value)} == MAY_HOLD_WORDS
    assert len(doors.pages) > 100
    assert [page for page in doors.pages if _found(page, WORDS)] == []
    told = log.getvalue()
    assert "INSERT INTO answers" in told
    for event in ("webhook_refused", "unexpected_error", "loop_guard", "sender_ignored"):
        assert event in told
    assert _found(told, WORDS) == []
    for path in tmp_path.glob("lyhord.db*"):  # not even in what was deleted or never committed
        assert _found(path.read_bytes().decode("latin-1"), NEVER + ENCODED) == []


@pytest.fixture
def town(database: Database) -> Town:
    """One resident has answered, asked for the results and written something else."""
    town = Town.build(database)
    town.phone(NUMBER).answer_all("TRYGG", "ja", "1", "Duved", "4", TEXT, "RESULTAT")
    town.phone(NUMBER[:-1] + "4").answer_all(TEXT, "stopp")
    return town


def test_a_number_cannot_be_found_by_trying_all_numbers(town: Town) -> None:
    dump = "\n".join(str(value) for _, _, value in _stored(town))
    assert _reversed(f"{dump} {hashlib.sha256(NUMBER.encode()).hexdigest()}") == {NUMBER}
    assert _reversed(dump) == set()


def test_only_who_has_the_key_can_read_the_list_of_numbers(town: Town) -> None:
    with town.house.database.sessions.reading() as session:
        ciphertext = session.scalars(select(FeedbackEntry.number_ciphertext)).one()
    assert town.house.keys.decrypt(ciphertext, purpose="feedback") == NUMBER
    with pytest.raises(UndecipherableError):
        KeyRing.parse(f"k1:{b64encode(bytes(32)).decode()}").decrypt(ciphertext, purpose="feedback")


def test_the_inbox_shows_words_and_nobody(town: Town) -> None:
    url = town.house.database.engine.url.render_as_string(hide_password=False)
    result = CliRunner(env={"LYHORD_DATABASE_URL": url}).invoke(main, ["inbox", ROUND])
    assert result.exit_code == 0
    assert CODE_WORD in result.output
    assert _found(result.output) == []


@pytest.mark.faulty
def test_a_fault_while_a_fault_is_handled_is_logged_by_its_class(log: StringIO, town: Town) -> None:
    def fail(_: Exception) -> str:
        raise ValueError(f"{NUMBER} wrote {TEXT}")

    application = create_app(town.house)
    application.register_error_handler(404, fail)
    response = application.test_client().get("/nowhere")
    assert response.status_code == 500
    assert '"error": "ValueError"' in log.getvalue()
    assert _found(log.getvalue() + response.text, WORDS) == []


def test_a_survey_played_in_the_terminal_repeats_nothing_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: StringIO
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = [TEXT, "ja", TEXT, TEXT, "Duved", "4", TEXT, TEXT, "2,5", DANGER, "stopp"]
    result = CliRunner().invoke(main, ["chat", "--explain"], input="\n".join(typed))
    assert result.exit_code == 0
    assert "masked: " in result.output
    shown_by_us = result.output.replace(DANGER, "").replace(TEXT, "")  # the runner shows what was typed
    assert _found(shown_by_us) == []
    assert _found(log.getvalue(), WORDS) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_erasing_the_words_are_not_even_in_the_file(database: Database, tmp_path: Path) -> None:
    town = Town.build(database)
    phone = town.phone(NUMBER)
    phone.answer_all("TRYGG", "ja", "1", "Duved", "4", TEXT)
    assert CODE_WORD in _bytes(tmp_path)
    assert phone.say("radera").startswith("Dina svar är raderade")
    database.close()
    assert CODE_WORD not in _bytes(tmp_path)


def _bytes(folder: Path) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in folder.glob("lyhord.db*"))


def _reversed(dump: str) -> set[str]:
    """The numbers of a short range whose hash, by any hash without a key, stands in the dump."""
    found = set()
    for number in (f"+467017406{last:02}" for last in range(100)):
        for form in (number, number[1:], f"0{number[3:]}", f"chat:{number}"):
            for name in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s"):
                digest = hashlib.new(name, form.encode()).digest()
                shapes = (
                    digest.hex(),
                    b64encode(digest).decode(),
                    urlsafe_b64encode(digest).decode(),
                )
                if any(shape[:20] in dump for shape in shapes):
                    found.add(number)
    return found
