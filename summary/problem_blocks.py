"""Each problem by itself, as a block of facts that stand by their label: where, when, who, what each source says."""

from summary.material import Line, Material
from summary.picture import Block, Fact
from summary.problems import about, leading, share_of_all
from text.typography import capitalised


def problem_blocks(material: Material) -> tuple[Block, ...]:
    """The problems that most residents name, most first."""
    return tuple(_block(material, line) for line in leading(material))


def _block(material: Material, line: Line) -> Block:
    return Block(
        code=f"problem:{line.key[1]}",
        heading=share_of_all(material, line),
        facts=tuple(
            Fact(code=code, label=material.words(f"f_{code}"), text=capitalised(text))
            for code, text in about(material, line).items()
        ),
    )
