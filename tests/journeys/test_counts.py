"""What the four ways that are gone most often cost, from the request to the answer.

`pytest -rP tests/journeys/test_counts.py` shows each statement that ran, too.
"""

import re
import sys
from dataclasses import astuple, fields
from urllib.parse import unquote, urlsplit

import pytest

from tests.handlers.pages.staff.counters import Counter
from tests.journeys.counting import Counts
from tests.journeys.town import Town
from tests.journeys.ways import counted, message, regular, scan

#: What each way cost when every part of it read what it needed for itself: measured by this very
#: test at the 165th commit, on the same members.
BEFORE = {
    "SQLite": {
        "scan": Counts(27, 3, 8, 2, 6, 1, 0, 4),
        "scan with an amount": Counts(33, 3, 9, 2, 7, 2, 0, 5),
        "check-in in the chat": Counts(26, 5, 3, 8, 3, 1, 2, 3),
        "card in the chat": Counts(17, 5, 2, 7, 1, 0, 2, 1),
        "card that suggests": Counts(17, 5, 2, 7, 1, 0, 2, 1),
    },
    "PostgreSQL": {
        "scan": Counts(24, 3, 8, 2, 6, 1, 0, 4),
        "scan with an amount": Counts(27, 3, 9, 2, 7, 2, 0, 5),
        "check-in in the chat": Counts(22, 5, 3, 8, 3, 1, 2, 3),
        "card in the chat": Counts(17, 5, 2, 7, 1, 0, 2, 1),
        "card that suggests": Counts(17, 5, 2, 7, 1, 0, 2, 1),
    },
}
#: What it may cost now: a member's row, an account and an event are read and understood once.
#: The first answer of a day notes what it suggested, if it did, by one statement more. What is
#: written by a check-in has more values than psycopg keeps a statement for, and goes in two.
AT_MOST = {
    "SQLite": {
        "scan": Counts(13, 1, 1, 2, 1, 1, 0, 1),
        "scan with an amount": Counts(16, 1, 1, 2, 1, 1, 0, 1),
        "check-in in the chat": Counts(13, 4, 1, 1, 1, 1, 1, 1),
        "card in the chat": Counts(7, 4, 2, 1, 1, 0, 1, 1),
        "card that suggests": Counts(8, 4, 2, 1, 1, 0, 1, 1),
    },
    "PostgreSQL": {
        "scan": Counts(9, 1, 1, 2, 1, 1, 0, 1),
        "scan with an amount": Counts(9, 1, 1, 2, 1, 1, 0, 1),
        "check-in in the chat": Counts(10, 4, 1, 1, 1, 1, 1, 1),
        "card in the chat": Counts(7, 4, 2, 1, 1, 0, 1, 1),
        "card that suggests": Counts(7, 4, 2, 1, 1, 0, 1, 1),
    },
}


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
    people = [regular(shop) for _ in range(6)]
    shop.skips(days=1)
    code = unquote(urlsplit(shop.counter_link()).query)
    scan(counter, people[0])()
    for person in people[3:5]:
        person.writes("カード")
    ways = {
        "scan": scan(counter, people[1]),
        "scan with an amount": scan(counter, people[2], amount=1200),
        "check-in in the chat": message(shop, people[3], code),
        "card in the chat": message(shop, people[4], "カード"),
        "card that suggests": message(shop, people[5], "カード"),
    }
    done = {name: counted(shop, way) for name, way in ways.items()}
    now = {name: each.counts() for name, each in done.items()}
    database = "SQLite" if shop.club.store.is_sqlite else "PostgreSQL"
    for name, each in done.items():
        sys.stdout.write("\n  ".join([name, *(_short(ran.sql) for ran in each.statements)]) + "\n")
    with capsys.disabled():
        sys.stdout.write(f"\n{_table(database, BEFORE[database], now)}\n")
    assert [way for way, most in AT_MOST[database].items() if not now[way].within(most)] == []
    halved = [2 * now[way].statements <= was.statements for way, was in BEFORE[database].items()]
    assert all(halved)
    assert all(shop.simulator.lines(each.user_id)[-1].side == "bot" for each in people[3:])
