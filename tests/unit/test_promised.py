"""Promises beside the figures: what the chapters say of them, and never more than somebody has said."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from problem_samples import codebook, round_counts

from bot.services.promise_checks import name_in, weak_words
from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from summary.exporters.formats import EXPORTERS
from summary.picture import Chapter, ProblemPicture, from_json, to_json
from summary.promises import (
    EarlierPromises,
    Frequency,
    Promised,
    Status,
    goal_of,
    outcome,
    result_of,
    with_earlier_promises,
    with_promises,
)

TODAY = date(2028, 2, 1)
CONTROLS = Promised(
    problem="traffic_offences",
    wording="Minst 100 trafikkontroller.",
    owner="Polisen",
    target=100,
    unit="kontroller",
    deadline=date(2027, 12, 31),
)


def picture(residents: int = 600, language: str = "sv") -> ProblemPicture:
    return picture_of(round_counts(residents, residents // 8), codebook(), EXACT, language)


def chapter(found: ProblemPicture, code: str) -> Chapter:
    return next(chapter for chapter in found.chapters if chapter.code == code)


def before(*promises: Promised) -> EarlierPromises:
    return EarlierPromises(round="Medborgarlöften 2026", promises=promises, today=TODAY)


def settled(status: Status, **changes: object) -> Promised:
    return replace(CONTROLS, status=status, followed_up_on=TODAY, **changes)  # type: ignore[arg-type]


def test_without_promises_the_picture_is_as_it_was() -> None:
    shown = picture()
    assert with_promises(shown, []) is shown
    assert with_promises(shown, [settled(Status.WITHDRAWN)]) is shown
    assert with_earlier_promises(shown, None) is shown
    assert with_earlier_promises(shown, before()) is shown


def test_no_figure_is_touched_and_no_table_lost() -> None:
    shown = picture()
    found = with_earlier_promises(with_promises(shown, [CONTROLS]), before(CONTROLS))
    mine = ("promises", "promises_before")
    assert tuple(table for table in found.tables if table.code not in mine) == shown.tables
    assert replace(found, tables=(), chapters=()) == replace(shown, tables=(), chapters=())
    sections = [table.section for table in found.tables]
    assert [s for at, s in enumerate(sections) if s in sections[:at] and s is not sections[at - 1]] == []


def test_problems_without_a_promise_keep_their_questions() -> None:
    shown = picture()
    asked = {block.code for block in chapter(shown, "proposals").blocks}
    assert {"proposals:F_TRAFFIC", "proposals:F_PUBLIC"} <= asked
    lead, *rest = chapter(with_promises(shown, [CONTROLS]), "proposals").blocks
    assert lead.tables == ("promises",)
    assert {block.code for block in rest} == asked - {"proposals", "proposals:F_TRAFFIC"}


def test_what_is_not_decided_says_so_and_is_counted() -> None:
    found = with_promises(
        picture(), [CONTROLS, Promised(problem="fraud", wording="Vi informerar.", area="Duved")]
    )
    table = found.table("promises")
    assert table is not None
    assert "1 av 2 löften saknar ansvarig, antal eller datum" in table.lead
    assert table.rows[1].values == ("Bedrägerier, Duved", "inte bestämt", "inte bestämt", "inte bestämt")
    whole = with_promises(picture(), [CONTROLS]).table("promises")
    assert whole is not None and whole.lead == "Varje löfte har en ansvarig, ett antal och ett datum."


def test_a_round_with_too_few_answers_for_problems_shows_its_promises_before_the_follow_up() -> None:
    shown = picture(0)
    assert "proposals" not in [chapter.code for chapter in shown.chapters]
    codes = [chapter.code for chapter in with_promises(shown, [CONTROLS]).chapters]
    assert codes.index("follow_up") == codes.index("proposals") + 1
    without_chapters = with_promises(replace(shown, chapters=()), [CONTROLS])
    assert without_chapters.chapters == ()
    assert without_chapters.table("promises") is not None


@pytest.mark.parametrize(
    ("promises", "sv", "en"),
    [
        ((settled(Status.KEPT, result_number=303),), "1 löfte gavs: 1 hölls.", "1 promise was made: 1 kept."),
        (
            (settled(Status.KEPT), settled(Status.PARTLY_KEPT), settled(Status.NOT_KEPT), CONTROLS,
             settled(Status.WITHDRAWN)),
            "5 löften gavs: 1 hölls, 1 hölls delvis, 1 hölls inte, 1 utan slutligt besked än och 1 togs tillbaka. "
            "Av dem som hölls saknar 1 ett angivet resultat.",
            "5 promises were made: 1 kept, 1 kept in part, 1 not kept, 1 not settled yet and 1 withdrawn. "
            "Of those kept, 1 have no result stated.",
        ),
        (
            (CONTROLS, replace(CONTROLS, status=Status.UNDER_WAY)),
            "2 löften gavs: 2 utan slutligt besked än.",
            "2 promises were made: 2 not settled yet.",
        ),
    ],
)  # fmt: skip
def test_it_is_said_how_many_were_kept_and_no_more_than_that(
    promises: tuple[Promised, ...], sv: str, en: str
) -> None:
    assert outcome(promises, "sv") == sv
    assert outcome(promises, "en") == en


@pytest.mark.parametrize(
    ("promise", "values"),
    [
        (
            settled(Status.KEPT, result="Mest på E14", result_number=1303.5),
            (
                "100 kontroller, senast 31 december 2027",
                "1\xa0303,5 kontroller. Mest på E14",
                "Ja, uppföljt 1 februari 2028",
            ),
        ),
        (
            CONTROLS,
            ("100 kontroller, senast 31 december 2027", "inget angivet", "Inte påbörjat; tiden har gått ut"),
        ),
        (
            replace(CONTROLS, deadline=None, target=None, status=Status.UNDER_WAY),
            ("inget antal", "inget angivet", "Pågår"),
        ),
    ],
)
def test_follow_up_stands_beside_what_was_promised(promise: Promised, values: tuple[str, ...]) -> None:
    table = with_earlier_promises(picture(), before(promise)).table("promises_before")
    assert table is not None
    assert table.title == "Löften från Medborgarlöften 2026"
    assert table.rows[0].values == values
    assert "inte att problemet har minskat" in table.note


def test_questions_that_the_register_answers_are_asked_no_longer() -> None:
    asked = chapter(picture(), "follow_up").blocks[-1].to_fill_in
    kept = chapter(with_earlier_promises(picture(), before(settled(Status.KEPT))), "follow_up")
    assert kept.blocks[-2].tables == ("promises_before",)
    assert kept.blocks[-1].to_fill_in == asked[2:]
    broken = chapter(with_earlier_promises(picture(), before(settled(Status.NOT_KEPT))), "follow_up")
    assert broken.blocks[-1].to_fill_in == asked[1:]


def test_numbers_are_written_as_people_write_them() -> None:
    assert (
        goal_of(replace(CONTROLS, target=1062, frequency=Frequency.DAY), "sv")
        == "1\xa0062 kontroller om dagen"
    )
    assert goal_of(replace(CONTROLS, target=2.5, unit="%"), "en") == "2.5 %"
    assert goal_of(replace(CONTROLS, target=None), "sv") == ""
    assert result_of(CONTROLS, "sv") == ""
    assert result_of(replace(CONTROLS, result_number=0), "sv") == "0 kontroller"
    assert result_of(replace(CONTROLS, result_number=30, unit=""), "sv") == "30 av 100"


@pytest.mark.parametrize("format_", sorted(EXPORTERS))
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_exporter_writes_them(format_: str, language: str) -> None:
    hostile = replace(CONTROLS, wording="=cmd|' /C calc'!A0", owner="<script>", unit="#let x = 1")
    found = with_earlier_promises(with_promises(picture(60, language), [hostile]), before(hostile))
    stream = BytesIO()
    EXPORTERS[format_].write(found, stream)
    assert stream.getvalue()
    assert from_json(to_json(found)) == found


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ("Vi ska arbeta för ökad trygghet", "arbeta för"),
        ("Polisen och kommunen verkar för nolltolerans", "verkar för"),
        ("Öka samverkan med skolan", "Öka samverkan"),
        ("We will work for safety", "work for"),
        ("Vi åker en buss i arbetet", ""),
        ("En trafikkontroll om dagen", ""),
    ],
)
def test_words_that_only_mean_well_are_found(wording: str, words: str) -> None:
    assert weak_words(wording) == words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kommunpolis Anna Bergström", "Anna Bergström"),
        ("Eva-Lena Ek, gata och park", "Eva-Lena Ek"),
        ("Lars G. Öberg", "Lars G. Öberg"),
        ("sara berg vid kommunen", "Sara Berg"),
        ("Lokalpolisområde Jämtland", ""),
        ("Per månad, Max 50 km", ""),
        ("Lampor vid Karl Johans gata", ""),
        ("Per Albin Hanssons väg och Karl XI:s gata", ""),
        ("Lars Ek vid parken", "Lars Ek"),
        ("Anna på Åre kommun", ""),
    ],
)
def test_names_of_persons_are_found_and_those_of_streets_are_not(text: str, name: str) -> None:
    assert name_in(text, ["Sara Berg", "Test"]) == name
