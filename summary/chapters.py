"""The document after page one: its chapters in the order in which a working group reads them.

What only people can say stands as questions to fill in. Nothing here makes a figure.
"""

from collections.abc import Container, Sequence

from summary.area_pages import area_blocks
from summary.material import Material
from summary.method_blocks import assignment, four_questions, hidden_problems, who_is_missing
from summary.picture import Block, Chapter, Fact, Paragraph, PictureTable
from summary.priorities import priority_blocks
from summary.problem_blocks import problem_blocks
from summary.problems import leading
from summary.trust import trust
from summary.weighted import why_no_weights

_ALL_PROBLEMS = ("problems", "problem_area", "clock", "times", "problem_time", "places", "problem_place", "problem_age",
                 "problem_gender", "wishes", "problem_wish")  # fmt: skip
_RESPONDENTS = ("coverage", "areas", "ages", "genders", "roles", "workplaces", "meetings", "missing_groups")
_SAFETY = ("safety_area", "questions_residents", "questions_employees")
_COLLECTION = ("outcomes", "last_question", "channels", "languages", "place_codes", "safeguards")
_QUESTIONS = ("several_residents", "several_employees")


def chapters(
    material: Material, tables: Sequence[PictureTable], method: Sequence[Paragraph]
) -> tuple[Chapter, ...]:
    """Every chapter that has something to say or to ask. `method`: how the figures were made, in paragraphs."""
    there = {table.code for table in tables}

    def shown(code: str, *codes: str) -> tuple[Block, ...]:
        found = tuple(each for each in codes if each in there)
        heading = material.words(f"b_{code}")
        return (Block(code=code, heading=heading, tables=found),) if found else ()

    problems = problem_blocks(material)
    made: dict[str, tuple[Block, ...]] = {
        "assignment": (assignment(material),),
        "method": (_rules(material, method), four_questions(material)),
        "respondents": (who_is_missing(material), *shown("respondents", *_RESPONDENTS)),
        "problems": (*problems, hidden_problems(material), *shown("problems", *_ALL_PROBLEMS)),
        "areas": area_blocks(material),
        "safety": (*trust(material), *shown("safety", *_SAFETY)),
        "causes": _asked_of_each(material, "causes") if problems else (),
        "priorities": (*shown("priorities", "priorities"), *priority_blocks(material)),
        "proposals": _asked_of_each(material, "proposals") if problems else (),
        "follow_up": _asked(material, "follow_up", 3),
        "feedback": _asked(material, "feedback", 3),
        "annexes": (
            *_weights(material, there),
            *shown("collection", *_COLLECTION),
            *shown("questions", *_QUESTIONS),
        ),
    }
    return tuple(
        Chapter(code=code, heading=material.words(f"ch_{code}"), blocks=blocks)
        for code, blocks in made.items()
        if blocks
    )


def _weights(material: Material, there: Container[str]) -> tuple[Block, ...]:
    """The weighted shares, or why there are none though they were asked for."""
    why_not = why_no_weights(material)
    tables = ("weighted",) if "weighted" in there else ()
    heading = material.words("b_weights")
    texts = (why_not,) if why_not else ()
    return (Block(code="weights", heading=heading, texts=texts, tables=tables),) if tables or texts else ()


def _rules(material: Material, method: Sequence[Paragraph]) -> Block:
    facts = enumerate(method, 1)
    return Block(
        code="rules",
        facts=tuple(Fact(code=f"rule_{n}", label=each.heading, text=each.text) for n, each in facts),
    )


def _asked(material: Material, code: str, questions: int) -> tuple[Block, ...]:
    words = material.words
    asked = tuple(words(f"ask_{code}_{number}") for number in range(1, questions + 1))
    return (Block(code=code, texts=(words(f"{code}_lead"),), to_fill_in=asked),)


def _asked_of_each(material: Material, code: str) -> tuple[Block, ...]:
    """The chapter's questions, once for each problem on page one."""
    words = material.words
    lead = Block(code=code, texts=(words(f"{code}_lead"),))
    each = tuple(
        Block(
            code=f"{code}:{line.key[1]}",
            heading=line.label,
            to_fill_in=tuple(words(f"ask_{code}_{number}") for number in range(1, 4)),
        )
        for line in leading(material)
    )
    return (lead, *each)
