"""What members subscribe to, as one column says it for all at once: from when to when, by what."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from rules.facts import Facts, subscribed_days

from ..engine.db import UnitOfWork
from ..tables import members


@dataclass(frozen=True, slots=True)
class Subscribers:
    """How many subscribe to anything, and to each, by its id."""

    members: int
    of_each: Counter[str]


def written(facts: Facts) -> str | None:
    """`beans:2026-01-01: tea:2026-02-01:2026-03-31`, without what never was; None for nothing."""
    said = (
        f"{of}:{mark.since}:{mark.until or ''}"
        for of, mark in sorted(facts.subscriptions.items())
        if mark.until is None or mark.since <= mark.until
    )
    return " ".join(said) or None


#: The columns of it, each with what it says of the facts.
COLUMNS: dict[str, Callable[[Facts], Any]] = {
    "subscribed_from": lambda facts: subscribed_days(facts)[0],
    "subscribed_until": lambda facts: subscribed_days(facts)[1],
    "subscriptions": written,
}


def _running(text: str, day: date) -> Iterator[str]:
    """What of that runs on `day`."""
    today = day.isoformat()
    for each in text.split():
        of, since, until = each.split(":")
        if since <= today <= (until or today):
            yield of


def count(uow: UnitOfWork, day: date) -> Subscribers:
    """How many subscribe on that day, of those who are in the club."""
    held = members.c.subscriptions
    found = (
        select(held, func.count())
        .where(
            members.c.subscribed_from <= day,
            members.c.subscribed_until >= day,
            members.c.membership != "left",
            members.c.merged_into.is_(None),
        )
        .group_by(held)
    )
    total, of_each = 0, Counter[str]()
    for text, number in uow.run(found):
        if running := tuple(_running(text or "", day)):
            total += number
            of_each.update(dict.fromkeys(running, number))
    return Subscribers(total, of_each)
