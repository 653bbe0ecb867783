"""Headers that every response carries (OWASP ASVS 5.0, V3.4)."""

from urllib.parse import urlsplit

from flask import Request, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
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


def add_headers(response: Response) -> Response:
    """Put the headers on, where a view has not set its own."""
    own = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - headers are no mapping
    response.headers.extend((name, value) for name, value in _HEADERS.items() if name.lower() not in own)
    return response
