"""Plays the transcripts of this folder. Every turn passes through the state's JSON, as between two messages.

Lines: `# ` settings of the play, `> ` the respondent, `< ` the beginning of what is answered (all of it, in
order), `= question value` an answer that must have been taken, in order.
"""

from datetime import date
from pathlib import Path

import pytest

from bot.cli.demo import demonstration_round
from bot.services.playing import Player
from bot.services.publishing import load_flow
from bot.services.shipped import load_player

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


def _player(flow: str) -> Player:
    return load_player(load_flow(flow, Path()), demonstration_round(), today=date(2026, 11, 2))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_conversation_goes_as_written(path: Path) -> None:
    lines = [line.rstrip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    settings = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    player = _player(settings.get("flow", "residents"))
    pending = list(
        player.begin(
            language=settings.get("language", "sv"),
            channel=settings.get("channel", "sms"),
            place_code=settings.get("place code", ""),
        )
    )
    taken: list[str] = []
    for number, line in enumerate(lines, start=1):
        kind, rest = line[0], line[2:]
        where = f"{path.name}: {line}"
        if kind == ">":
            assert not pending, f"{where}: not mentioned before: {pending}"
            before = len(player.answered)
            pending = list(player.say(rest))
            taken = [f"{a.position.question} {a.value}" for a in player.answered[before:]]
        elif kind == "<":
            assert pending, f"{where}: nothing more was said"
            said = pending.pop(0)
            assert said.replace("\n", " ").startswith(rest), f"{where}: said {said!r} (line {number})"
        elif kind == "=":
            assert taken, f"{where}: no answer was taken"
            assert taken.pop(0) == rest, where
    assert not pending, f"{path.name}: not mentioned at the end: {pending}"


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 12
