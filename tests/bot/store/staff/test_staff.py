"""Accounts, sessions, devices, invitations and the log, on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Store
from bot.store.staff import audit, audit_pages, devices, invitations, staff, staff_sessions
from bot.store.staff.audit_pages import AuditQuery
from bot.store.staff.invitations import Invitation
from bot.store.staff.staff import Role, StaffMember

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def _hired(
    store: Store, login: str, role: Role = "staff", branch: str | None = "ekimae"
) -> StaffMember:
    with store.begin() as uow:
        person = staff.add(
            uow, login=login, name=login, role=role, store=branch, language="ja", at=NOW
        )
    assert person is not None
    return person


def test_a_login_is_one_persons(store: Store) -> None:
    hana = _hired(store, "hana")
    with store.begin() as uow:
        again = staff.add(
            uow, login="hana", name="x", role="owner", store=None, language="en", at=NOW
        )
    assert again is None
    with store.read() as uow:
        assert staff.by_login(uow, "hana") == staff.get(uow, hana.id) == hana
        assert staff.by_login(uow, "nobody") is None


def test_who_stands_at_a_store_works_there_today(store: Store) -> None:
    _hired(store, "hana")
    _hired(store, "boss", "owner", None)
    _hired(store, "far", branch="kawabe")
    gone = _hired(store, "gone")
    with store.begin() as uow:
        staff.change(uow, gone.id, disabled_at=NOW)
        assert [p.login for p in staff.at_store(uow, "ekimae")] == ["boss", "hana"]
        assert [p.login for p in staff.everybody(uow)][-1] == "gone"
        assert staff.owners(uow) == 1


def test_a_session_runs_until_its_end_or_until_it_is_revoked(store: Store) -> None:
    hana, ken = _hired(store, "hana"), _hired(store, "ken")
    with store.begin() as uow:
        for token, person, device in (("a", hana, None), ("b", hana, 7), ("c", ken, 7)):
            staff_sessions.start(
                uow, token, staff_id=person.id, device_id=device, at=NOW, until=NOW + HOUR
            )

    def running(at: datetime = NOW) -> list[str]:
        with store.read() as uow:
            return [t for t in "abc" if staff_sessions.running(uow, t, at=at)]

    assert running() == ["a", "b", "c"]
    assert running(NOW + HOUR) == []
    with store.begin() as uow:
        assert staff_sessions.revoke_of(uow, staff_id=hana.id, at=NOW, but="a") == 1
    assert running() == ["a", "c"]
    with store.begin() as uow:
        assert staff_sessions.revoke_of(uow, device_id=7, at=NOW) == 1
        assert staff_sessions.revoke(uow, "a", at=NOW)
        assert not staff_sessions.revoke(uow, "a", at=NOW)
        with pytest.raises(ValueError, match="person or a device"):
            staff_sessions.revoke_of(uow, at=NOW)
    assert running() == []


def test_a_device_is_known_by_its_token_until_it_is_revoked(store: Store) -> None:
    with store.begin() as uow:
        device = devices.add(uow, name="till", store="ekimae", token_hash="t", by=1, at=NOW)
        devices.note_seen(uow, device.id, at=NOW + 2 * HOUR)
        known = devices.by_token(uow, "t")
        assert known is not None
        assert (known.last_seen_at, known.clock_off_s) == (NOW + 2 * HOUR, None)
        assert devices.get(uow, device.id) == known
        assert devices.revoke(uow, device.id, at=NOW)
        assert not devices.revoke(uow, device.id, at=NOW)
        assert devices.by_token(uow, "t") is None
        assert devices.everything(uow) == []
        assert devices.names(uow) == {device.id: "till"}


def test_a_clock_that_is_off_by_a_little_more_is_no_news(store: Store) -> None:
    with store.begin() as uow:
        device = devices.add(uow, name="till", store="ekimae", token_hash="t", by=1, at=NOW)
        for off_s, known in ((3, 3), (33, 3), (-28, -28), (2, -28), (-120, -120)):
            devices.note_clock(uow, device, off_s)
            [device] = devices.everything(uow)
            assert device.clock_off_s == known


def test_who_is_signed_in_comes_with_the_device_if_it_is_one(store: Store) -> None:
    hana = _hired(store, "hana")
    with store.begin() as uow:
        till = devices.add(uow, name="till", store="ekimae", token_hash="t", by=1, at=NOW)
        for token, device_id in (("a", till.id), ("b", None)):
            staff_sessions.start(
                uow, token, staff_id=hana.id, device_id=device_id, at=NOW, until=NOW + HOUR
            )
    with store.glance() as uow:
        found = [staff_sessions.running(uow, token, at=NOW) for token in "ab"]
    assert [(one.person, one.device) for one in found if one] == [(hana, till), (hana, None)]


def test_an_invitation_is_used_by_the_first_of_many(store: Store) -> None:
    made = Invitation("t", "device", "till", "ekimae", None, None, NOW + HOUR)
    with store.begin() as uow:
        invitations.add(uow, made, at=NOW)
        assert invitations.find(uow, "t", at=NOW) == made
        assert invitations.find(uow, "t", at=NOW + HOUR) is None
    won: list[bool] = []

    def use() -> None:
        with store.begin() as uow:
            won.append(invitations.use(uow, "t", at=NOW))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]
    with store.read() as uow:
        assert invitations.find(uow, "t", at=NOW) is None


def test_a_new_invitation_replaces_the_persons_last_of_its_kind(store: Store) -> None:
    with store.begin() as uow:
        for token, kind, person in (
            ("a", "password", 1),
            ("b", "sign_in", 1),
            ("c", "password", 2),
            ("d", "password", 1),
        ):
            made = Invitation(token, kind, "x", None, person, None, NOW + HOUR)  # type: ignore[arg-type]
            invitations.add(uow, made, at=NOW)
        assert [t for t in "abcd" if invitations.find(uow, t, at=NOW)] == ["b", "c", "d"]
        invitations.withdraw(uow, 1)
        assert [t for t in "abcd" if invitations.find(uow, t, at=NOW)] == ["c"]


def test_the_log_is_read_back_newest_first_by_any_of_its_sides(store: Store) -> None:
    for number in range(1, 7):
        with store.begin() as uow:
            audit.add(
                uow,
                "check_in" if number % 2 else "undo",
                at=NOW + number * HOUR,
                staff_id=number % 3,
                device_id=None if number < 3 else 9,
                store="ekimae" if number < 5 else "kawabe",
                key=f"scan:{number}",
                member_id=40 + number,
                points=number,
            )

    def found(limit: int = 10, before: int | None = None, **wanted: object) -> list[int]:
        with store.read() as uow:
            asked = AuditQuery(**wanted)  # type: ignore[arg-type]
            lines = audit_pages.page(uow, asked, before=before, limit=limit)
            return [line.details["points"] for line in lines]

    assert found() == [6, 5, 4, 3, 2, 1]
    assert found(action="undo") == [6, 4, 2]
    assert found(store="kawabe") == [6, 5]
    assert found(staff_id=1) == [4, 1]
    assert found(device_id=9, store="ekimae") == [4, 3]
    assert found(member_id=42) == [2]
    assert found(since=NOW + 2 * HOUR, until=NOW + 4 * HOUR) == [3, 2]
    with store.read() as uow:
        first = audit_pages.page(uow, AuditQuery(), before=None, limit=4)
        assert first[-1].key == "scan:3"
        assert first[-1].at == NOW + 3 * HOUR
    assert found(before=first[-1].id, limit=2) == [2, 1]


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit_log SET staff_id = 2", "DELETE FROM audit_log"],
)
def test_the_database_refuses_to_change_the_log(store: Store, change: str) -> None:
    with store.begin() as uow:
        audit.add(uow, "sign_in", at=NOW, staff_id=1)
    with pytest.raises(Exception, match="only added to"), store.begin() as uow:
        uow.connection.exec_driver_sql(change)
    with store.read() as uow:
        [line] = audit_pages.page(uow, AuditQuery(), before=None, limit=5)
    assert line.staff_id == 1
