"""Many who are told the same are told by one multicast; nobody loses by it."""

import pytest
from sqlalchemy import select, update

from bot.store.members import line_accounts
from bot.store.messages import quota
from bot.store.tables import members, send_attempts
from handlers.actions.members.membership import change_membership, erase
from handlers.jobs.delivery.decisions import MULTICAST_FROM, DeliveryRound, decide
from handlers.jobs.delivery.line import PATIENCE, Delivery
from handlers.showing.month_quota import quota_state
from rules.sending.quota import month_of
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import (
    BROKEN,
    OK,
    REFUSED,
    SILENCE_AFTER,
    TAKEN_ALREADY,
    USED_UP,
    Line,
    Reaction,
)
from tests.handlers.jobs.messages import STRANGER, everybody, queue, statuses, user

MANY = MULTICAST_FROM + 2


@pytest.fixture
def crowd(cafe: SmallClub) -> list[int]:
    """Members who are all to be told the same."""
    crowd = everybody(cafe, MANY)
    for member in crowd:
        queue(cafe, member)
    return crowd


def _used_own(cafe: SmallClub) -> int:
    return quota_state(cafe.club, cafe.now).used_own


def test_the_same_words_go_to_many_in_one_request(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int]
) -> None:
    queue(cafe, crowd[0], "別の話", period="other", topic=None)
    assert delivery.deliver_due() == MANY + 1
    assert sorted(len(push.to) for push in line.pushed) == [1, MANY]
    assert set(line.arrived.values()) == {1}
    assert statuses(cafe) == {"sent": MANY + 1}
    assert _used_own(cafe) == MANY + 1


def test_a_few_get_a_push_each(cafe: SmallClub, line: Line, delivery: Delivery) -> None:
    for member in everybody(cafe, MULTICAST_FROM - 1):
        queue(cafe, member)
    delivery.deliver_due()
    assert [len(push.to) for push in line.pushed] == [1] * (MULTICAST_FROM - 1)


def test_whoever_has_two_cards_hears_of_both(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int]
) -> None:
    second = cafe.joins()
    with cafe.store.begin() as uow:
        uow.run(update(members).where(members.c.id == second).values(line_user_id=user(0)))
    queue(cafe, second)
    delivery.deliver_due()
    assert sorted(len(push.to) for push in line.pushed) == [1, MANY]
    assert max(line.arrived.values()) == 2
    assert statuses(cafe) == {"sent": MANY + 1}


def test_one_whom_line_refuses_costs_nobody_else_the_message(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int]
) -> None:
    stranger = cafe.joins(STRANGER)
    queue(cafe, stranger)
    line.refuses = {STRANGER}
    delivery.deliver_due()
    assert len(line.pushed[0].to) == MANY + 1
    assert [len(push.to) for push in line.pushed[1:]] == [1] * (MANY + 1)
    assert len(line.arrived) == MANY
    assert statuses(cafe) == {"sent": MANY, "failed": 1}
    assert _used_own(cafe) == MANY


@pytest.mark.parametrize("answers", [[BROKEN, OK], [SILENCE_AFTER, OK]])
def test_after_trouble_the_same_list_goes_out_under_the_same_key(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int], answers: list[Reaction]
) -> None:
    line.answers = list(answers)
    delivery.deliver_due()
    assert statuses(cafe) == {"sending": MANY}
    cafe.passes(minutes=1)
    delivery.deliver_due()
    first, second = line.pushed
    assert (first.retry_key, first.raw) == (second.retry_key, second.raw)
    assert set(line.arrived.values()) == {1}
    assert statuses(cafe) == {"sent": MANY}


def test_one_who_leaves_meanwhile_does_not_keep_it_from_the_others(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int]
) -> None:
    line.answers = [SILENCE_AFTER]
    delivery.deliver_due()
    with cafe.work() as work:
        erase(work.acting("member").under("e"), crowd[0])
    cafe.passes(minutes=1)
    delivery.deliver_due()
    assert line.pushed[-1].answer == TAKEN_ALREADY
    assert statuses(cafe) == {"sent": MANY - 1, "uncertain": 1}


def test_when_all_of_them_left_nobody_is_written_again(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int]
) -> None:
    line.answers = [BROKEN]
    delivery.deliver_due()
    for member in crowd:
        with cafe.work() as work:
            change_membership(
                work.acting("member").under(f"m{member}"), member, "left", at=work.now
            )
    cafe.passes(minutes=1)
    delivery.deliver_due()
    assert len(line.pushed) == 1
    assert statuses(cafe) == {"uncertain": MANY}


def test_what_was_refused_after_trouble_is_uncertain(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int]
) -> None:
    line.answers = [BROKEN, REFUSED]
    delivery.deliver_due()
    cafe.passes(minutes=1)
    delivery.deliver_due()
    assert statuses(cafe) == {"uncertain": MANY}


def test_a_push_on_its_way_to_somebody_erased_is_forgotten(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    member = cafe.joins(user(1))
    queue(cafe, member)
    line.answers = [BROKEN]
    delivery.deliver_due()
    with cafe.work() as work:
        erase(work.acting("member").under("e"), member)
    cafe.passes(hours=1)
    delivery.deliver_due()
    assert len(line.pushed) == 1
    assert statuses(cafe) == {"uncertain": 1}
    with cafe.store.read() as uow:
        assert uow.run(select(send_attempts.c.body)).scalar_one() == ""


def test_nothing_of_what_was_sent_is_kept(
    cafe: SmallClub, delivery: Delivery, crowd: list[int]
) -> None:
    delivery.deliver_due()
    with cafe.store.read() as uow:
        attempt = uow.run(select(send_attempts)).one()
    assert (attempt.status, attempt.body, attempt.recipients) == ("delivered", "", MANY)


def test_those_who_blocked_the_account_are_not_in_it(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int]
) -> None:
    with cafe.store.begin() as uow:
        line_accounts.set_blocked(uow, user(0), True)
    delivery.deliver_due()
    (push,) = line.pushed
    assert len(push.to) == MANY - 1
    assert user(0) not in push.to


def test_when_fewer_are_left_than_it_has_recipients_those_are_used(
    cafe: SmallClub, line: Line, delivery: Delivery, crowd: list[int]
) -> None:
    # LINE's own figure came late: three are left, and it takes a multicast whole or not at all.
    line.limit = 5_000
    line.answers = [USED_UP, OK, OK, OK, *[USED_UP] * MANY]
    delivery.deliver_due()
    assert [len(push.to) for push in line.accepted] == [1, 1, 1]
    assert set(line.arrived.values()) == {1}
    assert statuses(cafe) == {"sent": 3, "queued": MANY - 3}
    assert quota_state(cafe.club, cafe.now).held == "monthly_limit"
    assert _used_own(cafe) == 3


def test_what_takes_too_long_to_decide_on_is_left_for_the_next_batch(cafe: SmallClub) -> None:
    for member in everybody(cafe, 45):
        queue(cafe, member)
    looked_at = []
    for _ in range(4):
        with cafe.work() as work:
            quota.begin_month(work.uow, month_of(work.programme.shop, work.now))
            take = DeliveryRound(work.now, limit=99, lease=PATIENCE.lease, seconds_max=0)
            looked_at.append(decide(work.uow, cafe.club, take).looked_at)
    assert looked_at == [20, 20, 5, 0]
    assert statuses(cafe) == {"sending": 45}
