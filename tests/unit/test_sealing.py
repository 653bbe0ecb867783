"""A sealed stream opens as it was, or not at all."""

from datetime import UTC, datetime

import pytest

from privacy.pseudonyms import KeyRing, UndecipherableError
from privacy.sealing import Header, Seal, SealBroken, header_bytes, parse_header

HEADER = Header(
    key_id="k1",
    salt=bytes(range(32)),
    engine="sqlite",
    made_with="SQLite 3.40.1",
    revision="0003",
    made_at=datetime(2026, 11, 28, 3, 0, tzinfo=UTC),
)
CHUNKS = (b"Duved", b"", b"M\xc3\xb6rkt vid stationen")


@pytest.fixture
def seal() -> Seal:
    return Seal(bytes(32), header_bytes(HEADER))


def _closed(seal: Seal) -> list[bytes]:
    return [seal.close(i, chunk, is_last=i == len(CHUNKS) - 1) for i, chunk in enumerate(CHUNKS)]


def test_what_was_closed_opens(seal: Seal) -> None:
    sealed = _closed(seal)
    again = Seal(bytes(32), header_bytes(HEADER))
    opened = [again.open(i, chunk, is_last=i == len(sealed) - 1) for i, chunk in enumerate(sealed)]
    assert tuple(opened) == CHUNKS
    assert all(chunk not in b"".join(sealed) for chunk in CHUNKS if chunk)


def test_a_chunk_opens_at_its_own_place_only(seal: Seal) -> None:
    sealed = _closed(seal)
    for index in range(1, 400):
        with pytest.raises(SealBroken):
            seal.open(index, sealed[0], is_last=False)


def test_the_end_cannot_be_cut_off_nor_anything_put_after_it(seal: Seal) -> None:
    sealed = _closed(seal)
    for index, chunk in enumerate(sealed):
        with pytest.raises(SealBroken):
            seal.open(index, chunk, is_last=index != len(sealed) - 1)


def test_no_bit_of_a_chunk_can_be_changed(seal: Seal) -> None:
    sealed = seal.close(0, CHUNKS[0], is_last=False)
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(SealBroken):
            seal.open(0, bytes(changed), is_last=False)


def test_no_field_of_the_header_can_be_changed(seal: Seal) -> None:
    sealed = seal.close(0, CHUNKS[0], is_last=True)
    with pytest.raises(SealBroken):
        Seal(bytes(32), header_bytes(HEADER).replace(b"0003", b"0001")).open(0, sealed, is_last=True)


def test_the_same_chunk_is_never_sealed_alike() -> None:
    ring = KeyRing([("k1", bytes(32))])
    keys = {ring.backup_key("k1", bytes([n]) * 32) for n in range(8)}
    sealed = {
        Seal(key, b"").close(i, b"Duved", is_last=last)
        for key in keys
        for i in range(8)
        for last in (True, False)
    }
    assert len(sealed) == 8 * 8 * 2


def test_each_backup_has_a_key_of_its_own_under_the_master_key_that_its_header_names() -> None:
    ring = KeyRing([("k2", bytes(32)), ("k1", bytes(range(32)))])
    assert ring.backup_key("k1", bytes(32)) == KeyRing([("k1", bytes(range(32)))]).backup_key("k1", bytes(32))
    assert ring.backup_key("k1", bytes(32)) != ring.backup_key("k2", bytes(32))
    with pytest.raises(UndecipherableError, match="k9"):
        ring.backup_key("k9", bytes(32))


def test_a_header_is_read_as_it_was_written() -> None:
    octets = header_bytes(HEADER)
    assert parse_header(octets + b"\x00" * 100) == (HEADER, len(octets))
    assert octets.decode("ascii").splitlines()[0] == "lyhord-backup 1"


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"", "not a backup"),
        (b"SQLite format 3\x00", "not a backup"),
        (b"PGDMP", "not a backup"),
        (b"lyhord-backup 2\n{}\n", "newer version"),
        (b"lyhord-backup 1\n", "header"),
        (b"lyhord-backup 1\n{}\n", "header"),
        (b"lyhord-backup 1\n[]\n", "header"),
        (b"lyhord-backup 1\n\xff\xfe\n", "header"),
        (header_bytes(HEADER).replace(b"+00:00", b""), "header"),
        (header_bytes(HEADER).replace(b"AAEC", b"A*EC"), "header"),
        (header_bytes(HEADER)[:-1], "header"),
    ],
)
def test_what_is_no_header_is_told_from_one(start: bytes, said: str) -> None:
    with pytest.raises(SealBroken, match=said):
        parse_header(start)
