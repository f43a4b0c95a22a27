"""What the four ways that are gone most often cost, from the request to the answer.

`pytest -rP tests/journeys/test_counts.py` shows each statement that ran, too.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from handlers.chat.worker import handle_next
from tests.handlers.pages.staff.conftest import Desks, WallClock
from tests.handlers.pages.staff.counters import Counter, of
from tests.journeys.counting import Counting, Counts, counting
from tests.journeys.town import Customer, Town, town

#: A Tuesday at noon in Tokyo, in the middle of a month: no week, month or day ends near it.
TUESDAY = datetime(2037, 11, 17, 3, tzinfo=UTC)

#: What each way cost when every part of it read what it needed for itself: measured by this very
#: test at the 165th commit, on the same members.
BEFORE = {
    "SQLite": {
        "scan": Counts(27, 3, 8, 2, 6, 1, 0, 4),
        "scan with an amount": Counts(33, 3, 9, 2, 7, 2, 0, 5),
        "check-in in the chat": Counts(26, 5, 3, 8, 3, 1, 2, 3),
        "card in the chat": Counts(17, 5, 2, 7, 1, 0, 2, 1),
    },
    "PostgreSQL": {
        "scan": Counts(24, 3, 8, 2, 6, 1, 0, 4),
        "scan with an amount": Counts(27, 3, 9, 2, 7, 2, 0, 5),
        "check-in in the chat": Counts(22, 5, 3, 8, 3, 1, 2, 3),
        "card in the chat": Counts(17, 5, 2, 7, 1, 0, 2, 1),
    },
}
#: What it may cost. Lower these with whatever lowers the cost.
AT_MOST = {
    "SQLite": {
        "scan": Counts(27, 3, 8, 2, 6, 1, 0, 4),
        "scan with an amount": Counts(33, 3, 9, 2, 7, 2, 0, 5),
        "check-in in the chat": Counts(26, 5, 3, 8, 3, 1, 2, 3),
        "card in the chat": Counts(17, 5, 2, 7, 1, 0, 2, 1),
    },
    "PostgreSQL": {
        "scan": Counts(24, 3, 8, 2, 6, 1, 0, 4),
        "scan with an amount": Counts(27, 3, 9, 2, 7, 2, 0, 5),
        "check-in in the chat": Counts(22, 5, 3, 8, 3, 1, 2, 3),
        "card in the chat": Counts(17, 5, 2, 7, 1, 0, 2, 1),
    },
}


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café of program.toml on that Tuesday."""
    with town(database_url, tmp_path) as running:
        running.simulator.set_offset(TUESDAY - datetime.now(UTC))
        yield running


@pytest.fixture
def counter(shop: Town) -> Counter:
    """A registered device of the first branch, with somebody signed in."""
    desks = Desks(shop.club, shop.http.application, WallClock())
    device = desks.device()
    desks.hires("hana")
    assert device.logs_in("hana").status_code == 303
    return Counter(desks, device)


def _tomorrow(shop: Town) -> None:
    """The next day, at the same time, without a night."""
    shop.simulator.set_offset(shop.simulator.offset() + timedelta(days=1))


def _regular(shop: Town) -> Customer:
    """Somebody on LINE who has come once."""
    customer = shop.newcomer()
    customer.follows()
    customer.opens(shop.counter_link())
    return customer


Way = Callable[[], object]


def _scan(counter: Counter, who: Customer, **more: object) -> Way:
    """Staff scan a card, as their page does."""
    wall = datetime.now(UTC).isoformat()
    scan = counter.scan_of(who.member, at=wall, sentAt=wall, **more)

    def scans() -> None:
        answer = counter.posts("scan", scan)
        assert answer.status_code == 200
        assert of(answer)["result"] == "checked_in"

    return scans


def _message(shop: Town, who: Customer, text: str) -> Way:
    """Somebody writes into the chat: from LINE's webhook to the closing of the event."""

    def writes() -> None:
        shop.simulator.customers.write(who.user_id, text)
        assert handle_next(shop.club, 1) == 1

    return writes


def _counted(shop: Town, way: Way) -> Counting:
    # The programme is looked after every few seconds: not just now.
    shop.club.programmes.forget()
    shop.club.timeline()
    with counting(shop.club.store) as counted:
        way()
    return counted


def _table(name: str, before: dict[str, Counts], now: dict[str, Counts]) -> str:
    words = [f.name.replace("_", " ") for f in fields(Counts)]
    lines = [f"{name:32}" + "".join(f"{word:>16}" for word in words)]
    for way, counts in now.items():
        figures = zip(astuple(before[way]), astuple(counts), strict=True)
        lines.append(f"{way:32}" + "".join(f"{f'{a} → {b}':>16}" for a, b in figures))
    return "\n".join(lines)


def _short(statement: str) -> str:
    """A statement without its list of columns."""
    return re.sub(r"^SELECT .*? FROM", "SELECT … FROM", statement)[:150]


def test_each_way_costs_no_more_than_it_should(
    shop: Town, counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [_regular(shop) for _ in range(5)]
    _tomorrow(shop)
    code = unquote(urlsplit(shop.counter_link()).query)
    _scan(counter, people[0])()
    ways = {
        "scan": _scan(counter, people[1]),
        "scan with an amount": _scan(counter, people[2], amount=1200),
        "check-in in the chat": _message(shop, people[3], code),
        "card in the chat": _message(shop, people[4], "カード"),
    }
    counted = {name: _counted(shop, way) for name, way in ways.items()}
    now = {name: each.counts() for name, each in counted.items()}
    database = "SQLite" if shop.club.store.is_sqlite else "PostgreSQL"
    for name, each in counted.items():
        sys.stdout.write("\n  ".join([name, *map(_short, each.statements)]) + "\n")
    with capsys.disabled():
        sys.stdout.write(f"\n{_table(database, BEFORE[database], now)}\n")
    assert [way for way, most in AT_MOST[database].items() if not now[way].within(most)] == []
    assert all(shop.simulator.lines(each.user_id)[-1].side == "bot" for each in people[3:])
