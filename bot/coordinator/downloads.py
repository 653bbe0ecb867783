"""Files that leave the console: written to a file of their own first, sent in pieces, never kept by the browser."""

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


def download(name: str, media_type: str, write: Callable[[BinaryIO], object]) -> Response:
    """What `write` writes, as a file of that name. A failure comes before the first byte is sent."""
    stream = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed once it is sent
    try:
        write(stream)  # type: ignore[arg-type] # it does what the writers need
    except BaseException:
        stream.close()
        raise
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    response = Response(_pieces(stream), content_type=media_type)
    response.content_length = size
    response.headers["Content-Disposition"] = f'attachment; filename="{_NOT_IN_NAMES.sub("-", name)}"'
    response.call_on_close(stream.close)  # where sending ends early
    return response


def dated(code: str, what: str, ending: str) -> str:
    """``are-2026-rapport-2026-11-28.xlsx``"""
    return f"{code}-{what}-{local_date(desk().now()).isoformat()}.{ending}"


def _pieces(stream: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(_PIECE):
            yield piece
