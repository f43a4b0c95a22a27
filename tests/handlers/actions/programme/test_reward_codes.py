"""Codes for a web shop: handed out with their reward, told when few are left, back when undone."""

import pytest
from sqlalchemy import select

from bot.codes import RewardUse
from bot.store.history import reward_codes
from bot.store.history.reward_codes import SEALED_FOR
from bot.store.staff import flags
from bot.store.tables import metadata
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.membership import erase
from handlers.actions.programme.reward_codes import add_codes
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request, record
from handlers.showing.web_codes import codes_taken
from rules.activity import Adjustment
from rules.wording.words import Words
from tests.handlers.actions.members.two_cards import merges
from tests.handlers.clubs import SmallClub
from tests.rules.examples import CAFE, changed

OWNER = Actor(1, "Boss", "owner", "ekimae")
WITH_CODES = changed(CAFE, ("value_yen = 100\n", "value_yen = 100\ncodes = { low = 1 }\n"))
CODES = ("SPRING-1", "SPRING-2", "SPRING-3")


@pytest.fixture
def cafe(cafe: SmallClub) -> SmallClub:
    cafe.publishes(WITH_CODES)
    brings(cafe, *CODES)
    return cafe


def rich(cafe: SmallClub, points: int) -> int:
    member_id = cafe.joins()
    with cafe.work() as work:
        what = Adjustment(points - 50)
        record(work.acting("staff").under(cafe.key()), Request(member_id, what, work.now))
    return member_id


def brings(cafe: SmallClub, *codes: str, key: str = "test:codes") -> str | None:
    sealed = [cafe.club.codes.seal(SEALED_FOR, code) for code in codes]
    with cafe.work(OWNER, key=key) as work:
        return add_codes(work, "off_100", sealed).refused


def takes(cafe: SmallClub, member_id: int, key: str) -> str | None:
    with cafe.work("member", key=key) as work:
        return redeem(work, member_id, RewardUse("off_100"), at=work.now).refused


def has(cafe: SmallClub, member_id: int) -> list[str]:
    with cafe.store.read() as uow:
        words = Words(cafe.timeline.latest.programme, "ja")
        return [each.code for each in codes_taken(cafe.club, uow, member_id, words)]


def told(cafe: SmallClub) -> list[int | str]:
    with cafe.store.read() as uow:
        found = flags.page(uow, store=None, limit=9)
    return [each.details["count"] for each in found if each.kind == "codes_low"]


def test_each_gets_one_a_repeat_no_second_and_the_last_is_the_last(cafe: SmallClub) -> None:
    first, second = rich(cafe, 450), rich(cafe, 450)
    assert takes(cafe, first, "a") is None
    assert takes(cafe, first, "a") is None
    assert takes(cafe, second, "b") is None
    assert has(cafe, first) == ["SPRING-1"]
    assert takes(cafe, second, "c") is None
    assert takes(cafe, second, "d") == "reward_stock"
    assert has(cafe, second) == ["SPRING-3", "SPRING-2"]


def test_the_owner_is_told_once_when_few_are_left_and_anew_after_more(cafe: SmallClub) -> None:
    member = rich(cafe, 900)
    takes(cafe, member, "a")
    assert told(cafe) == []
    takes(cafe, member, "b")
    takes(cafe, member, "c")
    assert told(cafe) == [1]
    assert brings(cafe, "MORE-1", key="test:more") is None
    takes(cafe, member, "d")
    assert sorted(told(cafe)) == [0, 1]


def test_what_is_undone_gives_its_code_back(cafe: SmallClub) -> None:
    member = rich(cafe, 450)
    takes(cafe, member, "card:a")
    assert cafe.undoes(member, "card:a").done
    assert has(cafe, member) == []
    with cafe.store.read() as uow:
        assert reward_codes.left(uow, ["off_100"]) == {"off_100": 3}


def test_codes_go_with_the_card_that_takes_another_over_and_back_with_it(cafe: SmallClub) -> None:
    keep, other = rich(cafe, 450), rich(cafe, 450)
    takes(cafe, keep, "card:a")
    takes(cafe, other, "card:b")
    assert merges(cafe, keep, other).done
    assert has(cafe, keep) == ["SPRING-2", "SPRING-1"]
    assert cafe.undoes(keep, "staff:m").done
    assert (has(cafe, keep), has(cafe, other)) == (["SPRING-1"], ["SPRING-2"])
    assert cafe.undoes(other, "card:b").done
    assert (has(cafe, keep), has(cafe, other)) == (["SPRING-1"], [])


def test_of_who_is_erased_no_code_is_known_and_nobody_else_gets_it(cafe: SmallClub) -> None:
    gone, other = rich(cafe, 450), rich(cafe, 450)
    takes(cafe, gone, "a")
    with cafe.work("member", key="test:erase") as work:
        assert erase(work, gone).done
    assert has(cafe, gone) == []
    assert brings(cafe, "SPRING-1", key="test:again") is None
    for key in "bcd":
        takes(cafe, other, key)
    assert has(cafe, other) == ["SPRING-3", "SPRING-2"]
    with cafe.store.read() as uow:
        rows = list(uow.run(select(metadata.tables["reward_codes"].c.member_id)).scalars())
        assert gone not in rows
        assert reward_codes.counts(uow)["off_100"].given == 3


def test_a_code_stays_with_its_member_when_its_reward_goes(cafe: SmallClub) -> None:
    member = rich(cafe, 450)
    takes(cafe, member, "a")
    cafe.publishes(CAFE)
    assert has(cafe, member) == ["SPRING-1"]
    cafe.passes(days=181)
    assert has(cafe, member) == []


def test_a_reward_without_codes_takes_none(cafe: SmallClub) -> None:
    with cafe.work(OWNER, key="test:no") as work:
        assert add_codes(work, "cookie", ["x"]).refused == "codes_unknown"


def test_no_table_says_a_code_as_it_is(cafe: SmallClub) -> None:
    member = rich(cafe, 450)
    takes(cafe, member, "a")
    with cafe.store.read() as uow:
        rows = [row for table in metadata.sorted_tables for row in uow.run(select(table))]
    assert rows
    assert "SPRING" not in str(rows)
