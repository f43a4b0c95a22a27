"""A club that has something in every table, and its way out and back in."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from bot.leaving.export import Leaving, export_to
from bot.leaving.restore import Destination, Manner, Restored, restore_from
from bot.store import Store
from bot.store.leaving.kinds import FILES, kind_of, tables_taken
from bot.store.leaving.rows_out import PAGE

NOW = datetime(2026, 11, 30, 3, 4, 5, 678901, tzinfo=UTC)
MARK = "0011223344556677"
#: As it was, with what waited still to be sent.
AS_IT_WAS = Manner(sends_on=True)
PNG, JPEG = b"\x89PNG\r\n\x1a\n not to be drawn", b"\xff\xd8\xff not to be drawn either"
SAID = ("", "通い路で 🍡 “待つ”", 'z\ttab\n"quoted" \\ back')


def value(table: Table, name: str, number: int) -> Any:
    """Something for the column of the row, each time something else, and now and then nothing."""
    column = table.c[name]
    if column.nullable and number % 3 == 2:
        return None
    unique = (index for index in table.indexes if index.unique)
    is_part_of_key = (
        column.primary_key or column.unique or any(name in each.columns for each in unique)
    )
    if column.foreign_keys:
        return number
    match kind_of(column.type):
        case "int":
            return number if is_part_of_key else number * 7
        case "float":
            return 0.1 + number / 3
        case "bool":
            return number % 2 == 0
        case "time":
            return NOW + timedelta(days=number, microseconds=number)
        case "day":
            return date(2026, 1, 31) + timedelta(days=number)
        case "bytes":
            picture = (PNG, JPEG)[number % 2] + bytes([number % 250])
            return picture if (table.name, name) in FILES else bytes(range(number % 200))
    length = getattr(column.type, "length", None) or 400
    return (f"{number}" if is_part_of_key else SAID[number % 3])[:length]


def fill(store: Store, *, rows: int = 5) -> None:
    """Gives every table that is taken along some rows; more than fit a page to one of them."""
    with store.begin() as uow:
        for table in tables_taken():
            many = PAGE + 7 if table.name == "claims" else rows
            uow.run(insert(table), [
                {column.name: value(table, column.name, n) for column in table.columns}
                for n in range(1, many + 1)
            ])  # fmt: skip


def exported(store: Store, path: Path, *, art: Path | None = None, now: datetime = NOW) -> Path:
    for _ in export_to(Leaving(store, art, MARK), path, now):
        pass
    return path


def restored(path: Path, url: str, manner: Manner = AS_IT_WAS, **more: Any) -> Restored:
    place = Destination(url, Store(url), more.get("art"), more.get("marks", [MARK]))
    *_, last = restore_from(path, place, manner)
    place.store.close()
    assert isinstance(last, Restored)
    return last
