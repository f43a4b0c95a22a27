"""A card before the scanner: who comes in, who doesn't and why, and when it counts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.codes import RewardUse, page_nonce
from bot.store import tables
from bot.store.history import claims
from handlers.actions.counter.extras import Extras
from handlers.actions.counter.scan import DeviceTimes
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.telling.messages import SayReached, read
from rules.activity import Purchase
from tests.handlers.actions.counters import KEN, card_of, flagged, kept, scans
from tests.handlers.audit_log import audited
from tests.handlers.clubs import HOUR, SmallClub

USER = "U" + "1" * 32
MINUTE = timedelta(minutes=1)


def queued(cafe: SmallClub) -> list[Any]:
    """What was queued to be pushed, oldest first."""
    with cafe.store.read() as uow:
        return list(uow.run(select(tables.outbox).order_by(tables.outbox.c.queued_at)))


def test_a_scan_counts_at_the_desks_store_and_is_logged(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    scanned = scans(cafe, card_of(cafe, member), key="scan:1", desk=KEN)
    assert scanned.result == "checked_in"
    activity = cafe.history(member)[-1].activity
    assert (activity.store, activity.by) == ("kawabe", "staff")
    assert audited(cafe) == [("check_in", 2, "kawabe", 2, member)]
    assert cafe.differences(member) == []


def test_a_repeat_changes_nothing_whoever_asks_and_whenever(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    code = card_of(cafe, member)
    first = scans(cafe, code, key="scan:1")
    made_at = cafe.now
    cafe.passes(hours=30)
    again = scans(cafe, code, key="scan:1", desk=KEN, clocks=kept(made_at, cafe.now))
    assert again == first
    assert cafe.member(member).facts.visits == 1
    with pytest.raises(claims.KeyReused):
        scans(cafe, code, key="scan:1", extras=Extras(visitors=2))


def test_what_a_scan_is_remembered_by_names_nobody(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.passes(hours=1)
    scans(cafe, card_of(cafe, member), key="scan:1", extras=Extras(Purchase(500)))
    with cafe.store.read() as uow:
        kept_for_ever = [
            *uow.run(
                select(tables.claims.c.outcome).where(tables.claims.c.key == "scan:1")
            ).scalars(),
            *uow.run(select(tables.audit_log.c.details)).scalars(),
        ]
    assert len(kept_for_ever) == 2
    for text in kept_for_ever:
        assert cafe.member(member).number not in text
        assert USER not in text
        assert "さくら" not in text


def test_the_second_of_a_day_names_the_first_and_its_store(cafe: SmallClub) -> None:
    member = cafe.joins()
    came = cafe.passes(hours=1)
    scans(cafe, card_of(cafe, member))
    cafe.passes(hours=2)
    again = scans(cafe, card_of(cafe, member), desk=KEN)
    assert (again.result, again.reason) == ("not_counted", "visited_today")
    assert again.earlier is not None
    assert (again.earlier.at, again.earlier.store) == (came, "ekimae")
    assert "other_store" in again.marks
    assert again.action is None


def test_an_erased_member_is_gone(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    code, number = card_of(cafe, member), cafe.member(member).number
    with cafe.work() as work:
        erase(work.acting("staff").under("e"), member)
    scanned = scans(cafe, code)
    assert (scanned.result, scanned.reason, scanned.member_id) == ("refused", "gone", None)
    assert scans(cafe, number).reason == "no_member"


@pytest.mark.parametrize(("state", "result"), [("paused", "checked_in"), ("left", "refused")])
def test_who_paused_may_come_in_and_who_left_may_not(
    cafe: SmallClub, state: str, result: str
) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    with cafe.work() as work:
        change_membership(
            work.acting("staff").under("m"),
            member,
            "left" if state == "left" else "paused",
            at=work.now,
        )
    cafe.passes(hours=1)
    scanned = scans(cafe, card_of(cafe, member), extras=Extras(Purchase(500)))
    assert scanned.result == result
    assert ("paused" in scanned.marks) == (state == "paused")
    assert cafe.member(member).facts.visits == (1 if state == "paused" else 0)


def test_a_scan_that_was_kept_counts_when_it_was_made(cafe: SmallClub) -> None:
    member = cafe.joins()
    made_at = cafe.passes(hours=1)
    sent_at = cafe.passes(hours=5)
    scanned = scans(cafe, card_of(cafe, member), clocks=kept(made_at, sent_at))
    assert (scanned.at, scanned.marks) == (made_at, ("old_code", "late"))
    assert cafe.member(member).facts.last_visit_at == made_at


def test_a_wrong_clock_is_put_right_and_told(cafe: SmallClub) -> None:
    member = cafe.joins()
    made_at = cafe.passes(hours=1)
    sent_at = cafe.passes(hours=5)
    ahead = HOUR * 9
    wrong = kept(made_at + ahead, sent_at + ahead)
    scanned = scans(cafe, card_of(cafe, member), clocks=wrong)
    assert scanned.at == made_at
    assert "clock_off" in scanned.marks
    assert [flag.kind for flag in flagged(cafe)] == ["clock"]


@pytest.mark.parametrize("hours", [1, 1_000])
def test_nothing_happens_in_the_future(cafe: SmallClub, hours: int) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    later = cafe.now + HOUR * hours
    for clocks in (kept(later, cafe.now), kept(later, None)):
        scanned = scans(cafe, card_of(cafe, member), clocks=clocks)
        assert scanned.at == cafe.now
    assert cafe.member(member).facts.last_visit_at == cafe.now


def test_online_the_devices_clock_decides_nothing(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    clocks = DeviceTimes(made_at=cafe.now - HOUR * 20, sent_at=cafe.now)
    assert scans(cafe, card_of(cafe, member), clocks=clocks).at == cafe.now


def test_what_was_kept_too_long_is_refused_and_says_so(cafe: SmallClub) -> None:
    member = cafe.joins()
    made_at = cafe.passes(hours=1)
    sent_at = cafe.passes(hours=73)
    scanned = scans(cafe, card_of(cafe, member), clocks=kept(made_at, sent_at))
    assert (scanned.result, scanned.reason) == ("refused", "too_old")
    assert cafe.member(member).facts.visits == 0


def test_late_scans_never_pass_the_days_limit(cafe: SmallClub) -> None:
    member = cafe.joins()
    first = cafe.passes(hours=1)
    second = cafe.passes(hours=2)
    sent_at = cafe.passes(hours=20)
    code = card_of(cafe, member)
    results = [scans(cafe, code, clocks=kept(at, sent_at)).result for at in (second, first, second)]
    assert results == ["checked_in", "not_counted", "not_counted"]
    assert cafe.differences(member) == []


def test_an_ordinary_visit_pushes_nothing(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.passes(hours=1)
    scans(cafe, card_of(cafe, member))
    before = queued(cafe)
    cafe.passes(days=1)
    assert not scans(cafe, card_of(cafe, member)).reached.anything
    assert queued(cafe) == before


def test_a_new_badge_a_rank_and_a_reward_in_reach_are_told_once(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.passes(hours=1)
    scanned = scans(cafe, card_of(cafe, member), key="scan:1")
    assert scanned.reached.badges == ("first_visit", "new_year")
    assert [row.journey for row in queued(cafe)] == ["reached"]
    scans(cafe, card_of(cafe, member), key="scan:1")
    for _ in range(2):
        cafe.passes(days=1)
        scanned = scans(cafe, card_of(cafe, member))
    assert scanned.reached.rank is not None
    assert scanned.reached.rank.after == "bronze"
    assert scanned.reached.rewards == ()
    rich = scans(cafe, card_of(cafe, member), extras=Extras(Purchase(9_000)))
    assert "off_100" in rich.reached.rewards
    assert [row.topic for row in queued(cafe)] == ["ranks"]


def test_who_rests_or_has_no_line_is_sent_nothing(cafe: SmallClub) -> None:
    scans(cafe, card_of(cafe, cafe.joins()))
    assert queued(cafe) == []


def test_the_news_is_kept_with_what_it_needs(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.passes(hours=1)
    scans(cafe, card_of(cafe, member))
    [waiting] = queued(cafe)
    badges = ("first_visit", "new_year")
    assert read(waiting.say) == SayReached(badges=badges)
    assert waiting.period == str(cafe.member(member).seq)


def test_many_scans_in_a_minute_are_flagged_once(cafe: SmallClub) -> None:
    everybody = [cafe.joins() for _ in range(15)]
    cafe.passes(hours=1)
    for member in everybody:
        cafe.passes(seconds=1)
        scans(cafe, card_of(cafe, member))
    [flag] = flagged(cafe)
    assert (flag.kind, flag.place.device_id, flag.details) == ("burst", 1, {"count": 13})


def test_a_queue_that_arrives_at_once_is_no_burst(cafe: SmallClub) -> None:
    everybody = [cafe.joins() for _ in range(15)]
    began = cafe.now
    sent_at = cafe.passes(hours=3)
    for place, member in enumerate(everybody):
        scans(cafe, card_of(cafe, member), clocks=kept(began + MINUTE * (place + 1), sent_at))
    assert flagged(cafe) == []


def test_one_card_at_two_stores_within_minutes_is_flagged(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    scans(cafe, card_of(cafe, member))
    cafe.passes(minutes=5)
    scans(cafe, card_of(cafe, member), desk=KEN)
    [flag] = flagged(cafe)
    assert (flag.kind, flag.member_id) == ("two_stores", member)
    assert flag.details == {"other": "ekimae", "minutes": 5}


def use_of(cafe: SmallClub, member_id: int, reward: str = "donation") -> str:
    """What a reward's page shows now."""
    member = cafe.member(member_id)
    codes = cafe.club.codes
    return codes.use_code(member.number, member.issue, RewardUse(reward), page_nonce(), cafe.now)


def test_a_rewards_page_is_handed_out_once_and_can_be_taken_back(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.passes(hours=1)
    code = use_of(cafe, member)
    scanned = scans(cafe, code, key="scan:1")
    assert (scanned.result, scanned.reward) == ("redeemed", "donation")
    assert scanned.action is not None
    assert scanned.action.startswith("use:")
    assert cafe.balance(member) == 0
    again = scans(cafe, code, key="scan:2")
    assert (again.result, again.reason, again.action) == ("not_counted", "use_again", None)
    assert again.earlier is not None
    assert again.earlier.store == "ekimae"
    assert cafe.member(member).facts.visits == 0
    # The first scan sent once more, when its code is long over, is still the first scan.
    cafe.passes(minutes=10)
    assert scans(cafe, code, key="scan:1") == scanned
    assert cafe.differences(member) == []


def test_a_rewards_page_that_is_too_old_is_handed_nothing(cafe: SmallClub) -> None:
    member = cafe.joins()
    code = use_of(cafe, member)
    cafe.passes(minutes=2)
    scanned = scans(cafe, code)
    assert (scanned.result, scanned.reason) == ("unknown", "use_expired")
    assert cafe.balance(member) == 50


def test_a_reward_is_never_handed_out_from_a_queue(cafe: SmallClub) -> None:
    member = cafe.joins()
    made_at = cafe.passes(hours=1)
    code = use_of(cafe, member)
    scanned = scans(cafe, code, clocks=kept(made_at, cafe.passes(hours=3)))
    assert (scanned.result, scanned.reason) == ("refused", "use_offline")
    assert cafe.balance(member) == 50


def test_a_reward_that_cannot_be_had_is_refused_with_its_reason(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    scanned = scans(cafe, use_of(cafe, member, "off_500"))
    assert (scanned.result, scanned.reason) == ("refused", "reward_points")
    assert scanned.member_id == member
