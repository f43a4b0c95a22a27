"""How many subscribe to what, of those who are in the club."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.store.members import subscribed
from handlers.actions.members.membership import change_membership
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.record import Request, carry_out
from rules.activity import Subscribed, Unsubscribed
from tests.handlers.clubs import DESK, SmallClub, club_on
from tests.handlers.jobs.messages import everybody
from tests.rules.examples import BEANS, CAFE

TEA = BEANS.replace('"beans"', '"tea"').replace("31", "41")


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        club.publishes(CAFE + BEANS + TEA)
        yield club


def begins(cafe: SmallClub, member_id: int, of: str, days: int | None = None) -> None:
    with cafe.work("staff", key=cafe.key()) as work:
        until = work.day + timedelta(days=days) if days is not None else None
        what = Subscribed(of, until=until)
        assert carry_out(work, Request(member_id, what, cafe.now)).done


def counted(cafe: SmallClub, ahead: int = 0) -> tuple[int, dict[str, int]]:
    with cafe.store.read() as uow:
        shop = cafe.timeline.at(cafe.now).programme.shop
        found = subscribed.count(uow, shop.business_date(cafe.now) + timedelta(days=ahead))
    return found.members, dict(found.of_each)


def test_each_is_counted_while_it_runs(cafe: SmallClub) -> None:
    a, b, over, _ = everybody(cafe, 4)
    begins(cafe, a, "beans")
    begins(cafe, b, "beans", 2)
    begins(cafe, b, "tea", 1)
    begins(cafe, over, "tea", 0)
    assert counted(cafe) == (3, {"beans": 2, "tea": 2})
    assert counted(cafe, ahead=1) == (2, {"beans": 2, "tea": 1})
    assert counted(cafe, ahead=3) == (1, {"beans": 1})
    assert counted(cafe, ahead=-1) == (0, {})


def test_who_left_or_ended_it_is_not_counted_and_two_cards_are_one(cafe: SmallClub) -> None:
    left, ended, keep, other = everybody(cafe, 4)
    for each in (left, ended, keep, other):
        begins(cafe, each, "beans")
    with cafe.work("staff", key=cafe.key()) as work:
        assert change_membership(work, left, "left", at=cafe.now).done
    with cafe.work("staff", key=cafe.key()) as work:
        assert carry_out(work, Request(ended, Unsubscribed("beans"), cafe.now)).done
    with cafe.work() as work:
        assert merge(work.acting(DESK), MergeRequest(keep, other)).done
    assert counted(cafe) == (1, {"beans": 1})
