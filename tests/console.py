"""The staff console for tests: a desk around a database of the test's own, accounts of every role, and browsers that
are signed in as one of them.
"""

import re
from dataclasses import dataclass, field, replace

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from town import Clock, Town, settings
from werkzeug.test import TestResponse

from bot.coordinator.application import create_console
from bot.coordinator.desk import Desk, desk_on
from bot.services.roles import Role
from bot.wiring import read_keys
from storage.database import Database

PASSWORD = "korrekt hästbatteri häftklammer"
_HOST = "konsol.example.se"
CONSOLE_URL = f"https://{_HOST}"
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')


@dataclass
class Console:
    """`app` is the console, `desk` what it stands on, `clock` its time."""

    desk: Desk
    clock: Clock
    app: Flask = field(init=False)
    secrets: dict[Role, str] = field(default_factory=dict)
    """What each account's app makes its one-time codes from."""

    def __post_init__(self) -> None:
        self.app = create_console(self.desk)

    @classmethod
    def build(
        cls, database: Database, *, is_demonstration: bool = False, url: str = CONSOLE_URL
    ) -> "Console":
        """With an account of every role that has accepted its invitation, and no round."""
        return cls.of(database, Clock(), is_demonstration=is_demonstration, url=url)

    @classmethod
    def beside(cls, town: Town, *, is_demonstration: bool = False, url: str = CONSOLE_URL) -> "Console":
        """The same around a town's database, with its clock: its round is open."""
        return cls.of(town.house.database, town.clock, is_demonstration=is_demonstration, url=url)

    @classmethod
    def of(cls, database: Database, clock: Clock, *, is_demonstration: bool, url: str) -> "Console":
        chosen = replace(settings(), console_url=url, is_demonstration=is_demonstration)
        console = cls(desk=desk_on(chosen, database, read_keys(chosen), clock), clock=clock)
        for role in Role:
            console.add(role)
        return console

    def add(self, role: Role) -> None:
        accounts, secret = self.desk.accounts("test"), pyotp.random_base32()
        invited = accounts.invite(email=email_of(role), name=f"Test {role.value.capitalize()}", role=role)
        code = pyotp.TOTP(secret).at(self.clock.time)
        accounts.accept(invited.token, password=PASSWORD, totp_secret=secret, code=code)
        self.secrets[role] = secret
        self.clock.move(seconds=30)  # no code is taken twice

    def code(self, role: Role) -> str:
        """What the app shows now; the clock is moved first, so that it is a new one."""
        self.clock.move(seconds=30)
        return pyotp.TOTP(self.secrets[role]).at(self.clock.time)

    def browser(self, role: Role | str | None = None) -> "Browser":
        """Signed in as the account of that role, by the form; as nobody with None."""
        browser = Browser(self)
        if role is not None:
            answer = browser.sign_in(Role(role))
            assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser


def email_of(role: Role) -> str:
    return f"{role.value}@example.se"


class Browser:
    """A test client that keeps cookies, over https, and sends the token of the page that it has last seen."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.client: FlaskClient = console.app.test_client()
        self.token = ""

    def get(self, path: str, **options: object) -> TestResponse:
        return self._seen(self.client.get(path, base_url=CONSOLE_URL, **options))  # type: ignore[arg-type]

    def post(self, path: str, data: dict[str, object] | None = None, **options: object) -> TestResponse:
        """Send a form as the page would, with its token. Get a page first."""
        fields = {"csrf_token": self.token, **(data or {})}
        return self._seen(
            self.client.post(path, data=fields, base_url=CONSOLE_URL, **options)  # type: ignore[arg-type]
        )

    def sign_in(self, role: Role, **fields: object) -> TestResponse:
        """Fill in the form as that account; `fields` replace what is typed."""
        self.get("/sign-in")
        typed = {"email": email_of(role), "password": PASSWORD, "code": self.console.code(role), **fields}
        return self.post("/sign-in", typed)

    @property
    def cookie(self) -> str:
        """That says who is signed in; empty without one."""
        held = self.client.get_cookie("__Host-lyhord", domain=_HOST)
        return held.value if held else ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.set_cookie("__Host-lyhord", value, domain=_HOST, secure=True)

    def _seen(self, answer: TestResponse) -> TestResponse:
        found = _TOKEN.search(answer.get_data())
        if found:
            self.token = found.group(1).decode()
        return answer
