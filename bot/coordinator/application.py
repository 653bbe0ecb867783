"""The console as a Flask application: blueprints, limits, headers, error pages."""

from typing import Any

from flask import Flask, abort, current_app, request
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from bot.coordinator import (
    account_page,
    audit_page,
    coding_excel_page,
    coding_page,
    comparison_page,
    employees_page,
    errors,
    exports_page,
    field_page,
    handing_over_page,
    health,
    inbox_page,
    invitation_page,
    language_page,
    ledger_page,
    matrix_page,
    monday_page,
    notes_page,
    paper_page,
    people_here,
    people_page,
    picture_page,
    places_page,
    preview_page,
    promises_page,
    quarantine_page,
    quotes_page,
    reports_page,
    round_page,
    round_state_page,
    signing_in_page,
    sketch_page,
    start_page,
    statics,
    translations_page,
    trying_page,
    watching_page,
    workbook_page,
)
from bot.coordinator.access import require_statements, stated
from bot.coordinator.desk import Desk, cookie_of
from bot.serving import network, security, slow_senders
from bot.serving.faults import note_unexpected

MOST_BYTES = 64 * 1024
"""Of a form. A route that takes a file says so (`most_bytes`)."""
MOST_BYTES_OF_FIELDS = 4_000_000
"""That such a route holds in memory of fields that are no file."""
PAGES = (
    start_page,
    monday_page,
    watching_page,
    picture_page,
    quotes_page,
    matrix_page,
    inbox_page,
    quarantine_page,
    round_page,
    round_state_page,
    sketch_page,
    workbook_page,
    preview_page,
    promises_page,
    translations_page,
    trying_page,
    places_page,
    field_page,
    paper_page,
    notes_page,
    employees_page,
    coding_page,
    coding_excel_page,
    reports_page,
    ledger_page,
    comparison_page,
    handing_over_page,
    exports_page,
    people_page,
    audit_page,
    account_page,
    signing_in_page,
    invitation_page,
    language_page,
    statics,
    health,
)
"""Modules with `pages`; those that stand in the head of pages stand there in this order."""


class _Console(Flask):
    """Flask, but what fails where errors are handled comes into our own log, by its class only."""

    def log_exception(self, exc_info: Any) -> None:
        note_unexpected(exc_info[1])


def create_console(desk: Desk) -> Flask:
    """The application around what is wired. Raises ValueError for a route that does not say who may call it."""
    app = _Console("bot.coordinator", static_folder=None, template_folder="templates")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    keys = desk.keys.signing_keys()
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=list(keys[1:]),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser is signed in
        WTF_CSRF_SSL_STRICT=False,  # our pages send no referrer; people_here looks at Fetch Metadata and Origin
        **cookie_of(desk.settings),
    )
    app.extensions["lyhord_desk"] = desk
    app.before_request(_know_no_such_address)
    app.before_request(_take_no_more_than_stated)
    people_here.set_up(app, desk)
    app.before_request(_read_in_time)
    CSRFProtect(app)
    for module in PAGES:
        app.register_blueprint(module.pages)
    security.add_headers(app)
    errors.register(app)
    require_statements(app)
    network.trust_proxies(app, desk.settings.trusted_proxies)
    return app


def _know_no_such_address() -> None:
    """With a NUL in its path, which PostgreSQL holds in no text. `pages.asked` and `typed` leave it out."""
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        abort(404)


def _take_no_more_than_stated() -> None:
    said = stated(current_app, request.endpoint)
    if said is not None and said.most_bytes is not None:
        request.max_content_length = said.most_bytes
        request.max_form_memory_size = min(said.most_bytes, MOST_BYTES_OF_FIELDS)


def _read_in_time() -> None:
    """A form comes at once; a file may take its time, once it is known who sends it."""
    if request.max_content_length == MOST_BYTES:
        slow_senders.read_body_in_time()
