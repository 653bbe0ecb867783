"""Questions on paper: the order in which they are typed in, and what each key stands for."""

import pytest

from bot.services.paper_questions import PaperQuestion, questions_on_paper, what_is_typed
from flows.catalogue import load_document
from flows.model import Choice
from flows.parsing import parse_flow, with_round_lists

AREAS = tuple(Choice(name=code, key="", label={"sv": code}) for code in ("are_by", "duved", "other"))
MEETINGS = (Choice(name="MOTE1", key="", label={"sv": "MOTE1"}),)
OPTIONS = {"ask_gender": "yes", "ask_victim": "no", "ask_feedback": "yes", "place_code": ""}


def asked(name: str, **given: str) -> tuple[PaperQuestion, ...]:
    flow = parse_flow(load_document(name).document).flow
    assert flow is not None
    bound = with_round_lists(flow, {"areas": AREAS, "meetings": MEETINGS})
    return questions_on_paper(bound, {**OPTIONS, **given})


def names(questions: tuple[PaperQuestion, ...]) -> list[str]:
    return [paper.question.name for paper in questions]


def test_residents_are_asked_on_paper_what_they_are_asked_on_a_page() -> None:
    questions = asked("residents")
    assert names(questions) == [
        "role", "area", "safety", "avoided", "problem", "place", "when", "list", "police_enough",
        "municipality_enough", "wish", "age", "gender",
    ]  # fmt: skip
    assert [paper.number for paper in questions] == list(range(1, 14))


def test_what_a_round_switches_on_is_asked_on_paper_too_but_for_telephone_numbers() -> None:
    questions = asked("residents", ask_victim="yes")
    assert "victim" in names(questions)
    assert "feedback" not in names(questions)


def test_a_note_taker_notes_a_point_again_and_again_and_names_the_meeting_only_without_its_code() -> None:
    known = asked("dialogue", place_code="MOTE1")
    assert names(known)[0] == "participants"
    assert next(paper.question.name for paper in known if paper.question.repeat) == "point"
    assert names(known)[-1] == "missing_groups"
    assert names(asked("dialogue"))[0] == "meeting"


@pytest.mark.parametrize(
    ("question", "key", "code"),
    [
        ("role", "4", "visiting"),
        ("area", "1", "are_by"),
        ("area", "3", "other"),
        ("safety", "V", "dont_know"),
        ("safety", "v", "dont_know"),
        ("list", "0", "none"),
        ("role", "V", ""),
        ("role", "9", ""),
        ("problem", "1", ""),
    ],
)
def test_a_typed_key_stands_for_the_box_beside_which_it_is_printed(
    question: str, key: str, code: str
) -> None:
    paper = next(paper for paper in asked("residents") if paper.question.name == question)
    assert what_is_typed(paper, key) == code


def test_no_key_stands_for_two_boxes() -> None:
    for paper in (*asked("residents"), *asked("dialogue"), *asked("employees")):
        keys = [box.key for box in paper.boxes]
        assert len(set(keys)) == len(keys), paper.question.name
