"""Nobody finds a conversation by guessing: not by trying, not by time, not by what tokens have in common."""

import secrets
from collections import Counter
from collections.abc import Iterable

import pytest
from town import ROUND, Town

from bot.channels import webchat, webchat_api
from storage.database import Database

CONVERSATION = f"/api/chat/{ROUND}/conversation"
TOKENS = 100_000


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def _begin(town: Town) -> str:
    body = {"message_id": webchat.new_message_id()}
    token: str = town.client.post(f"/api/chat/{ROUND}/residents/conversations", json=body).json["token"]
    return token


def _near(tokens: Iterable[str]) -> list[str]:
    """Each token with one digit changed, in capitals, cut, and with more behind it."""
    changed = [f"{t[:at]}{int(t[at], 16) ^ 1:x}{t[at + 1 :]}" for t in tokens for at in range(32)]
    return [*changed, *(f(t) for t in tokens for f in (str.upper, lambda t: t[:31], lambda t: f"{t}0"))]


def _answers_to(town: Town, guesses: Iterable[str]) -> Counter[tuple[int, bytes]]:
    client = town.client
    answers: Counter[tuple[int, bytes]] = Counter()
    for guess in guesses:
        response = client.get(CONVERSATION, headers={"Authorization": f"Bearer {guess}"})
        answers[response.status_code, response.data] += 1
    return answers


def test_no_guess_finds_a_conversation_and_all_get_one_answer(town: Town) -> None:
    tokens = [_begin(town) for _ in range(5)]
    guesses = [*_near(tokens), *(secrets.token_hex(16) for _ in range(300))]
    assert [status for status, _ in _answers_to(town, guesses)] == [404]
    assert [status for status, _ in _answers_to(town, tokens[:1])] == [200]


@pytest.mark.soak
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_hundred_thousand_guesses_find_no_conversation(town: Town) -> None:
    for _ in range(200):
        _begin(town)
    answers = _answers_to(town, (secrets.token_hex(16) for _ in range(TOKENS)))
    assert [(status, count) for (status, _), count in answers.items()] == [(404, TOKENS)]


def test_tokens_have_nothing_in_common() -> None:
    """Every bit is set half of the time, and no two tokens share 8 bytes."""
    forms = (webchat_api.parse_start(_start(webchat.new_message_id())) for _ in range(TOKENS // 10))
    tokens = [webchat.begun_with(form) for form in forms]
    assert len({token[:16] for token in tokens}) == len({token[16:] for token in tokens}) == len(tokens)
    numbers = [int(token, 16) for token in tokens]
    shares = [sum(number >> bit & 1 for number in numbers) / len(numbers) for bit in range(128)]
    assert all(0.47 < share < 0.53 for share in shares), shares  # six standard deviations


def test_a_message_id_does_not_tell_the_token_and_a_token_not_the_next() -> None:
    """Even ids that a bad script counts up have tokens that share nothing."""
    first = 0xC0FFEE << 80
    tokens = [
        webchat.begun_with(webchat_api.parse_start(_start(f"{first + number:032x}")))
        for number in range(1_000)
    ]
    assert len({token[:8] for token in tokens}) == len(tokens)
    assert not any(f"{first + number:032x}" == token for number, token in enumerate(tokens))


def _start(message_id: str) -> bytes:
    return f'{{"message_id": "{message_id}"}}'.encode()
