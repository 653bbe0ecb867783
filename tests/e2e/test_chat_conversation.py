"""Whole surveys in the chat as a conversation, with script, as a page of its own."""

import re
from itertools import pairwise

import pytest
from chat_town import ChatTown
from chat_visitor import Visitor, visiting
from playwright.sync_api import Browser, Page, expect

NARROWEST = {"width": 320, "height": 640}
"""A desktop window of 1,280 at 400 % zoom (WCAG 2.2, 1.4.10)."""
_MOST_TABS = 60
_PRINTED = "window.print = () => { window.isPrinted = true; };"


def answer_until(visitor: Visitor, last: str) -> None:
    """A resident in Swedish, from Start to the question that begins with `last`."""
    visitor.start()
    steps = (
        ("Vem är du här?", lambda then: visitor.choose("Bor här", then)),
        ("Vilken ort", lambda then: visitor.choose("Duved", then)),
        ("Hur trygg", lambda then: visitor.choose("Ganska otrygg", then)),
        ("Har du de senaste", lambda then: visitor.choose("Ja", then)),
        ("Vad är det största", lambda then: visitor.write("EPA-traktorer som buskör", then)),
        ("Var är det så?", lambda then: visitor.write("vid macken", then)),
        ("När är det värst?", lambda then: visitor.tick("Vardag kväll", "Helg kväll", then=then)),
        ("Vilka är problem", lambda then: visitor.tick("Trafik", "Stöld", then=then)),
        ("Gör polisen", lambda then: visitor.choose("Nej, knappast", then)),
        ("Gör kommunen", lambda then: visitor.choose("Varken eller", then)),
        ("Vad borde", lambda then: visitor.write("fler kontroller", then)),
        ("Hur gammal", lambda then: visitor.choose("45-64 år", then)),
        ("Är du kvinna", lambda then: None),
    )
    visitor.expect_question("Vem är du här?", 1)
    for (question, answer), (following, _) in pairwise(steps):
        if question.startswith(last):
            return
        answer(following)


def test_a_resident_answers_everything_and_prints_it(browser: Browser, chats: ChatTown) -> None:
    before = chats.answers()
    with visiting(browser, f"{chats.residents}?p=DUVED3") as visitor:
        visitor.page.evaluate(_PRINTED)
        assert visitor.stored() == []
        answer_until(visitor, "Är du kvinna")
        visitor.button("Vill inte svara").click()
        expect(visitor.at.get_by_role("heading", name="Klart")).to_be_focused()
        assert chats.answers() - before == 13
        turns = visitor.turns()
        assert len(turns) == 13
        assert turns[0] == ("Vem är du här?", "Bor här")
        assert turns[6][1] == "Vardag kväll, Helg kväll"
        assert [key for key, _ in visitor.stored()] == ["lyhord:are-demo:residents"]
        visitor.button("Skriv ut mina svar").click()
        assert visitor.page.evaluate("window.isPrinted")
        visitor.page.emulate_media(media="print")
        expect(visitor.at.get_by_text("vid macken")).to_be_visible()
        expect(visitor.at.get_by_role("button")).to_have_count(0)


def test_a_resident_answers_by_keyboard_alone_on_the_narrowest_screen(
    browser: Browser, chats: ChatTown
) -> None:
    with visiting(browser, chats.residents, viewport=NARROWEST) as visitor:
        _press(visitor.page, "Starta")
        visitor.expect_question("Vem är du här?")
        _press(visitor.page, "Skicka svaret")
        assert "Välj ett svar" in visitor.at.locator("#error").inner_text()
        _press(visitor.page, "Bor här", key="Shift+Tab")
        visitor.expect_question("Vilken ort")
        assert visitor.focused().startswith("Vilken ort")
        _tab_to(visitor.page, "Eller skriv namnet på orten")
        visitor.page.keyboard.type("duved")
        visitor.page.keyboard.press("Enter")
        visitor.expect_question("Hur trygg")
        for question in ("Har du de senaste", "Vad är det största"):
            _press(visitor.page, "Hoppa över")
            visitor.expect_question(question)
        visitor.page.keyboard.type("mörkt vid skolan")  # the field has the focus
        _press(visitor.page, "Skicka svaret")
        visitor.expect_question("Var är det så?")
        _press(visitor.page, "Vet ej")
        visitor.expect_question("När är det värst?")
        _tab_to(visitor.page, "Helg kväll")
        visitor.page.keyboard.press("Space")
        _press(visitor.page, "Skicka svaret")
        visitor.expect_question("Vilka är problem")
        assert visitor.at.evaluate("document.scrollingElement.scrollWidth") <= NARROWEST["width"]


def test_a_choice_may_be_written_and_what_is_not_understood_is_said_at_the_field(
    browser: Browser, chats: ChatTown
) -> None:
    with visiting(browser, chats.residents) as visitor:
        visitor.start()
        visitor.write("bor här", then="Vilken ort")
        visitor.choose("Duved", then="Hur trygg")
        visitor.write("blå", then="Hur trygg")
        field = visitor.at.locator("#text")
        expect(visitor.at.locator("#error")).to_be_visible()
        expect(field).to_be_focused()
        expect(field).to_have_value("blå")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_attribute("aria-describedby", re.compile("error"))
        assert visitor.page.title().startswith("Fel: ")
        visitor.write("3", then="Har du de senaste")
        assert visitor.turns()[-1][1] == "Varken eller" or visitor.turns()[-1][1] == "3"


def test_several_choices_and_written_words_are_one_answer(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents) as visitor:
        answer_until(visitor, "När är det värst?")
        visitor.at.get_by_label("Helg kväll", exact=True).check()
        visitor.write("vardag dag", then="Vilka är problem")
        visitor.page.reload()
        visitor.expect_question("Vilka är problem")
        assert sorted(visitor.turns()[-1][1].split(", ")) == ["Helg kväll", "Vardag dag"]


def test_the_language_changes_midway_and_what_was_ticked_stays(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents) as visitor:
        answer_until(visitor, "Vilka är problem")
        visitor.at.get_by_label("Stöld").check()
        visitor.button("English").click()
        visitor.expect_question("Which are problems there?")
        expect(visitor.at.get_by_label("Theft")).to_be_checked()
        assert visitor.at.evaluate("document.documentElement.lang") == "en"
        assert visitor.at.locator(".turn").first.get_attribute("lang") == "sv"
        visitor.send(then="Do the police")
        visitor.button("Skip").click()
        visitor.expect_question("Does the municipality")
        assert len(visitor.turns()) == 9


def test_an_earlier_answer_is_changed_and_what_depends_on_it_leaves(
    browser: Browser, chats: ChatTown
) -> None:
    with visiting(browser, chats.residents) as visitor:
        answer_until(visitor, "Gör polisen")
        before = chats.answers()
        changed = visitor.at.locator(".turn", has_text="Vad är det största")
        changed.get_by_role("button", name="Ändra").click()
        visitor.expect_question("Vad är det största")
        visitor.write("inget", then="Gör polisen")
        answers = dict(visitor.turns())
        assert not any(question.startswith("När är det värst?") for question in answers)
        assert answers[next(q for q in answers if q.startswith("Vad är det största"))] == "Inget"
        assert chats.answers() < before


def test_an_answer_that_was_to_be_changed_may_be_kept(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents) as visitor:
        answer_until(visitor, "Hur trygg")
        before = visitor.turns()
        visitor.at.locator(".turn").first.get_by_role("button", name="Ändra").click()
        visitor.expect_question("Vem är du här?", 1)
        assert visitor.at.locator(".chosen").inner_text().startswith("Bor här")
        visitor.button("Behåll svaret").click()
        visitor.expect_question("Hur trygg", 3)
        assert visitor.turns() == before
        expect(visitor.button("Behåll svaret")).to_have_count(0)


def test_back_asks_the_question_before_again(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents) as visitor:
        answer_until(visitor, "Hur trygg")
        visitor.button("Tillbaka").click()
        visitor.expect_question("Vilken ort", 2)
        assert [question for question, _ in visitor.turns()] == ["Vem är du här?"]
        visitor.choose("Järpen", then="Hur trygg")
        assert visitor.turns()[-1][1] == "Järpen"


def test_the_counter_says_what_is_left_and_speaks_only_near_the_end(
    browser: Browser, chats: ChatTown
) -> None:
    with visiting(browser, chats.residents) as visitor:
        answer_until(visitor, "Vad är det största")
        field, seen = visitor.at.locator("#text"), visitor.at.locator("[aria-hidden]", has_text="tecken kvar")
        spoken = visitor.at.locator("form [role=status]")
        field.fill("a" * 100)
        expect(seen).to_have_text(re.compile(r"1\s500 tecken kvar"))
        visitor.page.wait_for_timeout(1200)
        expect(spoken).to_be_empty()
        field.fill("a" * 1500)
        expect(spoken).to_have_text("100 tecken kvar")


def test_end_and_forget_removes_answers_token_and_log(browser: Browser, chats: ChatTown) -> None:
    before = chats.answers()
    with visiting(browser, chats.residents) as visitor:
        answer_until(visitor, "Hur trygg")
        visitor.at.get_by_text("Avsluta och glöm mina svar").click()
        visitor.button("Ja, radera mina svar").click()
        expect(visitor.at.get_by_role("heading", name="Raderat")).to_be_focused()
        assert visitor.turns() == []
        assert visitor.stored() == []
        assert chats.answers() == before
        visitor.page.reload()
        expect(visitor.button("Starta")).to_be_visible()


@pytest.mark.parametrize("said", ["min man slår mig", "jag vill inte leva längre", "pappa slår mig"])
def test_leaving_quickly_clears_token_and_log_and_replaces_the_page(
    browser: Browser, chats: ChatTown, said: str
) -> None:
    with visiting(browser, "about:blank") as visitor:
        visitor.page.route("https://www.1177.se/**", lambda route: route.fulfill(body="<h1>1177</h1>"))
        visitor.page.goto(chats.residents)
        answer_until(visitor, "Vad är det största")
        visitor.at.locator("#text").fill(said)
        visitor.button("Skicka svaret").click()
        expect(visitor.at.get_by_role("heading", name="Läs det här först")).to_be_focused()
        assert said not in visitor.page.content()
        visitor.at.get_by_role("link", name="Lämna sidan snabbt").click()
        expect(visitor.page).to_have_url("https://www.1177.se/")
        visitor.page.go_back()
        assert visitor.page.url == "about:blank"
        visitor.page.goto(chats.residents)
        expect(visitor.button("Starta")).to_be_visible()
        assert visitor.stored() == []


def test_the_way_out_stays_when_the_questions_go_on(browser: Browser, chats: ChatTown) -> None:
    with visiting(browser, chats.residents) as visitor:
        answer_until(visitor, "Vad är det största")
        visitor.at.locator("#text").fill("min man slår mig")
        visitor.button("Skicka svaret").click()
        visitor.button("Fortsätt med frågorna").click()
        visitor.expect_question("")
        expect(visitor.at.get_by_role("link", name="Lämna sidan snabbt")).to_be_visible()
        assert "min man" not in visitor.page.content()


def _tab_to(page: Page, words: str, *, key: str = "Tab") -> None:
    for _ in range(_MOST_TABS):
        page.keyboard.press(key)
        focused = page.evaluate(
            "(document.activeElement.labels?.[0] || document.activeElement).textContent.trim()"
        )
        if focused == words:
            outline = page.evaluate("""() => [document.activeElement, document.activeElement.closest('label')]
              .some(e => e && getComputedStyle(e).outlineStyle !== 'none')""")
            assert outline, f"the focus on {words!r} cannot be seen"
            return
    raise AssertionError(f"{key} never reaches {words!r}")


def _press(page: Page, button: str, *, key: str = "Tab") -> None:
    _tab_to(page, button, key=key)
    page.keyboard.press("Enter")
