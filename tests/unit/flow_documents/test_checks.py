"""What flow checks find before a resident does. Each case makes one fault in a clean flow."""

import pytest

from flows.catalogue import load_document_text
from flows.checks import check_flow
from flows.documents import Problem, Severity
from flows.parsing import parse_flow

CLEAN = """
settings:
  form_id: small
  version: 1
  title: {sv: Liten, en: Small}
  stream: residents
  languages: [sv, en]
  core: [role]
choices:
  yes_no:
    - {name: yes, key: 1, label: {sv: Ja, en: Yes}}
    - {name: no, key: 2, label: {sv: Nej, en: No}}
  role:
    - {name: lives, key: 1, label: {sv: Bor här, en: Live here}, synonyms: {sv: [bor]}}
    - {name: works, key: 2, label: {sv: Jobbar här, en: Work here}}
    - {name: other, key: 0, label: {sv: Annat, en: Other}}
survey:
  - {type: hidden, name: channel}
  - {type: acknowledge, name: start, label: {sv: Börja?, en: Begin?}}
  - type: select_one role
    name: role
    label: {sv: Vem är du?, en: Who are you?}
    sms: {sv: "Vem är du de 6 senaste åren? 1 Bor här 2 Jobbar 0 Annat", en: "Who? 1 Live here 2 Work 0 Other"}
  - {type: text, name: problem, code_with: tax-1, label: {sv: Vad?, en: What?}}
  - type: integer
    name: people
    label: {sv: Hur många?, en: How many?}
    relevant: "${role} = 'lives' and not(selected(${problem_category}, 'no_problem'))"
    constraint: . >= 1 and . <= 50
    constraint_message: {sv: Högst 50., en: At most 50.}
  - {type: note, role: thanks, label: {sv: "Tack [K]!", en: Thank you!}}
"""


def problems_of(text: str, **options: object) -> tuple[Problem, ...]:
    loaded = load_document_text(text, "small.yaml")
    result = parse_flow(loaded.document, loaded.places)
    assert result.flow is not None, (loaded.problems, result.problems)
    return check_flow(result.flow, places=loaded.places, **options)  # type: ignore[arg-type]


def _is_command(word: str, language: str) -> bool:
    return word.strip("!").lower() in {"sv": ("stopp",), "en": ("stop",)}.get(language, ())


def test_clean_flow_has_no_problems() -> None:
    texts = {"help": {"sv": "Hjälp: [T]", "en": "Help: [T]"}}
    assert problems_of(CLEAN, texts=texts, is_command=_is_command) == ()


RELEVANT = "${role} = 'lives' and not(selected(${problem_category}, 'no_problem'))"
CONSTRAINT = ". >= 1 and . <= 50"


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("{sv: Vad?, en: What?}", "{sv: Vad?}", "translation_missing", "problem > label"),
        ("{sv: Bor här, en: Live here}", "{sv: Bor här}", "translation_missing", "role > lives"),
        ("{sv: Högst 50., en: At most 50.}", "{en: At most 50.}", "translation_missing", "people"),
        ("    constraint_message: {sv: Högst 50., en: At most 50.}\n", "", "translation_missing", "people"),
        (
            '1 Live here 2 Work 0 Other"}',
            '1 Live here 2 Work 0 Other", fi: Kuka}',
            "language_not_offered",
            "fi",
        ),
        (', en: "Who? 1 Live here 2 Work 0 Other"}', "}", "translation_missing", "role > sms"),
        ("{sv: Liten, en: Small}", "{sv: Liten}", "translation_missing", "title"),
        (
            '  - {type: note, role: thanks, label: {sv: "Tack [K]!", en: Thank you!}}\n',
            "",
            "thanks_missing",
            "survey",
        ),
        ("type: acknowledge", "type: text", "consent_missing", "survey"),
        (RELEVANT, "${rol} = 'lives'", "unknown_name", "people > relevant"),
        (RELEVANT, "${people_place} = 'x'", "unknown_name", "people > relevant"),
        (RELEVANT, "${people} = 1", "later_question", "people > relevant"),
        (RELEVANT, "${role} = 'livs'", "unknown_code", "people > relevant"),
        (RELEVANT, "${role} = 'livs'", "unreachable", "people > relevant"),
        (RELEVANT, "false()", "unreachable", "people > relevant"),
        (RELEVANT, "${role} = 'lives' and ${role} = 'works'", "unreachable", "people > relevant"),
        (RELEVANT, "${channel} = 'sms' and ${channel} = 'web'", "unreachable", "people > relevant"),
        (CONSTRAINT, ". >= 51 and . <= 50", "dead_end", "people > constraint"),
        (CONSTRAINT, ". > 14 and . < 15", "dead_end", "people > constraint"),
        ("1 Bor här 2 Jobbar 0 Annat", "1 Jobbar 2 Bor här 0 Annat", "choice_numbers", "role > sms > sv"),
        ("1 Bor här 2 Jobbar 0 Annat", "1 Bor här 3 Jobbar 0 Annat", "choice_numbers", "role > sms > sv"),
        ("1 Bor här 2 Jobbar 0 Annat", "1 Bor här 2 Jobbar", "choice_numbers", "role > sms > sv"),
        (
            "1 Live here 2 Work 0 Other",
            "1 Live here 2 Work 3 Visit 0 Other",
            "choice_numbers",
            "role > sms > en",
        ),
        ("synonyms: {sv: [bor]}", "synonyms: {sv: [jobbar har]}", "choices_collide", "role > works"),
        ("synonyms: {sv: [bor]}", "synonyms: {sv: ['2']}", "choices_collide", "role > works"),
        ("synonyms: {sv: [bor]}", "synonyms: {sv: [STOPP!]}", "reserved_word", "role > lives"),
        ('"Tack [K]!"', '"Tack [X]!"', "unknown_placeholder", "thanks"),
        ("Tack [K]!", "Tack ž [K]! " + "m" * 60, "over_budget", "thanks"),
        ("{sv: Vem är du?, en", "{sv: 'Vem är du i [X]?', en", "unknown_placeholder", "role > label > sv"),
        ("{sv: Bor här,", "{sv: 'Bor i [X]',", "unknown_placeholder", "role > lives > label > sv"),
        ("{sv: Vad?,", "{sv: 'Vad är ${role}?',", "answer_in_text", "problem > label > sv"),
        ("{sv: Vad?", "{sv: " + "Vad? " * 33, "over_budget", "problem > label > sv"),
        (
            "  languages: [sv, en]",
            "  languages: [sv, en]\n  draft_languages: [fi]",
            "draft_language",
            "settings",
        ),
    ],
)
def test_fault_is_found_with_place_and_advice(old: str, new: str, code: str, where: str) -> None:
    assert old in CLEAN
    problems = problems_of(CLEAN.replace(old, new, 1), is_command=_is_command)
    found = [problem for problem in problems if problem.code == code]
    assert found, problems
    assert where in found[0].where and "small.yaml, line " in found[0].where
    assert found[0].message and found[0].advice


def test_place_of_a_fault_is_its_line() -> None:
    (problem,) = problems_of(CLEAN.replace("label: {sv: Vad?, en: What?}", "label: {sv: Vad?}"))
    line = next(n for n, text in enumerate(CLEAN.splitlines(), 1) if "name: problem" in text)
    assert problem.where == f"survey > problem > label (small.yaml, line {line})"


def test_budget_names_the_character_that_costs_and_the_excess() -> None:
    (problem,) = problems_of(CLEAN.replace("{sv: Vad?", "{sv: Vad ž " + "a" * 70))
    assert problem.severity is Severity.WARNING
    assert "ž" in problem.advice and "Shorten it by 6" in problem.advice


def test_budget_counts_a_text_as_it_is_sent() -> None:
    """A dash is sent as a hyphen, which costs nothing."""
    assert not problems_of(CLEAN.replace("{sv: Vad?", "{sv: Vad – " + "a" * 70))


TWO_MORE = """  - {type: text, name: never, label: {sv: A, en: A}, relevant: "RELEVANT"}
  - {type: note, role: thanks,"""


@pytest.mark.parametrize(
    ("relevant", "is_asked"),
    [
        ("${people} > 3 and ${role} = 'works'", False),
        ("${people} > 3 and ${role} = 'lives'", True),
        ("${people} = 'skipped' and ${role} != 'works'", True),
        ("${people} = '' and ${role} = 'works'", True),
        ("${problem} = 'withheld'", True),
        ("${role} = ''", False),
        ("selected(${problem_category}, 'x') and selected(${problem_category}, 'no_problem')", True),
        ("${role} != 'lives' and contains(${people}, '3')", True),
    ],
)
def test_a_question_that_no_answers_lead_to_is_found_over_several_conditions(
    relevant: str, is_asked: bool
) -> None:
    text = CLEAN.replace("  - {type: note, role: thanks,", TWO_MORE.replace("RELEVANT", relevant))
    found = [(p.code, p.where.split(" (")[0]) for p in problems_of(text)]
    assert found == ([] if is_asked else [("unreachable", "survey > never > relevant")])


def test_budget_counts_the_rounds_own_values() -> None:
    text = CLEAN.replace("Tack [K]!", "Tack [K]! " + "m" * 120)
    assert not problems_of(text)
    assert [p.code for p in problems_of(text, values={"K": "Kommunen med det allra längsta namnet"})] == [
        "over_budget"
    ]


def test_budget_does_not_count_the_label_of_a_question_that_is_never_asked_by_sms() -> None:
    long = CLEAN.replace("{sv: Vad?", "{sv: " + "Vad? " * 33).replace("name: problem,", "name: problem, {},")
    never = long.replace("{},", "relevant: \"${channel} != 'sms'\",")
    perhaps = long.replace("{},", "relevant: \"${channel} != 'sms' or ${role} = 'lives'\",")
    assert not problems_of(never)
    assert [problem.code for problem in problems_of(perhaps)] == ["over_budget"]


def test_service_texts_are_checked_too() -> None:
    problems = problems_of(CLEAN, texts={"help": {"sv": "å" * 161}})
    assert {(p.code, p.where) for p in problems} == {
        ("translation_missing", "texts > help"),
        ("over_budget", "texts > help > sv"),
    }


def test_dialogue_notes_need_no_consent() -> None:
    text = CLEAN.replace("stream: residents", "stream: dialogue").replace("type: acknowledge", "type: text")
    assert not problems_of(text)


def test_answer_inside_a_repeat_is_not_named_outside() -> None:
    rows = """  - {type: begin_repeat, name: more, label: {sv: Fler?, en: More?}, sms: {sv: Fler?, en: More?}}
  - {type: text, name: detail, label: {sv: A, en: A}}
  - {type: text, name: why, label: {sv: B, en: B}, relevant: "${detail} != ''"}
  - {type: end_repeat}
  - {type: text, name: last, label: {sv: C, en: C}, relevant: "${detail} != '' and ${more} = 'no'"}
"""
    problems = problems_of(CLEAN.replace("  - {type: note,", rows + "  - {type: note,"))
    assert {(p.code, p.where.split(" (")[0]) for p in problems} == {
        ("name_in_repeat", "survey > last > relevant"),
    }


@pytest.mark.parametrize(
    "relevant",
    [
        "contains(${problem}, 'x') and not(contains(${problem}, 'x'))",
        "${role} = 'dont_know'",
        "${problem} = 'answered' and ${problem_place} = ''",
        "selected(${problem_category}, 'a') and selected(${problem_category}, 'b')",
        "${channel} != 'sms' and ${channel} != 'web'",
    ],
)
def test_condition_that_may_hold_is_left_in_peace(relevant: str) -> None:
    assert not problems_of(CLEAN.replace(RELEVANT, relevant))
