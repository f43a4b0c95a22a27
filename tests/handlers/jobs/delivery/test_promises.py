"""What a journey's message promises, and what the next visit brings of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import StoreBusy
from handlers.actions.members.membership import change_membership
from handlers.actions.members.merge import MergeRequest, merge
from handlers.jobs.delivery.line import Delivery
from rules.activity import Offered
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.line import BROKEN_AFTER, REFUSED, SILENCE, TOO_FAST, Line
from tests.handlers.jobs.messages import USER, statuses, travels
from tests.rules.examples import LEAST

WITH_OFFER = (
    LEAST
    + """
[[journeys]]
kind = "lapsed"
steps = [{ days = 60, offer = { points = 30, valid_days = 14 } }]
holdout = 0
"""
)
#: Sixty days after the visit of Monday noon, at ten in the morning.
TEN = datetime(2026, 3, 6, 1, tzinfo=UTC)
NIGHT = datetime(2026, 3, 5, 20, 10, tzinfo=UTC)


@pytest.fixture
def shop(database_url: str, line: Line) -> Iterator[SmallClub]:
    """A shop that gives thirty points to whom it hasn't seen for two months."""
    with club_on(database_url, WITH_OFFER, line_url=line.url) as club:
        yield club


@pytest.fixture
def away(shop: SmallClub) -> int:
    """A member who came once, two months ago."""
    member = shop.joins(USER)
    shop.visits(member, store="main")
    return member


def promises(shop: SmallClub, member: int) -> list[datetime]:
    """When something was promised."""
    history = shop.history(member)
    return [each.activity.at for each in history if isinstance(each.activity.what, Offered)]


def test_the_gift_of_a_message_is_given_at_the_next_visit_and_once(
    shop: SmallClub, line: Line, away: int
) -> None:
    travels(shop, TEN + timedelta(days=1), past=TEN)
    assert ["30" in push.text for push in line.accepted] == [True]
    assert promises(shop, away) == [TEN]
    before = shop.balance(away)
    shop.visits(away, store="main")
    assert shop.balance(away) == before + 30
    shop.passes(days=1)
    shop.visits(away, store="main")
    assert shop.balance(away) == before + 30
    assert shop.differences(away) == []


def test_after_its_last_day_the_gift_is_not_given(shop: SmallClub, away: int) -> None:
    travels(shop, TEN + timedelta(days=15), past=TEN)
    before = shop.balance(away)
    shop.visits(away, store="main")
    assert shop.balance(away) == before


def test_a_message_of_which_nobody_knows_promises_all_the_same(
    shop: SmallClub, line: Line, away: int
) -> None:
    line.react = lambda: SILENCE
    travels(shop, TEN + timedelta(days=2), past=TEN)
    assert statuses(shop) == {"uncertain": 1}
    assert promises(shop, away) == [TEN]


def test_a_visit_before_the_answer_is_known_brings_the_gift_as_soon_as_it_is(
    shop: SmallClub, line: Line, away: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    line.answers = [BROKEN_AFTER]
    Delivery(shop.club).deliver_due()
    before = shop.balance(away)
    shop.passes(seconds=1)
    shop.visits(away, store="main")
    assert shop.balance(away) == before
    shop.passes(seconds=10)
    Delivery(shop.club).deliver_due()
    # They came, so it would be wrong to write again; but the first try may have arrived.
    assert sum(statuses(shop).values()) == 1
    assert promises(shop, away) == [TEN]
    assert shop.balance(away) == before + 30
    assert shop.differences(away) == []


def _is_on_its_way(shop: SmallClub, line: Line) -> None:
    """The message went out and may have arrived; we don't know yet."""
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    line.answers = [BROKEN_AFTER]
    Delivery(shop.club).deliver_due()


def test_what_was_promised_to_a_card_that_was_merged_meanwhile_is_given_to_its_keeper(
    shop: SmallClub, line: Line, away: int
) -> None:
    keeper = shop.joins()
    _is_on_its_way(shop, line)
    with shop.work() as work:
        assert merge(work.acting("staff").under("m"), MergeRequest(keeper, away)).done
    shop.passes(seconds=10)
    Delivery(shop.club).deliver_due()
    # And whoever had a card is told of the merging.
    assert statuses(shop) == {"uncertain": 1, "sent": 1}
    assert promises(shop, keeper) == [TEN]
    before = shop.balance(keeper)
    shop.visits(keeper, store="main")
    assert shop.balance(keeper) == before + 30
    assert shop.differences(keeper) == []


def test_a_promise_is_not_lost_to_a_busy_database(
    shop: SmallClub, line: Line, away: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise StoreBusy

    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    with monkeypatch.context() as crowd:
        crowd.setattr("handlers.jobs.delivery.promises.offer", busy)
        Delivery(shop.club).deliver_due()
    assert statuses(shop) == {"sending": 1}
    shop.passes(seconds=61)
    Delivery(shop.club).deliver_due()
    assert statuses(shop) == {"sent": 1}
    assert promises(shop, away) == [TEN]
    assert set(line.arrived.values()) == {1}


def test_what_line_never_took_promises_nothing(shop: SmallClub, line: Line, away: int) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    line.answers = [TOO_FAST, REFUSED]
    for _ in range(3):
        Delivery(shop.club).deliver_due()
        shop.passes(seconds=10)
    assert statuses(shop) == {"failed": 1}
    assert promises(shop, away) == []


def test_who_left_meanwhile_is_promised_nothing_and_nothing_breaks(
    shop: SmallClub, line: Line, away: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    line.answers = [BROKEN_AFTER]
    Delivery(shop.club).deliver_due()
    shop.passes(seconds=1)
    with shop.work() as work:
        change_membership(work.acting("staff").under("m"), away, "left", at=work.now)
    travels(shop, TEN + timedelta(days=2), past=TEN)
    assert statuses(shop) == {"uncertain": 1}
    assert shop.differences(away) == []
