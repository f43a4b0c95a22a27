"""What one person adds to what the club gave away: vouchers used, and friends brought.

Points used are a figure of their own (`rules.figures.sums`). It is kept by day as counts; what each
is worth the programme says when they are read.
"""

from collections import Counter
from typing import NamedTuple

from .life import Life

REFERRAL = "referral"
_VOUCHER = "voucher:"


class CostKey(NamedTuple):
    """What was given on a day."""

    name: str
    day: int


def voucher_name(reward: str) -> str:
    """Under which name it is kept how many vouchers of the reward were used."""
    return f"{_VOUCHER}{reward}"


def reward_of(name: str) -> str | None:
    """The reward whose vouchers are kept under that name; None where it is something else."""
    return name.removeprefix(_VOUCHER) if name.startswith(_VOUCHER) else None


def cost_sums(life: Life) -> Counter[CostKey]:
    """What a person adds."""
    found: Counter[CostKey] = Counter()
    for each in life:
        day = each.day.toordinal()
        if each.kind == "voucher":
            found[CostKey(voucher_name(each.rank), day)] += each.amount
        elif each.kind == "brought":
            found[CostKey(REFERRAL, day)] += each.amount
    return found
