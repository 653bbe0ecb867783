"""Style and scripts of the console. Their addresses change with their content, so that browsers may keep them."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flask import Response, abort, request, url_for

from bot.coordinator.access import ANYONE, Pages

_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, kw_only=True, slots=True)
class _File:
    body: bytes
    media_type: str
    version: str


pages = Pages("statics", __name__)


@pages.page("/static/<filename>", access=ANYONE)
def file(filename: str) -> Response:
    found = _files().get(filename) or abort(404)
    response = Response(found.body, content_type=found.media_type)
    if request.args.get("v") == found.version:
        response.headers["Cache-Control"] = _FOR_GOOD
    return response


@pages.app_template_global()
def static_url(filename: str) -> str:
    """The address of a file in bot/coordinator/static, for a page."""
    return url_for("statics.file", filename=filename, v=_files()[filename].version)


def version_of(*filenames: str) -> str:
    """Changes when any of these files does."""
    return hashlib.sha256("".join(_files()[name].version for name in filenames).encode()).hexdigest()[:12]


@cache
def _files() -> Mapping[str, _File]:
    folder = files("bot.coordinator").joinpath("static")
    return {item.name: _file(item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file()}


def _file(name: str, body: bytes) -> _File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return _File(body=body, media_type=kind + charset, version=hashlib.sha256(body).hexdigest()[:12])
