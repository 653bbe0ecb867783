"""What nobody's provider or browser would send, to real processes: no fault, no row, no room, and nobody else waits."""

import itertools
import json
import re
import secrets
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hostile import CHAT_FORM, CORPUS
from kept import assert_states_and_answers_agree, count_all
from serving import FORM, Caller, Program, Response, new_number
from sizes import sizes
from town import ROUND, message_fields, twiml_text

from bot.channels.twilio_sms import SMS_PATH, STATUS_PATH

CHAT = f"/chat/{ROUND}/residents"
MULTIPART = "multipart/form-data; boundary=b"
PART = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
MORE_FIELDS = dict.fromkeys(
    ("MessageStatus", "OptOutType", "ErrorCode", "MediaUrl0", "MediaContentType0", "ProfileName", "WaId", "FromCity",
     "ButtonText", "MessagingServiceSid", "SomethingNewOf2027"), ""
)  # fmt: skip
GROWTH_MIB = 20
AT_ONCE = 4
WARM = 20
THREADS = 16
"""Of the shared program: two workers with eight each."""
TRIES, LISTENS_S = 3, 4.5
"""Of the provider, as docs/operating.md sets it."""
on_sqlite = pytest.mark.parametrize("shared_program", ["sqlite"], indirect=True)
"""For what never comes to a database."""


@sizes("every", short=(9,), full=(1,))
def test_hostile_text_in_any_field_of_a_webhook_is_no_fault(
    program: Program, caller: Caller, every: int
) -> None:
    names = {**message_fields(""), **MORE_FIELDS}
    cases = list(itertools.product((SMS_PATH, STATUS_PATH), names, CORPUS.values()))[::every]
    for path, name, (sent, _) in cases:
        own = {**message_fields("lampan", sender=new_number()), "MessageStatus": "sent"}
        response = caller.deliver({**MORE_FIELDS, **own, name: sent}, path)
        assert response.status_code in (200, 400, 403, 413), (path, name, sent)
        twiml_text(response)


@sizes("every", short=(9,), full=(1,))
def test_hostile_text_in_any_field_of_the_chat_is_no_fault(caller: Caller, every: int) -> None:
    cases = list(itertools.product(("start", "answer"), CHAT_FORM, CORPUS.values()))[::every]
    for action, name, (sent, _) in cases:
        form = {**CHAT_FORM, "message_id": secrets.token_hex(16), "action": action, name: sent}
        response = caller.post(CHAT, urlencode(form))
        assert response.status_code in (200, 400, 404), (action, name, sent)
        assert response.content_type == "text/html; charset=utf-8"


@sizes("every", short=(4,), full=(1,))
def test_hostile_text_in_a_chat_is_taken_as_an_answer(program: Program, caller: Caller, every: int) -> None:
    for sent, _ in list(CORPUS.values())[::every]:
        start = {"message_id": secrets.token_hex(16), "action": "start", "language": "sv", "place_code": sent}
        page, asked = caller.post(CHAT, urlencode(start)), []
        for said in (sent, sent, "Duved", "4", "nej", sent):
            hidden = {name: _hidden(page, name) for name in ("token", "message_id", "question")}
            asked.append(hidden["question"])
            page = caller.post(CHAT, urlencode({**hidden, "text": said}))
            assert page.status_code == 200
        assert asked == ["role.0", "role.0", "area.0", "safety.0", "avoided.0", "problem.0"]
        assert _hidden(page, "question") != "problem.0"
    assert_states_and_answers_agree(program.town)


@sizes("times", short=(2,), full=(40,))
def test_what_is_forged_cut_anew_or_too_large_leaves_no_row_and_takes_no_room(
    program: Program, caller: Caller, times: int, record_property: Callable[[str, object], None]
) -> None:
    for _ in range(WARM):
        caller.deliver_until_taken(message_fields("hallå", sender=new_number()))
    rows, before = count_all(program.town), _resident_mib(program)

    def attack_all(_: int) -> None:
        for name, (attack, statuses) in ATTACKS.items():
            with closing(program.caller()) as attacker:
                response = attack(attacker, program)
            assert response.status_code in statuses, name
            assert twiml_text(response) == "", name

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(attack_all, range(times * AT_ONCE)))
    assert count_all(program.town) == rows
    after = _resident_mib(program)
    growth = max(after[pid] - before[pid] for pid in before)
    record_property("MiB more in a worker", round(growth, 1))
    assert growth < GROWTH_MIB


def test_a_captured_request_gets_the_stored_reply_and_changes_nothing(
    program: Program, caller: Caller
) -> None:
    sender = new_number()
    sent = [message_fields(text, sender=sender) for text in ("TRYGG", "ja", "1", "Duved", "4")]
    replies = [caller.deliver_until_taken(fields).data for fields in sent]
    rows = count_all(program.town)
    for _ in range(3):
        assert [caller.deliver(fields).data for fields in sent] == replies
    assert count_all(program.town) == rows
    assert_states_and_answers_agree(program.town)


@on_sqlite
@sizes("slow", short=(THREADS + 4,), full=(2 * THREADS + 8,))
def test_those_who_send_slowly_do_not_keep_others_waiting_for_long(
    program: Program, slow: int, record_property: Callable[[str, object], None]
) -> None:
    """More of them than the program has threads; the provider tries again while it is not answered."""
    with ExitStack() as senders:
        for _ in range(slow):
            senders.enter_context(_sending_slowly(program.port))
        waited = [_seconds_until_answered(program, new_number()) for _ in range(10)]
    record_property("longest wait, s", round(max(waited), 1))
    assert max(waited) < TRIES * LISTENS_S
    assert sum(seconds > LISTENS_S for seconds in waited) <= 1
    assert "body_too_slow" in program.told()


def _seconds_until_answered(program: Program, sender: str) -> float:
    started, fields = time.monotonic(), message_fields("hallå", sender=sender)
    for _ in range(TRIES):
        with closing(program.caller(timeout_s=LISTENS_S)) as caller, suppress(TimeoutError):
            assert caller.deliver(fields).status_code == 200
            return time.monotonic() - started
    raise AssertionError("given up")


def test_the_address_of_a_picture_is_never_fetched_and_no_redirect_followed(
    program: Program, caller: Caller
) -> None:
    with _canary() as (address, hits):
        for path in ("x.jpg", "redirect"):
            sender = new_number()
            picture = {"NumMedia": "1", "MediaUrl0": f"{address}/{path}", "MediaContentType0": "image/jpeg"}
            for text in ("", "TRYGG", "ja", f"Se {address}/{path}"):
                fields = message_fields(text, sender=sender)
                assert caller.deliver({**fields, **picture}).status_code == 200
        urllib.request.urlopen(f"{address}/redirect").close()
        assert hits == ["/redirect", "/x.jpg"]  # ours, which shows that it listens


Attack = Callable[[Caller, Program], Response]


def _signed(fields: Mapping[str, str], body: str | None = None, content_type: str = FORM) -> Attack:
    """A body under the signature of `fields`."""

    def attack(caller: Caller, program: Program) -> Response:
        signature = program.town.house.twilio.sign(SMS_PATH, fields)
        sent = urlencode(fields) if body is None else body
        return caller.post(SMS_PATH, sent, signature=signature, content_type=content_type)

    return attack


def _chunked(fields: Mapping[str, str]) -> Attack:
    def attack(caller: Caller, program: Program) -> Response:
        signature = program.town.house.twilio.sign(SMS_PATH, fields)
        headers = {"Content-Type": FORM, "X-Twilio-Signature": signature, "Transfer-Encoding": "chunked"}
        body = urlencode(fields).encode()
        pieces = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in _cut(body, 16_384))
        return caller.request("POST", SMS_PATH, pieces + b"0\r\n\r\n", headers)

    return attack


def _cut(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


HELLO = message_fields("hej")
MEGABYTE = message_fields("a" * 1_000_000)
MANY = {**HELLO, **{f"field{number}": "1" for number in range(10_000)}}
RECUT = {"MessageSi": f"d{HELLO['MessageSid']}", **{n: v for n, v in HELLO.items() if n != "MessageSid"}}
ATTACKS: Mapping[str, tuple[Attack, tuple[int, ...]]] = {
    "no signature": (lambda c, _: c.post(SMS_PATH, urlencode(HELLO)), (403,)),
    "empty signature": (lambda c, _: c.post(SMS_PATH, urlencode(HELLO), signature=""), (403,)),
    "another signature": (_signed({**HELLO, "Body": "hejsan"}, urlencode(HELLO)), (403,)),
    "name and value cut elsewhere": (_signed(HELLO, urlencode(RECUT)), (403,)),
    "a field twice": (_signed(HELLO, f"{urlencode(HELLO)}&Body=hej"), (403,)),
    "in the address": (lambda c, _: c.get(f"{SMS_PATH}?{urlencode(HELLO)}"), (403,)),
    "JSON": (_signed(HELLO, json.dumps(HELLO), "application/json"), (403,)),
    "another path": (lambda c, p: c.post(STATUS_PATH, urlencode(HELLO),
                     signature=p.town.house.twilio.sign(SMS_PATH, HELLO)), (403,)),
    "a megabyte": (_signed(MEGABYTE), (413,)),
    "a megabyte in parts": (_signed(MEGABYTE, PART.format("Body", "", "a" * 1_000_000) + "--b--", MULTIPART), (413,)),
    "a file": (_signed(HELLO, PART.format("x", '; filename="x"', "a" * 1_000_000) + "--b--", MULTIPART), (413,)),
    "many fields": (_signed(MANY), (413,)),
    "many parts": (_signed(HELLO, "".join(PART.format(n, "", "") for n in range(1_050)) + "--b--", MULTIPART), (413,)),
    "a megabyte in chunks": (_chunked(MEGABYTE), (403, 413)),
}  # fmt: skip


def _resident_mib(program: Program) -> dict[int, float]:
    """Memory of each worker, as the system counts it."""
    status = {pid: Path(f"/proc/{pid}/status").read_text(encoding="utf-8") for pid in program.workers()}
    return {pid: int(text.partition("VmRSS:")[2].split()[0]) / 1024 for pid, text in status.items()}


def _hidden(page: Response, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.data.decode())
    assert found, name
    return found[1]


@contextmanager
def _sending_slowly(port: int) -> Iterator[None]:
    """A connection on which a message arrives byte by byte, and never whole."""
    stopping = threading.Event()

    def send() -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(
                f"POST {SMS_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 400\r\n\r\n".encode()
            )
            while not stopping.wait(0.2):
                connection.sendall(b"B")

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    time.sleep(0.05)
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=10)


@contextmanager
def _canary() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that answers every picture, one with a redirect, and what was asked of it."""
    hits: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(302 if self.path == "/redirect" else 200)
            self.send_header("Location", "/x.jpg")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Canary) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", hits
        server.shutdown()
        thread.join(timeout=10)
