"""Tries are counted before they are looked at, whoever else is trying at the same moment."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from bot.passwords import fits, hashed, is_dated
from bot.store import Store
from bot.store.staff import staff, staff_sessions
from bot.store.staff.staff import StaffMember
from handlers.actions.staff.signing import (
    FREE_TRIES,
    SignInWay,
    count_try,
    renew_hash,
    sign_in,
    token_hash,
    wait_after,
)
from tests.handlers.works import work_on

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def _hana(store: Store) -> StaffMember:
    with store.begin() as uow:
        person = staff.add(
            uow, login="hana", name="Hana", role="staff", store="ekimae", language="ja", at=NOW
        )
    assert person is not None
    return person


def test_the_wait_grows_from_half_a_minute_to_an_hour() -> None:
    waits = [wait_after(failed).total_seconds() for failed in range(FREE_TRIES + 10)]
    assert waits[: FREE_TRIES + 1] == [0.0] * (FREE_TRIES + 1)
    assert waits[FREE_TRIES + 1 :] == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert wait_after(10_000) == timedelta(hours=1)


def test_many_tries_at_once_are_as_few_as_one_after_the_other(database_url: str) -> None:
    store = Store(database_url)
    hana = _hana(store)
    taken: list[bool] = []

    def guess() -> None:
        with work_on(store, NOW) as work:
            taken.append(count_try(work, hana.id, "") is not None)

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == FREE_TRIES + 1
    with store.read() as uow:
        known = staff.get(uow, hana.id)
    assert known is not None
    assert known.locked_until == NOW + timedelta(seconds=30)
    store.close()


def test_signing_in_forgets_the_wrong_tries_and_keeps_only_a_hash(database_url: str) -> None:
    store = Store(database_url)
    hana = _hana(store)
    with work_on(store, NOW) as work:
        assert count_try(work, hana.id, "") is not None
        token = sign_in(work, hana, SignInWay("password", None, "ekimae"))
        assert token is not None
        known = staff.get(work.uow, hana.id)
        assert known is not None
        assert known.failed == 0
        assert staff_sessions.running(work.uow, token, at=NOW) is None
        assert staff_sessions.running(work.uow, token_hash(token), at=NOW) is not None
        newer = sign_in(work, hana, SignInWay("tap", None, "ekimae"), replaces=token)
        assert newer not in (None, token)
        assert staff_sessions.running(work.uow, token_hash(token), at=NOW) is None
    store.close()


@pytest.mark.parametrize("how", ["try", "sign_in"])
def test_a_disabled_person_gets_nowhere(database_url: str, how: str) -> None:
    store = Store(database_url)
    hana = _hana(store)
    with work_on(store, NOW) as work:
        staff.change(work.uow, hana.id, disabled_at=NOW)
        if how == "try":
            assert count_try(work, hana.id, "") is None
        else:
            assert sign_in(work, hana, SignInWay("tap", None, "ekimae")) is None
    store.close()


def test_a_password_changed_meanwhile_is_not_hashed_away(database_url: str) -> None:
    store = Store(database_url)
    hana = _hana(store)
    dated = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("yesterday's")
    with work_on(store, NOW) as work:
        staff.change(work.uow, hana.id, password_hash=dated)
        tried = count_try(work, hana.id, "")
        assert tried is not None
        staff.change(work.uow, hana.id, password_hash=hashed("today's"))
    renewed = hashed("yesterday's")
    for wanted in ("today's", "yesterday's"):
        with work_on(store, NOW) as work:
            renew_hash(work, tried, renewed)
            person = staff.get(work.uow, hana.id)
            assert person is not None
            assert fits(wanted, person.password_hash)
            assert not is_dated(person.password_hash or "")
            staff.change(work.uow, hana.id, password_hash=dated)
    store.close()
