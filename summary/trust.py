"""What residents answer about their own safety and about what is done, one sentence a question."""

from summary.material import Line, Material, given, in_sentence, percent, says_something
from summary.picture import Block, Fact
from summary.rows import Stream, Table
from text.typography import capitalised

_QUESTIONS = ("safety", "avoided", "police", "municipality")


def trust(material: Material) -> tuple[Block, ...]:
    """The closed questions of the residents whose answers can be told apart."""
    found = [(role, _told(material, role)) for role in _QUESTIONS]
    facts = tuple(
        Fact(code=role, label=material.words(f"q_{role}"), text=text) for role, text in found if text
    )
    return (Block(code="trust", facts=facts),) if facts else ()


def _told(material: Material, role: str) -> str:
    """Each answer, or end of the scale, with its share of those who answered."""
    lines = material.lines(role, material.groups(Table.CLOSED, Stream.RESIDENTS, role), ranked=False)
    answers = [line for line in lines if line.level == 0 and line.key[0] == "code" and says_something(line)]
    base = given(material.answered(Stream.RESIDENTS), lines)
    if len(answers) < 2 or base is None:
        return ""
    parts = [in_sentence("", share_of(material, line, base)) for line in answers]
    text = ", ".join(parts)
    return material.words("told", parts=capitalised(text), base=material.number(base))


def share_of(material: Material, line: Line, base: int) -> str:
    """``Mycket eller ganska trygg 25 (42 %)``."""
    share = percent(line.count, base)
    words = material.words
    return f"{line.label} {words.number(line.count)}" + (
        "" if share is None else words("share", percent=share)
    )
