"""Scans as the log has them, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store import Store
from bot.store.finding import scans
from bot.store.finding.scans import Desk
from bot.store.staff import audit
from rules.programme.counter import CounterScan

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
SCAN = CounterScan(
    at=NOW, store="ekimae", staff_id=1, device_id=1, member_id=1, identified_by="card", counted=True
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def _log(store: Store, *seen: CounterScan) -> None:
    for one in seen:
        details: dict[str, Any] = scans.details(one)
        with store.begin() as uow:
            audit.add(
                uow,
                scans.VISIT if one.counted else scans.OTHER,
                at=one.at,
                staff_id=one.staff_id,
                device_id=one.device_id,
                store=one.store,
                member_id=one.member_id,
                **details,
            )


def _recent(store: Store, scan: CounterScan, *, most: int = 5) -> list[CounterScan]:
    with store.read() as uow:
        desk = Desk(scan.staff_id or 0, scan.device_id, scan.member_id)
        return scans.lately(uow, desk, now=scan.at, opens=scan.at, most=most).scans


def test_what_the_device_the_member_and_the_person_had_to_do_with_is_found_once(
    store: Store,
) -> None:
    minute = timedelta(minutes=1)
    of_device = replace(SCAN, at=NOW - 9 * minute, member_id=2, staff_id=2)
    of_member = replace(SCAN, at=NOW - 8 * minute, device_id=2, staff_id=2, counted=False)
    long_ago = replace(SCAN, at=NOW - 7 * minute, device_id=2, member_id=2)
    of_person = replace(SCAN, at=NOW - minute, device_id=None, member_id=None)
    of_nobody = replace(SCAN, at=NOW, device_id=2, member_id=2, staff_id=2)
    _log(store, of_device, of_member, long_ago, of_person, SCAN, of_nobody)
    assert _recent(store, SCAN) == [of_device, of_member, of_person, SCAN]
    nobody = replace(SCAN, device_id=None, member_id=None)
    assert _recent(store, nobody) == [of_person, SCAN]


def test_no_more_than_the_newest_are_found(store: Store) -> None:
    several = [replace(SCAN, at=NOW - timedelta(seconds=n)) for n in range(9, 0, -1)]
    _log(store, *several)
    assert _recent(store, SCAN, most=3) == several[-3:]
