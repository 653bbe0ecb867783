"""How well the rules code the labelled answers: accuracy, precision and recall by category, confusions, time.

Run as `python benchmarks/codings.py [PART] [labelled.tsv]`; parts are dev and unseen, in codings_author_second.tsv
also after and last. The columns are those of
tests/labelled/codings_author.tsv.
"""

import csv
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from categories.catalogue import coder

LABELLED = Path(__file__).parents[1] / "tests" / "labelled" / "codings_author.tsv"
Z95 = 1.96
RUNS = 5
CODER = coder("tax-1")


def wilson(right: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    share, square = right / n, Z95 * Z95
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return middle - half, middle + half


def report(rows: Sequence[dict[str, str]]) -> None:
    pairs = [(row, CODER.code(row["text"])) for row in rows]
    for language in dict.fromkeys(row["language"] for row in rows):
        own = [(row["primary_category"], codings[0]) for row, codings in pairs if row["language"] == language]
        right = sum(label == coding.category for label, coding in own)
        low, high = wilson(right, len(own))
        print(f"{language}: {right} of {len(own)} = {right / len(own):.1%} ({low:.1%}-{high:.1%})")
    by_category([(row["primary_category"], codings[0].category) for row, codings in pairs])
    by_score([(codings[0].score, row["primary_category"] == codings[0].category) for row, codings in pairs])


def by_category(pairs: Sequence[tuple[str, str]]) -> None:
    labelled, coded = Counter(label for label, _ in pairs), Counter(category for _, category in pairs)
    both = Counter(label for label, category in pairs if label == category)
    print(f"\n{'category':22}{'n':>5}{'precision':>11}{'recall':>8}")
    for category in sorted(labelled):
        precision = both[category] / coded[category] if coded[category] else 0.0
        print(
            f"{category:22}{labelled[category]:5}{precision:11.2f}{both[category] / labelled[category]:8.2f}"
        )
    confusions = Counter(pair for pair in pairs if pair[0] != pair[1])
    print("\nmain confusions:", *(f"{a} -> {b} ({n})" for (a, b), n in confusions.most_common(8)), sep="\n  ")


def by_score(pairs: Iterable[tuple[float, bool]]) -> None:
    bands: dict[str, list[bool]] = {"under 0.5": [], "0.5 to 0.8": [], "0.8 and over": []}
    for score, right in pairs:
        bands["under 0.5" if score < 0.5 else "0.5 to 0.8" if score < 0.8 else "0.8 and over"].append(right)
    print("\nright by score:", *(f"{b}: {sum(r)} of {len(r)}" for b, r in bands.items() if r), sep="\n  ")


def microseconds(texts: Sequence[str]) -> float:
    """Best of some runs: the first builds what only rare messages need, and others share the machine."""
    return min(_one_run(texts) for _ in range(RUNS)) / len(texts) * 1e6


def _one_run(texts: Sequence[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        CODER.code(text)
    return time.perf_counter() - started


def main(part: str = "unseen", path: str = str(LABELLED)) -> None:
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["part"] == part
        ]
    report(rows)
    print(f"\n{microseconds([row['text'] for row in rows]):.0f} microseconds an answer")


if __name__ == "__main__":
    main(*sys.argv[1:])
