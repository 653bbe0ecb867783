"""How the picture was made and what it can bear: sources, Brå's four questions, those who are missing, hidden problems.

Answers what the round itself knows, and leaves lines for what only the working group knows.
"""

from summary.coverage import missing
from summary.material import Material, in_sentence, percent
from summary.picture import Block, Fact
from summary.problems import RESIDENTS, leading, problem_lines
from summary.rows import Stream, Table

SEVERE = ("violence", "harassment", "fraud")
"""Categories that hit hard though few name them; those that are sensitive besides come from the taxonomy."""
_FEW = 5
"""Percent of the residents below which a severe problem is said to be hidden."""


def assignment(material: Material) -> Block:
    """Who asked, whom, where and when."""
    words, facts = material.words, material.counts.facts
    period = words.period(facts.starts_on, min(facts.ends_on, facts.counted_on))
    return Block(
        code="assignment",
        texts=(words("assignment", municipality=facts.municipality, round=facts.name, period=period),
               words("assignment_law")),
        to_fill_in=(words("ask_assignment"), words("ask_scope")),
    )  # fmt: skip


def four_questions(material: Material) -> Block:
    """The four questions that Brå's handbook asks of a problem picture, answered as far as the round knows."""
    words = material.words
    answers = {
        "why": words("bra_why", count=len(leading(material))),
        "sources": words("bra_sources", sources=_sources(material)),
        "limits": " ".join(_limits(material)),
        "meaning": _meaning(material),
    }
    return Block(
        code="four_questions",
        heading=words("bra_heading"),
        texts=(words("bra_lead"),),
        facts=tuple(
            Fact(code=code, label=words(f"bra_q_{code}"), text=text) for code, text in answers.items()
        ),
        to_fill_in=tuple(words(f"ask_bra_{code}") for code in answers),
    )


def _sources(material: Material) -> str:
    words = material.words
    used = [
        words(f"bra_{stream.value}", count=material.number(material.answered(stream)))
        for stream in (Stream.RESIDENTS, Stream.EMPLOYEES)
        if material.answered(stream)
    ]
    if material.counts.meetings.get("meetings"):
        used.append(words("bra_meetings", count=material.counts.meetings["meetings"]))
    return words.and_(used) or words("bra_none")


def _limits(material: Material) -> list[str]:
    """What the way of asking leaves out, each as one sentence."""
    words = material.words
    found = [words("limit_chosen")]
    for table, list_name, key in (
        (Table.CHANNEL, "channel", "limit_channels"),
        (Table.LANGUAGE, "language", "limit_languages"),
    ):
        lines = material.lines(list_name, material.groups(table, RESIDENTS))
        named = [line for line in lines if line.key[0] == "code" and line.level == 0]
        if len(named) > 1:
            parts = [words("named", what=in_sentence("", line.label), count=line.count) for line in named]
            found.append(words(key, parts=words.and_(parts)))
    unsorted = [line for line in material.lines("category", material.groups(Table.PROBLEM, RESIDENTS))
                if line.key == ("code", "unsorted")]  # fmt: skip
    if unsorted:
        share = percent(unsorted[0].count, material.answered(RESIDENTS))
        found.append(words("limit_unsorted" if share is None else "limit_unsorted_share",
                           count=unsorted[0].count, percent=share))  # fmt: skip
    return found


def _meaning(material: Material) -> str:
    words = material.words
    groups = [in_sentence(group.table, group.label) for group in missing(material)]
    if not groups:
        return words("bra_meaning_level" if _population(material) else "bra_meaning_unknown")
    return words("bra_meaning_one" if len(groups) == 1 else "bra_meaning", groups=words.and_(groups))


def who_is_missing(material: Material) -> Block:
    """The three groups with fewest answers for their size, with the ratio, and what may be done."""
    words = material.words
    items = tuple(
        words(
            "missing_ratio",
            group=group.label,
            answers=group.answers,
            population=group.population,
            ratio=words.decimal(group.ratio, 2),
        )
        for group in missing(material)
    )
    texts = (
        (words("missing_lead"),)
        if items
        else (words("missing_none" if _population(material) else "missing_unknown"),)
    )
    return Block(
        code="missing",
        heading=words("missing_heading"),
        texts=texts,
        items=items,
        to_fill_in=(words("ask_missing"),),
    )


def _population(material: Material) -> bool:
    return bool(material.counts.population)


def hidden_problems(material: Material) -> Block:
    """What few name and that hits hard; and that what is not seen here may be there all the same."""
    words = material.words
    base = material.answered(RESIDENTS)
    severe = [
        line
        for line in problem_lines(material, RESIDENTS)
        if line.key[0] == "code"
        and (
            line.key[1] in material.counts.sensitive
            or (line.key[1] in SEVERE and 100 * line.count < _FEW * base)
        )
    ]
    replies = material.several(Table.SAFEGUARD, RESIDENTS)
    told = [
        code
        for code in material.codebook.order("safeguard", replies)
        if code in ("child", "domestic", "suicide")
    ]
    return Block(
        code="hidden",
        heading=words("hidden_heading"),
        texts=(words("hidden_lead"),),
        items=(
            *(words("hidden_problem", problem=line.label, count=material.number(line.count)) for line in severe),
            *(words("hidden_reply", what=material.label("safeguard", code), count=material.number(replies[code]))
              for code in told),
        ),
        to_fill_in=(words("ask_hidden"),),
    )  # fmt: skip
