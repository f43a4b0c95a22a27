from datetime import UTC, datetime

import pytest

from bot.store.history.claims import KeyReused
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.membership import change_membership
from handlers.actions.recording.record import Request
from rules.activity import Referral, Visit
from rules.programme.earning import Grant
from tests.handlers.clubs import DAY, HOUR, MONDAY_NOON, SmallClub, club_on
from tests.rules.examples import CAFE, changed


def test_a_visit_brings_its_points_and_stays_in_the_history(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=24)
    outcome = cafe.visits(member)
    assert outcome.done
    assert Grant("visit", 10) in outcome.grants
    assert "first_visit" in outcome.badges
    assert outcome.balance == cafe.balance(member) == 50 + outcome.points
    assert [type(r.activity.what) for r in cafe.history(member)][1:] == [Visit]
    assert cafe.differences(member) == []


def test_a_second_visit_on_a_day_is_refused_and_changes_nothing(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    cafe.visits(member)
    before = cafe.member(member)
    cafe.passes(hours=1)
    outcome = cafe.visits(member)
    assert outcome.refused == "visited_today"
    # The next business day begins at four in the morning, Japan's time.
    assert outcome.again_at == datetime(2026, 1, 5, 19, tzinfo=UTC)
    assert cafe.member(member) == before


def test_a_repeat_of_a_key_gives_the_first_outcome_and_changes_nothing(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    first = cafe.visits(member, key="scan:1")
    before = cafe.member(member)
    cafe.passes(days=3)
    assert cafe.visits(member, key="scan:1") == first
    assert cafe.member(member) == before


def test_a_refusal_is_remembered_for_its_key_too(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member)
    refused = cafe.visits(member, key="scan:2")
    cafe.passes(days=1)
    assert cafe.visits(member, key="scan:2") == refused
    assert cafe.visits(member, key="scan:3").done


@pytest.mark.parametrize("change", [{"store": "kawabe"}, {"by": "api"}])
def test_the_same_key_for_something_else_is_an_error(
    cafe: SmallClub, change: dict[str, str]
) -> None:
    member = cafe.joins()
    cafe.visits(member, key="scan:1")
    with pytest.raises(KeyReused):
        cafe.visits(member, key="scan:1", **change)  # type: ignore[arg-type]


def test_the_same_key_for_somebody_else_is_an_error(cafe: SmallClub) -> None:
    one, other = cafe.joins(), cafe.joins()
    cafe.visits(one, key="scan:1")
    with pytest.raises(KeyReused):
        cafe.visits(other, key="scan:1")
    assert cafe.member(other).facts.visits == 0


def test_a_late_visit_counts_for_the_day_it_was_made_on(cafe: SmallClub) -> None:
    member = cafe.joins()
    for _ in range(2):
        cafe.passes(days=2)
        cafe.visits(member)
    late = cafe.visits(member, at=cafe.now - DAY)
    assert late.done
    assert [r.activity.day.day for r in cafe.history(member)] == [5, 7, 9, 8]
    # The third visit of the month was the one on the ninth, whichever was recorded last.
    assert cafe.member(member).facts.rank.id == "bronze"
    assert cafe.member(member).facts.rank.since == cafe.history(member)[2].activity.day
    assert cafe.differences(member) == []


def test_a_late_visit_is_refused_where_it_would_undo_one_already_taken(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=30)
    cafe.visits(member)
    before = cafe.member(member)
    assert cafe.visits(member, at=cafe.now - HOUR).refused == "visited_today"
    assert cafe.member(member) == before


def test_a_visit_before_joining_counts_from_joining(cafe: SmallClub) -> None:
    member = cafe.joins()
    outcome = cafe.visits(member, at=cafe.now - 40 * DAY)
    assert outcome.done
    assert cafe.history(member)[-1].activity.at == MONDAY_NOON
    assert cafe.differences(member) == []


def test_a_device_whose_clock_runs_ahead_makes_nothing_late(cafe: SmallClub) -> None:
    member = cafe.joins()
    assert cafe.visits(member, at=cafe.now + 900 * DAY).done
    assert cafe.member(member).facts.last_at == cafe.now
    cafe.passes(days=1)
    assert cafe.visits(member).done
    assert cafe.differences(member) == []


def test_a_visit_judged_late_after_the_month_was_settled_still_counts_for_it(
    cafe: SmallClub,
) -> None:
    """An offline queue: nothing newer is recorded, but the night has judged the month."""
    from handlers.actions.calendar.settle import settle

    member = cafe.joins()
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member)
    cafe.clock.set(datetime(2026, 2, 1, 19, 10, tzinfo=UTC))
    with cafe.work() as work:
        settle(work, member, day=work.now.date())
    assert cafe.visits(member, at=datetime(2026, 1, 31, 3, tzinfo=UTC)).done
    assert cafe.differences(member) == []


def test_somebody_who_left_is_told_so(cafe: SmallClub) -> None:
    member = cafe.joins()
    with cafe.work() as work:
        change_membership(work.acting("staff").under(cafe.key()), member, "left", at=work.now)
    assert cafe.visits(member).refused == "left"


def test_a_referred_friends_first_visit_gives_to_both(cafe: SmallClub) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    assert cafe.balance(regular) == 50
    cafe.passes(hours=1)
    outcome = cafe.visits(friend, key="scan:1")
    assert Grant("referred", 100) in outcome.grants
    assert outcome.balance == cafe.balance(friend)
    assert cafe.balance(regular) == 150
    assert cafe.visits(friend, key="scan:1") == outcome
    cafe.passes(days=1)
    assert Grant("referred", 100) not in cafe.visits(friend).grants
    assert cafe.balance(regular) == 150
    assert cafe.differences(regular, friend) == []


def test_a_referral_may_count_at_joining(database_url: str) -> None:
    text = changed(CAFE, ('counts_at = "first_visit"', 'counts_at = "registration"'))
    with club_on(database_url, text) as cafe:
        regular = cafe.joins()
        friend = cafe.joins(referred_by=regular)
        assert (cafe.balance(regular), cafe.balance(friend)) == (150, 150)
        assert Grant("referred", 100) not in cafe.visits(friend).grants
        assert cafe.differences(regular, friend) == []


def test_a_referral_is_of_the_first_visit_also_when_that_arrives_late(cafe: SmallClub) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    first = cafe.passes(days=1)
    cafe.passes(days=41)
    assert cafe.visits(friend, key="scan:2").points == 110
    assert cafe.visits(friend, at=first, key="scan:1").points == 110
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 170)
    referrals = [r.activity for r in cafe.history(regular) if r.activity.what == Referral(friend)]
    assert [activity.at for activity in referrals] == [first]
    assert cafe.differences(regular, friend) == []
    # What was first counts no more: what is first now does, for both.
    assert cafe.undoes(friend, "scan:1").points == -10
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 160)
    assert cafe.undoes(friend, "scan:2").points == -110
    assert (cafe.balance(regular), cafe.balance(friend)) == (50, 50)
    assert cafe.differences(regular, friend) == []


def test_a_referral_is_not_lost_when_the_programme_counts_it_otherwise_meanwhile(
    cafe: SmallClub,
) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    cafe.publishes(changed(CAFE, ('counts_at = "first_visit"', 'counts_at = "registration"')))
    cafe.passes(days=1)
    assert Grant("referred", 100) in cafe.visits(friend).grants
    assert (cafe.balance(regular), cafe.balance(friend)) == (150, 160)
    assert cafe.differences(regular, friend) == []


def test_a_transaction_that_dies_halfway_leaves_nothing(cafe: SmallClub) -> None:
    member = cafe.joins()
    before = cafe.member(member)
    came = Request(member, Visit("staff"), cafe.now, "ekimae")

    def dies() -> None:
        with cafe.work() as work:
            assert check_in(work.acting("staff").under("scan:1"), came).done
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        dies()
    assert cafe.member(member) == before
    assert len(cafe.history(member)) == 1
    assert cafe.differences(member) == []
    assert cafe.visits(member, key="scan:1").done


def test_a_switched_on_campaign_counts_where_and_when_it_was_on(cafe: SmallClub) -> None:
    from bot.store.history import switches

    member = cafe.joins()
    with cafe.work() as work:
        today = work.timeline.latest.programme.shop.business_date(work.now)
        switches.switch(work.uow, "kawabe", today, "rain", to=True, at=work.now)
    assert Grant("campaign:rain", 10) in cafe.visits(member, store="kawabe").grants
    with cafe.work() as work:
        switches.switch(work.uow, "kawabe", today, "rain", to=False, at=work.now)
    assert cafe.differences(member) == []
    other = cafe.joins()
    assert Grant("campaign:rain", 10) not in cafe.visits(other, store="kawabe").grants
