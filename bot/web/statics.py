"""What a browser fetches before the first question: small, and kept where it can be kept.

Packaged files have addresses that change with their content. Pages and files are compressed when they are fetched;
answers to what somebody posted never are, for their length would tell of the token in them (BREACH).
"""

import gzip
import hashlib
import re
from functools import cache, lru_cache
from importlib.resources import files

from flask import Response, request, url_for

_COMPRESSIBLE = frozenset({"text/html", "text/css", "text/javascript"})
_LEAST_BYTES = 500
_FOR_READERS = {
    "text/javascript": re.compile(rb"^[ \t]*(//.*\n|\n)?", re.MULTILINE),
    "text/css": re.compile(rb"/\*.*?\*/\s*|^[ \t]+", re.MULTILINE | re.DOTALL),
}
"""Lines of comment and indentation: a tenth of what travels, and nothing to a browser. Our scripts have no text of
several lines in which either would count."""
_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=600"
"""The loader's address stands on other people's pages and cannot change with its content."""


@cache
def version(filename: str) -> str:
    """The first 12 hexadecimal digits of the file's SHA-256."""
    content = files("bot.web").joinpath("static", filename).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


def static_url(filename: str) -> str:
    """The address of a file in bot/web/static, for a page."""
    return url_for("chat.static", filename=filename, v=version(filename))


def finish(response: Response) -> Response:
    """Say how long a file may be kept and that any site may show it, and compress what was fetched."""
    if request.endpoint == "chat.static" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = _FOR_GOOD if "v" in request.args else _FOR_A_WHILE
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "GET" and response.mimetype in _COMPRESSIBLE:
        _compress(response)
    return response


def _compress(response: Response) -> None:
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings["gzip"]:
        return
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < _LEAST_BYTES:
        return
    is_file = request.endpoint == "chat.static"
    response.set_data(_packed(body, response.mimetype) if is_file else gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=16)
def _packed(body: bytes, mimetype: str) -> bytes:
    for_readers = _FOR_READERS.get(mimetype)
    return gzip.compress(for_readers.sub(b"", body) if for_readers else body, 9, mtime=0)
