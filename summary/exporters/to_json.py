"""The report as JSON, as docs/report.schema.json describes it."""

import json
from typing import BinaryIO

from summary.picture import ProblemPicture, to_json


def write(picture: ProblemPicture, stream: BinaryIO) -> None:
    """UTF-8. Texts as they are, since nothing in JSON computes; lone surrogates are escaped."""
    text = json.dumps(to_json(picture), ensure_ascii=False, indent=2)
    stream.write(text.encode("utf-8", errors="backslashreplace"))
    stream.write(b"\n")
