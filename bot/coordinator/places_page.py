"""Place codes: what came in through each, new ones, and all that is printed for them."""

from flask import Response, abort, redirect, request, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.downloads import download
from bot.coordinator.pages import asked, language_here, page, say, typed
from bot.coordinator.people_here import actor
from bot.coordinator.refusals import sentence_of
from bot.services.errors import Refused
from bot.services.place_codes import KINDS, LONGEST_LABEL, RECENT_DAYS, NewPlace
from bot.services.round_facts import list_round_areas
from bot.services.surveys import UNKNOWN_PLACE_CODE

_PRINTS = {
    "poster_a4": ("poster", "A4"),
    "poster_a3": ("poster", "A3"),
    "cards": ("cards", "A4"),
    "form": ("form", "A4"),
    "sheet": ("sheet", "A4"),
}
"""What is printed, and on which paper."""
_MOST_AT_ONCE = 100


pages = Pages("places", __name__)


@pages.page("/rounds/<code>/places", access=COORDINATORS)
def show(code: str) -> Response:
    return _page(code)


@pages.deed("/rounds/<code>/places", access=COORDINATORS)
def add(code: str) -> Response:
    labels = [" ".join(line.split()) for line in typed("labels", 20_000).splitlines() if line.strip()]
    kind, area = typed("kind"), typed("area") or None
    fault = _fault(labels)
    if fault:
        return _page(code, fault=fault, status=400)
    try:
        added = (
            desk()
            .place_codes(actor())
            .add(code, [NewPlace(label=label, kind=kind, area_code=area) for label in labels])
        )
    except Refused as refused:
        return _page(code, refused=sentence_of(refused, language_here()), status=400)
    say("added", of="places", codes=", ".join(new.code for new in added))
    return redirect(url_for("places.show", code=code), 303)  # type: ignore[return-value]


@pages.page("/rounds/<code>/print", access=COORDINATORS)
def prints(code: str) -> Response:
    """A PDF, or a ZIP archive with one for each place."""
    from bot.services.prints import Paper, Prints  # loads the typesetter: only who prints pays for it

    wanted, language = asked("what"), asked("language")
    place, each = asked("place"), request.args.get("as") == "zip"
    if wanted not in _PRINTS or language not in ("sv", "en"):
        abort(404)
    paper, size = _PRINTS[wanted]
    maker = Prints(sessions=desk().sessions, public_url=desk().settings.public_url)
    try:
        if each and not place:
            body = maker.make_each(Paper(paper), code, size=size, language=language)
        else:
            body = maker.make(Paper(paper), code, place_code=place, size=size, language=language)
    except Refused as refused:
        return _page(code, refused=sentence_of(refused, language_here()), status=409)
    name = "-".join(part for part in (code, wanted.replace("_", "-"), place, language) if part)
    kind = ("zip", "application/zip") if each and not place else ("pdf", "application/pdf")
    return download(body, f"{_ascii(name)}.{kind[0]}", kind[1])


def _fault(labels: list[str]) -> str:
    if not labels:
        return "no_label"
    if any(len(label) > LONGEST_LABEL for label in labels):
        return "long_label"
    return "too_many" if len(labels) > _MOST_AT_ONCE else ""


def _ascii(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "_" for sign in name)


def _page(code: str, *, fault: str = "", refused: str = "", status: int = 200) -> Response:
    found = list_round_areas(desk().sessions, code)
    if found is None:
        abort(404)
    row, areas = found
    uses = desk().place_codes(actor()).list(code)
    return page(
        "places.html",
        of="places",
        status=status,
        row=row,
        areas=areas,
        area_names={area.code: area.name for area in areas},
        places=[use for use in uses if use.code not in ("", UNKNOWN_PLACE_CODE)],
        others={use.code or "none": use for use in uses if use.code in ("", UNKNOWN_PLACE_CODE)},
        days=RECENT_DAYS,
        kinds=KINDS,
        fault=fault,
        refused=refused,
        longest=LONGEST_LABEL,
        prints=list(_PRINTS),
        typed_labels=request.form.get("labels", "") if status >= 400 else "",
    )
