"""Who may be made, moved and disabled, whoever asks."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.store import Store
from bot.store.staff import staff
from bot.store.staff.staff import StaffMember
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.work import Work
from handlers.actions.staff.staffing import Assignment, disable, hire, may_manage, move
from rules.base import Refusal
from tests.handlers.works import work_on

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
STORES = ("ekimae", "kawabe")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def _hire(
    work: Work, login: str, place: Assignment, by: Actor | None = None
) -> StaffMember | Refusal:
    return hire(work.acting(by), login=login, name=login, place=place, stores=STORES, language="ja")


def _hired(store: Store, login: str, place: Assignment) -> StaffMember:
    with work_on(store, NOW) as work:
        person = _hire(work, login, place)
    assert isinstance(person, StaffMember)
    return person


def _desk(person: StaffMember) -> Actor:
    return Actor(person.id, person.name, person.role, person.store or "ekimae")


def test_what_each_role_may_change(store: Store) -> None:
    owner = _hired(store, "owner", Assignment("owner", None))
    manager = _hired(store, "manager", Assignment("manager", "ekimae"))
    rover = _hired(store, "rover", Assignment("manager", None))
    hana = _hired(store, "hana", Assignment("staff", "ekimae"))
    everywhere, here, there = (
        Assignment("staff", None),
        Assignment("staff", "ekimae"),
        Assignment("manager", "kawabe"),
    )
    another_owner = Assignment("owner", "ekimae")
    may = {
        person.login: [
            may_manage(person, place) for place in (here, there, everywhere, another_owner)
        ]
        for person in (owner, manager, rover, hana)
    }
    assert may == {
        "owner": [True, True, True, True],
        "manager": [True, False, False, False],
        "rover": [True, True, True, False],
        "hana": [False, False, False, False],
    }


def test_who_lost_their_role_meanwhile_changes_nothing(store: Store) -> None:
    manager = _hired(store, "manager", Assignment("manager", "ekimae"))
    desk = _desk(manager)
    with store.begin() as uow:
        staff.change(uow, manager.id, disabled_at=NOW)
    with work_on(store, NOW) as work:
        assert _hire(work, "new", Assignment("staff", "ekimae"), desk) == Refusal("not_allowed")
        assert staff.by_login(work.uow, "new") is None


def test_a_place_is_at_a_store_there_is(store: Store) -> None:
    with work_on(store, NOW) as work:
        assert _hire(work, "new", Assignment("staff", "moon")) == Refusal("store_unknown")


def test_the_last_owner_stays(store: Store) -> None:
    owner = _hired(store, "owner", Assignment("owner", None))
    with work_on(store, NOW) as work:
        assert disable(work, owner.id) == Refusal("last_owner")
        demoted = move(work, owner.id, name="x", place=Assignment("staff", "ekimae"), stores=STORES)
        assert demoted == Refusal("last_owner")
    second = _hired(store, "second", Assignment("owner", None))
    with work_on(store, NOW) as work:
        assert disable(work, owner.id) == owner
        assert disable(work, second.id) == Refusal("last_owner")


def test_two_owners_who_disable_each_other_at_once_leave_one(store: Store) -> None:
    one = _hired(store, "one", Assignment("owner", None))
    two = _hired(store, "two", Assignment("owner", None))
    start = threading.Barrier(2)
    done: list[object] = []

    def go(actor: StaffMember, other: StaffMember) -> None:
        start.wait()
        try:
            with work_on(store, NOW) as work:
                done.append(disable(work.acting(_desk(actor)), other.id))
        except Exception as problem:  # a deadlock is a "no" too
            done.append(problem)

    threads = [threading.Thread(target=go, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.begin() as uow:
        assert staff.owners(uow) >= 1
    assert len(done) == 2
