"""Who is in the middle of one version goes over to another only where nothing but words differs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.services.publishing import load_flow
from bot.services.surveys import load_published
from flows.carrying import obstacles
from flows.model import Choice, Flow, Hidden, Kind, Question

FLOW = load_published(load_flow("residents", Path()))
CLOSED = next(question for question in FLOW.questions if question.kind is Kind.SCALE)


def _with(flow: Flow, of: str, **changes: object) -> Flow:
    questions = tuple(
        replace(question, **changes) if question.name == of else question  # type: ignore[arg-type]
        for question in flow.questions
    )
    return replace(flow, questions=questions)


def _with_choice(flow: Flow, change: Callable[[Choice], Choice]) -> Flow:
    first, *others = CLOSED.choices
    return _with(flow, CLOSED.name, choices=(change(first), *others))


def _other_words(question: Question) -> Question:
    return replace(
        question,
        label={"sv": "Andra ord", "en": "Other words"},
        sms={"sv": "Andra ord 1 2 3"},
        hint={"sv": "Tips"},
        constraint_message={"sv": "Nej"},
        choices=tuple(
            replace(choice, label={"sv": choice.name}, synonyms={"sv": ("nytt",)})
            for choice in question.choices
        ),
    )


def test_other_words_everywhere_a_new_version_and_one_more_language_let_everybody_go_over() -> None:
    after = replace(
        FLOW,
        version="2",
        title={"sv": "Rubrik"},
        thanks={"sv": "Tack"},
        thanks_sms={},
        languages=(*FLOW.languages, "fi"),
        questions=tuple(_other_words(question) for question in FLOW.questions),
    )
    assert obstacles(FLOW, after) == ()


@pytest.mark.parametrize(
    ("after", "what"),
    [
        (replace(FLOW, questions=FLOW.questions[:-1]), "question_removed"),
        (
            replace(
                FLOW, questions=(*FLOW.questions[:2], *reversed(FLOW.questions[2:4]), *FLOW.questions[4:])
            ),
            "moved",
        ),
        (replace(FLOW, stream="employees"), "setting"),
        (replace(FLOW, core=FLOW.core[1:]), "setting"),
        (replace(FLOW, hidden=(*FLOW.hidden, Hidden(name="more"))), "setting"),
        (replace(FLOW, languages=FLOW.languages[:1]), "language_removed"),
        (replace(FLOW, languages=tuple(reversed(FLOW.languages))), "setting"),
        (_with(FLOW, CLOSED.name, name="other"), "question_renamed"),
        (_with(FLOW, CLOSED.name, kind=Kind.SINGLE), "kind"),
        (_with(FLOW, CLOSED.name, role="other"), "role"),
        (_with(FLOW, CLOSED.name, relevant="${channel} = 'sms'"), "relevant"),
        (_with(FLOW, CLOSED.name, constraint=". != 'x'"), "constraint"),
        (_with(FLOW, CLOSED.name, required=not CLOSED.required), "required"),
        (_with(FLOW, CLOSED.name, max_choices=2), "max_choices"),
        (_with(FLOW, CLOSED.name, code_with="tax-1"), "code_with"),
        (_with(FLOW, CLOSED.name, parts=("a", "b")), "parts"),
        (_with(FLOW, CLOSED.name, repeat="again"), "repeat"),
        (_with(FLOW, CLOSED.name, choices=CLOSED.choices[1:]), "choice_removed"),
        (_with(FLOW, CLOSED.name, choices=tuple(reversed(CLOSED.choices))), "choice_order"),
        (_with_choice(FLOW, lambda choice: replace(choice, name="new")), "choice_added"),
        (_with_choice(FLOW, lambda choice: replace(choice, key="9")), "choice_key"),
        (_with_choice(FLOW, lambda choice: replace(choice, exclusive=True)), "choice_exclusive"),
        (_with(FLOW, CLOSED.name, closes_repeat=True), "setting"),
        (_with(FLOW, CLOSED.name, from_round=True), "setting"),
    ],
)
def test_whatever_decides_about_path_or_stored_values_is_an_obstacle_that_is_named(
    after: Flow, what: str
) -> None:
    assert what in {one.what for one in obstacles(FLOW, after)}


def test_each_field_of_a_question_is_either_words_or_an_obstacle() -> None:
    """A field that is added to the model one day is an obstacle until somebody says that it is words."""
    words = {"label", "sms", "hint", "constraint_message", "list_name"}
    fields = {
        name for name in Question.__dataclass_fields__ if name not in words | {"name", "kind", "choices"}
    }
    for name in fields:
        changed = _with(FLOW, CLOSED.name, **{name: _other(getattr(CLOSED, name))})
        assert obstacles(FLOW, changed), name


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    return {str: f"{value}x", tuple: (*value, "x") if isinstance(value, tuple) else ()}.get(type(value), 7)
