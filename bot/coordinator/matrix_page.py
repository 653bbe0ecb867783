"""The priority matrix: the group's scores beside what the report suggests, who changed what, and when. The page decides
nothing and adds nothing up.
"""

from flask import Response, abort, redirect, url_for

from bot.coordinator.access import COORDINATORS, Pages
from bot.coordinator.desk import desk
from bot.coordinator.pages import asked, language_here, page, say, typed, typed_line
from bot.coordinator.people_here import actor
from bot.services.matrix import Matrices, Matrix
from bot.services.prioritising import LONGEST_REASON, Priorities
from bot.services.rounds import RoundRefused
from summary.priorities import MOST, Criterion

SUGGESTION = "suggestion"
"""In place of a score: the group takes its own back."""

pages = Pages("matrix", __name__)


@pages.page("/rounds/<code>/matrix", access=COORDINATORS)
def show(code: str) -> Response:
    return _page(_matrix(code), asked("problem"), asked("criterion"))


@pages.deed("/rounds/<code>/matrix", access=COORDINATORS)
def score(code: str) -> Response:
    found = _matrix(code)
    problem, criterion, chosen = typed("problem"), typed("criterion"), typed("score")
    reason = typed_line("reason", LONGEST_REASON)
    if found.find(problem, criterion) is None or chosen not in (SUGGESTION, *map(str, range(MOST + 1))):
        return _page(found, problem, criterion, fault="choose", status=400)
    if chosen != SUGGESTION and not reason:
        return _page(found, problem, criterion, fault="reason_missing", chosen=chosen, status=400)
    priorities = Priorities(sessions=desk().sessions, now=desk().now, actor=actor())
    priorities.score(code, problem, criterion, None if chosen == SUGGESTION else int(chosen), reason)
    say("taken_back" if chosen == SUGGESTION else "scored", of="matrix")
    where = url_for("matrix.show", code=code, problem=problem, criterion=criterion, _anchor="change")
    return redirect(where, 303)  # type: ignore[return-value]


def _page(
    found: Matrix, problem: str, criterion: str, *, fault: str = "", chosen: str = "", status: int = 200
) -> Response:
    return page(
        "matrix.html",
        of="matrix",
        status=status,
        matrix=found,
        opened=found.find(problem, criterion),
        criteria=list(Criterion),
        scores=[str(score) for score in range(MOST + 1)],
        chosen=chosen,
        suggestion=SUGGESTION,
        longest=LONGEST_REASON,
        fault=fault,
    )


def _matrix(code: str) -> Matrix:
    try:
        return Matrices(sessions=desk().sessions, now=desk().now).look(code, language_here())
    except RoundRefused:
        abort(404)
