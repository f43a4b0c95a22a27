import pytest

from bot.store import Store
from bot.store.staff import audit, audit_pages
from bot.store.staff.audit_pages import AuditQuery
from tests.bot.store.staff.conftest import HOUR, NOW


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


_LINE = (
    "(id, at, staff_id, action, details) VALUES ({}, '2026-11-23 03:00:00', 2, 'sign_in', '{{}}')"
)
#: What changes a line, takes it away, or puts another in its place; and one that comes too late.
CHANGES = {
    "sqlite": (
        "UPDATE audit_log SET staff_id = 2",
        "UPDATE OR REPLACE audit_log SET id = 5",
        "DELETE FROM audit_log",
        f"REPLACE INTO audit_log {_LINE.format(5)}",
        f"INSERT OR REPLACE INTO audit_log {_LINE.format(7)}",
        f"INSERT INTO audit_log {_LINE.format(7)} ON CONFLICT (id) DO UPDATE SET staff_id = 2",
        f"INSERT INTO audit_log {_LINE.format(6)}",
        f"INSERT INTO audit_log {_LINE.format(-1)}",
    ),
    "postgresql": (
        "UPDATE audit_log SET staff_id = 2",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        f"INSERT INTO audit_log {_LINE.format(7)} ON CONFLICT (id) DO UPDATE SET staff_id = 2",
        f"INSERT INTO audit_log {_LINE.format(9)} ON CONFLICT (id) DO UPDATE SET staff_id = 2",
        "MERGE INTO audit_log USING (VALUES (7)) AS other (id) ON audit_log.id = other.id"
        " WHEN MATCHED THEN UPDATE SET staff_id = 2",
    ),
}


def test_the_database_refuses_to_change_the_log_or_to_replace_it(store: Store) -> None:
    with store.begin() as uow:
        for number in (5, 7):
            line = _LINE.format(number).replace(", 2, 'sign_in'", ", 1, 'sign_in'")
            uow.connection.exec_driver_sql(f"INSERT INTO audit_log {line}")
    for change in CHANGES["sqlite" if store.is_sqlite else "postgresql"]:
        with pytest.raises(Exception, match="only added to"), store.begin() as uow:
            uow.connection.exec_driver_sql(change)
    with store.begin() as uow:
        audit.add(uow, "sign_out", at=NOW, staff_id=1)
    with store.read() as uow:
        lines = audit_pages.page(uow, AuditQuery(), before=None, limit=9)
    found = sorted((line.action, line.staff_id) for line in lines)
    assert found == [("sign_in", 1), ("sign_in", 1), ("sign_out", 1)]
