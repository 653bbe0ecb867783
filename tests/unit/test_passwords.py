"""What may be chosen as a password, and that what is kept is not it."""

from typing import Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from bot.services import passwords
from bot.services.passwords import PasswordFault, find_fault, hash_password, is_right

PERSONAL = ("asa.berg@are.se", "Åsa Berg-Öberg")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("korrekt hästbatteri häftklammer", None),
        ("fyra blå cyklar", None),
        ("   mellanslag räknas   ", None),
        ("🙂🚲🌧️ tre tecken och ord", None),
        ("fjorton tecken", PasswordFault.SHORT),
        ("x" * 257, PasswordFault.LONG),
        ("Password-Password", PasswordFault.COMMON),
        ("LÖSENORD123456789", PasswordFault.COMMON),
        ("qwertyuiopasdfghjkl", PasswordFault.COMMON),
        ("abcabcabcabcabcabc", PasswordFault.SIMPLE),
        ("hopp hopp hopp hopp", PasswordFault.SIMPLE),
        ("aaaaaaaaaaaaaaaaaab", PasswordFault.SIMPLE),
        ("klmnopqrstuvwxyzå", None),
        ("abcdefghijklmnopqrst", PasswordFault.SIMPLE),
        ("min lyhörd nyckel 7", PasswordFault.PERSONAL),
        ("berg och dal i morgon", PasswordFault.PERSONAL),
        ("i Öberg växer ingenting", PasswordFault.PERSONAL),
    ],
)
def test_what_may_be_chosen(password: str, fault: PasswordFault | None) -> None:
    assert find_fault(password, PERSONAL) == fault


def test_the_right_password_is_right_however_its_letters_are_written() -> None:
    stored = hash_password("blåbär och grädde")
    assert is_right("bla\u030aba\u0308r och gra\u0308dde", stored)
    assert not is_right("blåbär och gräddE", stored)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_without_a_password_none_is_right() -> None:
    assert not is_right("nobody has this password", None)
    assert not is_right("", None)
    assert not is_right("anything", "no hash at all")


def test_without_a_password_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[Parameters] = []

    class Watched(PasswordHasher):
        def verify(self, stored: str | bytes, password: str | bytes) -> Literal[True]:  # type: ignore[override]
            work.append(extract_parameters(str(stored)))
            return super().verify(stored, password)

    stored = hash_password("blåbär och grädde")
    monkeypatch.setattr(passwords, "_HASHER", Watched.from_parameters(extract_parameters(stored)))
    for held in (stored, None):
        assert not is_right("something else entirely", held)
    assert len(work) == 2
    assert work[0] == work[1]
