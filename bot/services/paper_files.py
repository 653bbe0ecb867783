"""The papers of a round as files: draft of the impact assessment, information, register, what the police are told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.papers import to_text
from bot.papers.paper import Paper, build
from bot.services.dates import local_date
from bot.services.paper_facts import RoundFacts, facts_of, gather_facts
from bot.services.rounds import get_existing
from storage.database import Sessions

PAPERS = {
    "konsekvensbedomning": ("dpia", "dpia", "sv"),
    "information-kort-sv": ("information", "short_sv", "sv"),
    "information-kort-en": ("information", "short_en", "en"),
    "information-lang-sv": ("information", "long_sv", "sv"),
    "information-lang-en": ("information", "long_en", "en"),
    "registerforteckning": ("information", "register", "sv"),
    "till-polisen": ("information", "police", "sv"),
}
"""Name of the file, and the file of words, the part of it and the language that it is made from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperFile:
    """A file with its name, and what in it a person has still to fill in."""

    name: str
    content: bytes
    open_points: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperFiles:
    """Reads the round, a draft too: an impact assessment is made before anybody answers. Changes nothing."""

    sessions: Sessions
    now: Callable[[], datetime]

    def make(self, code: str, *, only: str = "") -> tuple[PaperFile, ...]:
        """Every paper, or one alone, as DOCX and as plain text. Raises RoundRefused for an unknown round."""
        from bot.papers import to_docx  # Word's library is 10 MiB: only once a paper is made

        today = local_date(self.now())
        with self.sessions.reading() as session:
            round_ = gather_facts(session, get_existing(session, code), today)
        return tuple(
            PaperFile(name=f"{name}.{ending}", content=content, open_points=paper.open_points)
            for name, paper in _papers(round_, self.now())
            if only in ("", name)
            for ending, content in (("docx", to_docx.write(paper)), ("txt", to_text.write(paper)))
        )


def _papers(round_: RoundFacts, now: datetime) -> Iterator[tuple[str, Paper]]:
    for name, (words, part, language) in PAPERS.items():
        yield name, build(words, part, language, facts_of(round_, language), local_date(now))
