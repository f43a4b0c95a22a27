"""How long an offer holds, and when something is said: at any hour, with any quiet hours."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.events.event import Sitting, may_move_up
from rules.events.moments import is_urgent, last_moment, offer_ends, reminds_at, thanks_at
from rules.sending.policy import SendingPolicy, quiet_until
from tests.chance import examples
from tests.rules.examples import cafe

SHOP = cafe().shop
NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
HOUR, DAY, STEP = timedelta(hours=1), timedelta(days=1), timedelta(minutes=15)

_moments = st.integers(0, 5 * 24 * 4).map(lambda quarters: NOW + quarters * STEP)
_policies = (
    st.tuples(st.integers(0, 23), st.integers(0, 23))
    .filter(lambda hours: hours[0] != hours[1])
    .map(lambda hours: SendingPolicy(quiet_from=time(hours[0]), quiet_until=time(hours[1])))
)


def sitting_at(starts: datetime) -> Sitting:
    return Sitting(1, starts, starts + 2 * HOUR, 3)


def loud(policy: SendingPolicy, since: datetime, until: datetime) -> timedelta:
    """How much of the time between isn't quiet, to a quarter of an hour."""
    quarters = [since + n * STEP for n in range((until - since) // STEP)]
    return sum((STEP for at in quarters if quiet_until(policy, SHOP, at) is None), timedelta())


@settings(max_examples=examples(60), deadline=None)
@given(policy=_policies, now=_moments, starts=_moments, hours=st.integers(1, 72))
def test_an_offer_holds_so_many_hours_that_are_not_quiet_and_ends_while_another_may_come(
    policy: SendingPolicy, now: datetime, starts: datetime, hours: int
) -> None:
    sitting = sitting_at(starts)
    assume(may_move_up(sitting, now))
    until = offer_ends(policy, SHOP, sitting, hours=hours, now=now)
    assert now < until <= last_moment(sitting) < sitting.starts_at
    held = loud(policy, now, until)
    assert held <= hours * HOUR
    if until < last_moment(sitting):
        assert held == hours * HOUR


@given(starts=_moments)
def test_it_is_reminded_the_day_before_and_thanked_for_the_day_after(starts: datetime) -> None:
    sitting, its = sitting_at(starts), SHOP
    reminded, thanked = reminds_at(its, sitting), thanks_at(its, sitting)
    assert reminded < sitting.starts_at < sitting.ends_at < thanked
    assert its.local(reminded).date() == its.local(starts).date() - DAY
    assert (its.local(reminded).time(), its.local(thanked).time()) == (time(10), time(10))
    assert its.business_date(thanked) == its.business_date(sitting.ends_at) + DAY


@given(policy=_policies, now=_moments, starts=_moments)
def test_that_it_is_off_waits_for_the_morning_only_where_that_is_early_enough(
    policy: SendingPolicy, now: datetime, starts: datetime
) -> None:
    sitting, its = sitting_at(starts), SHOP
    urgent = is_urgent(policy, its, sitting, now)
    if its.local(now).date() == its.local(starts).date():
        assert urgent
    elif not urgent:
        wakes = quiet_until(policy, its, now) or now
        assert wakes <= starts or now > starts
