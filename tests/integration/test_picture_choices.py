"""What people decide about a picture: scores with who gave them, and how it is made, on both databases."""

from dataclasses import replace

import pytest
from problem_samples import codebook, round_counts
from sqlalchemy import select
from town import ROUND, Town

from bot.services.beside_release import gather_beside
from bot.services.gathering import gather_counts, load_flows
from bot.services.picture_choices import Choices, PictureChoices
from bot.services.prioritising import Priorities
from bot.services.rounds import RoundRefused
from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from storage import rounds
from storage.database import Database
from storage.tables import AuditEntry
from summary.picture import ProblemPicture
from summary.rows import Population, Table

PICTURE = picture_of(round_counts(600, 40), codebook(), EXACT)


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def priorities(town: Town, actor: str = "berit.k") -> Priorities:
    return Priorities(sessions=town.house.database.sessions, now=town.clock, actor=actor)


def choices(town: Town) -> PictureChoices:
    return PictureChoices(sessions=town.house.database.sessions, now=town.clock, actor="berit.k")


def written(town: Town) -> ProblemPicture:
    with town.house.database.sessions.reading() as session:
        row = rounds.get_round(session, ROUND)
        assert row is not None
        return gather_beside(session, row, town.clock().date()).put_into(PICTURE)


def scores(picture: ProblemPicture, problem: str) -> dict[str, object]:
    table = picture.table("priorities")
    assert table is not None
    row = next(row for row in table.rows if row.code == problem)
    return dict(zip((column.code for column in table.columns), row.values, strict=True))


def reason(picture: ProblemPicture, problem: str, criterion: str) -> str:
    blocks = [b for chapter in picture.chapters for b in chapter.blocks if b.code == f"priority:{problem}"]
    return next(fact.text for fact in blocks[0].facts if fact.code == criterion)


def test_group_changes_a_score_and_the_report_says_both(town: Town) -> None:
    assert scores(written(town), "F_TRAFFIC")["severity"] == 2
    priorities(town).score(ROUND, "F_TRAFFIC", "severity", 3, "Två dödsolyckor på E14.")
    found = written(town)
    assert scores(found, "F_TRAFFIC")["severity"] == 3
    assert reason(found, "F_TRAFFIC", "severity").startswith("Gruppen 3: Två dödsolyckor på E14. Förslag 2.")
    assert "berit.k" not in str(found)


def test_criterion_that_is_the_groups_alone_becomes_a_column_once_it_is_scored(town: Town) -> None:
    assert "influence" not in scores(written(town), "F_TRAFFIC")
    priorities(town).score(ROUND, "F_TRAFFIC", "influence", 0, "Vägen är statens.")
    assert scores(written(town), "F_TRAFFIC")["influence"] == 0
    assert scores(written(town), "F_PUBLIC")["influence"] is None


def test_every_score_is_kept_with_who_gave_it_and_the_last_one_stands(town: Town) -> None:
    priorities(town).score(ROUND, "fraud", "severity", 3, "Äldre luras.")
    priorities(town, "bo").score(ROUND, "fraud", "severity", 1, "Få fall.")
    priorities(town, "bo").score(ROUND, "fraud", "severity", None, "")
    history = priorities(town).history(ROUND)
    assert [(row.score, row.changed_by) for row in history] == [(3, "berit.k"), (1, "bo"), (None, "bo")]
    with town.house.database.sessions.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "priority_scored")).all()
    assert [(entry.actor, entry.subject) for entry in entries] == [
        ("berit.k", "fraud severity"), ("bo", "fraud severity"), ("bo", "fraud severity"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("problem", "criterion", "score", "why", "says"),
    [
        ("dragons", "severity", 1, "x", "no problem"),
        ("fraud", "beauty", 1, "x", "no criterion"),
        ("fraud", "severity", 4, "x", "0 to 3"),
        ("fraud", "severity", 2, " ", "needs a reason"),
        ("fraud", "severity", 2, "x" * 501, "at most 500"),
    ],
)
def test_score_that_cannot_be_is_refused(
    town: Town, problem: str, criterion: str, score: int, why: str, says: str
) -> None:
    with pytest.raises(RoundRefused, match=says):
        priorities(town).score(ROUND, problem, criterion, score, why)
    assert priorities(town).history(ROUND) == []


def test_inhabitants_and_weights_reach_the_counts(town: Town) -> None:
    population = {"age": {"15_24": 1100, "25_44": 3200}, "gender": {"woman": 4400, "man": 4600}}
    choices(town).choose(ROUND, Choices(with_weights=True, with_intervals=True, population=population))
    with town.house.database.sessions.reading() as session:
        row = rounds.get_round(session, ROUND)
        assert row is not None
        counts = gather_counts(session, row, load_flows(session, row), town.clock().date())
    assert counts.with_weights
    assert Population(table=Table.AGE, code="15_24", persons=1100) in counts.population
    assert written(town).table("intervals") is not None
    choices(town).choose(ROUND, Choices())
    assert written(town).table("intervals") is None


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (Choices(previous_round="nowhere"), "nowhere"),
        (Choices(previous_round=ROUND), "no earlier round"),
        (Choices(population={"faith": {"any": 1}}), "not one of"),
        (Choices(population={"age": {"young": 1}}), "no choice of age"),
        (Choices(population={"gender": {"man": -1}}), "cannot be"),
    ],
)
def test_choice_that_cannot_be_is_refused(town: Town, chosen: Choices, says: str) -> None:
    with pytest.raises(RoundRefused, match=says):
        choices(town).choose(ROUND, chosen)


def test_picture_without_choices_is_as_it_was_released(town: Town) -> None:
    assert written(town) == replace(PICTURE)
