"""A broadcast on its way: each member once, whatever dies; halted, stopped, decided on anew."""

from datetime import timedelta

import pytest

from bot.store.members import line_accounts
from handlers.actions.broadcasts import queueing
from handlers.actions.broadcasts.leading import send_at, take_back, withdraw_unsent
from handlers.actions.members.membership import change_membership
from handlers.actions.members.profile import TopicChoice, choose_topic
from handlers.jobs.broadcasts.queue import run_if_due
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.line import Delivery
from rules.base import Refusal
from tests.handlers.broadcasting import (
    OWNER,
    TITLE,
    fates,
    figures,
    sends,
    stored,
    takes,
    writes,
)
from tests.handlers.clubs import TUESDAY_NOON, SmallClub
from tests.handlers.jobs.broadcasts.dying import Killed, dies_at
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import everybody, queue, user
from tests.rules.examples import CAFE


@pytest.fixture(autouse=True)
def tuesday(cafe: SmallClub) -> None:
    """A day of which the programme makes nothing special, after the month's figures are known."""
    cafe.clock.set(TUESDAY_NOON)


def told(line: Line) -> dict[str, int]:
    """How often what a broadcast says arrived at each."""
    return {who: n for (who, text), n in line.arrived.items() if TITLE in text}


def test_it_goes_to_all_it_is_for_once_and_is_over(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    everybody(cafe, 3)
    number = writes(cafe)
    run_if_due(cafe.club)
    delivery.deliver_due()
    assert not line.accepted, "a draft goes to nobody"
    assert sends(cafe, number) is None
    assert sends(cafe, number) is None, "a tap that comes twice"
    for _ in range(2):
        run_if_due(cafe.club)
        delivery.deliver_due()
    assert told(line) == {user(n): 1 for n in range(3)}
    assert stored(cafe, number).state == "done"
    assert fates(cafe, number) == {"sent": 3}
    # The way out is part of it, and says which card of nobody.
    assert "do=topics&topic=news&on=0" in line.accepted[0].text


def test_who_left_blocked_opted_out_or_paused_since_it_was_queued_is_not_written(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    left, _blocked, no_news, paused, _stays, full = everybody(cafe, 6)
    cafe.joins(None)
    queue(cafe, full, "今日の分", period="earlier")
    delivery.deliver_due()
    number = writes(cafe)
    assert sends(cafe, number) is None
    run_if_due(cafe.club)
    assert fates(cafe, number) == {"queued": 7}
    with cafe.work("member") as work:
        change_membership(work.under(cafe.key()), left, "left", at=cafe.now)
        change_membership(work.under(cafe.key()), paused, "paused", at=cafe.now)
        choose_topic(work, no_news, TopicChoice("news", False, cafe.now))
        line_accounts.set_blocked(work.uow, user(1), True)
    delivery.deliver_due()
    assert told(line) == {user(4): 1}
    assert fates(cafe, number) == {
        "sent": 1,
        "skipped: left": 1,
        "skipped: paused": 1,
        "skipped: blocked": 1,
        "skipped: topic": 1,
        "skipped: unreachable": 1,
        "queued: cap_day": 1,
    }
    # There is room before it is of no use.
    cafe.passes(days=1, hours=1)
    delivery.deliver_due()
    assert told(line) == {user(4): 1, user(5): 1}


def test_whom_there_was_no_room_to_write_in_time_is_not_written(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    [member] = everybody(cafe, 1)
    number = writes(cafe, good_days=1)
    sends(cafe, number)
    for n in range(2):
        queue(cafe, member, f"大事な{n}", period=f"{n}", priority=1)
        run_if_due(cafe.club)
        delivery.deliver_due()
        cafe.passes(days=1, minutes=1)
    delivery.deliver_due()
    run_if_due(cafe.club)
    assert told(line) == {}
    assert fates(cafe, number) == {"skipped: too_late": 1}
    assert stored(cafe, number).state == "done"


def test_in_quiet_hours_it_waits_for_the_morning(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    everybody(cafe, 2)
    cafe.passes(hours=9)
    number = writes(cafe)
    sends(cafe, number)
    run_if_due(cafe.club)
    delivery.deliver_due()
    assert fates(cafe, number) == {"queued: quiet": 2}
    assert not line.accepted
    cafe.passes(hours=13)
    delivery.deliver_due()
    assert fates(cafe, number) == {"sent": 2}


def test_halted_half_way_it_waits_and_goes_on_or_is_withdrawn(
    cafe: SmallClub, line: Line, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "CHUNK", 2)
    everybody(cafe, 5)
    number = writes(cafe)
    sends(cafe, number)
    with cafe.work() as work:
        assert queueing.queue_part(work, number), "there are more"
    delivery.deliver_due()
    assert len(told(line)) == 2
    with cafe.work() as work:
        queueing.queue_part(work, number)
    assert takes(cafe, "pause", number) is None
    for _ in range(2):
        run_if_due(cafe.club)
        delivery.deliver_due()
        cafe.passes(minutes=1)
    assert fates(cafe, number) == {"sent": 2, "queued: halted": 2}
    assert takes(cafe, "resume", number) is None
    run_if_due(cafe.club)
    assert fates(cafe, number)["queued"] + fates(cafe, number)["queued: halted"] == 3
    # From this moment on nothing leaves, whether or not it has been withdrawn yet.
    assert takes(cafe, "stop", number) is None
    assert takes(cafe, "stop", number) is None, "a tap that comes twice"
    delivery.deliver_due()
    assert len(told(line)) == 2
    assert withdraw_unsent(cafe.store, stored(cafe, number)) == 0, "the worker had taken all up"
    run_if_due(cafe.club)
    assert fates(cafe, number) == {"sent": 2, "skipped: withdrawn": 3}
    assert (stored(cafe, number).state, stored(cafe, number).ended_at) == ("stopped", cafe.now)
    # What is stopped stays so.
    assert takes(cafe, "resume", number) == Refusal("broadcast_changed")
    assert takes(cafe, "pause", number) == Refusal("broadcast_changed")


def test_what_is_stopped_is_withdrawn_at_once_or_by_the_next_tick(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    everybody(cafe, 3)
    for by_tick in (False, True):
        number = writes(cafe, name=f"{by_tick}")
        sends(cafe, number)
        run_if_due(cafe.club)
        takes(cafe, "stop", number)
        if by_tick:
            run_if_due(cafe.club)
        else:
            assert withdraw_unsent(cafe.store, stored(cafe, number)) == 3
        assert fates(cafe, number) == {"skipped: withdrawn": 3}
    delivery.deliver_due()
    assert not line.accepted


def test_at_its_moment_it_begins_by_itself_unless_it_was_taken_back(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    everybody(cafe, 2)
    at = cafe.now + timedelta(hours=2)
    waits, back = writes(cafe), writes(cafe, name="やめた", title={"ja": "やめた"})
    for number in (waits, back):
        with cafe.work(OWNER, key=cafe.key()) as work:
            assert send_at(work, number, at, revision=1) is None
    with cafe.work(OWNER, key=cafe.key()) as work:
        assert take_back(work, back) is None
    run_if_due(cafe.club)
    assert stored(cafe, waits).state == "waits"
    Clockwork(cafe.club).travel(at + timedelta(minutes=1), cafe.clock.set)
    assert told(line) == {user(0): 1, user(1): 1}
    assert stored(cafe, waits).began_at == at
    assert stored(cafe, back).state == "draft"


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (None, "moment_unreadable"),
        (timedelta(seconds=0), "broadcast_moment_past"),
        (timedelta(days=181), "broadcast_moment_far"),
    ],
)
def test_for_a_moment_that_cannot_be_it_does_not_wait(
    cafe: SmallClub, at: timedelta | None, why: str
) -> None:
    number = writes(cafe)
    with cafe.work(OWNER, key=cafe.key()) as work:
        no = send_at(work, number, None if at is None else cafe.now + at, revision=1)
    assert no == Refusal(why)
    assert stored(cafe, number).state == "draft"


def test_for_a_rank_that_the_programme_dropped_meanwhile_it_halts_and_says_why(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    everybody(cafe, 2)
    number = writes(cafe, whom={"ranks": ["platinum"]})
    assert sends(cafe, number) == Refusal("broadcast_rank_gone")
    silver = writes(cafe, whom={"ranks": ["silver"]})
    with cafe.work(OWNER, key=cafe.key()) as work:
        assert send_at(work, silver, cafe.now + timedelta(hours=1), revision=1) is None
    cafe.publishes(CAFE.replace('"silver"', '"argent"'))
    cafe.passes(hours=1)
    run_if_due(cafe.club)
    assert (stored(cafe, silver).state, stored(cafe, silver).halted) == (
        "paused",
        "broadcast_rank_gone",
    )
    assert takes(cafe, "resume", silver) == Refusal("broadcast_rank_gone")
    delivery.deliver_due()
    assert not line.accepted


def test_when_the_months_messages_run_out_in_the_middle_the_rest_waits(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    # What is kept back for the shop's own broadcasts is theirs.
    line.limit, line.used = 200, 197
    everybody(cafe, 5)
    number = writes(cafe, good_days=1)
    sends(cafe, number)
    run_if_due(cafe.club)
    delivery.deliver_due()
    assert fates(cafe, number) == {"sent": 3, "queued: quota": 2}
    cafe.passes(days=1, minutes=1)
    delivery.deliver_due()
    run_if_due(cafe.club)
    assert fates(cafe, number) == {"sent": 3, "skipped: too_late": 2}
    assert stored(cafe, number).state == "done"


def test_what_is_known_of_who_came_since_is_counted(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    came, _ = everybody(cafe, 2)
    number = writes(cafe)
    sends(cafe, number)
    run_if_due(cafe.club)
    delivery.deliver_due()
    assert figures(cafe, number).came == 0
    cafe.passes(hours=1)
    cafe.visits(came)
    assert figures(cafe, number).came == 1
    assert line.accepted


def test_what_a_broadcast_promised_is_no_gift_for_coming_back(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    [member] = everybody(cafe, 1)
    cafe.visits(member)
    # What the first visit brought is the day's one message.
    delivery.deliver_due()
    cafe.passes(days=1)
    number = writes(cafe, offer={"reward": "welcome_back"})
    sends(cafe, number)
    run_if_due(cafe.club)
    delivery.deliver_due()
    cafe.passes(days=1)
    cafe.visits(member)
    assert line.accepted
    assert [each.reason for each in cafe.member(member).facts.vouchers] == ["promised"]
    assert not cafe.differences(member)


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after it"])
def test_killed_at_any_commit_each_member_is_written_once(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    monkeypatch.setattr(queueing, "CHUNK", 2)
    people = 5
    everybody(cafe, people)
    turn, died = 0, True
    while died:
        turn += 1
        line.arrived.clear()
        number = writes(cafe, name=f"{turn}")
        sends(cafe, number)
        with dies_at(monkeypatch, turn, after=after):
            try:
                run_if_due(cafe.club)
                Delivery(cafe.club).deliver_due()
                run_if_due(cafe.club)
                died = False
            except Killed:
                pass
        # Whoever starts next goes on; what was under way is repeated after its lease.
        for _ in range(3):
            run_if_due(cafe.club)
            Delivery(cafe.club).deliver_due()
            cafe.passes(minutes=2)
        run_if_due(cafe.club)
        assert told(line) == {user(n): 1 for n in range(people)}, turn
        assert stored(cafe, number).state == "done", turn
        cafe.passes(days=8)
    assert turn > 5, "there were commits to die at"
