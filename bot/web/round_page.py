"""A round's public page ([U] in the texts): who asks and why, how one answers, what becomes of the answers.

Also its questions on paper, and the results that somebody has published. Plain pages, no script.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from bot.channels.numbers import to_readable
from bot.services.arrivals import Parts
from bot.services.round_pages import RoundFacts, find_results, find_round
from bot.services.viewing import find_colour
from bot.web.words import LANGUAGES, in_language, words
from flows.wording import interpolate
from storage.database import DatabaseUnavailable
from summary.picture import PictureTable, Unit
from summary.wording import Words

_COLOURS = """:root{{--accent:{0}}}
@media (prefers-color-scheme:dark){{:root{{--accent:color-mix(in srgb,{0} 45%,white)}}}}
"""
"""In the dark as light as what it is written on wants it; what is not light enough for white letters is refused."""
_ON_PAGE = ("problems", "areas", "wishes")
"""Codes of tables of which the results page shows the first two columns: what residents said."""


def make_blueprint(parts: Parts) -> Blueprint:
    """Routes under /rounds/ROUND, open to all."""
    blueprint = Blueprint("round_page", __name__, template_folder="templates")

    @blueprint.get("/rounds/<round_code>")
    def show(round_code: str) -> Response:
        facts = find_round(parts, round_code)
        return _page("round.html", facts) if facts else _gone()

    @blueprint.get("/rounds/<round_code>/questions")
    def questions(round_code: str) -> Response:
        facts = find_round(parts, round_code)
        is_large = request.args.get("size") == "large"
        return _page("round_questions.html", facts, is_large=is_large) if facts else _gone()

    @blueprint.get("/rounds/<round_code>/results")
    def results(round_code: str) -> Response:
        facts = find_round(parts, round_code)
        if facts is None:
            return _gone()
        picture = find_results(parts, round_code, _language())
        tables = [t for t in picture.tables if t.code in _ON_PAGE] if picture else []
        return _page("round_results.html", facts, picture=picture, tables=tables)

    @blueprint.get("/rounds/<round_code>/colour.css")
    def colour(round_code: str) -> Response:
        own = find_colour(parts, round_code) or abort(404)
        response = Response(_COLOURS.format(own), content_type="text/css; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=600"
        return response

    @blueprint.app_context_processor
    def colours() -> dict[str, Any]:
        return {"has_own_colour": lambda round_code: bool(round_code) and _has_colour(parts, round_code)}

    return blueprint


def _has_colour(parts: Parts, round_code: str) -> bool:
    try:
        return bool(find_colour(parts, round_code))
    except DatabaseUnavailable:
        return False


def _page(template: str, facts: RoundFacts, **more: Any) -> Response:
    language = _language()
    values = {**facts.values, "D": _spoken(facts.dates.erase_until, language)}
    body = render_template(
        template,
        language=language,
        other=next(code for code in LANGUAGES if code != language),
        words={key: interpolate(text, values) for key, text in words("round", language).items()},
        facts=facts,
        row=facts.row,
        legal=facts.document,
        telephone=facts.values["T"],
        number=to_readable(facts.row.phone_number),
        keyword=facts.keywords.get(language) or facts.values["ORD"],
        dates=_dates(facts, language),
        text=lambda wording: interpolate(in_language(wording, language), values),
        figure=_figure,
        **more,
    )
    return make_response(body)


def _gone() -> Response:
    language = _language()
    body = render_template("round_gone.html", language=language, words=words("round", language))
    return make_response(body, 404)


def _language() -> str:
    asked_for = request.args.get("lang", "")
    if asked_for in LANGUAGES:
        return asked_for
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _dates(facts: RoundFacts, language: str) -> Mapping[str, str]:
    plan = facts.dates
    days = {
        "opens": facts.row.opens_on,
        "closes": facts.ended_on,
        "erase_until": plan.erase_until,
        "text_until": plan.masked_text_until,
        "codes_until": plan.coded_answers_until,
    }
    return {name: _spoken(day, language) for name, day in days.items()}


def _spoken(day: date, language: str) -> str:
    """As people write it: 3 november 2026."""
    return Words(language).day(day)


def _figure(table: PictureTable, column: int, value: int | str | None) -> str:
    """A cell as it is read; empty for what is not shown, as the note below the table says."""
    if value is None:
        return ""
    return f"{value} %" if table.columns[column].unit is Unit.PERCENT else str(value)
