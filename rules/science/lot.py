"""Drawing by lot, the same on every machine and however often it is asked."""

from hashlib import sha256

_PARTS = 2**32


def lot(test: str, salt: str, period: str) -> float:
    """A number from 0 up to 1 that only depends on which test it is of, on whom (`salt`, a string
    that stays the member's) and on which of their occasions."""
    digest = sha256(f"{test}:{salt}:{period}".encode()).digest()
    return int.from_bytes(digest[:4]) / _PARTS
