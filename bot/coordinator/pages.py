"""A page is a template with its words, in the language of whoever reads it."""

from functools import partial
from typing import Any

from flask import Response, current_app, flash, make_response, render_template, request, session

from bot.coordinator import formats
from bot.coordinator.access import navigation
from bot.coordinator.desk import desk
from bot.coordinator.people_here import me
from bot.coordinator.wording import LANGUAGES, words
from bot.services.overview import find_municipality


def page(template: str, /, *, of: str, status: int = 200, **values: Any) -> Response:
    """`template` filled with `values` and the words of words/`of`.yaml."""
    language = language_here()
    person = me()
    body = render_template(
        template,
        **_around(language),
        words=words(of, language),
        me=person.account if person else None,
        navigation=tuple(navigation(current_app, person.account.role)) if person else (),
        municipality=find_municipality(desk().sessions) if person else "",
        **values,
    )
    return make_response(body, status)


def plain_page(template: str, /, *, of: str, status: int, **values: Any) -> Response:
    """A page that asks nobody who it is for: the database may be away."""
    language = session.get("language", next(iter(LANGUAGES)))
    shown = {"words": words(of, language), "me": None, "navigation": (), "municipality": "", **values}
    return make_response(render_template(template, **_around(language), **shown), status)


def language_here() -> str:
    """Of the account, or what was chosen before signing in; Swedish until then."""
    person = me()
    chosen = person.account.language if person else session.get("language")
    return chosen if chosen in LANGUAGES else next(iter(LANGUAGES))


def say(key: str, *, of: str, kind: str = "done", **values: object) -> None:
    """Tell the reader something on the next page. `kind`: done or wrong."""
    flash(words(of, language_here())[key].format(**values), kind)


def typed(name: str, most: int = 200) -> str:
    """What was typed in a field of the form, without blanks around and NUL; longer than `most` it is cut."""
    return request.form.get(name, "").replace("\0", "").strip()[:most]


def typed_line(name: str, most: int = 200) -> str:
    """What was typed, as one line: without characters that nobody sees, or that turn the reading of a line."""
    line = " ".join(request.form.get(name, "").split())
    return "".join(letter for letter in line if letter.isprintable())[:most]


def asked(name: str, most: int = 80) -> str:
    """What the address asks for, without characters that nobody sees."""
    return "".join(letter for letter in request.args.get(name, "") if letter.isprintable())[:most]


def _around(language: str) -> dict[str, Any]:
    return {
        "language": language,
        "other_language": next(code for code in LANGUAGES if code != language),
        "languages": LANGUAGES,
        **{name: partial(_in, language, name) for name in ("day", "weekday", "moment", "hour", "number")},
    }


def _in(language: str, name: str, value: Any) -> str:
    return "" if value is None else str(getattr(formats, name)(value, language))
