from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.store.finding.holdings import holdings
from bot.store.staff import devices, staff
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.members.membership import erase
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as cafe:
        yield cafe


def test_what_people_hold_is_counted_by_the_programmes_ids(cafe: SmallClub) -> None:
    fan, erased = cafe.joins(), cafe.joins()
    for member in (fan, erased):
        for _ in range(3):
            cafe.passes(days=1)
            cafe.visits(member)
    day = cafe.timeline.latest.programme.shop.business_date(cafe.now)
    with cafe.work(key=cafe.key()) as work:
        offer(work, fan, Promise("lapsed", day + timedelta(days=9), "welcome_back"), at=work.now)
        erase(work.under(cafe.key()), erased)
    with cafe.store.begin() as uow:
        for login, store in (("a", "ekimae"), ("b", "ekimae"), ("c", None), ("d", "kawabe")):
            person = staff.add(
                uow,
                login=login,
                name=login,
                role="staff",
                store=store,
                language="ja",
                at=cafe.now,
            )
            if login == "d" and person:
                staff.change(uow, person.id, disabled_at=cafe.now)
        for name in ("till", "lost"):
            device = devices.add(
                uow, name=name, store="kawabe", token_hash=name, by=None, at=cafe.now
            )
        devices.revoke(uow, device.id, at=cafe.now)

    held = holdings(cafe.store, day=day)
    assert held.ranks == {"bronze": 1}
    assert held.badges == {"first_visit": 1, "new_year": 1}
    assert held.streaks == {"weekly": 1}
    assert held.vouchers == {"welcome_back": 1}
    assert held.desks == {"ekimae": 2, "kawabe": 1}
    assert held.balances == (cafe.balance(fan),)
    # A promise whose last day is over is none.
    assert holdings(cafe.store, day=day + timedelta(days=10)).vouchers == {}
