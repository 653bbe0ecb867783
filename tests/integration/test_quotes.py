"""Quotes: what may be approved, what leads to somebody and is refused, and that they go with the answers."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update
from town import ROUND, Town

from bot.services.handing_over import ReleasedReports
from bot.services.quotes import MOST_CHARACTERS, QuoteFault, QuoteRefused, Quotes
from bot.services.reporting import Reports
from bot.services.rounds import RoundRefused
from storage import erasure
from storage.database import Database
from storage.tables import Answer, AuditEntry, Conversation, Quote, QuoteSource

TEXTS = (
    "mopederna kör fort på kvällarna",
    "epor som brummar hela natten",
    "moppar och epor överallt",
    "mopeder utan ljus på gångvägen",
    "min man slår mig och barnen",
)
CATEGORY = "traffic_vehicles"


@pytest.fixture
def town(database: Database) -> Town:
    town = Town.build(database)
    for index, text in enumerate(TEXTS):
        town.phone(f"+4670174067{index}").answer_all(
            "TRYGG", "ja", "1", "Duved", "1", text, "v", "7", "lampor"
        )
    return town


@pytest.fixture
def quotes(town: Town) -> Quotes:
    return Quotes(parts=town.house.inbound.parts, actor="coordinator@example.se")


def answers(town: Town, *texts: str) -> list[int]:
    with town.house.database.sessions.reading() as session:
        return [session.scalars(select(Answer.id).where(Answer.text == text)).one() for text in texts]


def approve(quotes: Quotes, town: Town, text: str, *of: str, category: str = CATEGORY) -> int:
    return quotes.approve(ROUND, category, text, answers(town, *of), by="Åsa Berg")


def rows(town: Town) -> tuple[int, int]:
    with town.house.database.sessions.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Quote, QuoteSource)
        )


def erase(town: Town, text: str) -> None:
    with town.house.database.sessions.begin() as session:
        key = session.scalars(select(Conversation.contact_key).join(Answer).where(Answer.text == text)).one()
        assert key
        erasure.erase_contact(session, key, at=datetime.now(UTC))


def test_an_answers_own_words_are_known_as_such_and_what_is_reworded_is_not(
    quotes: Quotes, town: Town
) -> None:
    approve(quotes, town, "Mopederna kör fort, på kvällarna!", TEXTS[0])
    approve(quotes, town, "Mopeder och epor stör om natten.", *TEXTS[:3])
    found = quotes.list_quotes(ROUND, CATEGORY)
    assert [(quote.is_verbatim, quote.sources, quote.approved_by) for quote in found] == [
        (True, 1, "Åsa Berg"),
        (False, 3, "Åsa Berg"),
    ]
    assert quotes.list_quotes(ROUND, "fraud") == ()


def test_approving_and_removing_are_logged(quotes: Quotes, town: Town) -> None:
    made = approve(quotes, town, "Mopeder stör.", TEXTS[0])
    assert quotes.remove(ROUND, made)
    assert not quotes.remove(ROUND, made)
    with town.house.database.sessions.reading() as session:
        query = select(AuditEntry.action, AuditEntry.actor, AuditEntry.subject).where(
            AuditEntry.action.like("quote%")
        )
        assert [tuple(row) for row in session.execute(query)] == [
            ("quote_approved", "coordinator@example.se", str(made)),
            ("quote_removed", "coordinator@example.se", str(made)),
        ]
    assert rows(town) == (0, 0)


@pytest.mark.parametrize(
    ("text", "of", "fault"),
    [
        ("  ", TEXTS[:1], QuoteFault.EMPTY),
        ("x" * (MOST_CHARACTERS + 1), TEXTS[:1], QuoteFault.LONG),
        ("Mopeder stör.", (), QuoteFault.NO_SOURCE),
        ("Ring mig på 070-174 06 05 om mopederna", TEXTS[:1], QuoteFault.PERSONAL),
        ("Mopederna på [ADRESS] stör", TEXTS[:1], QuoteFault.PERSONAL),
        ("Mopeder stör vid Åre station", TEXTS[:1], QuoteFault.PLACE),
        ("En tjej på 16 år kör moped", TEXTS[:1], QuoteFault.AGE_AND_GENDER),
        ("A 75-year-old woman was scared", TEXTS[:1], QuoteFault.AGE_AND_GENDER),
        ("Kvinnor blir rädda när mopeder kör om", TEXTS[:1], None),
        ("Ungdomar på 15 år kör moped", TEXTS[:1], None),
        ("Hemma är det oroligt", TEXTS[4:], QuoteFault.OTHER_CATEGORY),
    ],
)
def test_what_leads_to_somebody_is_refused_and_nothing_is_kept(
    quotes: Quotes, town: Town, text: str, of: Sequence[str], fault: QuoteFault | None
) -> None:
    if fault is None:
        approve(quotes, town, text, *of)
        return
    if of == TEXTS[4:]:
        with pytest.raises(QuoteRefused) as refused:
            quotes.approve(ROUND, "fraud", text, answers(town, TEXTS[0]), by="Åsa Berg")
    else:
        with pytest.raises(QuoteRefused) as refused:
            approve(quotes, town, text, *of)
    assert refused.value.fault is fault
    assert rows(town) == (0, 0)


def test_sensitive_subjects_are_not_quoted(quotes: Quotes, town: Town) -> None:
    with pytest.raises(QuoteRefused) as refused:
        quotes.approve(
            ROUND, "domestic_violence", "Det är oroligt hemma", answers(town, TEXTS[0]), by="Åsa Berg"
        )
    assert refused.value.fault is QuoteFault.SENSITIVE


def test_answers_of_other_rounds_and_unknown_ones_are_no_source(quotes: Quotes, town: Town) -> None:
    with pytest.raises(QuoteRefused) as refused:
        quotes.approve(ROUND, CATEGORY, "Mopeder stör.", [*answers(town, TEXTS[0]), 4711], by="Åsa Berg")
    assert refused.value.fault is QuoteFault.GONE
    with pytest.raises(RoundRefused):
        quotes.list_quotes("elsewhere")


def test_a_quote_goes_with_the_answer_that_is_erased(quotes: Quotes, town: Town) -> None:
    approve(quotes, town, "mopederna kör fort på kvällarna", TEXTS[0])
    approve(quotes, town, "Mopeder och epor stör.", *TEXTS[:2])
    approve(quotes, town, "Många störs av mopeder.", *TEXTS[:4])
    erase(town, TEXTS[0])
    assert [(quote.text, quote.sources) for quote in quotes.list_quotes(ROUND)] == [
        ("Många störs av mopeder.", 3)
    ]
    erase(town, TEXTS[1])
    assert rows(town) == (0, 0)


def test_words_that_are_forgotten_are_quoted_no_longer(quotes: Quotes, town: Town) -> None:
    approve(quotes, town, "mopederna kör fort på kvällarna", TEXTS[0])
    approve(quotes, town, "Många störs av mopeder.", *TEXTS[:4])
    with town.house.database.sessions.begin() as session:
        round_id = session.scalars(select(Answer.round_id)).first()
        assert round_id is not None
        erasure.forget_texts(session, round_id)
    assert [quote.text for quote in quotes.list_quotes(ROUND)] == ["Många störs av mopeder."]


def test_an_answer_that_was_replaced_is_quoted_no_longer(quotes: Quotes, town: Town) -> None:
    approve(quotes, town, "mopederna kör fort på kvällarna", TEXTS[0])
    with town.house.database.sessions.begin() as session:
        session.execute(update(Answer).where(Answer.text == TEXTS[0]).values(standing="replaced"))
    assert quotes.list_quotes(ROUND) == ()


def test_the_report_quotes_what_was_approved_of_a_problem_that_it_shows(quotes: Quotes, town: Town) -> None:
    for number in range(30):
        text = ("mopederna stör", "fortkörning vid skolan")[number % 2]
        town.phone(f"+46701749{number:03}").answer_all(
            "TRYGG", "ja", "1", "Duved", "1", text, "v", "7", "lampor"
        )
    approve(quotes, town, "Mopeder och epor stör om natten.", *TEXTS[:3])
    reports = Reports(sessions=town.house.database.sessions, now=town.clock, actor="test")
    table = reports.picture(ROUND).table("quotes")
    assert table is not None
    assert [(row.label, row.values[1:]) for row in table.rows] == [
        ("”Mopeder och epor stör om natten.”", ("boende", "omskrivet av 3 svar"))
    ]
    for_viewers = ReleasedReports(sessions=town.house.database.sessions, now=town.clock, actor="viewer")
    assert for_viewers.read(ROUND, "sv")[1].table("quotes") == table
    quotes.remove(ROUND, quotes.list_quotes(ROUND)[0].id)
    assert reports.picture(ROUND).table("quotes") is None
    assert for_viewers.read(ROUND, "sv")[1].table("quotes") is None


def test_the_report_quotes_nothing_of_a_problem_that_it_hides(quotes: Quotes, town: Town) -> None:
    approve(quotes, town, "Mopeder och epor stör om natten.", *TEXTS[:3])
    reports = Reports(sessions=town.house.database.sessions, now=town.clock, actor="test")
    assert reports.picture(ROUND).table("quotes") is None
