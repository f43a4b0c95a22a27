"""Two years of the demo club: no page, picture or message contradicts another."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.store.history import programs
from handlers.commands import demo
from tests.chance import TIMES
from tests.conftest import FreshDatabase
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.club_life import Life, Person, founded, lives
from tests.journeys.town import Town, town
from tests.rules.examples import CAFE

#: When the demo club is filled: the closed days of its programme are so many years later.
NOW, LATER = datetime(2037, 11, 15, 3, tzinfo=UTC), 12
#: Month's ends and beginnings, the last days of a rank, days before and after closed ones.
DATES = (
    date(2038, 1, 31), date(2038, 3, 1), date(2038, 5, 27), date(2038, 7, 10), date(2038, 9, 25),
    date(2038, 12, 30), date(2039, 2, 26), date(2039, 5, 3), date(2039, 8, 1), date(2039, 11, 14),
)  # fmt: skip
#: How many members, and how many nights before each date: in a soak it is the whole demo, and
#: every night.
MEMBERS, NIGHTS = (7, 2) if TIMES == 1 else (min(demo.MEMBERS, 30 * TIMES), 400)
STEPS = {
    "revive", "first_visit", "keep_rank", "rank_up", "badge", "streak", "voucher", "reward_ready",
}  # fmt: skip
PUSHES = {
    "push.rank_at_risk.visits", "push.points_expiring.body_visit", "reached.rank_reached",
    "reached.rank_revived", "reached.badge", "reached.voucher", "journey.offer", "journey.given",
}  # fmt: skip


@pytest.fixture
def database_url(fresh_sqlite: FreshDatabase) -> Iterator[str]:
    """One is enough: what is asked here is no matter of the database."""
    with fresh_sqlite() as url:
        yield url


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café, with its closed days where the years are. So few members all get their gifts."""
    text = CAFE.replace('kind = "lapsed"', 'holdout = 0\nkind = "lapsed"')
    for year in (2028, 2027, 2026, 2025):
        text = text.replace(f"= {year}-", f"= {year + LATER}-")
    with town(database_url, tmp_path) as running:
        running.simulator.set_offset(NOW - datetime.now(UTC))
        with running.club.store.begin() as uow:
            programs.publish(uow, text, since=NOW - timedelta(days=400))
        running.club.programmes.forget()
        yield running


def some_change(life: Life) -> None:
    """One rests, two are the same person, two read English from now on."""
    one, two, three, four, five, *_ = (each for each in life.people if each.customer)
    life.changes(one, "paused")
    life.merges(two, three)
    for each in (four, five):
        each.customer and each.customer.taps("do=language&to=en")


def somebody_leaves(life: Life) -> None:
    life.changes(life.people[2], "left")


def they_come_back(life: Life) -> None:
    life.changes(life.people[2], "active")
    life.changes(life.people[0], "active")


HAPPENS: Mapping[date, Callable[[Life], None]] = dict(
    zip(DATES, (some_change, somebody_leaves, they_come_back), strict=False)
)


def comes(life: Life, person: Person) -> None:
    """A third of them are looked at as they are, a third after a scan, a third check in."""
    match (person.number + life.today.month) % 3 if person.comes else None:
        case 0:
            life.is_scanned(person)
        case 1 if person.customer:
            life.checks_in(person)
        case _:
            life.looks_everywhere(person)


def noon(life: Life) -> None:
    """Everybody is looked at, from everywhere."""
    for person in life.people:
        comes(life, person)
    if happens := HAPPENS.get(life.today):
        happens(life)


def test_a_month_that_no_night_has_judged_yet_is_over_for_everybody(
    shop: Town, counter: Counter
) -> None:
    customer = shop.newcomer()
    customer.follows()
    one = Person(0, customer.member.id, customer, set())
    life = Life(shop, counter, counter.desks.signed_in("mori", "manager"), [one], Random(0))
    for day in (20, 21, 22):
        life.sleeps_to(date(2037, 11, day))
        life.checks_in(one)
    assert life.ranks == {None, "bronze"}
    life.sleeps_to(date(2038, 2, 3))
    life.ranks.clear()
    life.looks_everywhere(one)
    assert not life.found
    assert life.ranks == {None}


@pytest.mark.soak
def test_no_page_picture_or_message_contradicts_another(shop: Town, counter: Counter) -> None:
    manager = counter.desks.signed_in("mori", "manager")
    life = founded(shop, counter, manager, count=MEMBERS, years=2)
    lives(life, dict.fromkeys(DATES, noon), nights=NIGHTS)

    assert not life.found, "\n".join(life.found)
    # And there was something to contradict.
    assert life.ranks == {None, "bronze", "silver", "gold"}
    assert life.steps >= STEPS
    assert life.pushed >= PUSHES
