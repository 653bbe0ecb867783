"""A round as a coordinator fills it in: what is typed in each step of the console's form, for tests."""

from console import Browser
from werkzeug.test import TestResponse

CODE = "prov-2026"
ROUND_STEP = {
    "round": CODE,
    "name": "Trygghetsdialog hösten 2026",
    "municipality": "Åre kommun",
    "phone_number": "070-123 45 67",
    "opens": "2026-11-01",
    "closes": "30 november 2026",
    "flows.residents": "yes",
    "flows.employees": "no",
    "flows.dialogue": "yes",
    "options.ask_gender": "no",
}
LEGAL_STEP = {
    "controller": "Kommunstyrelsen",
    "diary_number": "KS 2026/1",
    "dpia_date": "2026-08-15",
    "deletion_decision": "KS 2026/2",
    "safeguard_mode": "A",
}
KEYWORDS_STEP = {"keywords-0-word": "PROV", "keywords-0-flow": "residents", "keywords-0-language": "sv"}
AREAS_STEP = {"areas-0-name": "Duved", "areas-0-aliases": "Tegefjäll, 83015", "areas-1-name": "Åre by"}
PLACES_STEP = {"places-0-name": "Duveds skola", "places-0-area": "duved"}
CODES_STEP = {"place_codes-0-label": "Duveds bibliotek", "place_codes-0-area": "duved"}
TEXTS_STEP = {
    "information_page": "are.se/trygg",
    "telephone": "0647-161 00",
    "example_village": "Duved",
    "example_road": "E14",
}
STEPS = {
    "round": ROUND_STEP,
    "legal": LEGAL_STEP,
    "keywords": KEYWORDS_STEP,
    "areas": AREAS_STEP,
    "places": PLACES_STEP,
    "place_codes": CODES_STEP,
    "texts": TEXTS_STEP,
    "focus": {},
}


def begin(browser: Browser) -> str:
    browser.get("/rounds/new")
    return path_of(browser.post("/rounds/new")).rsplit("/", 1)[0]


def path_of(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].split("?")[0].split("#")[0]


def text_of(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def workbook_of(browser: Browser, path: str) -> bytes:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data()
