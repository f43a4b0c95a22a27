"""PostgreSQL databases that tests have used and that are empty again.

Copying a template takes a quarter of a second of a whole core, emptying a database a few
milliseconds. Only one whose tables are still those of the template is used again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql

#: A database that was used so often, or has grown to so many bytes, is thrown away: what was
#: deleted still lies in it.
TIMES_MAX = 100
SIZE_MAX = 4_000_000

Connection = psycopg.Connection[tuple[object, ...]]


def connect(url: str) -> Connection:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)


def named(server_url: str, database: str) -> str:
    return server_url.replace("/postgres?", f"/{database}?", 1)


class Shelf:
    """Copies of a template, made with `admin`'s connection to the server."""

    def __init__(self, admin: Connection, server_url: str, template: str) -> None:
        self._admin, self._server_url, self._template = admin, server_url, template
        self._idle: list[_Used] = []

    @contextmanager
    def open(self) -> Iterator["Shelf"]:
        yield self
        for used in self._idle:
            self._drop(used)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of an empty, migrated database."""
        used = self._idle.pop() if self._idle else self._make()
        try:
            yield named(self._server_url, used.name)
        finally:
            if used.emptied():
                self._idle.append(used)
            else:
                self._drop(used)

    @contextmanager
    def unused(self) -> Iterator[str]:
        """The same, and no test has been there before."""
        new = self._make()
        try:
            yield named(self._server_url, new.name)
        finally:
            self._drop(new)

    def _make(self) -> "_Used":
        name = f"test_{uuid4().hex}"
        create = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        self._admin.execute(
            sql.SQL(create).format(sql.Identifier(name), sql.Identifier(self._template))
        )
        return _Used(name, connect(named(self._server_url, name)))

    def _drop(self, used: "_Used") -> None:
        used.connection.close()
        drop = "DROP DATABASE {} WITH (FORCE)"
        self._admin.execute(sql.SQL(drop).format(sql.Identifier(used.name)))


@dataclass
class _Used:
    """A database, with a connection that stays while tests come and go."""

    name: str
    connection: Connection
    times: int = 0

    def __post_init__(self) -> None:
        self._shape = self._look()[0]

    def emptied(self) -> bool:
        """Ends what is still connected and removes what was written; False where it can't."""
        self.times += 1
        try:
            self.connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            shape, written, size = self._look()
            if shape != self._shape or size > SIZE_MAX or self.times >= TIMES_MAX:
                return False
            self.connection.execute(
                # Without this, foreign keys would ask for an order.
                "SET session_replication_role = replica; "
                + "".join(f'DELETE FROM "{table}"; ' for table in written)
                + "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
            )
        except psycopg.Error:
            return False
        return True

    def _look(self) -> tuple[list[tuple[object, ...]], list[str], int]:
        """What the tables and sequences are like, which tables have pages, and how many bytes.

        Statistics belong to what they are like: they decide how the next test's queries are done.
        """
        found = self.connection.execute(
            "SELECT relname, oid, relnatts, relfilenode, reltuples, relkind,"
            " pg_relation_size(oid) FROM pg_class WHERE relkind IN ('r', 'S')"
            " AND relnamespace = 'public'::regnamespace ORDER BY oid"
        ).fetchall()
        sizes = {str(row[0]): int(str(row[6])) for row in found if row[5] == "r"}
        written = [name for name, size in sizes.items() if size and name != "alembic_version"]
        return [row[:5] for row in found], written, sum(sizes.values())
