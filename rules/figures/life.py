"""What somebody did and was, over all their cards, as far as figures count it."""

import json
import zlib
from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

#: `visit`, `rewards`, `purchases`: how many; `yen`, and `given`, `used`, `expired`, `held` of
#: points: how much (`held` is whatever moved the balance). `up`, `down`: steps on the ladder.
#: `badge`: earned. `followed`, `looked`: the LINE account was added, the card first looked at.
#: `joined`, `left`, `back`: the membership began, ended, goes on. `rank`: the rank from then on.
#: `erased`: nobody knows from then on who it was. `source`: by what they came, which `amount` names
#: (`rules.figures.sources`). `voucher`: a reward used by a voucher, which `rank` names; `brought`:
#: friends whose coming counted.
Kind = Literal[
    "visit", "rewards", "purchases", "yen", "given", "used", "expired", "held", "up", "down",
    "badge", "followed", "looked", "joined", "left", "back", "rank", "erased", "source",
    "voucher", "brought",
]  # fmt: skip
#: Where no rank is held.
NO_RANK = "-"


class Happened(NamedTuple):
    """So much of one kind on one business day."""

    kind: Kind
    day: date
    #: Where; "" for at no store.
    store: str
    #: The rank that was held when the day ended, or NO_RANK.
    rank: str
    amount: int
    #: Which reward or badge; "" else.
    item: str = ""


#: In the order in which it happened.
Life = tuple[Happened, ...]


def packed(life: Life) -> bytes:
    """A life as few bytes."""
    rows = [[*each[:1], each.day.toordinal(), *each[2:]] for each in life]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode())


def unpacked(data: bytes) -> Life:
    rows: Iterable[tuple[Kind, int, str, str, int, str]] = json.loads(zlib.decompress(data))
    return tuple(
        Happened(kind, date.fromordinal(day), store, rank, amount, item)
        for kind, day, store, rank, amount, item in rows
    )
