"""A file for the reader to keep."""

from flask import Response


def download(body: bytes, name: str, media_type: str) -> Response:
    """`name` is ASCII: codes and words of ours, nothing that anybody typed."""
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
