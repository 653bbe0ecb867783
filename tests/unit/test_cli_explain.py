"""What `lyhord explain` says of a message."""

from click.testing import CliRunner, Result

from bot.cli.explain import explain


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(explain, list(arguments))


def test_masked_data_are_named_by_kind_and_not_shown_as_stored() -> None:
    result = _run("de säljer knark, ring mig på 070-123 45 67")
    assert result.exit_code == 0, result.output
    stored = next(line for line in result.output.splitlines() if line.startswith("stored as"))
    assert "123" not in stored
    assert "telephone" in result.output
    assert "drug_trade" in result.output


def test_a_safeguard_is_shown_with_the_rule_that_fired() -> None:
    result = _run("ring polisen nu han har kniv")
    safeguards = next(line for line in result.output.splitlines() if line.startswith("safeguards"))
    assert safeguards.split()[1:3] == ["emergency", "by"]


def test_the_learned_layer_is_shown_with_its_score_and_the_words_that_weigh_most() -> None:
    lines = _run("tabletterna ligger framme och jag orkar inte mer").output.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("distress"))
    assert "if any, suicide" in lines[at]
    assert all(line.split()[-1].startswith(("+", "-")) for line in lines[at + 1 : at + 4])


def test_a_command_is_shown_by_where_the_message_stands() -> None:
    assert "stop  at an open question" in _run("STOPP").output


def test_nothing_found_is_shown_as_a_dash() -> None:
    assert "command     -" in _run("mörkt vid bron").output


def test_what_may_be_the_answer_is_shown_to_be_asked_back() -> None:
    output = _run("stoppa det").output
    assert "stop  at a closed question\n" in output
    assert "stop  at an open question, asks back" in output


def test_a_reply_is_shown_with_how_it_was_read_and_how_surely() -> None:
    output = _run("fyran, mörkt vid bron", "--answers", "residents:safety").output
    assert "value fairly_unsafe  by number_word, 0.98" in output
    assert "remark: mörkt vid bron" in output


def test_an_unknown_question_is_refused_by_name() -> None:
    result = _run("4", "--answers", "residents:nothing")
    assert result.exit_code == 2
    assert "residents:nothing" in result.output
