"""What a way through the house costs the database and the rules, counted where nothing gets past.

Statements are counted at the driver, below SQLAlchemy, in whatever thread they run. What our own
functions do is counted by their code, so that it makes no difference who imported them how.
"""

import re
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from types import CodeType, FrameType
from typing import Any

import psycopg
from pydantic import TypeAdapter
from sqlalchemy import event

from bot.line import events
from bot.store import Store
from rules.facts import Facts
from rules.judging.decide import advance, apply

#: What opens, closes and divides transactions and says how durable they are, and what SQLAlchemy
#: asks of a new connection.
_FRAME = re.compile(
    r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|SET LOCAL)\b", re.IGNORECASE
)
_READ = {
    table: re.compile(rf"\b(?:FROM|JOIN) {table}\b", re.IGNORECASE)
    for table in ("members", "line_accounts")
}
#: In a plan that PostgreSQL carried out, as Python shows it.
_ROWS = re.compile(r"'(?:Actual Rows|Rows Removed by \w+)': ([\d.]+)")


@dataclass(frozen=True, slots=True)
class Counts:
    """What was done: statements run (those that frame a transaction are none), transactions
    begun, how often members' and LINE accounts' rows were read, how often a member's facts were
    parsed and written as JSON, how often an event was parsed, and how often weeks and months were
    judged up to one day."""

    statements: int
    transactions: int
    members: int
    accounts: int
    facts_parsed: int
    facts_written: int
    events_parsed: int
    advanced: int

    def within(self, most: "Counts") -> bool:
        """Whether none of the figures is higher than in `most`."""
        return all(getattr(self, f.name) <= getattr(most, f.name) for f in fields(self))


@dataclass(frozen=True, slots=True)
class Ran:
    """A statement as the driver was given it. On SQLite its values stand in it."""

    sql: str
    values: Any = None


@dataclass
class Counting:
    """What has been counted so far. `statements` are in the order in which they ran."""

    statements: list[Ran] = field(default_factory=list)
    transactions: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    _traced: str = ""

    def ran(self, sql: str, values: Any = None) -> None:
        if not _FRAME.match(sql):
            self.statements.append(Ran(" ".join(sql.split()), values))

    def traced(self, sql: str) -> None:
        """As SQLite traces it: each trigger that guards the log is told as the statement again."""
        if not (sql == self._traced and sql.startswith("INSERT INTO audit_log")):
            self.ran(sql)
        self._traced = sql

    def called(self, name: str) -> None:
        self.calls[name] = self.calls.get(name, 0) + 1

    def reads(self, table: str) -> int:
        return sum(len(_READ[table].findall(ran.sql)) for ran in self.statements)

    @property
    def queries(self) -> int:
        return sum(ran.sql.startswith(("SELECT", "WITH")) for ran in self.statements)

    @property
    def folded(self) -> int:
        """How many activities of somebody's history were judged."""
        return self.calls.get("folded", 0)

    def counts(self) -> Counts:
        calls = self.calls
        return Counts(
            statements=len(self.statements),
            transactions=self.transactions,
            members=self.reads("members"),
            accounts=self.reads("line_accounts"),
            facts_parsed=calls.get("parsed", 0),
            facts_written=calls.get("written", 0),
            events_parsed=calls.get("event", 0),
            advanced=max((n for name, n in calls.items() if name.startswith("to ")), default=0),
        )


@contextmanager
def counting(store: Store) -> Iterator[Counting]:
    """Counts what is done in the block, by this thread and those that begin meanwhile."""
    counted = Counting()
    with _statements(store, counted), _calls(counted):
        yield counted


def plans(store: Store, statements: Iterable[Ran]) -> list[str]:
    """How the database would answer them in a large club, a line for each step."""
    explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
    with store.read() as uow:
        driver = uow.connection.connection.driver_connection
        assert driver is not None
        if not store.is_sqlite:
            # It reads small tables whole by choice: here only those that it can't read otherwise.
            driver.execute("SET LOCAL enable_seqscan = off")
        return [
            str(row[-1])
            for each in statements
            for row in driver.execute(f"{explain} {each.sql}", each.values or ())
        ]


def rows_read(store: Store, statements: Iterable[Ran]) -> float:
    """How much the database does for them: rows that its steps look at on PostgreSQL; the steps of
    its machine on SQLite."""
    with store.read() as uow:
        driver: Any = uow.connection.connection.driver_connection
        if not store.is_sqlite:
            # As in a large club: small tables are read whole by choice.
            driver.execute("SET LOCAL enable_seqscan = off")
            explain = "EXPLAIN (ANALYZE, FORMAT JSON)"
            plans = [
                row
                for ran in statements
                for row in driver.execute(f"{explain} {ran.sql}", ran.values or ())
            ]
            return sum(float(rows) for rows in _ROWS.findall(str(plans)))
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        driver.set_progress_handler(step, 1)
        for ran in statements:
            driver.execute(ran.sql).fetchall()
        driver.set_progress_handler(None, 1)
        return steps


@contextmanager
def _statements(store: Store, counted: Counting) -> Iterator[None]:
    cursor_factory = _counting_cursor(counted)

    def taken(connection: Any, _record: Any, _proxy: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(counted.traced)
        else:
            connection.cursor_factory = cursor_factory

    def given_back(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(None)
        else:
            connection.cursor_factory = psycopg.Cursor

    def began(_connection: Any) -> None:
        counted.transactions += 1

    listeners: dict[str, Callable[..., None]] = {
        "checkout": taken,
        "checkin": given_back,
        "begin": began,
    }
    heard = [(engine, *each) for engine in store.engines for each in listeners.items()]
    for engine, name, listener in heard:
        event.listen(engine, name, listener)
    try:
        yield
    finally:
        for engine, name, listener in heard:
            event.remove(engine, name, listener)


def _counting_cursor(counted: Counting) -> type[psycopg.Cursor[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            counted.ran(str(query), params)
            return super().execute(query, params, **more)

        def executemany(self, query: Any, params_seq: Any, **more: Any) -> None:
            rows = list(params_seq)
            for row in rows:
                counted.ran(str(query), row)
            super().executemany(query, rows, **more)

    return Cursor


@contextmanager
def _calls(counted: Counting) -> Iterator[None]:
    watched: dict[CodeType, Callable[[dict[str, Any]], str | None]] = {
        events.parse.__code__: lambda _: "event",
        apply.__code__: lambda _: "folded",
        advance.__code__: lambda given: f"to {given['day']}",
        TypeAdapter.validate_json.__code__: lambda given: _if_facts(given, "parsed"),
        TypeAdapter.dump_json.__code__: lambda given: _if_facts(given, "written"),
    }

    def look(frame: FrameType, happening: str, _of: object) -> None:
        if happening == "call" and (name_of := watched.get(frame.f_code)):
            name = name_of(frame.f_locals)
            if name is not None:
                counted.called(name)

    before = sys.getprofile()
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(before)


def _if_facts(given: dict[str, Any], name: str) -> str | None:
    return name if given["self"]._type is Facts else None
