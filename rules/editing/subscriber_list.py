"""A file of who subscribes, or of what was delivered, as a shop's system writes it."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..characters import one_width
from ..programme.subscriptions import Subscription
from .code_list import decoded

#: More at once than this is another file.
ROWS_MAX = 1_000
#: What a file is of: from when to when somebody subscribes, or a day on which something went out.
ListKind = Literal["days", "deliveries"]
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """One row. What can't be read of it is `wrong`, by a refusal's code."""

    #: Which row of the file it is, from 1.
    n: int
    #: The card's number, or a telephone, as it is written.
    who: str
    subscription: str = ""
    first: date | None = None
    last: date | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class SubscriberList:
    """What a file says."""

    kind: ListKind
    rows: tuple[SubscriberRow, ...] = ()
    #: Whether it isn't text at all, has nothing in it, or too much.
    is_broken: bool = False


def read_subscribers(
    data: bytes, kind: ListKind, subscriptions: Sequence[Subscription]
) -> SubscriberList:
    """The rows of a CSV, in UTF-8 or CP932: who, a first day, with `days` a last one (empty: open),
    and which subscription, by its name or id; where there is only one it needs none. A first row
    without a digit in its first column is a heading."""
    text = decoded(data)
    try:
        found = list(csv.reader(io.StringIO(text or "", newline="")))
    except csv.Error:
        found = []
    numbered = [(n, [each.strip() for each in row]) for n, row in enumerate(found, start=1)]
    told = [(n, row) for n, row in numbered if any(row)]
    if told and not any(map(str.isdigit, one_width(told[0][1][0]))):
        told = told[1:]
    if not told or len(told) > ROWS_MAX:
        return SubscriberList(kind, is_broken=True)
    return SubscriberList(kind, tuple(_row(n, row, kind, subscriptions) for n, row in told))


def _row(
    n: int, cells: list[str], kind: ListKind, subscriptions: Sequence[Subscription]
) -> SubscriberRow:
    who, first, third, fourth, *_ = (*cells, "", "", "", "")
    last, called = (third, fourth) if kind == "days" else ("", third)
    days = _day(first), _day(last)
    found = _subscription(called, subscriptions)
    wrong = ""
    if found is None:
        wrong = "subscription_unknown"
    elif "unread" in days or (kind == "deliveries" and not days[0]):
        wrong = "subscription_day_unread"
    begins, ends = (each if isinstance(each, date) else None for each in days)
    return SubscriberRow(n, who, found.id if found else "", begins, ends, wrong)


def _day(text: str) -> date | Literal["unread"] | None:
    found = _DAY.fullmatch(one_width(text))
    if found is None:
        return "unread" if text else None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return "unread"


def _subscription(text: str, subscriptions: Sequence[Subscription]) -> Subscription | None:
    if not text:
        return subscriptions[0] if len(subscriptions) == 1 else None
    return next(
        (each for each in subscriptions if text in (each.id, each.name.ja, each.name.en)), None
    )
