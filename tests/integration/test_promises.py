"""The register of promises on both databases: what is taken and refused, who changed it, and what the report says."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from problem_samples import codebook, round_counts
from sqlalchemy import select
from town import ROUND, Town

from bot.cli.demo import demonstration_round
from bot.services.accounts import Accounts
from bot.services.beside_release import gather_beside
from bot.services.handing_over import ReleasedReports
from bot.services.picture_choices import PictureChoices
from bot.services.promise_checks import Lack
from bot.services.promise_forms import Outcome, PromiseChanged, PromiseFault, PromiseRefused, Written
from bot.services.promise_register import Registered, Registers
from bot.services.promises import Promises
from bot.services.publishing import load_flow
from bot.services.reporting import Reports
from bot.services.roles import Role
from bot.services.rounds import RoundRefused
from bot.services.summaries import picture_of
from privacy.disclosure import EXACT
from storage import rounds
from storage.database import Database
from storage.tables import AuditEntry
from summary.picture import ProblemPicture
from summary.promises import Frequency, Status

PICTURE = picture_of(round_counts(600, 40), codebook(), EXACT)
CONTROLS = Written(
    problem="F_TRAFFIC",
    wording="Minst 100 trafikkontroller, spridda över kommunen.",
    owner="Lokalpolisområde Jämtland",
    co_actors="Trafikverket",
    indicator="polisens kontrolljournal",
    target=100,
    unit="kontroller",
    frequency=Frequency.YEAR,
    deadline=date(2027, 12, 31),
)


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


@pytest.fixture
def register(town: Town) -> Promises:
    return Promises(parts=town.house.inbound.parts, actor="coordinator@example.se")


def registers(town: Town) -> Registers:
    return Registers(sessions=town.house.database.sessions, now=town.clock)


def listed(town: Town) -> tuple[Registered, ...]:
    return registers(town).look(ROUND).promises


def find(town: Town, promise_id: int) -> Registered:
    return registers(town).find(ROUND, promise_id)


def written(town: Town, code: str = ROUND, picture: ProblemPicture = PICTURE) -> ProblemPicture:
    with town.house.database.sessions.reading() as session:
        row = rounds.get_round(session, code)
        assert row is not None
        return gather_beside(session, row, town.clock().date()).put_into(picture)


def a_later_round(town: Town, code: str = "are-2027") -> str:
    """Its code; a draft."""
    document = replace(
        demonstration_round(), code=code, opens_on=date(2027, 9, 1), closes_on=date(2027, 10, 1)
    )
    town.rounds.create(document, lambda name: load_flow(name, Path()), is_demonstration=True)
    return code


def deeds(town: Town) -> list[tuple[str, str, str]]:
    query = select(AuditEntry.action, AuditEntry.actor, AuditEntry.subject).order_by(AuditEntry.id)
    with town.house.database.sessions.reading() as session:
        return [
            (action, actor, subject or "")
            for action, actor, subject in session.execute(query)
            if action.startswith("promise_")
        ]


def test_what_was_written_is_there_again_and_every_deed_is_logged(register: Promises, town: Town) -> None:
    made = register.add(ROUND, replace(CONTROLS, area="duved", wording="  Minst 100\nkontroller. "))
    (promise,) = listed(town)
    assert (promise.row.wording, promise.row.area, promise.row.version) == (
        "Minst 100 kontroller.",
        "Duved",
        1,
    )
    assert (promise.promised.target, promise.promised.frequency) == (100, Frequency.YEAR)
    assert promise.lacks == ()
    register.change(ROUND, made, 1, replace(CONTROLS, target=120.5))
    register.follow_up(ROUND, made, 2, Outcome(status=Status.KEPT, result_number=303))
    register.withdraw(ROUND, made, 3, "Ersätts av ett nytt löfte.")
    promise = find(town, made)
    assert (promise.row.version, promise.row.target, promise.row.status) == (4, 120.5, "withdrawn")
    assert promise.row.followed_up_on == town.clock().date()
    who = ("coordinator@example.se", str(made))
    assert deeds(town) == [
        ("promise_added", *who), ("promise_changed", *who), ("promise_followed_up", *who),
        ("promise_withdrawn", *who),
    ]  # fmt: skip


def test_two_who_change_at_once_do_not_overwrite_each_other(register: Promises, town: Town) -> None:
    made = register.add(ROUND, CONTROLS)
    Promises(parts=town.house.inbound.parts, actor="bo@are.se").change(
        ROUND, made, 1, replace(CONTROLS, target=50)
    )
    for deed in (
        lambda: register.change(ROUND, made, 1, replace(CONTROLS, target=200)),
        lambda: register.follow_up(ROUND, made, 1, Outcome(status=Status.KEPT)),
        lambda: register.withdraw(ROUND, made, 1, "Fel."),
    ):
        with pytest.raises(PromiseChanged) as changed:
            deed()
        assert (changed.value.current.target, changed.value.current.changed_by) == (50, "bo@are.se")
    assert [action for action, *_ in deeds(town)] == ["promise_added", "promise_changed"]


@pytest.mark.parametrize(
    ("changes", "fault", "found"),
    [
        ({"wording": " "}, PromiseFault.EMPTY, ""),
        ({"wording": "x" * 401}, PromiseFault.LONG, "401"),
        ({"problem": "dragons"}, PromiseFault.PROBLEM, "dragons"),
        ({"problem": "off_topic"}, PromiseFault.PROBLEM, "off_topic"),
        ({"area": "stockholm"}, PromiseFault.AREA, "stockholm"),
        ({"target": -1.0}, PromiseFault.NUMBER, "-1.0"),
        ({"target": float("nan")}, PromiseFault.NUMBER, "nan"),
        ({"owner": "Polisen, 070-174 06 05"}, PromiseFault.PERSONAL, "telephone"),
        ({"co_actors": "sara@are.se"}, PromiseFault.PERSONAL, "email"),
        ({"wording": "Möt [NAMN] varje vecka"}, PromiseFault.PERSONAL, "[NAMN]"),
        ({"owner": "Kommunpolis Anna Bergström"}, PromiseFault.NAME, "Anna Bergström"),
        ({"owner": "chefen Xerxes Zetterqvist"}, PromiseFault.NAME, "Xerxes Zetterqvist"),
        ({"wording": "Fler lampor vid Gustav Adolfs torg"}, None, ""),
        ({"owner": "Åre kommun, gata och park"}, None, ""),
        ({"wording": "Vi ringer 114 14 inom en timme"}, None, ""),
    ],
)
def test_what_cannot_be_promised_or_names_somebody_is_refused(
    register: Promises, town: Town, changes: dict[str, object], fault: PromiseFault | None, found: str
) -> None:
    accounts = Accounts(
        sessions=town.house.database.sessions,
        keys=town.house.keys,
        now=town.clock,
        actor="test",
        needs_codes=False,
    )
    accounts.invite(email="x@are.se", name="Xerxes Zetterqvist", role=Role.VIEWER)
    if fault is None:
        assert register.add(ROUND, replace(CONTROLS, **changes))  # type: ignore[arg-type]
        return
    with pytest.raises(PromiseRefused) as refused:
        register.add(ROUND, replace(CONTROLS, **changes))  # type: ignore[arg-type]
    assert (refused.value.fault, refused.value.found) == (fault, found)
    assert listed(town) == ()
    assert deeds(town) == []


def test_what_is_said_of_a_result_is_checked_as_the_promise_is(register: Promises) -> None:
    made = register.add(ROUND, CONTROLS)
    for outcome, fault in (
        (Outcome(status=Status.KEPT, result="Ring 070-174 06 05"), PromiseFault.PERSONAL),
        (Outcome(status=Status.KEPT, result="Tack vare Lars Ek"), PromiseFault.NAME),
        (Outcome(status=Status.KEPT, result_number=-3), PromiseFault.NUMBER),
        (Outcome(status=Status.KEPT, on=date(2027, 1, 1)), PromiseFault.TO_COME),
        (Outcome(status=Status.KEPT, feedback_on=date(2027, 1, 1)), PromiseFault.TO_COME),
    ):
        with pytest.raises(PromiseRefused) as refused:
            register.follow_up(ROUND, made, 1, outcome)
        assert refused.value.fault is fault
    with pytest.raises(PromiseRefused) as refused:
        register.withdraw(ROUND, made, 1, "  ")
    assert refused.value.fault is PromiseFault.NO_REASON
    with pytest.raises(PromiseRefused) as refused:
        register.change(ROUND, made + 1, 1, CONTROLS)
    assert refused.value.fault is PromiseFault.GONE
    with pytest.raises(RoundRefused):
        register.add("elsewhere", CONTROLS)


def test_what_a_promise_lacks_is_told_and_stops_nobody(register: Promises, town: Town) -> None:
    register.add(ROUND, Written(problem="fraud", wording="Vi ska verka för ökad trygghet."))
    (promise,) = listed(town)
    assert promise.lacks == (Lack.OWNER, Lack.NUMBER, Lack.DATE, Lack.WEAK)
    made = promise.row.id
    late = replace(CONTROLS, wording="Verka för 100 kontroller.", deadline=town.clock().date())
    register.change(ROUND, made, 1, late)
    assert find(town, made).lacks == ()
    town.clock.move(days=1)
    assert find(town, made).lacks == (Lack.LATE,)
    register.follow_up(ROUND, made, 2, Outcome(status=Status.KEPT, result_number=80))
    assert find(town, made).lacks == (Lack.BELOW_TARGET, Lack.NO_FEEDBACK)
    told = Outcome(status=Status.KEPT, feedback_on=town.clock().date())
    register.follow_up(ROUND, made, 3, told)
    assert find(town, made).lacks == (Lack.NO_RESULT,)


def test_the_report_has_the_promises_and_not_who_wrote_them(register: Promises, town: Town) -> None:
    assert written(town) == PICTURE
    register.add(ROUND, CONTROLS)
    found = written(town)
    table = found.table("promises")
    assert table is not None
    assert [(row.label, row.values) for row in table.rows] == [
        (
            "Minst 100 trafikkontroller, spridda över kommunen.",
            (
                "Trafiksituationen", "Lokalpolisområde Jämtland, med Trafikverket",
                "100 kontroller om året. Mäts: polisens kontrolljournal", "31 december 2027",
            ),
        )
    ]  # fmt: skip
    assert "coordinator@example.se" not in str(found)


def test_viewers_read_the_promises_in_the_released_report(register: Promises, town: Town) -> None:
    sessions = town.house.database.sessions
    for_viewers = ReleasedReports(sessions=sessions, now=town.clock, actor="viewer")
    Reports(sessions=sessions, now=town.clock, actor="test").picture(ROUND)
    register.add(ROUND, CONTROLS)
    shown = for_viewers.read(ROUND, "en")[1]
    table = shown.table("promises")
    assert table is not None and table.rows[0].values[0] == "Traffic"
    assert [chapter.code for chapter in shown.chapters if chapter.code in ("proposals", "follow_up")] == [
        "proposals", "follow_up",
    ]  # fmt: skip


def test_the_next_round_tells_what_became_of_the_promises_of_the_one_it_is_compared_with(
    register: Promises, town: Town
) -> None:
    made = register.add(ROUND, CONTROLS)
    register.follow_up(ROUND, made, 1, Outcome(status=Status.KEPT, result_number=303))
    sessions = town.house.database.sessions
    later = a_later_round(town)
    assert written(town, later).table("promises_before") is None
    PictureChoices(sessions=sessions, now=town.clock, actor="test").compare_with(later, ROUND)
    found = written(town, later)
    table = found.table("promises_before")
    assert table is not None
    assert table.lead == "1 löfte gavs: 1 hölls."
    assert table.rows[0].values == (
        "100 kontroller om året, senast 31 december 2027", "303 kontroller", "Ja, uppföljt 2 november 2026",
    )  # fmt: skip
    assert found.table("promises") is None
