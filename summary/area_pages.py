"""Each area by itself: how many answered there, what they name, how safe they feel, which places they name."""

from summary.coverage import represented
from summary.material import Line, Material, code_of, in_sentence, is_problem, percent, says_something
from summary.picture import Block, Fact
from summary.released import Crossed
from summary.rows import Stream, Table
from text.typography import capitalised

_RESIDENTS = Stream.RESIDENTS
_MOST_NAMED = 5
_PART_OF_ITS_OWN = 50
"""Answers that a part of a larger area needs for a page of its own."""


def area_blocks(material: Material) -> tuple[Block, ...]:
    """The areas that can be shown, larger ones first, most answers first. Nothing is crossed with them before the
    exact release.
    """
    lines = material.lines("area", material.groups(Table.AREA, _RESIDENTS))
    own = [
        line
        for line in lines
        if line.key[0] == "code"
        and says_something(line)
        and (line.level == 0 or line.count >= _PART_OF_ITS_OWN)
    ]
    if len(own) < 2:
        return ()
    blocks = tuple(_block(material, line, lines) for line in own)
    later = Block(code="areas", texts=(material.words("areas_later"),))
    return blocks if material.counts.rule.exact else (later, *blocks)


def _block(material: Material, line: Line, lines: list[Line]) -> Block:
    words = material.words
    found = {
        "answers": _answers(material, line),
        "parts": _parts(material, line, lines),
        "problems": _named(material, line, Table.PROBLEM_AREA, "category"),
        "safety": _named(material, line, Table.SAFETY_AREA, "safety"),
        "places": _places(material, line),
    }
    return Block(
        code=f"area:{code_of(line.key)}",
        heading=line.label,
        facts=tuple(
            Fact(code=code, label=words(f"a_{code}"), text=text) for code, text in found.items() if text
        ),
        texts=(words("area_too_few"),) if material.counts.rule.exact and not found["problems"] else (),
    )


def _answers(material: Material, line: Line) -> str:
    """How many, and whether that is many for those who live there."""
    words = material.words
    count = material.number(line.count)
    known = [each for each in represented(material) if each.code == f"area:{line.key[1]}"]
    if known:
        shares = {"percent": known[0].answers, "population": known[0].population}
        return capitalised(words("area_coverage", count=count, **shares))
    share = percent(line.count, material.answered(_RESIDENTS))
    return capitalised(words("area_count" if share is None else "area_share", count=count, percent=share))


def _parts(material: Material, line: Line, lines: list[Line]) -> str:
    parts = [each for each in lines if each.level and set(each.codes) <= set(line.codes) and line.level == 0]
    named = [material.words("named", what=each.label, count=each.count) for each in parts]
    return ", ".join(named) + "." if len(parts) > 1 else ""


def _named(material: Material, line: Line, table: Table, list_name: str) -> str:
    """What is shown of the area's columns, largest first, or in the order of the scale."""
    crossed = material.crossed(table, _RESIDENTS)
    counts = _rows_of(crossed, line) if crossed else {}
    if crossed is None or not counts:
        return ""
    of_line = {material.line(list_name, crossed.rows[at], crossed.rows): counts[at] for at in counts}
    if list_name == "category":
        lines = sorted(filter(is_problem, of_line), key=lambda row: -of_line[row])[:_MOST_NAMED]
    else:
        lines = material.in_order(list_name, filter(says_something, of_line), ranked=False)
    named = [
        material.words("named", what=in_sentence(list_name, row.label), count=of_line[row]) for row in lines
    ]
    text = ", ".join(named)
    return f"{capitalised(text)}." if text else ""


def _rows_of(crossed: Crossed, line: Line) -> dict[int, int]:
    """By row, what is shown in the columns that make up the area; those with a hidden cell there are left out."""
    columns = [at for at, column in enumerate(crossed.columns) if set(column.codes) <= set(line.codes)]
    if sum(len(crossed.columns[at].codes) for at in columns) != len(line.codes):
        return {}
    return {
        row: sum(crossed.shown[row, column] for column in columns)
        for row in range(len(crossed.rows))
        if all((row, column) in crossed.shown for column in columns)
    }


def _places(material: Material, line: Line) -> str:
    """Places in the area, with those who name them wherever they live."""
    areas = material.counts.facts.place_areas
    counts = material.several(Table.PLACE, _RESIDENTS)
    inside = [code for code in counts if areas.get(code) in line.codes]
    ranked = sorted(inside, key=lambda code: -counts[code])[:_MOST_NAMED]
    named = [
        material.words("named", what=material.label("place", code), count=counts[code]) for code in ranked
    ]
    return ", ".join(named) + "." if named else ""
