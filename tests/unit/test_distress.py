"""The learned layer beside the safeguard rules: what it hears, what it leaves alone, where its weights come from."""

import csv
from pathlib import Path
from random import Random
from string import ascii_uppercase, digits

import pytest

from flows.catalogue import safeguard_noticer, words
from flows.commands import CommandReader
from flows.distress import KINDS, DistressLayer
from flows.learned import Known, LearnedModel, features_of, words_of
from flows.noticing import SafeguardNoticer
from flows.reading import CommandName, Safeguard
from flows.safeguards import SafeguardRules
from training.learning import learn_distress, learn_known
from training.rows import Row, all_rows

LABELLED = Path(__file__).parent.parent / "labelled"
SHIPPED = Path(__file__).parent.parent.parent / "flows" / "library" / "distress.bin"
KNOWN = SHIPPED.with_name("known.bin")
MOST_FALSE_ALARMS = 0.007


@pytest.fixture(scope="module")
def noticer() -> SafeguardNoticer:
    return safeguard_noticer()


def labelled(name: str) -> list[dict[str, str]]:
    with (LABELLED / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def made_up(*told: tuple[str, Safeguard | None]) -> LearnedModel:
    """A model learned from these messages and no others."""
    rows = [Row(text=text, language="sv", told=kind, writer="test") for text, kind in told]
    known = learn_known(rows * 5)
    return LearnedModel(learn_distress(rows * 5, known).packed(), known)


@pytest.fixture(scope="module")
def small() -> LearnedModel:
    return made_up(
        ("hon ligger livlös i diket", Safeguard.EMERGENCY),
        ("pappa dricker och vi barn gömmer oss", Safeguard.CHILD),
        ("breven är skrivna och repet är knutet", Safeguard.SUICIDE),
        ("karln kör mig med nävarna", Safeguard.DOMESTIC),
        ("det är mörkt vid skolan", None),
        ("bilarna kör för fort", None),
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("grannen ligger livlös", Safeguard.EMERGENCY),
        ("vi gömmer oss när pappa dricker", Safeguard.CHILD),
        ("repet är knutet nu", Safeguard.SUICIDE),
        ("karln och nävarna", Safeguard.DOMESTIC),
    ],
)
def test_what_sounds_like_learned_distress_is_heard_with_its_kind(
    small: LearnedModel, text: str, kind: Safeguard
) -> None:
    alarm = DistressLayer(small, threshold=0.0, ordinary=-1.0).alarm(text)
    assert alarm is not None and alarm.safeguard is kind and alarm.rule == f"learned.{kind.value}"


def test_missing_dots_do_not_change_a_score(small: LearnedModel) -> None:
    assert features_of(words_of("hon ligger livlös")) == features_of(words_of("HON ligger livlos"))


@pytest.mark.parametrize("text", ["", "livlös", "hon livlös"])
def test_one_word_or_two_are_left_to_the_rules(small: LearnedModel, text: str) -> None:
    layer = DistressLayer(small, threshold=-9.0, ordinary=9.0)
    assert layer.alarm(text) is None and not layer.is_ordinary(text) and layer.explain(text) is None


def test_pasted_code_is_left_to_the_rules_and_a_heart_is_no_code(small: LearnedModel) -> None:
    layer = DistressLayer(small, threshold=0.0, ordinary=-1.0)
    assert layer.alarm("<p>hon ligger livlös i diket</p>") is None
    assert layer.alarm("hon ligger livlös i diket <3") is not None
    assert layer.explain("<p>hon ligger livlös i diket</p>") is None


def test_a_code_is_no_message_of_distress(noticer: SafeguardNoticer) -> None:
    chance = Random(1)  # noqa: S311 - no secret
    codes = ["".join(chance.choices(ascii_uppercase + digits, k=5)) for _ in range(2000)]
    assert [code for code in codes if noticer.notice(code)] == []


def test_the_layer_speaks_where_the_rules_are_silent_and_not_against_them(small: LearnedModel) -> None:
    layer = DistressLayer(small, threshold=0.0, ordinary=-0.5)
    noticer = SafeguardNoticer(rules=SafeguardRules(words("safeguards")), layer=layer)
    assert [alarm.rule for alarm in noticer.notice("karln kör mig med nävarna")] == ["learned.domestic"]
    assert [alarm.rule for alarm in noticer.notice("jag vill dö")] == ["sv.want_to_die"]


def test_a_rule_is_not_believed_in_what_is_surely_an_ordinary_answer(small: LearnedModel) -> None:
    rules = SafeguardRules(words("safeguards"))
    text = "det är mörkt vid skolan och jag vill dö"
    assert rules.notice(text)
    never, always = (DistressLayer(small, threshold=9.0, ordinary=at) for at in (-9.0, 9.0))
    assert SafeguardNoticer(rules=rules, layer=never).notice(text)
    assert SafeguardNoticer(rules=rules, layer=always).notice(text) == ()


def test_an_age_a_threat_and_a_report_are_the_business_of_the_rules_alone(small: LearnedModel) -> None:
    always = DistressLayer(small, threshold=9.0, ordinary=9.0)
    noticer = SafeguardNoticer(rules=SafeguardRules(words("safeguards")), layer=always)
    for text in ("jag är 12 år gammal", "jag ska döda dig", "vill anmäla att min moppe är snodd"):
        assert noticer.notice(text)


def test_explaining_names_the_words_that_weigh_most(small: LearnedModel) -> None:
    heard = DistressLayer(small, threshold=0.0, ordinary=-1.0).explain("grannen ligger livlös vid skolan")
    assert heard is not None and heard.kind == Safeguard.EMERGENCY
    assert heard.words[0][0] in ("ligger", "livlos", "skolan")
    assert dict(heard.words)["livlos"] > 0 > dict(heard.words)["skolan"]


def test_weights_that_are_cut_short_are_refused() -> None:
    with pytest.raises(ValueError, match="not as many"):
        LearnedModel(SHIPPED.read_bytes()[:-1], Known(KNOWN.read_bytes()))
    with pytest.raises(ValueError, match="power of two"):
        Known(KNOWN.read_bytes()[:-1])


@pytest.mark.parametrize(
    "text", ["1", "ja", "2,5", "Duved", "nej tack", "tvåan", "45 år", "vid ICA i Duved", "hemma hos honom"]
)
def test_closed_answers_and_places_raise_nothing(noticer: SafeguardNoticer, text: str) -> None:
    assert noticer.notice(text) == ()


def test_no_command_that_waits_for_the_safeguards_is_taken_for_distress(noticer: SafeguardNoticer) -> None:
    """STOP and RADERA are obeyed before anything else is looked at."""
    reader = CommandReader(words("commands"))
    for name in ("messages_author", "messages_heldout"):
        for row in labelled(name):
            command = reader.read(row["text"], language=row["language"], at_start=False, open_question=False)
            if command and command.name not in (CommandName.STOP, CommandName.ERASE):
                assert not [a for a in noticer.notice(row["text"]) if a.rule.startswith("learned.")]


def test_ordinary_answers_are_left_alone(noticer: SafeguardNoticer) -> None:
    ordinary = [
        row.text for row in all_rows() if row.told is None and row.writer.startswith(("codings_", "replies_"))
    ]
    ordinary += [row["text"] for row in labelled("sms_texts") if "112" not in row["text"]]
    alarmed = [text for text in ordinary if {a.safeguard for a in noticer.notice(text)} & {*KINDS}]
    assert len(alarmed) / len(ordinary) <= MOST_FALSE_ALARMS, alarmed


def test_long_and_monotonous_messages_stay_cheap(noticer: SafeguardNoticer) -> None:
    assert len(words_of("hjälp " * 1600)) <= 120
    assert noticer.notice("å" * 1600) == ()


@pytest.mark.soak
def test_learning_again_gives_the_shipped_weights() -> None:
    rows = all_rows()
    known = learn_known(rows)
    assert known.checks == KNOWN.read_bytes()
    assert learn_distress(rows, known).packed() == SHIPPED.read_bytes()
