"""The safety question with the answers weighted to the population, beside the answers as they are."""

from summary.material import Material, code_of, given, percent, says_something
from summary.picture import Column, PictureTable, Row, Section, Unit
from summary.rows import Stream, Table


def weighted(material: Material) -> PictureTable | None:
    """None where no weights were asked for; without rows of shares, a note that says why there are none."""
    made = material.counts.weighted
    if made is None or not made.shares:
        return None
    words = material.words
    groups = material.groups(Table.CLOSED, Stream.RESIDENTS, "safety")
    lines = material.lines("safety", groups, ranked=False)
    base = given(material.answered(Stream.RESIDENTS), lines)
    by_codes = {frozenset(codes): share for codes, share in made.shares.items()}
    rows = tuple(
        Row(
            code=code_of(line.key),
            label=line.label,
            values=(line.count, percent(line.count, base), by_codes[frozenset(line.codes)]),
        )
        for line in lines
        if says_something(line) and frozenset(line.codes) in by_codes
    )
    notes = [
        words(
            "n_weighted",
            margins=words.and_([words(f"of_{name}").lower() for name in made.margins]),
            effective=made.effective,
            design_effect=words.decimal(made.design_effect),
        )
    ]
    notes += [words("n_unplaced", count=made.unplaced)] if made.unplaced else []
    notes += [words("n_trimmed", count=made.trimmed)] if made.trimmed else []
    return PictureTable(
        code="weighted",
        section=Section.UNCERTAINTY,
        title=words("t_weighted"),
        corner=words("group"),
        columns=(
            Column(code="persons", heading=words("answers"), unit=Unit.PERSONS),
            Column(code="percent", heading=words("unweighted"), unit=Unit.PERCENT),
            Column(code="weighted", heading=words("weighted"), unit=Unit.PERCENT),
        ),
        rows=rows,
        note=" ".join(notes),
    )


def why_no_weights(material: Material) -> str:
    """Why weights that were asked for are not there; empty where they are, or were not asked for."""
    made = material.counts.weighted
    return material.words(f"why_not_{made.why_not}") if made is not None and made.why_not else ""
