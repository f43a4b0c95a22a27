"""The inner circle: who is asked, who is in, and what becomes of a seat."""

from concurrent.futures import ThreadPoolExecutor

from bot.store.events import seats
from handlers.actions.events.circle import (
    SeatAnswer,
    SeatOutcome,
    answer_seat,
    invite_to_circle,
    leave_circle,
)
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.showing.exported import export
from handlers.showing.viewer import viewer_of
from rules.activity import Membership
from rules.events.circle import CircleSeat
from tests.handlers.actions.events.occasions import queued
from tests.handlers.actions.events.test_signing_up import people, user
from tests.handlers.clubs import DAY, MANAGER, SmallClub
from tests.rules.examples import CAFE, changed

#: The first rank brings a seat, and is reached by one visit.
ASKING = changed(
    CAFE,
    ("at = 3\n", "at = 1\n"),
    ('kind = "staff"                     # shown after', 'kind = "circle"  # shown after'),
)
NO_CIRCLE = changed(
    CAFE,
    ("[circle] ", "# "),
    ('name = { ja = "ご意見番の会"', "# "),
    ('about = { ja = "新しい豆を', "# "),
)


def answers(cafe: SmallClub, member: int, *, wanted: bool = True) -> SeatOutcome:
    with cafe.work("member", key=cafe.key()) as work:
        return answer_seat(work, SeatAnswer(member, wanted, "chat"))


def leaves(cafe: SmallClub, member: int) -> SeatOutcome:
    with cafe.work("member", key=cafe.key()) as work:
        return leave_circle(work, member, "chat")


def invites(cafe: SmallClub, member: int) -> SeatOutcome:
    with cafe.work(MANAGER, key=cafe.key()) as work:
        return invite_to_circle(work, member)


def seat(cafe: SmallClub, member: int) -> CircleSeat | None:
    with cafe.store.read() as uow:
        return seats.get(uow, member)


def state(cafe: SmallClub, member: int) -> str | None:
    found = seat(cafe, member)
    return found.state if found else None


def becomes(cafe: SmallClub, member: int, membership: Membership) -> None:
    with cafe.work("member", key=cafe.key()) as work:
        assert change_membership(work, member, membership, at=work.now).done


def test_who_reaches_the_rank_may_come_in_and_nobody_else(cafe: SmallClub) -> None:
    cafe.publishes(ASKING)
    a, b = people(cafe, 2)
    assert answers(cafe, a).refused == "circle_not_asked"
    assert state(cafe, a) is None
    cafe.visits(a, key="test:visit")
    assert answers(cafe, a).state == "in"
    again = answers(cafe, a)
    assert (again.state, again.again) == ("in", True), "tapped twice"
    assert answers(cafe, a, wanted=False).state == "in", "an old button is no leaving"
    assert answers(cafe, b).refused == "circle_not_asked"
    found = seat(cafe, a)
    assert found is not None
    assert (found.ground, found.via, found.joined_at) == ("rank", "chat", cafe.now)
    cafe.undoes(a, "test:visit")
    assert cafe.member(a).facts.rank.id is None
    assert state(cafe, a) == "in", "who is in stays, whatever becomes of the rank"


def test_an_invitation_is_good_days_later_and_after_a_no(cafe: SmallClub) -> None:
    a, b = people(cafe, 2)
    assert invites(cafe, a).state == "invited"
    assert invites(cafe, a).state == "invited", "twice tapped, or by two of the staff"
    assert queued(cafe, "circle_invite") == [(a, "2026-01-05")]
    cafe.passes(days=9)
    assert answers(cafe, a, wanted=False).state == "declined"
    cafe.passes(days=30)
    assert answers(cafe, a).state == "in"
    assert invites(cafe, a).state == "in"
    cafe.publishes(NO_CIRCLE)
    assert answers(cafe, b).refused == "circle_none"
    assert invites(cafe, b).refused == "circle_none"
    assert answers(cafe, a).refused == "circle_none"


def test_a_no_to_a_rank_leaves_it_open_whatever_becomes_of_the_rank(cafe: SmallClub) -> None:
    cafe.publishes(ASKING)
    [a] = people(cafe, 1)
    cafe.visits(a, key="test:visit")
    assert answers(cafe, a, wanted=False).state == "declined"
    cafe.undoes(a, "test:visit")
    assert cafe.member(a).facts.rank.id is None
    assert answers(cafe, a).state == "in"


def test_who_leaves_it_or_the_club_is_out_and_may_come_again(cafe: SmallClub) -> None:
    a, b = people(cafe, 2)
    for each in (a, b):
        invites(cafe, each)
        answers(cafe, each)
    becomes(cafe, a, "paused")
    assert state(cafe, a) == "in", "a pause keeps it"
    becomes(cafe, a, "active")
    assert leaves(cafe, a).state == "left"
    assert leaves(cafe, a).again
    becomes(cafe, b, "left")
    assert state(cafe, b) == "left"
    assert answers(cafe, b).refused == "left"
    becomes(cafe, b, "active")
    assert state(cafe, b) == "left"
    assert [answers(cafe, each).state for each in (a, b)] == ["in", "in"]


def test_of_two_cards_the_latest_word_counts_and_an_invitation_is_none(cafe: SmallClub) -> None:
    a, b, c, d = people(cafe, 4)
    for each in (a, b, c):
        invites(cafe, each)
    answers(cafe, a)
    cafe.passes(days=1)
    answers(cafe, b, wanted=False)
    cafe.passes(days=1)
    for keep, other in ((a, b), (d, c)):
        with cafe.work("member", key=cafe.key()) as work:
            assert merge(work, MergeRequest(keep, other)).done
    assert state(cafe, a) == "declined"
    assert state(cafe, d) == "invited"
    assert state(cafe, b) is None
    assert answers(cafe, d).state == "in"


def test_of_who_is_erased_nothing_stays_and_who_is_there_takes_it_along(cafe: SmallClub) -> None:
    [a] = people(cafe, 1)
    invites(cafe, a)
    answers(cafe, a)
    with cafe.store.read() as uow:
        viewer = viewer_of(cafe.club, cafe.member(a))
        taken = export(uow, viewer, account=user(0), shares=False)
    assert taken.data["circle"]["state"] == "in"
    assert taken.data["circle"]["asked_for"] == "staff"
    with cafe.work("member", key=cafe.key()) as work:
        assert erase(work, a).done
    assert seat(cafe, a) is None
    assert not cafe.differences(a)


def test_taps_that_come_at_once_make_one_seat(cafe: SmallClub) -> None:
    members = people(cafe, 6)
    for each in members:
        invites(cafe, each)
    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(lambda each: answers(cafe, each), members * 2))
    assert all(each.state == "in" for each in done)
    assert sum(not each.again for each in done) == len(members)
    with cafe.store.read() as uow:
        assert seats.counts(uow) == {"in": len(members)}
        assert list(seats.seated(uow, after=members[0], limit=2)) == members[1:3]
    cafe.passes(seconds=DAY.total_seconds())
