"""What is said where no survey is under way."""

import pytest

from flows.engine import answer_outside
from flows.events import Said
from flows.reading import Command, CommandName, ReadMessage


@pytest.mark.parametrize(
    ("asked_for", "said"),
    [
        ("en", Said(key="unknown_message", language="en")),
        ("fi", Said(key="language_not_offered", language="sv", values={"SPRÅK": "SVENSKA, ENGLISH"})),
    ],
)
def test_a_language_is_spoken_only_where_there_are_words_in_it(asked_for: str, said: Said) -> None:
    wish = ReadMessage(text="", command=Command(name=CommandName.LANGUAGE, language=asked_for))
    assert answer_outside(wish, language="sv", offered=("sv", "en")) == (said,)
