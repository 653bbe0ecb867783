"""What a browser fetches before the first question: small, and kept where it can be kept.

Packaged files have addresses that change with their content. Pages and files are compressed when they are fetched;
answers to what somebody posted never are, for their length would tell of the token in them (BREACH).
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, abort, request, url_for

_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=600"
"""The loader's address stands on other people's pages and cannot change with its content."""
_FOR_READERS = {
    "text/javascript": re.compile(rb"^[ \t]*(//.*\n|\n)?", re.MULTILINE),
    "text/css": re.compile(rb"/\*.*?\*/\s*|^[ \t]+", re.MULTILINE | re.DOTALL),
}
"""Lines of comment and indentation: a tenth of what travels, and nothing to a browser. Our scripts have no text of
several lines in which either would count."""
_LEAST_BYTES = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class _File:
    """`version` changes with every byte of `body`."""

    body: bytes
    compressed: bytes
    media_type: str
    version: str


def serve(blueprint: Blueprint) -> None:
    """Give `blueprint` the route /static/NAME, open to all sites, and templates `static_url`; compress its pages."""
    blueprint.add_app_template_global(static_url)
    blueprint.add_url_rule("/static/<path:filename>", "static", _static)
    blueprint.after_request(_compress)


def static_url(filename: str) -> str:
    """The address of a file in bot/web/static, for a page."""
    return url_for("chat.static", filename=filename, v=_files()[filename].version)


def _static(filename: str) -> Response:
    file = _files().get(filename) or abort(404)
    is_compressed = _takes_gzip()
    response = Response(file.compressed if is_compressed else file.body, content_type=file.media_type)
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = _FOR_GOOD if request.args.get("v") == file.version else _FOR_A_WHILE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(file.version, weak=True)
    response.make_conditional(request)
    return response


def _compress(response: Response) -> Response:
    """A page that was fetched."""
    if request.method != "GET" or response.mimetype != "text/html":
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if _takes_gzip() and len(body) >= _LEAST_BYTES:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


@cache
def _files() -> Mapping[str, _File]:
    folder = files("bot.web").joinpath("static")
    return {item.name: _file(item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file()}


def _file(name: str, source: bytes) -> _File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    body = _FOR_READERS[kind].sub(b"", source) if kind in _FOR_READERS else source
    return _File(
        body=body,
        compressed=gzip.compress(body, 9, mtime=0),
        media_type=f"{kind}; charset=utf-8",
        version=hashlib.sha256(body).hexdigest()[:12],
    )
