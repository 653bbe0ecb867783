"""Headers that every response carries (OWASP ASVS 5.0, V3.4)."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Request, Response

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


def add_headers(response: Response) -> Response:
    """Put the headers on, where a view has not set its own."""
    own = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - headers are no mapping
    if _NOBODY_FRAMES not in response.headers.get(_POLICY, CONTENT_SECURITY_POLICY):
        own.add(_FOR_OLD_BROWSERS.lower())
    response.headers.extend((name, value) for name, value in _HEADERS.items() if name.lower() not in own)
    return response
