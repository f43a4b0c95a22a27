"""What cards show, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.store.finding import cards
from bot.store.finding.cards import CardDetails
from bot.store.history import ledger, switches
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def _details(cafe: SmallClub, member: int) -> CardDetails:
    with cafe.store.glance() as uow:
        return cards.details(uow, member, cafe.now.date())


def test_a_card_shows_the_name_that_staff_know_and_every_open_lot(cafe: SmallClub) -> None:
    known, new = cafe.joins(), cafe.joins()
    for _ in range(3):
        cafe.visits(known)
        cafe.passes(days=1)
    with cafe.store.begin() as uow:
        profiles.put(uow, known, Profile(name="髙橋 花子"), at=cafe.now)
        lots = ledger.open_lots(uow, known)
    assert len(lots) > 3
    assert _details(cafe, known) == CardDetails("髙橋 花子", lots, {})
    assert _details(cafe, new).name == ""
    assert sum(lot.left for lot in _details(cafe, new).lots) == cafe.balance(new)


def test_of_nobody_there_is_nothing(cafe: SmallClub) -> None:
    assert _details(cafe, 404) == CardDetails("", (), {})


def test_a_card_knows_where_a_campaign_is_on_as_it_was_switched_last(cafe: SmallClub) -> None:
    member, hour = cafe.joins(), timedelta(hours=1)
    done = [
        ("ekimae", "rain", True, 1), ("kawabe", "rain", True, 2), ("kawabe", "snow", True, 2),
        ("ekimae", "rain", False, 3), ("kawabe", "snow", False, 1),
    ]  # fmt: skip
    with cafe.store.begin() as uow:
        for store, campaign, to, hours in done:
            at = cafe.now - 4 * hour + hours * hour
            switches.switch(uow, store, cafe.now.date(), campaign, to=to, at=at)
        switches.switch(
            uow, "ekimae", cafe.now.date() - timedelta(days=1), "rain", to=True, at=cafe.now
        )
    here = {"rain": frozenset({"kawabe"}), "snow": frozenset({"kawabe"})}
    assert _details(cafe, member).switched_on == here
