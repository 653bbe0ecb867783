"""What a person can set, type or call is written down, and what is written down exists."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from bot.cli import main
from bot.config import read_environment_file, variables
from bot.doctor.examining import CHECKS
from bot.printing.wording import LANGUAGES, words
from flows.catalogue import flow_names, helplines, load_document, service_texts
from flows.parsing import parse_flow
from flows.wording import wordings_of

HELP_NUMBER = re.compile(r"(?<![\d.-])(?:112|1177|11\d \d{2,3}|90\d{3}|020-\d{2,3}(?: \d{2,3})+)(?![\d.])")
"""Short numbers, and those that cost the caller nothing."""
ROOT = Path(__file__).parents[2]


def test_settings_are_those_of_the_documentation() -> None:
    assert _named("docs/settings.md", r"^\| `(LYHORD_\w+)`") == set(variables())


def test_settings_are_those_of_the_example() -> None:
    assert set(read_environment_file(ROOT / ".env.example")) == set(variables())


def test_no_paper_names_a_setting_that_does_not_exist() -> None:
    papers = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "Makefile", ROOT / "Procfile"]
    named = {name for paper in papers for name in _named(paper, r"\b(LYHORD_[A-Z_]+)\b")}
    assert named <= set(variables())


def test_commands_are_those_of_the_documentation() -> None:
    assert _named("docs/commands.md", r"^\| `(lyhord [^`]*)`") == {
        usage for usage, _ in _usages(main, "lyhord")
    }


def test_every_command_explains_itself() -> None:
    assert [path for path, command in _commands(main, "lyhord") if not command.help] == []


def test_every_option_is_documented_beside_its_command() -> None:
    rows = {row.split("`")[1]: row for row in _named("docs/commands.md", r"^\| `lyhord .*")}
    missing = [
        f"{usage} {option.opts[-1]}"
        for usage, command in _usages(main, "lyhord")
        for option in command.params
        if isinstance(option, click.Option) and f"`{option.opts[-1]}`" not in rows.get(usage, "")
    ]
    assert missing == []


def test_every_promise_of_reliability_names_a_failure_test_and_every_failure_test_is_named() -> None:
    tests = {
        name
        for module in (ROOT / "tests/failures").glob("test_*.py")
        for name in _named(module, r"^def (test_\w+)")
    }
    assert _named("docs/reliability.md", r"`(test_\w+)`") == tests


def test_every_test_that_the_paper_on_security_names_exists() -> None:
    named = _named("docs/security.md", r"`(test_\w+)`")
    tests = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in _named(path, r"^def (test_\w+)")
    }
    assert named and named <= tests


def test_checks_of_the_doctor_are_those_of_the_documentation() -> None:
    assert _named("docs/doctor.md", r"^\| `([a-z_]+)` \|") == {check.name for check in CHECKS}


def test_every_number_for_help_that_is_given_is_in_the_dated_list() -> None:
    texts = [*service_texts().values(), *_wordings()]
    given = {number for wording in texts for text in wording.values() for number in HELP_NUMBER.findall(text)}
    assert given == {line.number for line in helplines()}
    prints = " ".join(text.rstrip(".") for code in LANGUAGES for text in words(code, {}).values())
    assert set(HELP_NUMBER.findall(prints)) == {"112", "114 14"}
    page = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot/web/templates").glob("*.html"))
    assert {"".join(c for c in line.number if c.isdecimal()) for line in helplines()} >= set(
        re.findall(r"tel:([0-9]+)", page)
    )


def _wordings() -> Iterator[Mapping[str, str]]:
    for name in flow_names():
        flow = parse_flow(load_document(name).document).flow
        assert flow is not None
        yield from (wording for _, wording, _ in wordings_of(flow))


def _usages(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Each command by what is typed, arguments included, as ``lyhord round create FILE``."""
    for name, leaf in _commands(command, path):
        arguments = [
            p.make_metavar(click.Context(leaf)) for p in leaf.params if isinstance(p, click.Argument)
        ]
        yield " ".join([name, *arguments]), leaf


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, name
            yield from _commands(child, f"{path} {name}")
    else:
        yield path, command


def _named(paper: str | Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, (ROOT / paper).read_text(encoding="utf-8"), re.MULTILINE))
