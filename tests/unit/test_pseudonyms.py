"""Keyed hashes and encryption: what opens what, and what is never shown."""

import base64
import hmac

import pytest

from privacy.pseudonyms import KeyRing, UndecipherableError, contact_key, token_hash

OLD, NEW, ROUND = bytes(range(32)), bytes(range(100, 132)), bytes(range(200, 232))
OLD_TEXT, NEW_TEXT = base64.b64encode(OLD).decode(), base64.urlsafe_b64encode(NEW).decode().rstrip("=")
NUMBER = "+46701234567"


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing.parse(f"k2:{NEW_TEXT}, k1:{OLD_TEXT}\n")


@pytest.fixture
def old_ring() -> KeyRing:
    return KeyRing.parse(f"k1:{OLD_TEXT}")


def test_what_is_encrypted_is_decrypted_and_names_its_key(ring: KeyRing) -> None:
    ciphertext = ring.encrypt(NUMBER, purpose="feedback", nonce=b"0123456789ab")
    assert ciphertext.startswith("k2.")
    assert ring.decrypt(ciphertext, purpose="feedback") == NUMBER


def test_older_key_still_opens_what_it_closed(ring: KeyRing, old_ring: KeyRing) -> None:
    assert (
        ring.decrypt(old_ring.encrypt("räksmörgås", purpose="campaign"), purpose="campaign") == "räksmörgås"
    )


def test_removed_key_no_longer_opens_anything(ring: KeyRing, old_ring: KeyRing) -> None:
    with pytest.raises(UndecipherableError, match="not in the ring"):
        old_ring.decrypt(ring.encrypt(NUMBER, purpose="feedback"), purpose="feedback")


def test_ciphertext_opens_for_its_own_purpose_only(ring: KeyRing) -> None:
    ciphertext = ring.encrypt(NUMBER, purpose="feedback")
    with pytest.raises(UndecipherableError):
        ring.decrypt(ciphertext, purpose="campaign")
    with pytest.raises(UndecipherableError):
        ring.unwrap_key(ciphertext)


def test_nonce_hides_that_two_plaintexts_are_equal(ring: KeyRing) -> None:
    ciphertexts = {
        ring.encrypt(NUMBER, purpose="feedback", nonce=nonce) for nonce in (b"", b"a" * 12, b"b" * 12)
    }
    assert len(ciphertexts) == 3


@pytest.mark.parametrize("place", range(3, 54, 5))
def test_changed_ciphertext_does_not_open(ring: KeyRing, place: int) -> None:
    ciphertext = ring.encrypt(NUMBER, purpose="feedback", nonce=b"0123456789ab")
    changed = ciphertext[:place] + ("A" if ciphertext[place] != "A" else "B") + ciphertext[place + 1 :]
    with pytest.raises(UndecipherableError):
        ring.decrypt(changed, purpose="feedback")


@pytest.mark.parametrize(
    "text", ["", "k2", "k2.", "k2..", "k2.a", "k2..é", "k2..AAAA", "k2...AAAA", "k9..AAAA", "+46701"]
)
def test_what_is_no_ciphertext_is_an_error_that_does_not_repeat_it(ring: KeyRing, text: str) -> None:
    with pytest.raises(UndecipherableError) as error:
        ring.decrypt(text, purpose="feedback")
    assert "AAAA" not in str(error.value)
    assert "+46701" not in str(error.value)


def test_round_key_is_wrapped_and_unwrapped_also_after_rotation(ring: KeyRing, old_ring: KeyRing) -> None:
    assert ring.unwrap_key(old_ring.wrap_key(ROUND, nonce=b"0123456789ab")) == ROUND
    assert ring.unwrap_key(ring.wrap_key(ROUND)) == ROUND


def test_round_key_of_another_length_is_refused(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        ring.wrap_key(b"short")


def test_contact_key_is_a_keyed_hash_that_names_its_key() -> None:
    digest = base64.urlsafe_b64encode(hmac.digest(ROUND, NUMBER.encode(), "sha256")).decode()
    assert contact_key(ROUND, "r7", NUMBER) == f"r7.{digest[:32]}"


def test_contact_key_differs_by_address_and_by_round() -> None:
    keys = {
        contact_key(key, "r7", address)
        for key in (ROUND, OLD)
        for address in (NUMBER, "chat:abc", "chat:abd")
    }
    assert len(keys) == 6


def test_standing_keys_are_found_again_after_rotation(ring: KeyRing, old_ring: KeyRing) -> None:
    written_before = old_ring.standing_key(NUMBER)
    assert written_before in ring.standing_keys(NUMBER)
    assert ring.standing_keys(NUMBER)[0] == ring.standing_key(NUMBER) != written_before
    assert [key.split(".")[0] for key in ring.standing_keys(NUMBER)] == ["k2", "k1"]


def test_standing_key_is_not_the_hash_under_the_master_key_itself(old_ring: KeyRing) -> None:
    assert old_ring.standing_key(NUMBER) != contact_key(OLD, "k1", NUMBER)


def test_token_hash_is_stable_and_does_not_hold_the_token() -> None:
    assert token_hash("s3cret") == token_hash("s3cret") != token_hash("s3crew")
    assert "s3cret" not in token_hash("s3cret")


def test_key_ring_shows_names_and_no_keys(ring: KeyRing) -> None:
    shown = repr(ring) + str(ring) + repr(vars(ring))
    assert repr(ring) == "KeyRing(k2, k1)"
    for secret in (NEW_TEXT, OLD_TEXT.rstrip("="), repr(NEW)[2:-1], repr(OLD)[2:-1]):
        assert secret not in shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no key given"),
        (" , ", "no key given"),
        (OLD_TEXT, "key 1 of 1 does not begin with a name"),
        (f"{OLD_TEXT}:k1", "key 1 of 1 does not begin with a name"),
        (f"K1:{OLD_TEXT}", "key 1 of 1 does not begin with a name"),
        (f"k2:{NEW_TEXT},k1:{OLD_TEXT}!", "key 2 of 2 is not base64"),
        ("k1:" + OLD_TEXT[:20], "key 1 of 1 has 15 bytes"),
        ("k1:" + OLD_TEXT[:21], "key 1 of 1 is not base64"),
        (f"k1:{NEW_TEXT},k1:{OLD_TEXT}", "same name"),
    ],
)
def test_bad_ring_is_told_without_repeating_a_key(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as error:
        KeyRing.parse(text)
    assert OLD_TEXT[:12] not in str(error.value)
    assert error.value.__cause__ is None
