"""What may be worth a look where somebody brings many friends: hints for staff, who know people,
and never a punishment. None of it is proof: a family shares a telephone, and friends join together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: Two cards have one telephone number; one LINE account holds both; one browser opened both; both
#: live at one address; several joined within minutes of each other; somebody brought in turn who
#: had brought them.
Hint = Literal["phone", "account", "device", "household", "together", "ring"]

#: So many who join within so long, one after the other, are worth a look.
TOGETHER, WITHIN = 3, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Person:
    """One of them; what isn't known is empty."""

    id: int
    joined_at: datetime
    phone: str = ""
    account: str = ""
    #: The mark of the browser that showed their card last.
    device: str = ""
    #: Postal code and address, as one.
    home: str = ""
    #: Those who brought them, and who brought these, the nearest first.
    brought_by: tuple[int, ...] = ()


def hints(referrer: Person, friends: Iterable[Person]) -> tuple[Hint, ...]:
    """What is worth a look in whom `referrer` brought, each once."""
    brought = list(friends)
    found: dict[Hint, bool] = {
        "phone": any(_same(referrer.phone, each.phone) for each in brought),
        "account": any(_same(referrer.account, each.account) for each in brought),
        "device": any(_same(referrer.device, each.device) for each in brought),
        "household": any(_same(referrer.home, each.home) for each in brought),
        "together": _join_together(each.joined_at for each in brought),
        "ring": any(each.id in referrer.brought_by for each in brought),
    }
    return tuple(hint for hint, is_so in found.items() if is_so)


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _join_together(joined: Iterable[datetime]) -> bool:
    times = sorted(joined)
    return any(
        last - first <= WITHIN for first, last in zip(times, times[TOGETHER - 1 :], strict=False)
    )
