"""Passwords and PINs: kept as argon2id hashes (RFC 9106), checked without telling who exists.

Hashing is slow and large on purpose. So few are hashed at once, and few wait: whoever else comes is
told so at once, and neither the processor nor the server's threads are theirs alone.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .errors import KayoiError

#: So many are hashed at the same moment, each by one thread; so many more may wait for their turn.
AT_ONCE, WAITING_MAX = 2, 4
#: Nobody waits longer for their turn, in seconds.
_TURN_WITHIN = 3.0

#: zxcvbn's 3 of 4: more than 10^8 guesses (Wheeler, zxcvbn, USENIX Security 2016).
_SCORE_MIN = 3
_LOOKED_AT_MAX = 72
#: A shorter name stands in many a word.
_NAME_MIN = 3

_HASHER = PasswordHasher(parallelism=1)
_places = threading.BoundedSemaphore(AT_ONCE + WAITING_MAX)
_turns = threading.BoundedSemaphore(AT_ONCE)


class PasswordsBusy(KayoiError):
    """More passwords were given at once than are looked at."""


@contextmanager
def place() -> Iterator[None]:
    """One of the few places for those who try a password or PIN, for as long as the block takes.
    Raises PasswordsBusy when none is free: who waits holds a thread of the server."""
    if not _places.acquire(blocking=False):
        raise PasswordsBusy
    try:
        yield
    finally:
        _places.release()


def hashed(secret: str) -> str:
    """What is kept of a password or PIN. It takes long: never in a transaction. Raises
    PasswordsBusy."""
    with _turn():
        return _HASHER.hash(secret)


def fits(secret: str, kept: str | None) -> bool:
    """Whether `secret` is the one of which `kept` was kept; as slow as `hashed`.

    Without anything kept it takes as long and is False, so that the time doesn't tell whether
    somebody is known.
    """
    with _turn():
        try:
            return _HASHER.verify(kept or _nobodys(_HASHER), secret) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_easy(password: str, of: Iterable[str]) -> bool:
    """Whether a password is guessed soon: one of the lists of common ones or close to it, a row or
    walk on the keyboard, or made of what stands in `of`, such as its owner's login."""
    if any(len(known) >= _NAME_MIN and known.lower() in password.lower() for known in of):
        return True
    # Its lists of words weigh more than all of Flask, and a password is chosen seldom.
    from zxcvbn import zxcvbn

    # Further on nothing makes it easier, and it takes time.
    found = zxcvbn(password[:_LOOKED_AT_MAX], user_inputs=list(of))
    return int(found["score"]) < _SCORE_MIN


def is_dated(kept: str) -> bool:
    """Whether `kept` was made in a weaker way than today's, and should be made anew."""
    return _HASHER.check_needs_rehash(kept)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=_TURN_WITHIN):
        raise PasswordsBusy
    try:
        yield
    finally:
        _turns.release()


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody's")
