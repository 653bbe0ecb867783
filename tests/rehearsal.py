"""The stand-in for the provider, running on this machine for a test: interface, telephones, ordered faults."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.serving import make_server

from bot.channels.twilio_api import TwilioApi
from bot.demo.provider.app import create_provider
from bot.demo.provider.store import Webhooks

TOKEN = "12345"


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """`address` is what LYHORD_PROVIDER_URL names, `api` our client of it."""

    address: str
    api: TwilioApi

    def write(self, text: str, *, sender: str, recipient: str, lost: bool = False) -> dict[str, Any]:
        """A telephone writes to us; what became of the webhook."""
        fields = {"From": sender, "To": recipient, "Body": text, **({"Lost": "1"} if lost else {})}
        answer: dict[str, Any] = self._post("/rehearsal/texts", urlencode(fields))
        return answer

    def order_faults(self, *faults: str) -> None:
        self._post("/rehearsal/faults", urlencode([("fault", fault) for fault in faults]))

    def sent_to(self, phone: str) -> list[str]:
        """What a telephone has been sent, the oldest first."""
        with urllib.request.urlopen(f"{self.address}/rehearsal/texts?To={quote(phone, safe='')}") as response:
            return [row["body"] for row in json.load(response)]

    def _post(self, path: str, body: str) -> Any:
        with urllib.request.urlopen(self.address + path, body.encode(), timeout=30) as response:
            return json.load(response)


@contextmanager
def rehearsal(account_sid: str, webhooks: Webhooks | None = None, **options: bool) -> Iterator[Rehearsal]:
    app = create_provider(
        account_sid=account_sid, auth_token=TOKEN, webhooks=webhooks or Webhooks(), **options
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        with closing(TwilioApi(account_sid=account_sid, auth_token=TOKEN, base_url=address)) as api:
            yield Rehearsal(address=address, api=api)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
