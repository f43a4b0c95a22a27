"""What the rules of sending say to a message at this moment."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import pytest

from bot.store.history.programs import NOTICE
from bot.store.members import line_accounts
from handlers.actions.members.membership import change_membership
from handlers.actions.members.profile import TopicChoice, choose_topic
from handlers.actions.programme.closing import Closing, close
from handlers.actions.recording.actor import Actor
from handlers.actions.telling.messages import SayReached
from handlers.jobs.delivery.line import Delivery
from rules.activity import Membership
from rules.sending.policy import MINOR
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import (
    Line,
)
from tests.handlers.jobs.messages import EVENING, MORNING, USER, queue, row
from tests.rules.examples import CAFE

OWNER = Actor(1, "オーナー", "owner", "ekimae", everywhere=True)
PAUSED_TOO = """
[[journeys]]
kind = "anniversary"
id = "stay_in_touch"
states = ["active", "paused"]
"""


def test_at_night_a_message_waits_for_the_morning(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    cafe.clock.set(EVENING)
    queue(cafe, member)
    delivery.deliver_due()
    assert (row(cafe).status, row(cafe).not_before) == ("queued", MORNING)
    cafe.clock.set(MORNING)
    delivery.deliver_due()
    assert len(line.accepted) == 1


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2029, 1, 1)])
def test_on_a_closed_day_and_new_years_day_only_answers_go_out(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery, day: date
) -> None:
    cafe.clock.set(datetime.combine(day, time(3), tzinfo=UTC))
    queue(cafe, member, period="news")
    queue(cafe, member, period="answer", topic=None)
    delivery.deliver_due()
    assert (row(cafe, "news").status, row(cafe, "news").reason) == ("queued", "quiet")
    assert row(cafe, "answer").status == "sent"


@pytest.mark.parametrize(("store", "status"), [(None, "queued"), ("ekimae", "sent")])
def test_on_a_day_that_was_just_closed_nothing_goes_out_unasked(
    cafe: SmallClub, member: int, delivery: Delivery, store: str | None, status: str
) -> None:
    """Where a branch alone is closed, members may go to another."""
    with cafe.work(OWNER, key="closing") as work:
        assert close(work, Closing(store, work.day, work.day)).refused is None
    cafe.passes(seconds=NOTICE.total_seconds())
    cafe.club.programmes.forget()
    queue(cafe, member, period="news")
    delivery.deliver_due()
    assert row(cafe, "news").status == status
    cafe.passes(days=1)
    delivery.deliver_due()
    assert row(cafe, "news").status == "sent"


def test_an_answer_that_could_not_be_a_reply_waits_for_the_morning_too(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    cafe.clock.set(EVENING)
    queue(cafe, member, topic=None)
    delivery.deliver_due()
    assert line.accepted == []
    cafe.clock.set(MORNING)
    delivery.deliver_due()
    assert len(line.accepted) == 1


def test_who_stays_away_is_not_written_of_it_three_days_running(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    """A comeback, the warning that a rank goes, and that it went."""
    for journey in ("journey:lapsed", "rank_at_risk", "rank"):
        queue(cafe, member, journey, journey=journey, period=journey, useful=timedelta(days=14))
    sent_on = []
    for day in range(14):
        before = len(line.accepted)
        delivery.deliver_due()
        sent_on += [day] * (len(line.accepted) - before)
        cafe.passes(days=1)
    assert sent_on == [0, 5, 10]


def test_a_warning_is_not_kept_back_until_it_is_too_late(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member, "1", journey="journey:lapsed", period="1")
    delivery.deliver_due()
    cafe.passes(days=1)
    queue(cafe, member, "2", journey="rank_at_risk", period="2", useful=timedelta(days=3))
    delivery.deliver_due()
    assert len(line.accepted) == 2


def test_one_message_a_day_and_three_a_week_are_not_passed(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    for n in range(5):
        queue(cafe, member, f"{n}", period=f"p{n}", useful=timedelta(days=30))
    sent = []
    for _ in range(4 * 8):
        delivery.deliver_due()
        sent.append(len(line.accepted))
        cafe.passes(hours=6)
    # Four looks a day; the first day's, the fifth day's, and all of the first week.
    assert sent[3] == 1
    assert sent[4 * 7 - 1] == 3
    assert sent[-1] == 4


@pytest.mark.parametrize(
    ("end", "reason"),
    [("topic", "topic"), ("left", "left"), ("paused", "paused"), ("blocked", "blocked")],
)
def test_nothing_is_sent_to_somebody_who_does_not_want_it(
    cafe: SmallClub,
    line: Line,
    member: int,
    delivery: Delivery,
    end: Membership | Literal["topic", "blocked"],
    reason: str,
) -> None:
    queue(cafe, member)
    with cafe.work() as work:
        if end == "topic":
            choose_topic(work, member, TopicChoice("ranks", False, work.now))
        elif end == "blocked":
            line_accounts.set_blocked(work.uow, USER, True)
        else:
            change_membership(work.acting("member").under("m"), member, end, at=work.now)
    delivery.deliver_due()
    assert line.pushed == []
    assert (row(cafe).status, row(cafe).reason) == ("skipped", reason)


def test_of_two_for_one_member_the_more_important_goes_first(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member, "later", period="later", priority=7)
    queue(cafe, member, "first", period="first", priority=2)
    delivery.deliver_due()
    assert ["first" in push.text for push in line.accepted] == [True]
    assert (row(cafe, "later").status, row(cafe, "later").reason) == ("queued", "cap_day")


def test_news_of_visits_leaves_the_weeks_last_message_to_what_matters(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    """A reward within reach on each of three days, and then one visit short of a rank."""
    reached, week = SayReached.journey(), timedelta(days=7)
    for day in ("1", "2", "3"):
        queue(cafe, member, journey=reached, period=day, priority=MINOR, useful=week)
        delivery.deliver_due()
        cafe.passes(days=1)
    queue(cafe, member, "あと1回", journey="journey:one_short", period="4", priority=4)
    delivery.deliver_due()
    assert ["あと1回" in push.text for push in line.accepted] == [False, False, True]


def test_what_comes_soon_and_matters_more_keeps_its_place(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member, "now", period="now", priority=7)
    queue(cafe, member, "soon", period="soon", priority=2, later=timedelta(hours=1))
    delivery.deliver_due()
    assert row(cafe, "now").reason == "priority"
    cafe.passes(hours=1)
    delivery.deliver_due()
    assert ["soon" in push.text for push in line.accepted] == [True]


def test_an_answer_takes_no_place_from_anything(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    queue(cafe, member, "answer", period="answer", topic=None)
    queue(cafe, member, "news", period="news")
    delivery.deliver_due()
    assert len(line.accepted) == 2


def test_a_journey_for_those_who_pause_reaches_them(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    cafe.publishes(CAFE + PAUSED_TOO)
    cafe.passes(seconds=11)
    with cafe.work() as work:
        change_membership(work.acting("member").under("m"), member, "paused", at=work.now)
    queue(cafe, member, period="theirs", journey="journey:stay_in_touch")
    queue(cafe, member, period="others", journey="journey:something_else")
    delivery.deliver_due()
    assert row(cafe, "theirs").status == "sent"
    assert (row(cafe, "others").status, row(cafe, "others").reason) == ("skipped", "paused")
