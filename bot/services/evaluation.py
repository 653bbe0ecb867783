"""How well the readers do against labelled rows: shares, precision and recall, confusions. Pure computing.

A row is one line of a labelled file as text by column; a reader is any callable from a row to the label that
was read. What the labels are called, and which columns a file has, stands in docs/evaluation.md.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from summary.statistics import Interval, cohen_kappa, wilson

Row = Mapping[str, str]
Read = Callable[[Row], str]

CATEGORY_SEPARATOR = ";"
"""Between the categories of a coding, the primary one first."""
SAFEGUARDED = frozenset({"emergency", "child", "suicide", "domestic"})
"""Labels whose reply gives a number to call: taking one for another is a lesser error than missing it."""
LENGTHS = ((1, "1 word"), (3, "2-3 words"), (7, "4-7 words"))
LONGER = "8 words or more"


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """`hits` of `n` rows."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval:
        """Wilson, 95 per cent."""
        return wilson(self.hits, self.n)


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelFigures:
    """A label: `precision` of rows read so, `recall` of those meant so, `false_alarms` of the others."""

    label: str
    precision: Share
    recall: Share
    false_alarms: Share


@dataclass(frozen=True, kw_only=True, slots=True)
class Confusion:
    """How often `intended` was read as `read`, and the ids of those rows."""

    intended: str
    read: str
    ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """What came out: `read` in the order of the rows, `groups` by what they are groups of, then by name."""

    read: tuple[str, ...]
    overall: Share
    groups: Mapping[str, Mapping[str, Share]] = field(default_factory=dict)
    labels: tuple[LabelFigures, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    """The most frequent first."""
    kappa: float | None = None


def evaluate_replies(rows: Iterable[Row], read: Read) -> Evaluation:
    """Rows with id, language, question_kind and intended, as in replies_heldout.tsv."""
    cases = tuple(rows)
    labels = tuple(read(row) for row in cases)
    intended = tuple(row["intended"] for row in cases)
    kinds = [row["question_kind"] for row in cases]
    languages = [row["language"] for row in cases]
    both = [f"{kind} {language}" for kind, language in zip(kinds, languages, strict=True)]
    hits = _hits(intended, labels)
    return Evaluation(
        read=labels,
        overall=_share(hits),
        groups={
            "question kind": _by(kinds, hits),
            "language": _by(languages, hits),
            "question kind and language": _by(both, hits),
        },
        confusions=_confusions(cases, intended, labels),
    )


def evaluate_messages(rows: Iterable[Row], read: Read) -> Evaluation:
    """Rows with id, language, state and intended, as in messages_heldout.tsv.

    Beside the labels stands ``any safeguard``: whether a message that tells of danger got one of the
    safeguard texts with a number to call, though perhaps another than intended.
    """
    cases = tuple(rows)
    labels = tuple(read(row) for row in cases)
    intended = tuple(row["intended"] for row in cases)
    hits = _hits(intended, labels)
    return Evaluation(
        read=labels,
        overall=_share(hits),
        groups={
            "language": _by([row["language"] for row in cases], hits),
            "state": _by([row["state"] for row in cases], hits),
        },
        labels=(*_label_figures(intended, labels), _any_safeguard(intended, labels)),
        confusions=_confusions(cases, intended, labels),
    )


def evaluate_codings(rows: Iterable[Row], read: Read) -> Evaluation:
    """Rows with id, language, primary_category and other_categories, as in codings_heldout.tsv.

    `read` gives the categories with the primary one first, between them CATEGORY_SEPARATOR. `overall` is
    about the primary category; the group ``match`` counts the intended primary category found anywhere in
    what was read, and all categories exactly right.
    """
    cases = tuple(rows)
    answers = tuple(read(row) for row in cases)
    found = [split_categories(answer) for answer in answers]
    primary = tuple(categories[0] if categories else "" for categories in found)
    intended = tuple(row["primary_category"] for row in cases)
    hits = _hits(intended, primary)
    return Evaluation(
        read=answers,
        overall=_share(hits),
        groups={
            "match": {
                "primary": _share(hits),
                "any": _share([meant in got for meant, got in zip(intended, found, strict=True)]),
                "all": _share([_all_meant(row) == set(got) for row, got in zip(cases, found, strict=True)]),
            },
            "language": _by([row["language"] for row in cases], hits),
        },
        labels=_label_figures(intended, primary),
        confusions=_confusions(cases, intended, primary),
        kappa=cohen_kappa(intended, primary),
    )


def evaluate_languages(rows: Iterable[Row], read: Read) -> Evaluation:
    """Rows with id, language and text, as in languages_heldout.tsv; ``none`` where nobody could tell."""
    cases = tuple(rows)
    labels = tuple(read(row) for row in cases)
    intended = tuple(row["language"] for row in cases)
    hits = _hits(intended, labels)
    return Evaluation(
        read=labels,
        overall=_share(hits),
        groups={"length": _by([_length_class(row["text"]) for row in cases], hits)},
        labels=_label_figures(intended, labels),
        confusions=_confusions(cases, intended, labels),
    )


def split_categories(text: str) -> tuple[str, ...]:
    """The categories that stand in a coding as it is written in a labelled file."""
    return tuple(part.strip() for part in text.split(CATEGORY_SEPARATOR) if part.strip())


def _all_meant(row: Row) -> set[str]:
    return {row["primary_category"], *split_categories(row["other_categories"])}


def _hits(intended: Sequence[str], labels: Sequence[str]) -> list[bool]:
    return [meant == got for meant, got in zip(intended, labels, strict=True)]


def _share(hits: Sequence[bool]) -> Share:
    return Share(hits=sum(hits), n=len(hits))


def _by(names: Sequence[str], hits: Sequence[bool]) -> dict[str, Share]:
    collected: dict[str, list[bool]] = defaultdict(list)
    for name, hit in zip(names, hits, strict=True):
        collected[name].append(hit)
    return {name: _share(collected[name]) for name in sorted(collected)}


def _label_figures(intended: Sequence[str], labels: Sequence[str]) -> tuple[LabelFigures, ...]:
    meant, got = Counter(intended), Counter(labels)
    right = Counter(label for label, other in zip(intended, labels, strict=True) if label == other)
    return tuple(
        _figures(label, right[label], meant[label], got[label], len(intended))
        for label in sorted(meant | got)
    )


def _any_safeguard(intended: Sequence[str], labels: Sequence[str]) -> LabelFigures:
    meant = [label in SAFEGUARDED for label in intended]
    got = [label in SAFEGUARDED for label in labels]
    right = sum(left and right for left, right in zip(meant, got, strict=True))
    return _figures("any safeguard", right, sum(meant), sum(got), len(intended))


def _figures(label: str, right: int, meant: int, got: int, n: int) -> LabelFigures:
    return LabelFigures(
        label=label,
        precision=Share(hits=right, n=got),
        recall=Share(hits=right, n=meant),
        false_alarms=Share(hits=got - right, n=n - meant),
    )


def _confusions(rows: Sequence[Row], intended: Sequence[str], labels: Sequence[str]) -> tuple[Confusion, ...]:
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row, meant, got in zip(rows, intended, labels, strict=True):
        if meant != got:
            ids[meant, got].append(row["id"])
    pairs = sorted(ids, key=lambda pair: (-len(ids[pair]), pair))
    return tuple(Confusion(intended=pair[0], read=pair[1], ids=tuple(ids[pair])) for pair in pairs)


def _length_class(text: str) -> str:
    words = len(text.split())
    return next((name for most, name in LENGTHS if words <= most), LONGER)
