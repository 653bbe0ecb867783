"""Styles and scripts of the chat, read once at start. An address that names a file's version may be kept for ever."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, abort, request

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
"""Without a version in the address: on a municipal page that nobody wants to edit again."""
_FOR_OTHER_SITES = frozenset({"widget.js"})
_VERSION_CHARACTERS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class StaticFile:
    """`compressed` is `body` in gzip form, `version` changes with every byte of it."""

    body: bytes
    compressed: bytes
    media_type: str
    version: str


def serve(blueprint: Blueprint) -> None:
    """Give `blueprint` the route /static/NAME, open to all, and its addresses their versions."""
    known = _read()

    def static(filename: str) -> Response:
        found = known.get(filename)
        return _answer(filename, found) if found else abort(404)

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        found = known.get(values.get("filename", "")) if endpoint == f"{blueprint.name}.static" else None
        if found:
            values.setdefault("v", found.version)

    blueprint.add_url_rule("/static/<path:filename>", "static", static)
    blueprint.app_url_defaults(add_version)


def accepts_gzip() -> bool:
    """Whether the browser takes a compressed answer."""
    return request.accept_encodings["gzip"] > 0


def _answer(name: str, file: StaticFile) -> Response:
    is_compressed = accepts_gzip()
    response = Response(file.compressed if is_compressed else file.body, content_type=file.media_type)
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == file.version else FOR_A_WHILE
    if name in _FOR_OTHER_SITES:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _read() -> Mapping[str, StaticFile]:
    folder = files("bot.web").joinpath("static")
    return {item.name: _file(item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file()}


def _file(name: str, body: bytes) -> StaticFile:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return StaticFile(
        body=body,
        compressed=gzip.compress(body, mtime=0),
        media_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        version=hashlib.sha256(body).hexdigest()[:_VERSION_CHARACTERS],
    )
