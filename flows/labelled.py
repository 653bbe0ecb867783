"""Labelled replies: a row's options as a question, and a reading as the label that such rows carry."""

from collections.abc import Mapping

from flows.model import Choice, Kind, Question
from flows.reading import Outcome, Reading

_KINDS = {
    "consent": Kind.CONSENT,
    "yesno": Kind.YESNO,
    "scale5": Kind.SCALE,
    "single": Kind.SINGLE,
    "gender": Kind.SINGLE,
    "role": Kind.SINGLE,
    "multi": Kind.MULTI,
    "age": Kind.AGE,
    "area": Kind.AREA,
    "number": Kind.NUMBER,
    "numbers": Kind.NUMBERS,
    "place": Kind.PLACE,
    "open": Kind.OPEN,
}
_ROLES = frozenset({"age", "gender", "role", "area", "place"})
_SAID_AS = {
    Outcome.DONT_KNOW: "dont_know",
    Outcome.REFUSED: "refuse",
    Outcome.UNCLEAR: "unclear",
    Outcome.UNDER_AGE: "under_15",
}
_YES_NO = ("yes", "no")
_OTHER = ("annat", "other")


def question_from_options(
    kind: str, options: str, language: str, *, synonyms: Mapping[str, tuple[str, ...]] | None = None
) -> Question:
    """The question that a row describes: `options` as "1=Ja|2=Nej", for numbers the parts as "women|men".

    `synonyms` by label are what a flow or an area register knows beside the labels. Raises KeyError for a kind
    that is none of those in labelled files.
    """
    question_kind = _KINDS[kind]
    named = [option.partition("=") for option in options.split("|") if "=" in option]
    choices = (
        ()
        if question_kind is Kind.CONSENT
        else tuple(
            Choice(
                name=_name(question_kind, place, key, label),
                key=key,
                label={language: label},
                synonyms={language: (synonyms or {}).get(label, ())},
                exclusive=question_kind is Kind.MULTI and key == "0",
            )
            for place, (key, _, label) in enumerate(named)
        )
    )
    return Question(
        name=kind,
        kind=question_kind,
        label={},
        choices=choices,
        role=kind if kind in _ROLES else "",
        parts=tuple(options.split("|")) if question_kind is Kind.NUMBERS else (),
    )


def reading_as_label(question: Question, reading: Reading) -> str:
    """yes, no, "1;3", "12;9;3;8", text, none, unclear, dont_know, refuse or under_15."""
    if reading.outcome is not Outcome.VALUE:
        return _SAID_AS[reading.outcome]
    if not reading.values:
        return "none" if reading.how == "none" else "text"
    keys = {choice.name: choice.key or choice.name for choice in question.choices}
    if question.kind in (Kind.CONSENT, Kind.YESNO):
        keys = {}
    return ";".join(keys.get(value, value) for value in reading.values)


def _name(kind: Kind, place: int, key: str, label: str) -> str:
    if kind is Kind.YESNO:
        return _YES_NO[place]
    return "other" if label.casefold() in _OTHER else f"choice_{key}"
