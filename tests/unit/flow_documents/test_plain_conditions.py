"""When a question is asked, in words that somebody who approves a survey understands."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.services.publishing import load_flow
from bot.services.surveys import load_published
from flows.catalogue import flow_names
from flows.plain_conditions import PlainConditions

FLOW = load_published(load_flow("residents", Path()))
WHO = "fråga 2 (”Vem är du här?”)"
TOLD = "fråga 6 (”Vad är det största trygghetsproblemet där? Finns inget …”)"


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", ()),
        ("${role} = 'lives'", (f"svaret på {WHO} är ”Bor här”",)),
        ("${role} != 'visiting'", (f"svaret på {WHO} är något annat än ”På besök”",)),
        ("not(${role} = 'visiting')", (f"svaret på {WHO} är inte ”På besök”",)),
        ("${role} = 'dont_know'", (f"svaret på {WHO} är ”vet ej”",)),
        ("${role} = ''", (f"{WHO} besvarades inte",)),
        ("not(${role} = '')", (f"{WHO} besvarades",)),
        ("${problem} = 'answered'", (f"{TOLD} besvarades",)),
        ("${problem_place} = ''", (f"svaret på {TOLD} nämner ingen känd plats",)),
        ("selected(${problem_category}, 'traffic_offences')", (f"svaret på {TOLD} handlar om ”Buskörning”",)),
        ("${channel} = 'sms'", ("svaren kommer med sms",)),
        ("${channel} != 'chat'", ("svaren kommer på annat sätt än med chatten",)),
        ("${ask_gender} = 'yes'", ("omgången har slagit på ask_gender",)),
        ("not(${ask_gender} = 'yes')", ("omgången har inte slagit på ask_gender",)),
        (". >= 15 and . <= 110", ("svaret är minst 15", "svaret är högst 110")),
        (
            "${role} = 'lives' and ${role} != 'visiting'",
            (f"svaret på {WHO} är ”Bor här”", "svaret på fråga 2 är något annat än ”På besök”"),
        ),
        (
            "not(${role} = 'lives' or ${channel} = 'sms')",
            (f"svaret på {WHO} är inte ”Bor här”", "svaren kommer på annat sätt än med sms"),
        ),
        (
            "not(${role} = 'lives' and ${channel} = 'sms')",
            (f"svaret på {WHO} är inte ”Bor här” eller svaren kommer på annat sätt än med sms",),
        ),
        (
            "${role} = 'lives' or (${channel} = 'sms' and ${ask_gender} = 'yes')",
            (
                f"svaret på {WHO} är ”Bor här” eller (svaren kommer med sms och omgången har slagit på ask_gender)",
            ),
        ),
        ("string-length(.) > 3", ("villkoret string-length(.) > 3 stämmer",)),
        ("not(string-length(.) > 3)", ("inte gäller att villkoret not(string-length(.) > 3) stämmer",)),
    ],
)
def test_a_condition_in_plain_words(expression: str, said: tuple[str, ...]) -> None:
    words = PlainConditions(FLOW, "sv", {"traffic_offences": "Buskörning"})
    assert words.say(expression) == said


@pytest.mark.parametrize("name", flow_names())
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_condition_that_ships_has_words(name: str, language: str) -> None:
    flow = load_published(load_flow(name, Path()))
    words = PlainConditions(flow, language)
    for question in flow.questions:
        for expression in (question.relevant, question.constraint):
            assert not any("${" in said or "selected(" in said for said in words.say(expression))


def test_a_language_that_the_words_are_not_in_gets_swedish() -> None:
    flow = replace(FLOW, languages=("fi",))
    assert PlainConditions(flow, "fi").say("${channel} = 'sms'") == ("svaren kommer med sms",)
