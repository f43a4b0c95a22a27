"""Unusual patterns: what is flagged, what isn't, and that one pattern is one flag."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.base import Hours
from rules.programme.counter import (
    CardMove,
    CounterPolicy,
    CounterScan,
    Flag,
    flags,
    is_clock_off,
    move_flags,
)
from tests.rules.examples import CAFE, programme

#: Noon in Japan.
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SHOP = programme(CAFE).shop
POLICY = CounterPolicy()
DAYTIME = Hours(start=time(7), end=time(22))
SCAN = CounterScan(NOON, "ekimae", staff_id=1, device_id=2, member_id=3, identified_by="card")


def found(
    *recent: CounterScan, scan: CounterScan = SCAN, policy: CounterPolicy = POLICY
) -> tuple[Flag, ...]:
    return flags(policy, SHOP, DAYTIME, recent, scan)


def kinds(
    *recent: CounterScan, scan: CounterScan = SCAN, policy: CounterPolicy = POLICY
) -> list[str]:
    return [flag.kind for flag in found(*recent, scan=scan, policy=policy)]


def others(count: int, **changes: Any) -> list[CounterScan]:
    """Scans of other members, a second apart, just before."""
    return [
        replace(SCAN, at=NOON - SECOND * (n + 1), member_id=100 + n, **changes)
        for n in range(count)
    ]


def test_an_ordinary_scan_is_not_unusual() -> None:
    assert kinds() == []
    assert kinds(*others(5)) == []


def test_more_scans_in_a_minute_than_a_queue_brings_are_a_burst() -> None:
    assert kinds(*others(11)) == []
    [flag] = found(*others(12))
    assert (flag.kind, flag.details) == ("burst", {"count": 13})


def test_one_person_on_two_devices_is_a_burst_too() -> None:
    spread = [replace(seen, device_id=n % 2) for n, seen in enumerate(others(12))]
    [flag] = found(*spread, scan=replace(SCAN, device_id=None))
    assert flag.key.startswith("burst:staff_id:1:")


def test_two_people_on_two_devices_are_none() -> None:
    assert kinds(*others(12, device_id=9, staff_id=9)) == []


def test_scans_that_were_made_over_an_hour_and_arrive_together_are_no_burst() -> None:
    queue = [replace(SCAN, at=NOON - MINUTE * n, member_id=n) for n in range(1, 60)]
    assert kinds(*queue) == []


def test_a_burst_that_goes_on_is_flagged_once_in_ten_minutes() -> None:
    later = replace(SCAN, at=NOON + SECOND * 30)
    [first], [second] = found(*others(13)), found(*others(13), scan=later)
    assert first.key == second.key


def test_a_grant_in_the_night_is_flagged_by_the_shops_own_clock() -> None:
    night = replace(SCAN, at=datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    [flag] = found(scan=night)
    assert (flag.kind, flag.details) == ("odd_hours", {"time": "23:30"})
    assert kinds(scan=replace(night, counted=False)) == []
    assert flags(POLICY, SHOP, None, [], night) == ()


def test_one_card_at_two_stores_within_minutes_is_flagged() -> None:
    there = replace(SCAN, store="kawabe", at=NOON - MINUTE * 14)
    [flag] = found(there)
    assert (flag.kind, flag.member_id) == ("two_stores", 3)
    assert flag.details == {"other": "kawabe", "minutes": 14}


def test_two_stores_are_seen_in_either_order_of_arrival() -> None:
    assert kinds(replace(SCAN, store="kawabe", at=NOON + MINUTE * 3)) == ["two_stores"]


@pytest.mark.parametrize(
    "seen",
    [
        replace(SCAN, store="kawabe", at=NOON - MINUTE * 15),
        replace(SCAN, at=NOON - MINUTE),
        replace(SCAN, store="kawabe", member_id=4),
        replace(SCAN, store="kawabe", member_id=None),
    ],
)
def test_another_time_store_or_card_is_no_wonder(seen: CounterScan) -> None:
    assert kinds(seen) == []


def test_no_minutes_look_at_no_stores() -> None:
    policy = CounterPolicy(two_stores_minutes=0)
    assert kinds(replace(SCAN, store="kawabe"), policy=policy) == []


def test_a_clock_far_off_is_flagged_for_its_device_and_day() -> None:
    [flag] = found(scan=replace(SCAN, clock_off_s=-420))
    assert (flag.kind, flag.details) == ("clock", {"minutes": -7})
    assert flag.key == "clock:2:2026-11-23"
    assert kinds(scan=replace(SCAN, clock_off_s=300)) == []
    assert not is_clock_off(POLICY, None)


def test_a_picture_of_a_card_that_goes_round_is_flagged() -> None:
    shown = [replace(SCAN, at=NOON - MINUTE * 20 * n, counted=False) for n in range(1, 5)]
    assert kinds(*shown[:3]) == []
    [flag] = found(*shown)
    assert (flag.kind, flag.member_id, flag.details) == ("old_codes", 3, {"count": 5})


def test_live_codes_and_typed_numbers_are_no_pictures() -> None:
    shown = [replace(SCAN, at=NOON - MINUTE * 20 * n, identified_by="live") for n in range(1, 9)]
    assert kinds(*shown) == []
    assert kinds(*shown, scan=replace(SCAN, identified_by="number")) == []


def test_a_card_that_was_replaced_is_flagged_when_it_is_shown() -> None:
    closed = replace(SCAN, is_closed=True, counted=False)
    assert kinds(scan=closed) == ["closed_card"]


@given(
    st.lists(
        st.builds(
            CounterScan,
            st.integers(0, 7_200).map(lambda s: NOON - SECOND * s),
            st.sampled_from(["ekimae", "kawabe"]),
            st.sampled_from([None, 1, 2]),
            st.sampled_from([None, 1, 2]),
            st.sampled_from([None, 3, 4]),
            st.sampled_from(["card", "live", "number"]),
        ),
        max_size=40,
    )
)
def test_the_order_in_which_scans_arrived_changes_no_flag(recent: list[CounterScan]) -> None:
    def keys(seen: list[CounterScan]) -> set[str]:
        return {flag.key for flag in found(*seen)}

    assert keys(recent) == keys(recent[::-1])


def move(**changes: Any) -> CardMove:
    ordinary = CardMove(SCAN.at, "ekimae", 1, 7, worth_yen=900, of_the_day=1)
    return replace(ordinary, **changes)


@pytest.mark.parametrize(
    ("changes", "flagged"),
    [
        ({}, []),
        ({"of_the_day": POLICY.moves_per_day_max}, []),
        ({"of_the_day": POLICY.moves_per_day_max + 1}, ["card_moves"]),
        ({"worth_yen": POLICY.moved_worth_yen_max}, []),
        ({"worth_yen": POLICY.moved_worth_yen_max + 1}, ["dear_move"]),
        ({"at": SCAN.at + timedelta(hours=12)}, ["odd_hours"]),
    ],
)
def test_cards_moved_often_with_much_on_them_or_at_night_are_flagged(
    changes: dict[str, Any], flagged: list[str]
) -> None:
    found = [flag.kind for flag in move_flags(POLICY, SHOP, DAYTIME, move(**changes))]
    assert found == flagged
