"""Headers that every response carries (OWASP ASVS 5.0, V3.4)."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_POLICY = "Content-Security-Policy"
_NOBODY_FRAMES = "frame-ancestors 'none'"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    f"form-action 'self'; base-uri 'none'; object-src 'none'; {_NOBODY_FRAMES}"
)
_FOR_OLD_BROWSERS = "X-Frame-Options"
"""Knows no list of sites: where some may frame, it must be absent."""
_HEADERS = {
    _POLICY: CONTENT_SECURITY_POLICY,
    _FOR_OLD_BROWSERS: "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cache-Control": "no-store",
}
_OWN = frozenset(name.lower() for name in _HEADERS)
_Headers = Sequence[tuple[str, str]]


def is_from_another_site(request: Request, public_url: str) -> bool:
    """Whether a browser says that a page of another site sent this (Fetch Metadata; Origin where that is missing).

    Our own forms say ``Origin: null`` in older browsers, because our pages send no referrer: that proves nothing.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc not in (request.host, urlsplit(public_url).netloc)


def let_frame(response: Response, sites: Sequence[str]) -> None:
    """Let these sites, and nobody else, show the page in a frame."""
    if sites:
        ancestors = f"frame-ancestors {' '.join(sites)}"
        response.headers[_POLICY] = CONTENT_SECURITY_POLICY.replace(_NOBODY_FRAMES, ancestors)


def let_install(response: Response) -> None:
    """Let the page be put on a home screen and kept on the device: its manifest and worker come from here."""
    response.headers[_POLICY] = f"{CONTENT_SECURITY_POLICY}; manifest-src 'self'; worker-src 'self'"


def add_headers(app: Flask) -> None:
    """Put the headers on every response of `app`, where a view has not set its own."""
    app.wsgi_app = _WithHeaders(app.wsgi_app)  # type: ignore[method-assign]


class _WithHeaders:
    """Around the application: inside of it each header would be looked through as it is added."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: _Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            return start_response(status, [*headers, *_missing(headers)], exc_info)

        return self._app(environ, start)


def _missing(headers: _Headers) -> Iterable[tuple[str, str]]:
    own = {name.lower(): value for name, value in headers}
    if _OWN.isdisjoint(own):
        return _HEADERS.items()
    if _NOBODY_FRAMES not in own.get(_POLICY.lower(), CONTENT_SECURITY_POLICY):
        own[_FOR_OLD_BROWSERS.lower()] = ""
    return [(name, value) for name, value in _HEADERS.items() if name.lower() not in own]
