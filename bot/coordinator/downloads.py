"""Files that leave the console. Large ones are written to a file of their own first, and sent in pieces."""

import re
from collections.abc import Callable, Iterator
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from flask import Response

from bot.coordinator.desk import desk
from bot.services.dates import local_date

_IN_MEMORY = 1_000_000
_PIECE = 65_536
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


def download(body: bytes, name: str, media_type: str) -> Response:
    """A file for the reader to keep. Its name keeps ASCII letters, digits, dots and dashes alone."""
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{_NOT_IN_NAMES.sub("-", name)}"'
    return response


def written(name: str, media_type: str, write: Callable[[BinaryIO], object]) -> Response:
    """What `write` writes, however much, as `download` does. A failure comes before the first byte is sent."""
    stream = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed once it is sent
    try:
        write(stream)  # type: ignore[arg-type] # it does what the writers need
    except BaseException:
        stream.close()
        raise
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    response = download(b"", name, media_type)
    response.response = _pieces(stream)
    response.content_length = size
    response.call_on_close(stream.close)  # where sending ends early
    return response


def dated(code: str, what: str, ending: str) -> str:
    """``are-2026-rapport-2026-11-28.xlsx``"""
    return f"{code}-{what}-{local_date(desk().now()).isoformat()}.{ending}"


def _pieces(stream: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(_PIECE):
            yield piece
