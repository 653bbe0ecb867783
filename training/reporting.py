"""Prints what each threshold of a layer finds and what it costs, by messages that it had not learned from."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from flows import command_layer, distress
from flows.catalogue import words
from flows.commands import CommandReader
from flows.reading import Safeguard
from flows.safeguards import SafeguardRules
from training.learning import learn_commands, learn_distress
from training.measuring import Measured, Scored, share
from training.rows import Row

_NEVER = 9.0
_THRESHOLDS = (0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0, -0.1, -0.2)
_SPENT = ("messages_",)
"""Files whose messages the rules have been mended for: they say nothing about the rules."""
_EVERYDAY = ("codings_", "replies_")
_LANGUAGES = ("sv", "en", "fi", "ar", "so", "no")
_CALLED_FOR = frozenset({*distress.KINDS, Safeguard.UNDER_AGE})

Noticed = frozenset[Safeguard]
Picked = Callable[[Row], bool]


def report_distress(rows: Sequence[Row], writers: Collection[str]) -> None:
    """Of all rows by what was learned from other sentences; with `writers`, of theirs by what others wrote."""
    rules = SafeguardRules(words("safeguards"))
    measured = Measured(learn=learn_distress, by_rules=partial(_noticed, rules))
    found = list(measured.scored_apart(rows, writers) if writers else measured.scored(rows))
    ordinary = words("distress")["ordinary"]
    columns: dict[str, Picked] = {kind.value: _told(kind) for kind in distress.KINDS}
    columns |= {code: _of(code, distress.KINDS) for code in _LANGUAGES}
    columns |= _others(distress.KINDS)
    _print(columns, found, _NEVER, lambda one: bool(one.by_rules))
    for threshold in _THRESHOLDS:
        _print(columns, found, threshold, partial(_is_heard, threshold, ordinary))


def report_commands(rows: Sequence[Row], writers: Collection[str]) -> None:
    """The same of commands, as they are read where an answer in own words is awaited."""
    reader = CommandReader(words("commands"))
    measured = Measured(
        learn=learn_commands,
        by_rules=lambda row: reader.read(row.text, language=row.language, open_question=True) is not None,
    )
    found = list(measured.scored_apart(rows, writers) if writers else measured.scored(rows))
    columns: dict[str, Picked] = {kind.value: _told(kind) for kind in command_layer.KINDS}
    columns |= {code: _of(code, command_layer.KINDS) for code in _LANGUAGES}
    columns |= _others(command_layer.KINDS)
    _print(columns, found, _NEVER, lambda one: one.by_rules)
    for threshold in _THRESHOLDS:
        _print(columns, found, threshold, lambda one, least=threshold: one.by_rules or one.score >= least)
    told = [one for one in found if one.row.told in command_layer.KINDS]
    right, of = share(one.kind == one.row.told for one in told)
    print(f"the kind is right for {right} of {of}")


def _noticed(rules: SafeguardRules, row: Row) -> Noticed:
    return _CALLED_FOR.intersection(alarm.safeguard for alarm in rules.notice(row.text))


def _is_heard(threshold: float, ordinary: float, one: Scored[Noticed]) -> bool:
    """As flows.noticing does it: whether one of the texts for distress is given."""
    silenced = frozenset(distress.KINDS) if one.score < ordinary else frozenset()
    return bool(one.by_rules - silenced) or one.score >= threshold


def _told(kind: str) -> Picked:
    return lambda row: row.told == kind and row.language == "sv"


def _of(language: str, kinds: Collection[str]) -> Picked:
    return lambda row: row.told in kinds and row.language == language and not row.writer.startswith(_SPENT)


def _others(kinds: Collection[str]) -> Mapping[str, Picked]:
    """Answers of ordinary files, and what was written to mislead."""

    def everyday(row: Row) -> bool:
        return row.writer.startswith(_EVERYDAY)

    return {
        "answers": lambda row: row.told is None and everyday(row),
        "lures": lambda row: row.told not in kinds and not everyday(row),
    }


def _print(
    columns: Mapping[str, Picked],
    found: Sequence[Scored[Noticed]] | Sequence[Scored[bool]],
    threshold: float,
    is_heard: Callable[..., bool],
) -> None:
    print(f"from {threshold:.2f}" if threshold < _NEVER else "by the rules alone")
    for name, picked in columns.items():
        heard, of = share(is_heard(one) for one in found if picked(one.row))
        if of:
            print(f"  {name:10} {heard:5} / {of:<6} {heard / of:6.1%}")
