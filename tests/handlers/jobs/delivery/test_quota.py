"""The month's messages: never more than there are, the important ones first, none lost."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from bot.store.messages.quota import QuotaState
from bot.store.staff import flags
from handlers.jobs.delivery.line import Delivery
from handlers.jobs.delivery.quota import tell_owner
from handlers.showing.month_quota import alarm, demands, quota_state
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import BAD_TOKEN, OK, SILENCE_AFTER, USED_UP, Line
from tests.handlers.jobs.messages import everybody, queue, row, statuses
from tests.rules.examples import CAFE, changed
from tests.waiting import SECONDS_MAX

#: 10:00 in Japan on 31 January, and on 1 February.
JANUARY_31, FEBRUARY_1 = datetime(2026, 1, 31, 1, tzinfo=UTC), datetime(2026, 2, 1, 1, tzinfo=UTC)


@pytest.fixture
def all_of_it(cafe: SmallClub) -> SmallClub:
    """A club that leaves nothing of its quota to broadcasts."""
    cafe.publishes(changed(CAFE, ("quota_reserve = 50", "quota_reserve = 0")))
    cafe.passes(seconds=11)
    return cafe


def _state(club: SmallClub) -> QuotaState:
    return quota_state(club.club, club.now)


def _tell(club: SmallClub, count: int, *, priorities: Sequence[int] = (5,)) -> None:
    """Queues a message of its own for each of `count` new members, priorities in turn."""
    for n, member in enumerate(everybody(club, count)):
        at = priorities[n % len(priorities)]
        queue(club, member, f"{n}", period=f"{n}", useful=timedelta(days=50), priority=at)


def _told(line: Line) -> list[str]:
    return sorted(push.messages[0]["text"] for push in line.accepted)


def test_what_is_left_is_the_smaller_of_what_line_and_we_have_counted(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    line.limit, line.used = 5_000, 100
    _tell(cafe, 3)
    delivery.deliver_due()
    state = _state(cafe)
    # LINE had not seen these three when it was asked.
    assert (state.plan, state.used_line, state.used_own, state.left) == (5_000, 100, 3, 4_897)
    cafe.passes(minutes=2)
    line.used = 1  # LINE's figure is approximate
    _tell_again(cafe)
    delivery.deliver_due()
    assert (_state(cafe).used_own, _state(cafe).left) == (4, 4_996)


def _tell_again(club: SmallClub) -> None:
    queue(club, club.joins("U" + "e" * 32), "again", period="again")


def test_the_first_messages_get_what_is_left(
    all_of_it: SmallClub, line: Line, delivery: Delivery
) -> None:
    line.limit, line.used = 200, 198
    _tell(all_of_it, 6, priorities=(7, 3, 5))
    delivery.deliver_due()
    assert _told(line) == ["1", "4"]
    assert statuses(all_of_it) == {"sent": 2, "queued": 4}
    assert row(all_of_it, "0").reason == "quota"


def test_workers_at_once_never_pass_the_plan(all_of_it: SmallClub, line: Line) -> None:
    line.limit, line.used = 200, 195
    _tell(all_of_it, 12)
    ready = Barrier(4)

    def work() -> None:
        delivery = Delivery(all_of_it.club)
        ready.wait(SECONDS_MAX)
        delivery.deliver_due()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result(SECONDS_MAX)
    assert len(line.accepted) == 5


def test_a_bigger_plan_lets_the_first_of_those_that_wait_go_at_once(
    all_of_it: SmallClub, line: Line, delivery: Delivery
) -> None:
    line.limit, line.used = 200, 200
    _tell(all_of_it, 4, priorities=(7, 3))
    delivery.deliver_due()
    assert line.pushed == []
    line.limit = 202
    all_of_it.passes(minutes=2)
    queue(all_of_it, all_of_it.joins("U" + "e" * 32), "9", period="9", priority=9)
    delivery.deliver_due()
    assert _told(line) == ["1", "3"]


def test_when_line_says_that_all_is_used_everything_waits_for_the_next_month(
    all_of_it: SmallClub, line: Line, delivery: Delivery
) -> None:
    all_of_it.clock.set(JANUARY_31)
    line.limit = 5_000
    line.answers = [USED_UP]
    _tell(all_of_it, 1)
    delivery.deliver_due()
    state = _state(all_of_it)
    assert (state.held, state.used_own) == ("monthly_limit", 0)
    all_of_it.passes(hours=6)
    delivery.deliver_due()
    assert len(line.pushed) == 1
    assert row(all_of_it, "0").status == "queued"
    all_of_it.clock.set(FEBRUARY_1)
    delivery.deliver_due()
    assert _told(line) == ["0"]
    assert (_state(all_of_it).held, _state(all_of_it).used_own) == (None, 1)


def test_or_for_a_bigger_plan(all_of_it: SmallClub, line: Line, delivery: Delivery) -> None:
    line.limit = 200
    line.answers = [USED_UP]
    _tell(all_of_it, 1)
    delivery.deliver_due()
    line.limit = 5_000
    all_of_it.passes(minutes=2)
    delivery.deliver_due()
    assert _told(line) == ["0"]


def test_what_is_of_no_use_any_more_ends_while_all_waits(
    all_of_it: SmallClub, line: Line, delivery: Delivery
) -> None:
    line.limit = 200
    line.react = lambda: USED_UP
    _tell(all_of_it, 1)
    queue(all_of_it, all_of_it.joins("U" + "e" * 32), period="short", useful=timedelta(hours=1))
    delivery.deliver_due()
    all_of_it.passes(hours=2)
    delivery.deliver_due()
    assert row(all_of_it, "short").reason == "too_late"
    assert row(all_of_it, "0").status == "queued"


def test_what_may_have_arrived_stays_frozen_while_all_waits(
    all_of_it: SmallClub, line: Line, delivery: Delivery
) -> None:
    line.limit = 200
    line.answers = [SILENCE_AFTER, USED_UP]
    _tell(all_of_it, 1)
    delivery.deliver_due()
    all_of_it.passes(minutes=1)
    delivery.deliver_due()
    assert row(all_of_it, "0").status == "sending"
    line.limit = 400
    all_of_it.passes(minutes=5)
    delivery.deliver_due()
    assert row(all_of_it, "0").status == "sent"
    assert set(line.arrived.values()) == {1}


def test_a_wrong_token_holds_everybody_and_costs_no_try(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    line.react = lambda: BAD_TOKEN
    _tell(cafe, 3)
    delivery.deliver_due()
    tried = len(line.pushed)
    assert tried == 3
    assert _state(cafe).held == "credentials"
    delivery.deliver_due()
    Delivery(cafe.club).deliver_due()
    assert len(line.pushed) == tried
    line.react = lambda: OK
    cafe.passes(minutes=2)
    delivery.deliver_due()
    assert statuses(cafe) == {"sent": 3}


def test_line_is_asked_once_a_minute_by_whoever_comes_first(cafe: SmallClub, line: Line) -> None:
    workers = [Delivery(cafe.club) for _ in range(3)]
    for n, worker in enumerate(workers * 2):
        cafe.passes(seconds=15)
        queue(cafe, cafe.joins(f"U{n:032x}"), f"{n}", period=f"{n}")
        worker.deliver_due()
    assert line.quota_asked == 2


def test_what_went_out_on_the_first_leaves_the_rest_of_the_month_to_others(
    all_of_it: SmallClub, line: Line
) -> None:
    """Birthdays come on the first; by the second there is nothing to be kept back for them."""
    line.limit, people = 200, everybody(all_of_it, 12)
    for month in (2, 3):
        first = datetime(2027, month, 1, 1, tzinfo=UTC)
        all_of_it.clock.set(first)
        for n, member in enumerate(people):
            queue(all_of_it, member, period=f"{month}:{n}", priority=1, journey="journey:birthday")
        Delivery(all_of_it.club).deliver_due()
    all_of_it.passes(days=1)
    assert [d.messages for d in demands(all_of_it.club, all_of_it.now)] == [0]
    line.limit = 30
    queue(all_of_it, people[0], period="later", priority=5)
    all_of_it.passes(days=1)
    Delivery(all_of_it.club).deliver_due()
    assert row(all_of_it, "later").status == "sent"


def test_nothing_is_kept_back_for_a_journey_that_is_switched_off(
    all_of_it: SmallClub, line: Line, delivery: Delivery
) -> None:
    line.limit = 200
    queue(all_of_it, all_of_it.joins("U" + "e" * 32), journey="journey:gone", priority=1)
    delivery.deliver_due()
    assert demands(all_of_it.club, all_of_it.now) == []


def test_the_owner_is_told_before_the_messages_run_out_and_once(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    line.limit = 52  # 50 are kept for the shop's own news
    _tell(cafe, 1)
    delivery.deliver_due()
    assert alarm(cafe.club, cafe.now) is None
    for n, member in enumerate(everybody(cafe, 4)):
        queue(cafe, member, period=f"later{n}", later=timedelta(days=2), useful=timedelta(days=9))
    found = alarm(cafe.club, cafe.now)
    assert found is not None
    # One is left, and what went on today is expected to go on.
    assert (found.code, found.losers) == ("short", ("messages",))
    assert found.missing >= 3
    for _ in range(2):
        tell_owner(cafe.club, cafe.now)
    with cafe.store.read() as uow:
        [told] = flags.of_the_club(uow, limit=9)
    assert (told.kind, told.details["journeys"]) == ("quota_short", "messages")
    # A larger plan: LINE says so, and the alarm goes.
    line.limit = 5_000
    cafe.passes(days=2, hours=1)
    delivery.deliver_due()
    with cafe.store.read() as uow:
        assert flags.of_the_club(uow, limit=9) == []
