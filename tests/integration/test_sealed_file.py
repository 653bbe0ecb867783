"""A sealed file of any length is read as it was written; cut, swapped or changed anywhere it is refused."""

import tracemalloc
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privacy.pseudonyms import KeyRing, UndecipherableError
from privacy.sealing import CHUNK_BYTES, TAG_BYTES, Header, SealBroken, header_bytes
from storage.sealed_file import read_header, read_sealed, verify, write_sealed

KEYS = KeyRing([("k1", bytes(range(32)))])
HEADER = Header(
    key_id="k1",
    salt=bytes(32),
    engine="sqlite",
    made_with="SQLite 3.40.1",
    revision="0003",
    made_at=datetime(2026, 11, 28, tzinfo=UTC),
)
START = len(header_bytes(HEADER)) + TAG_BYTES
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES


def _file(folder: Path, pieces: Iterable[bytes], header: Header = HEADER, keys: KeyRing = KEYS) -> Path:
    path = folder / "sealed"
    with path.open("wb") as stream:
        write_sealed(stream, header, keys, pieces)
    return path


def _content(length: int) -> bytes:
    return bytes(index * index % 251 for index in range(length))


@pytest.mark.parametrize(
    "length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
)
@pytest.mark.parametrize("piece", [1000, CHUNK_BYTES, 1_000_000])
def test_every_length_comes_back(tmp_path: Path, length: int, piece: int) -> None:
    content = _content(length)
    path = _file(tmp_path, (content[start : start + piece] for start in range(0, length, piece)))
    assert read_header(path) == HEADER
    assert b"".join(read_sealed(path, KEYS)) == content
    assert path.stat().st_size == START + length + TAG_BYTES * max(1, -(-length // CHUNK_BYTES))


@pytest.mark.parametrize("length", [0, 5, CHUNK_BYTES, 2 * CHUNK_BYTES + 7])
def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    path = _file(tmp_path, [_content(length)])
    whole = path.read_bytes()
    cuts = {
        0,
        5,
        20,
        START - 1,
        START,
        START + 1,
        START + SEALED_CHUNK,
        START + 2 * SEALED_CHUNK,
        len(whole) - 1,
    }
    for cut in sorted(cut for cut in cuts if cut < len(whole)):
        path.write_bytes(whole[:cut])
        with pytest.raises(SealBroken):
            verify(path, KEYS)


def test_chunks_that_change_places_come_twice_or_are_left_out_are_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, [_content(3 * CHUNK_BYTES + 7)])
    whole = path.read_bytes()
    start, body = whole[:START], whole[START:]
    one, two, three, last = (body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK))
    for chunks in (
        (two, one, three, last),
        (one, one, three, last),
        (one, three, last),
        (one, two, three, last, last),
        (one, two, three, last + b"\x00"),
        (last,),
    ):
        path.write_bytes(start + b"".join(chunks))
        with pytest.raises(SealBroken, match="changed or cut off"):
            verify(path, KEYS)


def test_a_changed_byte_anywhere_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, [_content(CHUNK_BYTES + 7)])
    whole = path.read_bytes()
    for position in (*range(START + 40), START + SEALED_CHUNK, len(whole) - 1):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        with pytest.raises((SealBroken, UndecipherableError)):
            verify(path, KEYS)


def test_another_key_of_the_same_name_is_told_from_damage(tmp_path: Path) -> None:
    path = _file(tmp_path, [b"Duved"])
    with pytest.raises(SealBroken, match="another key that was called k1 too"):
        verify(path, KeyRing([("k1", bytes(32))]))
    with pytest.raises(UndecipherableError, match="k1"):
        verify(path, KeyRing([("k2", bytes(range(32)))]))


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    piece = bytes(256 * 1024)
    tracemalloc.start()
    try:
        path = _file(tmp_path, (piece for _ in range(200)))
        verify(path, KEYS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 50_000_000
    assert peak < 3_000_000
