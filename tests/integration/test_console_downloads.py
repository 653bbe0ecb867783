"""Files that leave the console, however large."""

import tracemalloc
from typing import BinaryIO

import pytest

from bot.coordinator.downloads import download, written

MEGABYTE = 1_000_000


def test_a_large_file_is_sent_in_pieces_and_is_never_whole_in_memory() -> None:
    tracemalloc.start()
    response = written("large.xlsx", "application/zip", lambda stream: _fill(stream, 30))
    sent = 0
    for piece in response.iter_encoded():
        assert len(piece) <= 65_536
        sent += len(piece)
    assert sent == response.content_length == 30 * MEGABYTE
    assert tracemalloc.get_traced_memory()[1] < 5 * MEGABYTE
    tracemalloc.stop()


def test_what_fails_while_it_is_written_sends_nothing() -> None:
    def fail(stream: BinaryIO) -> None:
        stream.write(b"half of it")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        written("half.csv", "text/csv", fail)


def test_a_reader_who_goes_away_leaves_no_file_open() -> None:
    response = written("large.csv", "text/csv", lambda stream: _fill(stream, 3))
    next(iter(response.iter_encoded()))
    response.close()


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("are-2026-rapport.xlsx", "are-2026-rapport.xlsx"),
        ('a"; filename=evil.exe\r\nX: y', "a-filename-evil.exe-X-y"),
        ("\u202efdp.å/../x", "-fdp.-..-x"),
    ],
)
def test_a_name_holds_nothing_that_a_header_or_a_folder_could_be_broken_with(name: str, sent: str) -> None:
    for response in (download(b"", name, "text/plain"), written(name, "text/plain", lambda _: None)):
        assert response.headers["Content-Disposition"] == f'attachment; filename="{sent}"'
        response.close()


def _fill(stream: BinaryIO, megabytes: int) -> None:
    for _ in range(megabytes):
        stream.write(bytes(MEGABYTE))
