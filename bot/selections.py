"""The rewards that a member selects to use with the next scan, as a moving code carries them.

A code has room for few bytes: a reward is named by four of the SHA-256 of its id, and looked up
among the programme's when the code is read.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .packing import MOMENT_BYTES, moment_bytes, moment_of

#: So many at once: their code still fits QR version 8-M.
SELECTED_MAX: Final = 5
_RANDOM, _MARK, _VOUCHER = 3, 4, 2
_NAME = MOMENT_BYTES + _RANDOM
_EACH = _MARK + _VOUCHER
#: A voucher's number takes two bytes.
VOUCHER_MAX: Final = (1 << 8 * _VOUCHER) - 1


@dataclass(frozen=True, slots=True)
class SelectedUse:
    """One of them: the reward, by its mark, and which of the vouchers for it (None: for points)."""

    mark: bytes
    voucher: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What was selected, in order; `name` is the selection's own, and says when."""

    name: str
    uses: tuple[SelectedUse, ...]


def selected_at(name: str) -> datetime:
    """The second in which the selection of that name was made."""
    return moment_of(bytes.fromhex(name)[:MOMENT_BYTES])


def mark_of(reward: str) -> bytes:
    """By which four bytes a reward goes in a code."""
    return hashlib.sha256(reward.encode()).digest()[:_MARK]


def selection_name(now: datetime) -> str:
    """What names a selection made `now`: 16 hexadecimal digits, never the same for one member."""
    return (moment_bytes(now) + secrets.token_bytes(_RANDOM)).hex()


def packed(name: str, uses: Iterable[tuple[str, int | None]]) -> bytes:
    """A selection of rewards, by id, and their vouchers. ValueError for none, for too many, and for
    a voucher above `VOUCHER_MAX`."""
    parts = [mark_of(reward) + _number(voucher) for reward, voucher in uses]
    if not 0 < len(parts) <= SELECTED_MAX:
        raise ValueError(f"1 to {SELECTED_MAX} rewards are selected")
    return bytes.fromhex(name) + b"".join(parts)


def is_packed(data: bytes) -> bool:
    """Whether it is as long as a selection."""
    each, rest = divmod(len(data) - _NAME, _EACH)
    return 0 < each <= SELECTED_MAX and not rest


def unpacked(data: bytes) -> Selection:
    """What `packed` made it from."""
    parts = [data[at : at + _EACH] for at in range(_NAME, len(data), _EACH)]
    uses = (
        SelectedUse(each[:_MARK], int.from_bytes(each[_MARK:], "big") or None) for each in parts
    )
    return Selection(data[:_NAME].hex(), tuple(uses))


def _number(voucher: int | None) -> bytes:
    if (voucher or 0) > VOUCHER_MAX:
        raise ValueError("a selected voucher's number fits two bytes")
    return (voucher or 0).to_bytes(_VOUCHER, "big")
