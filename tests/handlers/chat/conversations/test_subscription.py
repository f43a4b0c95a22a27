"""LINE's own membership: joined, renewed, left, in whatever order that is told."""

from datetime import timedelta

import pytest

from bot.store.history import history
from bot.store.members import line_plans
from handlers.actions.members.membership import erase
from handlers.showing.exported import export
from handlers.showing.viewer import viewer_of
from rules.activity import Subscribed, Unsubscribed
from tests.handlers.chat.conftest import Person, World, event, words
from tests.rules.examples import BEANS

DONATION = '[[rewards]]\nid = "donation"\n'


@pytest.fixture
def club(any_world: World) -> World:
    any_world.publish((DONATION, f"{BEANS}\n{DONATION}"))
    return any_world


def holds(person: Person) -> bool:
    card = person.card
    mark = card.facts.subscriptions.get("beans")
    day = person.world.club.timeline().latest.programme.shop.business_date(person.world.now())
    return bool(mark and mark.holds_on(day))


def test_whoever_joins_is_thanked_and_told_what_they_have(club: World) -> None:
    sakura = club.member()
    answer = words(sakura.tells_membership("joined", 3189))
    assert "「豆の定期便」のお申し込み、ありがとうございます" in answer
    assert "レジで10%引き" in answer
    assert holds(sakura)


def test_a_renewal_says_nothing_and_leaves_the_first_day(club: World) -> None:
    sakura = club.member()
    sakura.tells_membership("joined", 3189)
    since = sakura.card.facts.subscriptions["beans"].since
    club.travel(timedelta(days=31))
    assert sakura.tells_membership("renewed", 3189) == []
    assert sakura.card.facts.subscriptions["beans"].since == since


def test_a_renewal_of_what_nobody_told_us_begins_it(club: World) -> None:
    sakura = club.member()
    assert "豆の定期便" in words(sakura.tells_membership("renewed", 3190))
    assert holds(sakura)


def test_whoever_leaves_is_thanked_and_has_it_no_more(club: World) -> None:
    sakura = club.member()
    sakura.tells_membership("joined", 3189)
    club.travel(timedelta(days=40))
    assert "ご利用が終わりました" in words(sakura.tells_membership("left", 3189))
    assert not holds(sakura)


def test_a_plan_that_the_programme_names_nowhere_changes_nothing(club: World) -> None:
    sakura = club.member()
    assert sakura.tells_membership("joined", 7) == []
    assert sakura.card.facts.subscriptions == {}


def told_plans(world: World) -> dict[int, int]:
    with world.club.store.read() as uow:
        return line_plans.counted(uow)


def test_a_plan_that_nothing_names_is_kept_for_the_owner_until_it_is_left(club: World) -> None:
    sakura, ken = club.member(), club.person("けん")
    joined = sakura.tells_membership("joined", 7)
    ken.tells_membership("joined", 7)
    sakura.tells_membership("renewed", 7)
    assert joined == []
    assert told_plans(club) == {7: 2}
    club.travel(timedelta(days=40))
    sakura.tells_membership("left", 7)
    assert told_plans(club) == {7: 1}


def test_what_line_told_of_a_plan_is_taken_along_and_goes_with_its_account(club: World) -> None:
    sakura = club.member()
    sakura.tells_membership("joined", 7)
    viewer = viewer_of(club.club, sakura.card)
    with club.club.store.read() as uow:
        held = export(uow, viewer, account=sakura.user_id, shares=False).data["line_plans"]
    assert [(each["plan"], each["told"]) for each in held] == [(7, "joined")]
    with club.club.work("staff", key="test:erase") as work:
        assert erase(work, sakura.card.id).done
    assert told_plans(club) == {}


def test_somebody_without_a_card_gets_one_with_it(club: World) -> None:
    hana = club.person("はな")
    answer = words(hana.tells_membership("joined", 3189))
    assert "豆の定期便" in answer
    assert holds(hana)


def test_sent_twice_by_line_it_is_done_once(club: World) -> None:
    sakura = club.member()
    one = event(sakura, "membership", membership={"type": "joined", "membershipId": 3189})
    again = {**one, "deliveryContext": {"isRedelivery": True}}
    club.post([one, again])
    club.handle()
    club.post([again])
    club.handle()
    with club.club.store.read() as uow:
        found = [r.activity.what for r in history.of(uow, sakura.card.id)]
    assert sum(isinstance(what, Subscribed) for what in found) == 1


def test_an_end_that_comes_before_its_beginning_stays_the_end(club: World) -> None:
    sakura = club.member()
    club.travel(timedelta(days=2))
    kinds = [("left", 0), ("joined", 3_600_000)]
    events = [
        event(sakura, "membership", membership={"type": kind, "membershipId": 3189})
        for kind, _ in kinds
    ]
    for each, (_, earlier) in zip(events, kinds, strict=True):
        each["timestamp"] -= earlier
        club.post([each])
        club.handle()
    assert not holds(sakura)
    with club.club.store.read() as uow:
        found = [r.activity.what for r in history.of(uow, sakura.card.id)]
    assert any(isinstance(what, Unsubscribed) for what in found)


def test_the_card_and_the_ranks_in_the_chat_tell_of_it_until_it_ends(club: World) -> None:
    sakura = club.member()
    sakura.tells_membership("joined", 3189)
    assert "豆の定期便（" in words(sakura.write("カード"))
    assert "豆の定期便（" in words(sakura.write("ランク"))
    club.travel(timedelta(days=1))
    sakura.tells_membership("left", 3189)
    assert "豆の定期便（" not in words(sakura.write("カード"))
    assert "豆の定期便（" not in words(sakura.write("ランク"))
