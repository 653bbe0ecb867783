"""One-time codes from an app on the telephone (TOTP, RFC 6238), and the codes for who has lost it."""

import re
import secrets
from datetime import datetime

import pyotp

STEP_S = 30
_TOLERANCE = 1
"""Steps before and after: clocks of telephones are not right to the second."""
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _IN_GROUP = 6, 4
"""24 characters of 32: 120 bits."""
NUMBER_OF_RECOVERY_CODES = 8


def new_secret() -> str:
    """160 bits in base32, as apps take it."""
    return pyotp.random_base32()


def address_for_apps(secret: str, *, email: str, issuer: str) -> str:
    """What the QR code holds."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, of those that may be right now; None where it is none of them."""
    typed = re.sub(r"[\s-]", "", code)
    totp, current = pyotp.TOTP(secret, interval=STEP_S), int(now.timestamp()) // STEP_S
    if not re.fullmatch("[0-9]{6}", typed):
        return None
    steps = range(current - _TOLERANCE, current + _TOLERANCE + 1)
    right = [step for step in steps if secrets.compare_digest(totp.generate_otp(step), typed)]
    return right[-1] if right else None


def new_recovery_codes() -> tuple[str, ...]:
    """As ``ABCD-EFGH-...``."""
    return tuple(_new_code() for _ in range(NUMBER_OF_RECOVERY_CODES))


def _new_code() -> str:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def plain_recovery_code(typed: str) -> str:
    """As it was given, however it was typed."""
    letters = re.sub(r"[\s-]", "", typed).upper()
    return "-".join(letters[at : at + _IN_GROUP] for at in range(0, len(letters), _IN_GROUP))
