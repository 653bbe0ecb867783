"""Quotes beside the figures: of problems that the released picture shows alone, in the problem's block and a table."""

from dataclasses import replace
from io import BytesIO

import pytest
from problem_samples import codebook, round_counts

from bot.services.summaries import picture_of
from privacy.disclosure import EXACT, INTERIM
from summary.exporters.formats import EXPORTERS
from summary.picture import ProblemPicture, from_json, to_json
from summary.quoted import Quoted, with_quotes


def picture(language: str = "sv") -> ProblemPicture:
    return picture_of(round_counts(600, 75), codebook(), EXACT, language)


def shown(found: ProblemPicture) -> list[str]:
    """Categories with a figure of residents, the parts and not the focus issues."""
    table = found.table("problems")
    assert table is not None
    at = [column.code for column in table.columns].index("residents")
    return [
        row.code for row in table.rows if row.level and isinstance(row.values[at], int) and row.values[at]
    ]


def quote(category: str, **changes: object) -> Quoted:
    values = {"stream": "residents", "text": "Mopeder stör.", "is_verbatim": False, "sources": 3, **changes}
    return Quoted(category=category, **values)  # type: ignore[arg-type]


def test_a_quote_of_a_problem_that_is_shown_stands_in_the_table_with_how_it_was_made() -> None:
    found = picture()
    category = shown(found)[0]
    quotes = [quote(category), quote(category, is_verbatim=True, sources=1, text="Stör.")]
    table = with_quotes(found, quotes).table("quotes")
    assert table is not None
    assert [(row.label, row.values[1:]) for row in table.rows] == [
        ("”Mopeder stör.”", ("boende", "omskrivet av 3 svar")),
        ("”Stör.”", ("boende", "ordagrant")),
    ]


@pytest.mark.parametrize("hidden", ["nothing_of_the_kind", "unsorted"])
def test_a_quote_of_a_problem_that_is_not_shown_stands_nowhere(hidden: str) -> None:
    found = picture()
    assert hidden not in shown(found)
    assert with_quotes(found, [quote(hidden)]) == found


def test_a_quote_of_employees_needs_a_figure_of_employees() -> None:
    few = picture_of(round_counts(600, 0), codebook(), INTERIM, "sv")
    category = "traffic_offences"
    assert with_quotes(few, [quote(category, stream="employees")]) == few


def test_no_figure_is_touched_and_no_table_lost() -> None:
    found = picture()
    quoted = with_quotes(found, [quote(shown(found)[0])])
    rest = [table for table in quoted.tables if table.code != "quotes"]
    assert rest == sorted(found.tables, key=lambda table: table.section.value != "problems")
    assert replace(quoted, tables=(), chapters=()) == replace(found, tables=(), chapters=())


@pytest.mark.parametrize(
    ("category", "problem"), [("traffic_offences", "F_TRAFFIC"), ("theft_burglary", "theft_burglary")]
)
def test_the_block_of_a_problem_holds_at_most_three_quotes_of_it_or_of_its_parts(
    category: str, problem: str
) -> None:
    found = with_quotes(picture(), [quote(category, text=f"Citat {n}.") for n in range(5)])
    (chapter,) = (chapter for chapter in found.chapters if chapter.code == "problems")
    said = {
        block.code: [fact.text.count("”") // 2 for fact in block.facts if fact.code == "quotes"]
        for block in chapter.blocks
    }
    assert {code: counts for code, counts in said.items() if counts} == {f"problem:{problem}": [3]}


@pytest.mark.parametrize("format_", sorted(EXPORTERS))
def test_every_exporter_writes_them(format_: str) -> None:
    found = picture("en")
    quoted = with_quotes(found, [quote(shown(found)[0], text="=cmd|' /C calc'!A0")])
    stream = BytesIO()
    EXPORTERS[format_].write(quoted, stream)
    assert stream.getvalue()
    assert from_json(to_json(quoted)) == quoted
