"""Hostile text in every field of a round: no page breaks, none runs it, no file is damaged by it."""

import io

import pytest
from console import Browser, Console
from filling_in import CODE, ROUND_STEP, STEPS, begin, path_of, text_of, workbook_of
from hostile import AS_IT_IS
from openpyxl import load_workbook

from bot.services.sketch_forms import sheets_of

PAYLOADS = {
    **{
        name: AS_IT_IS[name]
        for name in ("HTML", "formula", "right to left", "emoji joined", "formats", "arabic")
    },
    "attribute": "\" autofocus onfocus=alert(1) x='",
    "ten thousand characters": "lampa" * 2000,
    "NUL": "lam\x00pan",
    "half a character": "lam\ud83dpan",
    "placeholder": "[K] [U] {name} {{ 7*7 }}",
}
_RUNS = ("<script>alert", "<img src=x", '" autofocus')


@pytest.fixture
def browser(console: Console) -> Browser:
    return console.browser("coordinator")


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_any_text_in_every_field_is_kept_or_refused_and_never_run(browser: Browser, payload: str) -> None:
    sketch = begin(browser)
    for step in STEPS:
        typed: dict[str, object] = {}
        for sheet in sheets_of(step):
            for field in sheet.fields:
                name = f"{sheet.name}-0-{field.key}" if sheet.is_table else field.key
                typed[name] = payload.encode("utf-8", "surrogatepass")
        assert browser.post(f"{sketch}/{step}", typed).status_code == 303
    for step in (*STEPS, "review"):
        page = text_of(browser.get(f"{sketch}/{step}?looked=1"))
        assert not any(runs in page.replace('autofocus">', "") for runs in _RUNS)
    assert browser.post(f"{sketch}/carry-out").status_code == 400
    text_of(browser.get("/rounds/new"))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_round_that_is_named_by_it_is_shown_printed_and_handed_out(browser: Browser, payload: str) -> None:
    text = payload[:40].encode("utf-8", "surrogatepass")
    sketch = begin(browser)
    named = {
        "round": {**ROUND_STEP, "name": text, "municipality": text},
        "areas": {"areas-0-name": text, "areas-0-code": "duved", "areas-0-aliases": text},
        "places": {"places-0-name": text, "places-0-code": "skola", "places-0-area": "duved"},
        "place_codes": {"place_codes-0-label": text, "place_codes-0-area": "duved"},
        "legal": {**STEPS["legal"], "controller": text},
        "texts": {**STEPS["texts"], "example_village": text, "telephone": text},
    }
    for step, fields in {**STEPS, **named}.items():
        browser.post(f"{sketch}/{step}", dict(fields))
    path = path_of(browser.post(f"{sketch}/carry-out"))
    assert path == f"/rounds/{CODE}"
    for page in ("", "/preview", "/try", "/places", "/state/open"):
        shown = text_of(browser.get(path + page))
        assert not any(runs in shown for runs in _RUNS)
    text_of(browser.post(f"{path}/try", {"text": text, "said": [text]}))
    book = load_workbook(io.BytesIO(workbook_of(browser, f"{path}/workbook.xlsx")))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    for what in ("poster_a4", "cards", "form"):
        printed = browser.get(f"{path}/print?what={what}&language=sv")
        assert (
            printed.get_data().startswith(b"%PDF")
            if printed.status_code == 200
            else printed.status_code == 409
        )
