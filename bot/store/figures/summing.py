"""Sums by day, to which differences are added."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..engine.db import UnitOfWork


class SumsTable:
    """A table of sums by day, into which differences are added in the order of its key, so that
    nobody waits in a circle. The day stands last in the key."""

    def __init__(self, table: str, **keys: str) -> None:
        columns = [*keys, "day", "value"]
        listed, key = ", ".join(columns), ", ".join(columns[:-1])
        conflict = f"ON CONFLICT ({key}) DO UPDATE SET value = {table}.value + excluded.value"
        marks = ", ".join("?" for _ in columns)
        arrays = ", ".join(f"%s::{kind}[]" for kind in (*keys.values(), "date", "bigint"))
        self._on_sqlite = f"INSERT INTO {table} ({listed}) VALUES ({marks}) {conflict}"
        self._on_postgresql = (
            f"INSERT INTO {table} ({listed}) SELECT * FROM unnest({arrays}) {conflict}"
        )

    def add(self, uow: UnitOfWork, total: Mapping[Any, int]) -> None:
        """`total` is by keys whose last part is the day as an ordinal."""
        rows = [
            (*key[:-1], date.fromordinal(key[-1]), value)
            for key, value in sorted(total.items())
            if value
        ]
        if rows and uow.is_sqlite:
            given = [(*row[:-2], row[-2].isoformat(), row[-1]) for row in rows]
            uow.driver_many(self._on_sqlite, given)
        elif rows:
            uow.driver_one(self._on_postgresql, list(map(list, zip(*rows, strict=True))))
