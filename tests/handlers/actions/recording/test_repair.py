"""A club that lived through one night ten years ahead is brought back from its history."""

from datetime import timedelta

from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.repair import RepairedMember, repair
from handlers.jobs.night import nightly
from rules.facts import Birthday
from tests.handlers.clubs import SmallClub

YEARS = timedelta(days=3652)


def lives(cafe: SmallClub) -> int:
    """A member with a rank, a birthday and points, and a night that is done."""
    member = cafe.joins()
    with cafe.work("member", key="b1") as work:
        tell_birthday(work, ToldBirthday(member, Birthday(1, 8, None), work.now))
    for _ in range(4):
        cafe.passes(days=1)
        cafe.visits(member)
    nightly.run_if_due(cafe.club)
    return member


def runs_ahead(cafe: SmallClub) -> None:
    """The clock jumps; the nights run that it takes for points to go; it is put right."""
    right = cafe.now
    cafe.passes(days=YEARS.days)
    for _ in range(3):
        nightly.run_if_due(cafe.club)
        cafe.passes(days=70)
    cafe.clock.set(right)


def repaired(cafe: SmallClub, member: int) -> RepairedMember | None:
    with cafe.work(key=cafe.key()) as work:
        return repair(work, member)


def test_ranks_points_and_gifts_are_as_before_the_night(cafe: SmallClub) -> None:
    member = lives(cafe)
    before = cafe.member(member).facts
    assert before.rank.id is not None
    runs_ahead(cafe)
    ruined = cafe.member(member).facts
    assert ruined.rank.id != before.rank.id
    assert ruined.balance != before.balance
    found = repaired(cafe, member)
    assert found is not None
    assert found.gone > 0
    assert (found.rank, found.ahead, found.refused) == (before.rank.id, 0, None)
    assert cafe.member(member).facts == before
    assert cafe.differences(member) == []
    assert repaired(cafe, member) is None


def test_the_days_go_on_as_if_the_clock_had_been_right(cafe: SmallClub) -> None:
    member, other = lives(cafe), cafe.joins()
    runs_ahead(cafe)
    for each in (member, other):
        repaired(cafe, each)
    cafe.passes(days=1)
    assert cafe.visits(other).points == 10
    assert cafe.undoes(member, "b1").done
    assert cafe.differences(member, other) == []


def test_what_people_did_under_the_wrong_date_is_for_people_to_undo(cafe: SmallClub) -> None:
    member = lives(cafe)
    before = cafe.member(member).facts
    right = cafe.now
    cafe.passes(days=YEARS.days)
    nightly.run_if_due(cafe.club)
    cafe.visits(member, key="scan:late")
    cafe.clock.set(right)
    found = repaired(cafe, member)
    assert found is not None
    assert found.ahead == 1
    assert cafe.differences(member) == []
    assert cafe.undoes(member, "scan:late").done
    repaired(cafe, member)
    assert cafe.member(member).facts == before
    assert cafe.differences(member) == []
