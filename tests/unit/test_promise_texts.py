"""Promises as text to paste: line by line, as feedback to those who answered, and as text messages with their size."""

from dataclasses import replace
from datetime import date

from bot.services.promise_texts import feedback_text, sms_drafts, template_text
from summary.promises import Frequency, Promised, Status

NAMES = {"F_TRAFFIC": "Trafiksituationen"}
CONTROLS = Promised(
    problem="F_TRAFFIC",
    wording="Minst 100 trafikkontroller",
    area="Duved",
    owner="Polisen",
    target=100,
    unit="kontroller",
    frequency=Frequency.YEAR,
    deadline=date(2027, 12, 31),
)
WEAK = Promised(problem="F_TRAFFIC", wording="Vi ska verka för lugn.")


def test_the_template_has_a_line_for_what_is_not_decided() -> None:
    assert template_text([CONTROLS, WEAK], NAMES, "sv").split("\n\n") == [
        "Problem: Trafiksituationen\nPlats: Duved\nLöfte: Minst 100 trafikkontroller\nAnsvarig: Polisen\nMedverkande:\n"
        "Antal: 100 kontroller om året\nMäts genom:\nSenast: 31 december 2027\nResultat:",
        "Problem: Trafiksituationen\nPlats: hela kommunen\nLöfte: Vi ska verka för lugn.\nAnsvarig:\nMedverkande:\n"
        "Antal:\nMäts genom:\nSenast:\nResultat:",
    ]


def test_feedback_tells_what_is_done_or_what_came_of_it_and_leaves_out_what_cannot_be_followed_up() -> None:
    not_kept = replace(CONTROLS, status=Status.NOT_KEPT, result_number=40, result="Färre poliser än väntat")
    assert feedback_text([CONTROLS, WEAK, not_kept], NAMES, "sv").split("\n\n") == [
        "Det här har ni sagt, det här gör vi",
        "Ni har sagt: Trafiksituationen (Duved)\nVi gör: Minst 100 trafikkontroller\n"
        "Ansvarig: Polisen. Senast 31 december 2027.",
        "Ni har sagt: Trafiksituationen (Duved)\nVi lovade: Minst 100 trafikkontroller\n"
        "Så gick det: vi höll inte löftet. 40 kontroller. Färre poliser än väntat.",
    ]
    assert feedback_text([WEAK], NAMES, "sv") == ""


def test_a_text_message_is_one_for_all_promises_and_one_for_each_with_its_size() -> None:
    everything, each = sms_drafts([CONTROLS, WEAK], "Åre kommun", "are.se/trygg", "sv")
    assert everything.text.startswith("Tack för ditt svar om trygghet till Åre kommun. Nu finns 1 löfte")
    assert each.text == "Åre kommun: Minst 100 trafikkontroller. Senast 31 december 2027. are.se/trygg"
    assert (each.size.encoding, each.size.units, each.size.segments) == ("GSM-7", len(each.text), 1)
    assert sms_drafts([WEAK], "Åre kommun", "are.se/trygg", "sv") == ()


def test_a_text_message_with_a_letter_that_telephones_lack_says_which_and_what_it_costs() -> None:
    (_, each) = sms_drafts([replace(CONTROLS, wording="Ååren tjïelte")], "Åre kommun", "are.se/trygg", "sv")
    assert (each.size.encoding, each.size.costly) == ("UCS-2", ("ï",))


def test_when_every_promise_is_settled_the_message_tells_what_came_of_them() -> None:
    kept = replace(CONTROLS, status=Status.KEPT, result_number=1303)
    everything, each = sms_drafts([kept], "Åre kommun", "are.se/trygg", "sv")
    assert "hur det gick med löftena" in everything.text
    assert each.text == (
        "Åre kommun lovade: Minst 100 trafikkontroller. Så gick det: vi höll löftet. 1 303 kontroller. are.se/trygg"
    )
