"""Colours of charts: told apart with any colour vision and in grey print, and never the only thing that tells."""

RESIDENTS, EMPLOYEES = "#1B4F72", "#C8702A"
"""The accent of all documents, and the one that stands beside it. 3:1 or more against paper (WCAG 2.2, 1.4.11)."""
SHADES = ("#E8F1F8", "#C3D9E8", "#9CC0D8", "#78A6C4", "#356D94", "#1B4F72")
"""Of squares, few to many: one hue, in the same order in grey print; on each, one ink can be read."""
INK, PAPER = "#1F2933", "#FFFFFF"
STEPS = len(SHADES)


def look_of(code: str) -> tuple[str, str, str]:
    """Colour, class and edge of a column's bars. What is compared with is an empty bar with an edge."""
    if code.startswith("employees"):
        return EMPLOYEES, "employees", ""
    if code.startswith("population"):
        return PAPER, "compared", INK
    return RESIDENTS, "residents", ""


def step_of(value: float, largest: float) -> int:
    """From 0 to STEPS - 1."""
    return min(STEPS - 1, max(0, int(value / largest * STEPS))) if largest > 0 else 0


def ink_on(step: int) -> str:
    """Of a figure on that step: 4.5:1 or more."""
    return PAPER if luminance(SHADES[step]) < 0.18 else INK


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
