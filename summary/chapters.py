"""The document after page one: its chapters in the order in which a working group reads them.

A chapter says what only people can say as questions to fill in. Nothing here makes a figure.
"""

from collections.abc import Sequence

from summary.material import Material
from summary.picture import Block, Chapter, PictureTable
from summary.problem_blocks import problem_blocks

_TABLES = {
    "respondents": (
        "coverage",
        "areas",
        "ages",
        "genders",
        "roles",
        "workplaces",
        "meetings",
        "missing_groups",
    ),
    "problems": ("problems", "problem_area", "clock", "times", "problem_time", "places", "wishes"),
    "safety": ("safety_area", "questions_residents", "questions_employees"),
    "annexes": (
        "several_residents",
        "several_employees",
        "outcomes",
        "last_question",
        "channels",
        "languages",
        "place_codes",
        "safeguards",
    ),
}
"""Codes of the tables that each chapter shows, as far as the picture has them."""

_ORDER = ("assignment", "method", "respondents", "problems", "areas", "safety", "causes", "priorities", "proposals",
          "follow_up", "feedback", "annexes")  # fmt: skip


def chapters(material: Material, tables: Sequence[PictureTable]) -> tuple[Chapter, ...]:
    """Every chapter that has something to say or to ask."""
    made = {code: _blocks(material, code, tables) for code in _ORDER}
    return tuple(
        Chapter(code=code, heading=material.words(f"ch_{code}"), blocks=blocks)
        for code, blocks in made.items()
        if blocks
    )


def _blocks(material: Material, code: str, tables: Sequence[PictureTable]) -> tuple[Block, ...]:
    problems = problem_blocks(material) if code == "problems" else ()
    there = {table.code for table in tables}
    shown = tuple(table for table in _TABLES.get(code, ()) if table in there)
    return (*problems, *((Block(code=code, tables=shown),) if shown else ()))
