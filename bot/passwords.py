"""Passwords and PINs: kept as argon2id hashes (RFC 9106), checked without telling who exists."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def hashed(secret: str) -> str:
    """What is kept of a password or PIN."""
    return _HASHER.hash(secret)


def fits(secret: str, kept: str | None) -> bool:
    """Whether `secret` is the one of which `kept` was kept.

    Without anything kept it takes as long and is False, so that the time doesn't tell whether
    somebody is known.
    """
    try:
        return _HASHER.verify(kept or _nobodys(), secret) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_dated(kept: str) -> bool:
    """Whether `kept` was made in a weaker way than today's, and should be made anew."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's")
