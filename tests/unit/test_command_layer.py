"""The learned layer beside the commands' rules: what it hears, when it asks back, and what goes before it."""

from dataclasses import replace
from pathlib import Path
from random import Random
from string import ascii_uppercase, digits

import pytest

from flows import catalogue
from flows.command_layer import CommandLayer
from flows.commands import CommandReader
from flows.hearing import CommandHearer
from flows.learned import LearnedModel
from flows.model import Kind
from flows.reading import Command, CommandName
from training.learning import learn_commands, learn_known
from training.rows import Row, all_rows

SHIPPED = Path(__file__).parent.parent.parent / "flows" / "library" / "commands.bin"
KNOWN = SHIPPED.with_name("known.bin")
MOST_FALSE_COMMANDS = 0.002
"""Of ordinary answers, where one in own words is awaited."""


@pytest.fixture(scope="module")
def rules() -> CommandReader:
    return CommandReader(catalogue.words("commands"))


@pytest.fixture(scope="module")
def hearer() -> CommandHearer:
    return catalogue.command_hearer()


@pytest.fixture(scope="module")
def small() -> LearnedModel:
    """A model learned from these messages and no others."""
    told = (
        ("pallar inte det här smsandet mer", "stop"),
        ("lägg allt jag skrev i papperskorgen", "erase"),
        ("det där var rena grekiskan för mig", "help"),
        ("kör frågorna på somaliska i stället", "language"),
        ("det är mörkt vid skolan", None),
        ("bilarna kör för fort", None),
    )
    rows = [Row(text=text, language="sv", told=name, writer="test") for text, name in told]
    known = learn_known(rows * 5)
    return LearnedModel(learn_commands(rows * 5, known).packed(), known)


def hearing(rules: CommandReader, model: LearnedModel, *, sure: float, perhaps: float) -> CommandHearer:
    return CommandHearer(
        rules=rules, layer=CommandLayer(model=model, sure=sure, unasked=sure, perhaps=perhaps)
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pallar inte smsandet mer", CommandName.STOP),
        ("lägg mina rader i papperskorgen", CommandName.ERASE),
        ("var rena grekiskan för oss", CommandName.HELP),
    ],
)
def test_what_sounds_like_a_learned_command_is_one(
    rules: CommandReader, small: LearnedModel, text: str, name: CommandName
) -> None:
    command = hearing(rules, small, sure=0.0, perhaps=0.0).read(text, language="sv", asked=Kind.OPEN)
    assert command == Command(name=name, learned=True)


def test_a_command_of_the_rules_counts_whatever_the_layer_hears(
    rules: CommandReader, small: LearnedModel
) -> None:
    deaf = hearing(rules, small, sure=9.0, perhaps=9.0)
    assert deaf.read("skicka inga fler sms", language="sv") == Command(name=CommandName.STOP)
    assert deaf.read("pallar inte det här smsandet mer", language="sv") is None


@pytest.mark.parametrize("asked", [Kind.SINGLE, None])
def test_a_stop_or_an_erasing_that_is_guessed_at_is_asked_back(
    rules: CommandReader, small: LearnedModel, asked: Kind | None
) -> None:
    unsure = hearing(rules, small, sure=9.0, perhaps=0.0)
    for text, name in (("pallar inte smsandet mer", "stop"), ("lägg mina rader i papperskorgen", "erase")):
        command = unsure.read(text, language="sv", asked=asked)
        assert command == Command(name=CommandName(name), sure=False, learned=True)
        assert unsure.read(text, language="sv", asked=Kind.OPEN) is None


def test_below_the_sure_score_an_answer_in_own_words_stays_one(
    rules: CommandReader, small: LearnedModel
) -> None:
    unsure = hearing(rules, small, sure=9.0, perhaps=0.0)
    text = "det var rena grekiskan"
    assert unsure.read(text, language="sv", asked=Kind.OPEN) is None
    for asked in (Kind.SINGLE, None):
        assert unsure.read(text, language="sv", asked=asked) == Command(name=CommandName.HELP, learned=True)


def test_where_a_command_is_sure_a_stop_is_still_asked_back_until_it_is_surer(
    rules: CommandReader, small: LearnedModel
) -> None:
    layer = CommandLayer(model=small, sure=0.0, unasked=9.0, perhaps=0.0)
    for unasked, is_sure in ((9.0, False), (0.0, True)):
        hearer = CommandHearer(rules=rules, layer=replace(layer, unasked=unasked))
        for text in ("lägg mina rader i papperskorgen", "pallar inte smsandet mer"):
            order = hearer.read(text, language="sv", asked=Kind.OPEN)
            assert order is not None and order.sure is is_sure


def test_letters_that_nobody_wrote_before_are_no_command(hearer: CommandHearer) -> None:
    chance = Random(1)  # noqa: S311 - no secret
    codes = ["0P1AV", *("".join(chance.choices(ascii_uppercase + digits, k=5)) for _ in range(2000))]
    assert [code for code in codes if hearer.read(code, language="sv", asked=Kind.SINGLE)] == []


def test_whether_to_begin_is_answered_and_not_stopped(rules: CommandReader, small: LearnedModel) -> None:
    sure = hearing(rules, small, sure=0.0, perhaps=0.0)
    assert sure.read("pallar inte smsandet mer", language="sv", asked=Kind.CONSENT) is None
    helped = sure.read("det var rena grekiskan", language="sv", asked=Kind.CONSENT)
    assert helped is not None and helped.name is CommandName.HELP


def test_another_language_is_the_one_that_is_named(rules: CommandReader, small: LearnedModel) -> None:
    sure = hearing(rules, small, sure=0.0, perhaps=0.0)
    asked = sure.read("kör frågorna på somaliska i stället för svenska", language="sv")
    assert asked == Command(name=CommandName.LANGUAGE, language="so", learned=True)
    assert sure.read("kör frågorna på det i stället", language="sv") is None


@pytest.mark.parametrize("text", ["", "1", "ja", "Duved", "sluta inte", "ord " * 31])
def test_single_words_numbers_and_stories_are_left_to_the_rules(small: LearnedModel, text: str) -> None:
    layer = CommandLayer(model=small, sure=-9.0, unasked=-9.0, perhaps=-9.0)
    assert layer.hear(text) is None


def test_ordinary_answers_are_left_alone(rules: CommandReader, hearer: CommandHearer) -> None:
    ordinary = [
        row for row in all_rows() if row.told is None and row.writer.startswith(("codings_", "replies_"))
    ]
    taken = [
        row.text
        for row in ordinary
        if not rules.read(row.text, language=row.language, open_question=True)
        and hearer.read(row.text, language=row.language, asked=Kind.OPEN)
    ]
    assert len(ordinary) > 3000 and len(taken) / len(ordinary) <= MOST_FALSE_COMMANDS, taken


@pytest.mark.soak
def test_learning_again_gives_the_shipped_weights() -> None:
    rows = all_rows()
    known = learn_known(rows)
    assert known.checks == KNOWN.read_bytes()
    assert learn_commands(rows, known).packed() == SHIPPED.read_bytes()
