"""How far the surveys have come in more languages, a translator's workbook, and who has signed what rounds offer."""

from flask import Response, abort

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.downloads import written
from bot.coordinator.pages import page
from bot.coordinator.workbook_page import WORKBOOK
from bot.services.dates import local_date
from bot.services.translated import list_offered, list_standings, texts_for
from bot.services.workbooks.cells import join_words
from bot.services.workbooks.translation_book import write_translation

pages = Pages("translations", __name__)


@pages.page("/flows/translations", access=COORDINATORS)
def show() -> Response:
    return page(
        "translations.html",
        of="translations",
        standings=list_standings(),
        offered=list_offered(desk().sessions),
    )


@pages.page("/flows/translations/<flow>/<language>.xlsx", access=COORDINATORS)
def workbook(flow: str, language: str) -> Response:
    texts = texts_for(flow, language, join_words)
    if texts is None:
        abort(404)
    return written(
        f"{flow}-{language}.xlsx",
        WORKBOOK,
        lambda stream: write_translation(
            texts,
            stream,
            source="sv",
            language=language,
            title=f"{flow} ({language})",
            made_on=local_date(desk().now()),
        ),
    )
