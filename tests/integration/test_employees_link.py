"""The employees' link: who is let in by it, how it is changed and closed, and workplaces under five in every output."""

import io
import json
import re
import secrets
from dataclasses import replace

import pytest
from console import Console
from sqlalchemy import func, select, update
from town import PUBLIC_URL, ROUND, Town
from werkzeug.test import TestResponse

from bot.services.internal_links import WRONG_CODES_OF_A_NETWORK, grouped, plain
from bot.services.reporting import Reports
from storage.database import Database
from storage.tables import AuditEntry, Conversation, InternalCode, Round

PAGE = f"/rounds/{ROUND}/employees"
CHAT = f"/chat/{ROUND}/employees"
SOMEWHERE = {"REMOTE_ADDR": "81.2.69.7"}


@pytest.fixture
def town(database: Database) -> Town:
    return Town.build(database)


def begin(town: Town, code: str, **environ: str) -> TestResponse:
    fields = {"message_id": secrets.token_hex(16), "action": "start.sv", "internal_code": code}
    return town.client.post(CHAT, data=fields, environ_base=environ)


def begin_by_api(town: Town, code: object) -> TestResponse:
    body = {"message_id": secrets.token_hex(16), "language": "sv", "internal_code": code}
    return town.client.post(f"/api/chat/{ROUND}/employees/conversations", json=body)


def conversations(town: Town) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(Conversation)) or 0


def test_without_a_code_employees_cannot_begin_and_the_page_says_closed(town: Town) -> None:
    assert town.client.get(CHAT).status_code == 404
    assert begin(town, "").status_code == 404
    assert begin_by_api(town, "").status_code == 404
    assert conversations(town) == 0


def test_the_link_opens_the_survey_with_the_code_filled_in(town: Town) -> None:
    console = Console.beside(town)
    console.desk = replace(console.desk, settings=replace(console.desk.settings, public_url=PUBLIC_URL))
    browser = console.browser("coordinator")
    assert "Länken är stängd" in browser.get(PAGE).get_data(as_text=True)
    assert browser.post(PAGE).status_code == 303
    page = browser.get(PAGE).get_data(as_text=True)
    found = re.search(rf'value="{PUBLIC_URL}(/chat/[^"?]+\?code=([A-Z2-9]{{12}}))"', page)
    assert found is not None
    assert page.count(grouped(found[2])) == 3  # the field, and a text in each language
    assert "data:image/svg+xml" in page
    shown = town.client.get(found[1]).get_data(as_text=True)
    assert f'value="{found[2]}"' in shown
    assert begin(town, found[2]).status_code == 200
    assert conversations(town) == 1


def test_many_share_the_code_however_it_is_typed(town: Town) -> None:
    code = town.internal_code()
    for typed in (code, code.lower(), f"  {plain(code)} ", code.replace("-", " ")):
        assert begin(town, typed).status_code == 200
    assert begin_by_api(town, code).status_code == 201
    assert conversations(town) == 5


@pytest.mark.parametrize("wrong", ["", "AAAA-AAAA-AAAA", "å" * 12, "'; DROP TABLE internal_codes;--", "\x00"])
def test_a_wrong_code_lets_nobody_in_and_is_told(town: Town, wrong: str) -> None:
    town.internal_code()
    answer = begin(town, wrong)
    assert answer.status_code == 403
    assert "Koden stämmer inte" in answer.get_data(as_text=True)
    by_api = begin_by_api(town, wrong)
    assert by_api.status_code == 403
    assert by_api.get_json()["error"]["code"] == "wrong_code"
    assert conversations(town) == 0


def test_a_new_code_takes_the_old_ones_place_and_who_has_begun_goes_on(town: Town) -> None:
    old = town.internal_code()
    begun = begin_by_api(town, old).get_json()
    new = town.internal_code()
    assert new != old
    assert begin(town, old).status_code == 403
    assert begin(town, new).status_code == 200
    look = town.client.get(
        f"/api/chat/{ROUND}/conversation", headers={"Authorization": f"Bearer {begun['token']}"}
    )
    assert look.status_code == 200


def test_closing_the_link_lets_nobody_more_in(town: Town) -> None:
    code = town.internal_code()
    browser = Console.beside(town).browser("coordinator")
    browser.get(PAGE)
    assert browser.post(f"{PAGE}/close").status_code == 303
    assert begin(town, code).status_code == 404
    with town.house.database.sessions.reading() as session:
        logged = session.execute(select(AuditEntry.action, AuditEntry.reason, AuditEntry.change)).all()
    assert {"internal_code_made", "internal_code_closed"} <= {action for action, _, _ in logged}
    assert plain(code) not in str(logged)


def test_guessing_is_throttled_by_network_and_others_are_let_in(town: Town) -> None:
    code = town.internal_code()
    for _ in range(WRONG_CODES_OF_A_NETWORK):
        assert begin(town, "GUESSED", **SOMEWHERE).status_code == 403
    assert begin(town, code, **SOMEWHERE).status_code == 429
    assert begin(town, code, REMOTE_ADDR="92.34.1.2").status_code == 200
    town.clock.move(hours=1)
    assert begin(town, code, **SOMEWHERE).status_code == 200


def test_the_code_is_stored_encrypted(town: Town) -> None:
    code = town.internal_code()
    with town.house.database.sessions.reading() as session:
        stored = session.execute(select(InternalCode.__table__)).all()
    assert plain(code) not in str(stored)


def test_residents_and_note_takers_need_no_code(town: Town) -> None:
    town.internal_code()
    for stream in ("residents", "dialogue"):
        assert town.client.get(f"/chat/{ROUND}/{stream}").status_code == 200


def test_only_coordinators_see_the_link(town: Town) -> None:
    console = Console.beside(town)
    for role in ("coder", "note_taker", "viewer", "guardian"):
        assert console.browser(role).get(PAGE).status_code == 403
    assert console.browser("coordinator").get("/rounds/nowhere/employees").status_code == 404


def employee(town: Town, workplace: str) -> None:
    """Somebody who has answered all of the core."""
    code = town.internal_code()
    begun = begin_by_api(town, code).get_json()
    view, headers = begun["view"], {"Authorization": f"Bearer {begun['token']}"}
    for text in (workplace, "Duved", "skadegörelse på skolgården"):
        body = {
            "message_id": secrets.token_hex(16),
            "action": "answer",
            "question": view["asked"]["shown"],
            "text": text,
        }
        view = town.client.post(f"/api/chat/{ROUND}/messages", json=body, headers=headers).get_json()


def test_workplaces_under_five_are_merged_on_the_page_in_the_report_and_in_the_working_copy(
    town: Town,
) -> None:
    for workplace, number in {"Polis": 7, "Skola": 6, "Räddningstjänst": 2, "Socialtjänst": 4}.items():
        for _ in range(number):
            employee(town, workplace)
    page = Console.beside(town).browser("coordinator").get(PAGE).get_data(as_text=True)
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    counts = re.findall(r'<td>([^<]+)</td><td class="n">(\d+)</td>', table)
    assert ("Polis", "7") in counts and ("Skola, fritid", "6") in counts
    assert len(counts) == 3 and counts[2][1] == "6"
    assert "Räddningstjänst" in counts[2][0] and "Socialtjänst" in counts[2][0]
    reports = Reports(sessions=town.house.database.sessions, now=town.clock, actor="test")
    copy = io.BytesIO()
    reports.write_working_copy(ROUND, "json", copy, reason="prov")
    document = json.loads(copy.getvalue())
    workplaces = [person["workplace"] for person in document["persons"]]
    assert sorted(set(workplaces)) == ["merged", "police", "school_leisure"]
    assert workplaces.count("merged") == 6
    report = io.BytesIO()
    reports.write_report(ROUND, "json", report)
    told = [
        row for t in json.loads(report.getvalue())["tables"] if t["code"] == "workplaces" for row in t["rows"]
    ]
    assert all(row["code"] != "rescue_service" for row in told)


def test_one_small_workplace_takes_another_with_it(town: Town) -> None:
    """Alone in what is merged, it would follow from the list of the others."""
    for workplace, number in {"Polis": 7, "Skola": 5, "Räddningstjänst": 1}.items():
        for _ in range(number):
            employee(town, workplace)
    page = Console.beside(town).browser("coordinator").get(PAGE).get_data(as_text=True)
    counts = re.findall(r'<td>([^<]+)</td><td class="n">(\d+)</td>', page)
    assert [n for _, n in counts] == ["7", "6"]


def test_hostile_names_stay_words_on_the_page(town: Town) -> None:
    with town.house.database.sessions.begin() as session:
        session.execute(
            update(Round).values(
                municipality="</textarea><script>alert(1)</script>{code.__class__}", name="<b>x"
            )
        )
    town.internal_code()
    page = Console.beside(town).browser("coordinator").get(PAGE).get_data(as_text=True)
    assert "<script>alert" not in page and "<b>x" not in page
