"""What becomes of a message by what LINE answers, or doesn't."""

from datetime import timedelta

import pytest

from handlers.actions.members.membership import change_membership
from handlers.jobs.delivery.line import Delivery
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.line import (
    BAD_TOKEN,
    BROKEN,
    OK,
    REFUSED,
    SILENCE,
    TAKEN_ALREADY,
    TOO_FAST,
    USED_UP,
    Line,
    Reaction,
)
from tests.handlers.jobs.messages import EVENING, MORNING, USER, queue, row


@pytest.mark.parametrize("trouble", [BROKEN, SILENCE])
def test_after_trouble_the_same_body_is_sent_under_the_same_key(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery, trouble: Reaction
) -> None:
    line.answers = [trouble, trouble, OK]
    queue(cafe, member)
    for _ in range(3):
        delivery.deliver_due()
        cafe.passes(minutes=2)
    assert len(line.pushed) == 3
    assert len({(push.retry_key, push.raw) for push in line.pushed}) == 1
    assert (row(cafe).status, row(cafe).tries) == ("sent", 3)


def test_accepted_already_counts_as_sent(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.answers = [SILENCE, TAKEN_ALREADY]
    queue(cafe, member)
    delivery.deliver_due()
    cafe.passes(minutes=2)
    delivery.deliver_due()
    assert row(cafe).status == "sent"
    assert len(line.pushed) == 2


def test_after_a_day_without_knowing_it_is_uncertain_and_never_sent_again(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.answers = [SILENCE] * 99
    queue(cafe, member)
    for _ in range(26):
        delivery.deliver_due()
        cafe.passes(hours=1)
    tried = len(line.pushed)
    assert (row(cafe).status, row(cafe).reason) == ("uncertain", "unknown_after_24h")
    line.answers = []
    cafe.passes(days=1)
    delivery.deliver_due()
    assert len(line.pushed) == tried


def test_a_repeated_attempt_keeps_the_quiet_hours_too(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    cafe.clock.set(EVENING - timedelta(hours=1, seconds=2))  # 19:59:58
    line.answers = [BROKEN]
    queue(cafe, member)
    delivery.deliver_due()
    cafe.clock.set(EVENING)
    delivery.deliver_due()
    assert len(line.pushed) == 1
    cafe.clock.set(MORNING)
    delivery.deliver_due()
    assert len(line.pushed) == 2
    assert len({push.retry_key for push in line.pushed}) == 1


def test_somebody_who_left_after_a_failed_attempt_is_not_tried_again(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.answers = [BROKEN]
    queue(cafe, member)
    delivery.deliver_due()
    with cafe.work() as work:
        change_membership(work.acting("member").under("m"), member, "left", at=work.now)
    cafe.passes(minutes=2)
    delivery.deliver_due()
    assert len(line.pushed) == 1
    assert (row(cafe).status, row(cafe).reason) == ("uncertain", "left")


def test_what_line_refuses_is_not_tried_again(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.answers = [REFUSED]
    queue(cafe, member)
    delivery.deliver_due()
    cafe.passes(days=1)
    delivery.deliver_due()
    assert len(line.pushed) == 1
    assert row(cafe).status == "failed"


def test_a_wrong_token_of_ours_loses_nothing(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.answers = [BAD_TOKEN]
    queue(cafe, member)
    delivery.deliver_due()
    cafe.passes(minutes=2)
    delivery.deliver_due()
    assert row(cafe).status == "sent"


@pytest.mark.parametrize("status", [302, 404])
def test_whoever_is_not_line_costs_no_message(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery, status: int
) -> None:
    line.answers = [Reaction(status)]
    queue(cafe, member)
    delivery.deliver_due()
    assert row(cafe).status == "queued"
    cafe.passes(minutes=2)
    delivery.deliver_due()
    assert row(cafe).status == "sent"


def test_the_monthly_limit_holds_messages_and_loses_none(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.answers = [USED_UP]
    queue(cafe, member, useful=timedelta(days=30))
    delivery.deliver_due()
    assert (row(cafe).status, row(cafe).reason) == ("queued", "quota")
    cafe.passes(days=3)
    Delivery(cafe.club).deliver_due()
    assert row(cafe).status == "sent"
    # It was decided on anew, days later: another body, another key.
    assert len({push.retry_key for push in line.pushed}) == 2


def test_when_line_is_too_busy_it_is_decided_on_anew(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.answers = [TOO_FAST, OK]
    queue(cafe, member)
    delivery.deliver_due()
    assert (row(cafe).status, row(cafe).reason) == ("queued", "line_unavailable")
    assert cafe.now < row(cafe).not_before < cafe.now + timedelta(seconds=10)
    cafe.passes(seconds=10)
    delivery.deliver_due()
    assert len({push.retry_key for push in line.pushed}) == 2
    assert row(cafe).status == "sent"


def test_where_nobody_listens_the_waits_grow(database_url: str) -> None:
    with club_on(database_url) as cafe:
        queue(cafe, cafe.joins(USER), useful=timedelta(hours=9))
        delivery, waits = Delivery(cafe.club), []
        for _ in range(4):
            delivery.deliver_due()
            waits.append(row(cafe).not_before - cafe.now)
            cafe.clock.set(row(cafe).not_before)
        assert waits == sorted(waits)
        assert waits[0] < timedelta(seconds=7) < timedelta(seconds=200) < waits[3]
        assert row(cafe).status == "queued"


def test_a_refusal_after_trouble_leaves_it_uncertain(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    line.answers = [BROKEN, REFUSED]
    queue(cafe, member)
    delivery.deliver_due()
    cafe.passes(minutes=1)
    delivery.deliver_due()
    assert (row(cafe).status, row(cafe).reason) == ("uncertain", "LineRejected")
