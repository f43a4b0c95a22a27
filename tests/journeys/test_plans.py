"""What is done all day long stays quick in a club of a hundred thousand: no table is read whole."""

import re
from urllib.parse import unquote, urlsplit

from bot.store import Store
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.counting import Ran, plans
from tests.journeys.town import Town
from tests.journeys.ways import Way, counted, message, regular, scan

#: How the databases say that they read a table, or an index, from end to end.
_WHOLE = re.compile(r"SCAN (?P<sqlite>.+)|.*Seq Scan on (?P<postgresql>\w+)")
#: What SQLite says it scans where a query stands in the place of a table.
_NO_TABLE = re.compile(r"anon_\d+|\(subquery-\d+\)|CONSTANT ROW")
#: Small in every club: a row for each reward, the people who work there, and the events that wait
#: for a worker.
_SMALL = {"reward_uses", "staff", "webhook_events USING INDEX ix_webhook_events_open"}


def _read_whole(store: Store, statements: list[Ran]) -> set[str]:
    """The tables that the database would read whole for any of the statements."""
    found = (_WHOLE.match(line) for line in plans(store, statements))
    names = {match["sqlite"] or match["postgresql"] for match in found if match}
    return {name for name in names if not _NO_TABLE.match(name)}


def test_no_common_way_reads_a_whole_table(shop: Town, counter: Counter) -> None:
    people = [regular(shop) for _ in range(4)]
    shop.skips(days=1)
    newcomer, code = shop.newcomer(), unquote(urlsplit(shop.counter_link()).query)
    page = counter.browser.address(f"/staff/members/{people[3].member.number}")
    found = counter.browser.post("/staff/members", q="さくら").location
    ways: dict[str, Way] = {
        "a scan": scan(counter, people[0], amount=1200),
        "a check-in": message(shop, people[1], code),
        "a card": message(shop, people[2], "カード"),
        "joining": newcomer.follows,
        "a search": lambda: counter.browser.get(found),
        "a member's page": lambda: counter.browser.get(page),
    }
    for name, way in ways.items():
        statements = counted(shop, way).statements
        assert len(statements) > 3, name
        assert _read_whole(shop.club.store, statements) <= _SMALL, name
