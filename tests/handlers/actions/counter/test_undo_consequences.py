"""What followed from what is undone goes with it, or moves on: gifts of a birthday, a referral."""

from collections.abc import Iterator

import pytest

from bot.codes import RewardUse
from handlers.actions.calendar.occasions import celebrate_birthday
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.membership import change_membership
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.outcome import Outcome
from rules.facts import Birthday
from tests.handlers.clubs import TUESDAY_NOON, SmallClub, club_on
from tests.rules.examples import CAFE, changed


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    """The café that ships, on each database, on an ordinary day."""
    with club_on(database_url, now=TUESDAY_NOON) as club:
        yield club


def redeems(cafe: SmallClub, member: int, reward: str, key: str) -> Outcome:
    with cafe.work("staff", key=key) as work:
        return redeem(work, member, RewardUse(reward, None), at=cafe.now)


def test_a_first_visit_takes_the_referral_with_it(cafe: SmallClub) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    cafe.passes(hours=1)
    before = cafe.member(regular).facts, cafe.member(friend).facts
    cafe.visits(friend, key="scan:1")
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 160)
    undone = cafe.undoes(friend, "scan:1")
    assert (undone.points, undone.balance) == (-110, 50)
    assert (cafe.member(regular).facts, cafe.member(friend).facts) == before
    assert cafe.differences(regular, friend) == []
    cafe.passes(days=1)
    cafe.visits(friend)
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 160)


def test_a_birthday_told_again_completes_the_profile_in_place_of_the_one_undone(
    cafe: SmallClub,
) -> None:
    member = cafe.joins()
    for month in (1, 2):
        with cafe.work("member", key=f"b{month}") as work:
            told = ToldBirthday(member, Birthday(month, 3, None), work.now)
            assert tell_birthday(work, told).done
    assert cafe.balance(member) == 80
    assert cafe.undoes(member, "b1").done
    assert cafe.balance(member) == 80
    assert cafe.undoes(member, "b2").done
    assert cafe.balance(member) == 50
    assert cafe.member(member).facts.birthday is None
    assert cafe.differences(member) == []


def tells(cafe: SmallClub, member: int, month: int, key: str) -> Outcome:
    with cafe.work("member", key=key) as work:
        return tell_birthday(work, ToldBirthday(member, Birthday(month, 3, None), work.now))


def celebrates(cafe: SmallClub, member: int) -> Outcome | None:
    with cafe.work() as work:
        return celebrate_birthday(work, member, day=work.day)


def test_a_birthday_told_again_completes_it_by_the_programme_of_that_moment(
    cafe: SmallClub,
) -> None:
    member = cafe.joins()
    assert tells(cafe, member, 1, "b1").points == 30
    cafe.publishes(changed(CAFE, ("points = 30 }", "points = 45 }")))
    assert tells(cafe, member, 2, "b2").points == 0
    undone = cafe.undoes(member, "b1")
    assert (undone.points, undone.balance) == (15, 95)
    assert cafe.differences(member) == []


def test_a_birthday_takes_its_gift_with_it_and_the_true_one_brings_it_again(
    cafe: SmallClub,
) -> None:
    member = cafe.joins()
    tells(cafe, member, 1, "b1")
    gift = celebrates(cafe, member)
    assert gift is not None
    assert (gift.points, len(gift.vouchers)) == (100, 1)
    undone = cafe.undoes(member, "b1")
    assert (undone.points, undone.balance) == (-130, 50)
    assert cafe.member(member).facts.vouchers == ()
    assert celebrates(cafe, member) is None
    tells(cafe, member, 3, "b2")
    cafe.passes(days=60)
    again = celebrates(cafe, member)
    assert again is not None
    assert (again.points, cafe.balance(member)) == (100, 180)
    assert celebrates(cafe, member) is None
    assert cafe.differences(member) == []


def test_a_gift_that_was_spent_refuses_the_birthdays_undo(cafe: SmallClub) -> None:
    member = cafe.joins()
    tells(cafe, member, 1, "b1")
    celebrates(cafe, member)
    assert redeems(cafe, member, "off_100", "use:1").done
    assert cafe.undoes(member, "b1").refused == "undo_spent"
    assert cafe.differences(member) == []


def test_a_referral_moves_on_to_the_next_visit(cafe: SmallClub) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    for n in range(3):
        cafe.passes(days=1)
        cafe.visits(friend, key=f"scan:{n}")
    assert cafe.undoes(friend, "scan:0").points == -10
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 170)
    # It belongs to that visit now, and goes with it.
    assert cafe.undoes(friend, "scan:1").done
    assert cafe.undoes(friend, "scan:2").done
    assert (cafe.balance(regular), cafe.balance(friend)) == (50, 50)
    assert cafe.differences(regular, friend) == []


def test_a_referral_does_not_move_to_who_has_left(cafe: SmallClub) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    cafe.visits(friend, key="scan:1")
    with cafe.work("member", key="line:1") as work:
        change_membership(work, regular, "left", at=cafe.now)
    cafe.passes(days=1)
    cafe.visits(friend)
    assert cafe.undoes(friend, "scan:1").done
    assert (cafe.balance(regular), cafe.balance(friend)) == (50, 160)
    assert cafe.differences(regular, friend) == []


def test_a_referral_that_was_spent_refuses_the_friends_undo(cafe: SmallClub) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    cafe.visits(friend, key="scan:1")
    redeems(cafe, regular, "off_100", "use:1")
    undone = cafe.undoes(friend, "scan:1")
    assert (undone.refused, undone.missing) == ("undo_spent", 50)
    assert (cafe.balance(regular), cafe.balance(friend)) == (50, 160)
    assert cafe.undoes(regular, "scan:1").refused == "undo_friend"
    forced = cafe.undoes(friend, "scan:1", force=True)
    assert (forced.refused, forced.missing) == (None, 50)
    assert (cafe.balance(regular), cafe.balance(friend)) == (0, 50)
    assert cafe.differences(regular, friend) == []
