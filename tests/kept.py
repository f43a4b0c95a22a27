"""What libraries compile for each application and each engine, kept for the whole process.

In production there is one of each. Tests make thousands, and compiled the same templates, routes
and statements anew for each: a third of all that they did.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from werkzeug.routing import Rule


def keep() -> None:
    """Keeps it from now on; and spares SQLite the disk, as nobody will miss what is written."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Templates()}
    Rule._compile_builder = _kept_routes(Rule._compile_builder)  # type: ignore[method-assign, assignment]
    statements = _Statements()

    @event.listens_for(Engine, "engine_connect")
    def _connected(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.execute("PRAGMA synchronous=OFF")


class _Templates(BytecodeCache):
    """In memory, by name and source."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


class _Statements(dict[Any, Any]):
    """By the kind of database instead of the one engine, which comes first in SQLAlchemy's key."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), value)


_Builder = Callable[..., tuple[str, str]]


def _kept_routes(compiles: Callable[[Rule, bool], _Builder]) -> Callable[[Rule, bool], _Builder]:
    """How the addresses of a route are built, by its parts."""
    known: dict[Any, _Builder] = {}

    def kept(rule: Rule, append_unknown: bool = True) -> _Builder:
        key = (rule.rule, *rule._trace, append_unknown)
        if rule.defaults:
            return compiles(rule, append_unknown)
        if key not in known:
            known[key] = compiles(rule, append_unknown)
        return known[key]

    return kept
