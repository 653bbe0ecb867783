"""Deciding what answers are about, one by one and through Excel, on both databases."""

import io
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from town import ROUND, Town

from bot.services.coding_books import CodingBooks, Taken
from bot.services.deciding import Codings
from bot.services.decisions import (
    NOTHING_FITS,
    AnswerToCode,
    ChangedMeanwhile,
    Decision,
    Suggestion,
    agreements,
)
from bot.services.rounds import RoundRefused
from bot.services.workbooks.faults import NotAWorkbookError
from storage.database import Database
from storage.tables import AuditEntry, Coding
from storage.upgrading import downgrade, upgrade

TEXTS = ("rasism och hatbrott mot samer", "mörkt på gångvägen", "=1+1 klotter", "fortkörning vid skolan")
COLUMNS = {
    name: at
    for at, name in enumerate(
        ["text", "one", "two", "three", "four", "right", "sensitive", "question", "area", "suggested", "score", "rule",
         "author", "decided", "answer", "version"], 1)
}  # fmt: skip


@pytest.fixture
def town(database: Database) -> Town:
    """An open round in which four persons have answered."""
    town = Town.build(database)
    for index, text in enumerate(TEXTS):
        town.phone(f"+4670174066{index}").answer_all(
            "TRYGG", "ja", "1", "Duved", "1", text, "v", "7", "lampor"
        )
    return town


def coder(town: Town) -> Codings:
    return Codings(sessions=town.house.database.sessions, now=town.clock, actor="desk")


def books(town: Town) -> CodingBooks:
    return CodingBooks(sessions=town.house.database.sessions, now=town.clock, actor="desk")


def answers(town: Town) -> tuple[AnswerToCode, ...]:
    return coder(town).list_answers(ROUND).answers


def about(town: Town, text: str) -> AnswerToCode:
    return next(answer for answer in answers(town) if answer.text == text)


def out(town: Town, language: str = "sv") -> bytes:
    stream = io.BytesIO()
    books(town).write(ROUND, stream, reason="sorting", language=language)
    return stream.getvalue()


def worked(data: bytes, work: Callable[[Any, dict[str, int]], None], language: str = "sv") -> bytes:
    """The workbook after a person changed it; `work` gets the sheet and the rows by text."""
    book = load_workbook(io.BytesIO(data))
    sheet = book["Svar" if language == "sv" else "Answers"]
    rows = {str(sheet.cell(row, 1).value): row for row in range(2, sheet.max_row + 1)}
    work(sheet, rows)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def take(town: Town, data: bytes, author: str = "Eva", **options: bool) -> Taken:
    return books(town).read(data, author=author, **options)


def counts(taken: Taken) -> tuple[int, ...]:
    return taken.changed, taken.confirmed, taken.unchanged, taken.already, taken.unknown, taken.meanwhile


def rows_of_codings(town: Town) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(Coding)) or 0


# One by one


def test_sensitive_answers_come_first_then_those_that_rules_are_least_sure_of_and_decided_ones_last(
    town: Town,
) -> None:
    listed = coder(town).list_answers(ROUND)
    assert listed.answers[0].text == TEXTS[0]
    assert listed.answers[0].waits
    scores = [answer.suggested.suggestions[0].score for answer in listed.answers[1:]]
    assert scores == sorted(scores)
    assert (listed.coded, listed.decided, listed.waiting) == (len(listed.answers), 0, 1)
    first = listed.answers[0]
    assert first.suggested.suggestions[0].rule
    assert first.area == "Duved"
    assert "trygghetsproblemet" in first.question
    coder(town).confirm(first.answer_id, author="Eva", version=0)
    after = coder(town).list_answers(ROUND)
    assert after.answers[-1].answer_id == first.answer_id
    assert (after.decided, after.waiting) == (1, 0)
    assert coder(town).list_answers(ROUND, limit=2, offset=1).answers == after.answers[1:3]


def test_every_decision_is_kept_with_author_and_time_and_undoing_goes_back_one_at_a_time(town: Town) -> None:
    keeper, answer = coder(town), about(town, TEXTS[1])
    rules = answer.current.categories
    keeper.decide(answer.answer_id, ["drug_trade", "disorder"], author="Eva", version=0)
    keeper.decide(answer.answer_id, [NOTHING_FITS], author="Bo", version=1)
    assert about(town, TEXTS[1]).current.categories == (NOTHING_FITS,)
    assert about(town, TEXTS[1]).current.suggestions[0].category == "other_safety"
    back = keeper.undo(answer.answer_id, author="Ann", version=2)
    assert (back.categories, back.author, back.made_by) == (("drug_trade", "disorder"), "Eva", "Ann")
    assert keeper.undo(answer.answer_id, author="Ann").categories == rules
    with pytest.raises(RoundRefused, match="nothing to undo"):
        keeper.undo(answer.answer_id, author="Ann")
    history = about(town, TEXTS[1]).decisions
    assert [decision.number for decision in history] == [0, 1, 2, 3, 4]
    assert [decision.made_by for decision in history] == ["rules", "Eva", "Bo", "Ann", "Ann"]
    assert not history[-1].by_person
    assert history[1].decided_at == town.clock()
    with town.house.database.sessions.reading() as session:
        deeds = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("coding%"))).all()
    assert deeds == ["coding_decided", "coding_decided", "coding_undone", "coding_undone"]


def test_undoing_a_confirmation_of_something_sensitive_makes_it_wait_again(town: Town) -> None:
    answer = about(town, TEXTS[0])
    coder(town).confirm(answer.answer_id, author="Eva")
    assert not about(town, TEXTS[0]).waits
    coder(town).undo(answer.answer_id, author="Eva")
    assert about(town, TEXTS[0]).waits


def test_a_decision_on_an_outdated_version_is_refused_with_what_stands_now(town: Town) -> None:
    answer = about(town, TEXTS[1])
    coder(town).decide(answer.answer_id, ["disorder"], author="Bo", version=0)
    with pytest.raises(ChangedMeanwhile) as refused:
        coder(town).decide(answer.answer_id, ["fraud"], author="Eva", version=0)
    assert (refused.value.current.author, refused.value.current.categories) == ("Bo", ("disorder",))
    assert about(town, TEXTS[1]).current.categories == ("disorder",)


def test_of_two_who_decide_at_the_same_moment_one_is_told_of_the_other(town: Town) -> None:
    answer_id = about(town, TEXTS[1]).answer_id
    together = Barrier(6)

    def try_it(author: str) -> str:
        together.wait()
        try:
            coder(town).decide(answer_id, ["fraud"], author=author, version=0)
        except ChangedMeanwhile as refused:
            return refused.current.author
        return author

    with ThreadPoolExecutor(6) as pool:
        winners = list(pool.map(try_it, [f"person {number}" for number in range(6)]))
    decisions = about(town, TEXTS[1]).decisions
    assert len(decisions) == 2
    assert set(winners) == {decisions[-1].author}


@pytest.mark.parametrize(
    "categories", [[], ["nonsense"], ["fraud", "fraud"], ["fraud", NOTHING_FITS],
                   ["fraud", "violence", "disorder", "harassment", "drug_trade"]],
)  # fmt: skip
def test_what_is_no_decision_is_refused(town: Town, categories: list[str]) -> None:
    before = rows_of_codings(town)
    with pytest.raises(RoundRefused):
        coder(town).decide(about(town, TEXTS[1]).answer_id, categories, author="Eva")
    for author in ("", "rules"):
        with pytest.raises(RoundRefused):
            coder(town).decide(about(town, TEXTS[1]).answer_id, ["fraud"], author=author)
    with pytest.raises(RoundRefused, match="no answer 5"):
        coder(town).confirm(5, author="Eva")
    assert rows_of_codings(town) == before


def test_decisions_made_before_they_were_numbered_are_numbered_in_their_order(
    town: Town, database: Database
) -> None:
    answer_id = about(town, TEXTS[1]).answer_id
    for category in ("fraud", "violence", "disorder"):
        town.clock.move(days=1)
        coder(town).decide(answer_id, [category, "harassment"], author="Eva")
    downgrade(database, "0007")
    upgrade(database)
    decisions = about(town, TEXTS[1]).decisions
    assert [decision.number for decision in decisions] == [0, 1, 2, 3]
    assert [decision.categories[0] for decision in decisions[1:]] == ["fraud", "violence", "disorder"]


# Through Excel


def work(sheet: Any, rows: dict[str, int]) -> None:
    """One changed, one confirmed, one that nothing fits; the others left alone."""
    sheet.cell(rows[TEXTS[1]], COLUMNS["one"]).value = "Narkotika: handel och bruk (vuxna eller okänd ålder)"
    sheet.cell(rows[TEXTS[1]], COLUMNS["two"]).value = "mörka platser, belysning och fysisk miljö "
    sheet.cell(rows[TEXTS[0]], COLUMNS["right"]).value = "Ja"
    sheet.cell(rows[TEXTS[3]], COLUMNS["one"]).value = "Inget passar"
    for at in range(COLUMNS["two"], COLUMNS["four"] + 1):
        sheet.cell(rows[TEXTS[3]], at).value = None


def test_a_workbook_says_what_it_would_change_changes_it_and_taken_again_changes_nothing(town: Town) -> None:
    data = worked(out(town), work)
    others = len(answers(town)) - 3
    before = rows_of_codings(town)
    assert counts(take(town, data, dry_run=True)) == (2, 1, others, 0, 0, 0)
    assert rows_of_codings(town) == before
    taken = take(town, data)
    assert counts(taken) == (2, 1, others, 0, 0, 0)
    assert taken.is_stored
    assert about(town, TEXTS[1]).current.categories == ("drug_trade", "lighting_env")
    assert about(town, TEXTS[0]).current.author == "Eva"
    assert not about(town, TEXTS[0]).waits
    assert about(town, TEXTS[3]).current.categories == (NOTHING_FITS,)
    after = rows_of_codings(town)
    assert counts(take(town, data)) == (0, 0, others, 3, 0, 0)
    assert rows_of_codings(town) == after
    assert counts(take(town, out(town))) == (0, 0, others + 3, 0, 0, 0)


def test_a_workbook_that_libreoffice_saved_is_taken_as_well(
    town: Town, soffice: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "coding.xlsx"
    path.write_bytes(worked(out(town), work))
    command = [*soffice, "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "saved"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    taken = take(town, (tmp_path / "saved" / "coding.xlsx").read_bytes())
    assert (taken.changed, taken.confirmed, taken.faults) == (2, 1, ())


def test_a_workbook_in_english_is_read_as_well(town: Town) -> None:
    def english(sheet: Any, rows: dict[str, int]) -> None:
        sheet.cell(rows[TEXTS[1]], COLUMNS["one"]).value = "Fraud"

    assert take(town, worked(out(town, "en"), english, "en")).changed == 1


def test_what_somebody_else_changed_or_erased_meanwhile_is_named_and_left_alone(town: Town) -> None:
    data = worked(out(town), work)
    coder(town).decide(about(town, TEXTS[1]).answer_id, ["fraud"], author="Bo")
    town.phone("+46701740663").say("RADERA")
    town.phone("+46701740663").say("JA")
    taken = take(town, data)
    assert (taken.changed, taken.confirmed, taken.meanwhile) == (0, 1, 1)
    assert taken.unknown >= 1
    notes = "\n".join(note.sentence() for note in taken.notes)
    assert "Bo har ändrat svaret under tiden till Bedrägerier." in notes
    assert "Svaret finns inte längre" in notes
    assert about(town, TEXTS[1]).current.author == "Bo"


def test_faults_are_named_by_cell_and_nothing_is_taken_unless_asked(town: Town) -> None:
    def faulty(sheet: Any, rows: dict[str, int]) -> None:
        work(sheet, rows)
        sheet.cell(rows[TEXTS[2]], COLUMNS["one"]).value = "Bedrägeri"
        sheet.cell(rows[TEXTS[0]], COLUMNS["answer"]).value = 1.2345e18
        sheet.cell(rows[TEXTS[3]], COLUMNS["two"]).value = "Bedrägerier"

    data = worked(out(town), faulty)
    before = rows_of_codings(town)
    taken = take(town, data)
    assert rows_of_codings(town) == before
    assert not taken.is_stored
    assert {fault.code for fault in taken.faults} == {"category_unknown", "number_damaged", "nothing_alone"}
    text = "\n".join(fault.sentence() for fault in taken.faults)
    assert "kolumn B (Kategori 1): Kategorin ”Bedrägeri” finns inte. Menade ni ”Bedrägerier”?" in text
    assert take(town, data, despite_faults=True).changed == 1


def test_empty_doubled_and_disordered_rows_are_faults(town: Town) -> None:
    def faulty(sheet: Any, rows: dict[str, int]) -> None:
        for at in range(COLUMNS["one"], COLUMNS["four"] + 1):
            sheet.cell(rows[TEXTS[0]], at).value = None
            sheet.cell(rows[TEXTS[1]], at).value = None
        sheet.cell(rows[TEXTS[1]], COLUMNS["three"]).value = "Bedrägerier"
        sheet.cell(rows[TEXTS[2]], COLUMNS["two"]).value = sheet.cell(rows[TEXTS[2]], COLUMNS["one"]).value
        sheet.cell(rows[TEXTS[3]], COLUMNS["right"]).value = "kanske"
        sheet.append([cell.value for cell in sheet[rows[TEXTS[3]]]])

    codes = sorted(fault.code for fault in take(town, worked(out(town), faulty), dry_run=True).faults)
    assert codes == [
        "answer_twice",
        "category_gone",
        "category_order",
        "category_twice",
        "right_unclear",
        "right_unclear",
    ]


def test_texts_that_look_like_formulas_stay_texts_and_the_copy_is_marked_and_logged(town: Town) -> None:
    with pytest.raises(RoundRefused, match="reason"):
        books(town).write(ROUND, io.BytesIO(), reason=" ")
    book = load_workbook(io.BytesIO(out(town)))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    assert "Arbetsmaterial, lämnas inte vidare" in [cell.value for row in book.worksheets[0] for cell in row]
    assert TEXTS[2] in [row[0].value for row in book["Svar"]]
    with town.house.database.sessions.reading() as session:
        logged = session.scalars(select(AuditEntry).where(AuditEntry.action == "coding_exported")).all()
        assert [entry.reason for entry in logged] == ["sorting"]


def test_another_workbook_is_refused_by_a_sentence(town: Town) -> None:
    stream = io.BytesIO()
    Workbook().save(stream)
    for data, code in ((stream.getvalue(), "not_the_coding"), (b"a;b", "not_a_workbook")):
        with pytest.raises(NotAWorkbookError) as refused:
            take(town, data)
        assert refused.value.fault.code == code


# Agreement


def decided(number: int, category: str, author: str, restores: int | None = None) -> Decision:
    given = (Suggestion(category=category, score=1.0, rule="decided"),)
    return Decision(number=number, suggestions=given, author=author, decided_at=None, restores=restores)


def test_agreement_counts_each_persons_last_decision_that_was_not_undone() -> None:
    histories = [
        (decided(0, "fraud", "rules"), decided(1, "fraud", "Eva"), decided(2, "disorder", "Bo")),
        (decided(0, "fraud", "rules"), decided(1, "violence", "Eva"), decided(2, "violence", "Bo")),
        (
            decided(0, "fraud", "rules"),
            decided(1, "violence", "Eva"),
            decided(2, "fraud", "rules", restores=0),
        ),
        (decided(0, "fraud", "rules"),),
    ]
    found = agreements(histories)
    assert {names: pair.answers for names, pair in found.items()} == {
        ("rules", "persons"): 2,
        ("Bo", "Eva"): 2,
    }
    assert found["Bo", "Eva"].observed == 0.5
    assert found["rules", "persons"].observed == 0


def test_agreement_in_a_round_is_between_rules_and_people(town: Town) -> None:
    assert coder(town).agreement(ROUND)["rules", "persons"].answers == 0
    coder(town).confirm(about(town, TEXTS[0]).answer_id, author="Eva")
    coder(town).decide(about(town, TEXTS[1]).answer_id, ["fraud"], author="Eva")
    found = coder(town).agreement(ROUND)["rules", "persons"]
    assert (found.answers, found.observed) == (2, 0.5)
