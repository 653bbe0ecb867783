"""The problem picture made from protected counts: one document per language, for every exporter to write."""

from summary.certainty import FEW_NAMED, MANY_ANSWERED, MANY_NAMED, SOME_NAMED
from summary.chapters import chapters
from summary.codebook import NO_ANSWER, Codebook
from summary.material import Material
from summary.picture import Paragraph, PictureTable, ProblemPicture, Term
from summary.priorities import focus
from summary.released import ProtectedCounts
from summary.sentences import basis, honesty, problems, summary
from summary.tables import all_tables
from summary.wording import Words

_TERMS = ("category", "area", "place", "age", "gender", "role", "workplace", "when", "outcome")
"""Lists that the codebook of a report explains; closed questions follow."""


def build(counts: ProtectedCounts, codebook: Codebook, language: str = "sv") -> ProblemPicture:
    """The picture in Swedish or English. Holds nothing that is not in `counts`."""
    words = Words(language)
    material = Material(counts, codebook, words)
    facts = counts.facts
    return ProblemPicture(
        language=words.language,
        title=words("title", municipality=facts.municipality),
        subtitle=words(
            "subtitle",
            round=facts.name,
            period=words.period(facts.starts_on, min(facts.ends_on, facts.counted_on)),
        ),
        status=words(
            f"status_{counts.rule.name}", day=words.day(facts.counted_on), threshold=counts.rule.threshold
        ),
        rule=counts.rule.name,
        counted_on=facts.counted_on.isoformat(),
        demonstration=words("demonstration") if facts.demonstration else "",
        basis=basis(material),
        summary=summary(material),
        problems=(made := problems(material)),
        honesty=honesty(material),
        tables=(tables := all_tables(material)),
        method=(method := _method(material)),
        codebook=_codebook(material, tables),
        certainty=_certainty(words) if made else "",
        focus=focus(material),
        chapters=chapters(material, tables, method),
    )


def _certainty(words: Words) -> str:
    return words("certainty_rule", answered=MANY_ANSWERED, many=MANY_NAMED, some=SOME_NAMED, few=FEW_NAMED)


def _method(material: Material) -> tuple[Paragraph, ...]:
    words, facts, rule = material.words, material.counts.facts, material.counts.rule
    release = f"{words(f'p_release_{rule.name}', threshold=rule.threshold)} {words('p_release')}"
    about = words(
        "p_round",
        round=facts.name,
        municipality=facts.municipality,
        period=words.period(facts.starts_on, min(facts.ends_on, facts.counted_on)),
        flows=", ".join(facts.flow_versions) or "–",
        day=words.day(facts.counted_on),
    )
    texts = {
        "sources": words("p_sources"),
        "shares": words("p_shares"),
        "release": release,
        "sensitive": words("p_sensitive"),
        "coding": words("p_coding", taxonomy=facts.taxonomy or "–"),
        "round": about,
    }
    return tuple(Paragraph(heading=words(f"h_{key}"), text=text) for key, text in texts.items())


def _codebook(material: Material, tables: tuple[PictureTable, ...]) -> tuple[Term, ...]:
    """Codes and words of every list that the tables use, whether a code has a figure or not."""
    asked = {
        row.code for table in tables if table.code.startswith(("questions", "several")) for row in table.rows
    }
    lists = [*_TERMS, *(name for name in material.codebook.lists() if name in asked)]
    return tuple(
        Term(
            list=name,
            code=entry.code,
            label=material.label(name, entry.code),
            part_of=material.label(name, entry.parent) if entry.parent and entry.parent != NO_ANSWER else "",
        )
        for name in dict.fromkeys(lists)
        for entry in material.codebook.entries(name)
    )
