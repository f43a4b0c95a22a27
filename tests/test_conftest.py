import sqlite3
from contextlib import AbstractContextManager, closing

import psycopg
import pytest

from tests.conftest import FreshDatabase

PSYCOPG = "postgresql+psycopg://"


def connect(
    url: str,
) -> AbstractContextManager[sqlite3.Connection | psycopg.Connection[tuple[object, ...]]]:
    if url.startswith(PSYCOPG):
        return closing(psycopg.connect(url.replace(PSYCOPG, "postgresql://"), autocommit=True))
    return closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None))


def test_a_tests_database_is_migrated(database_url: str) -> None:
    with connect(database_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone()


@pytest.mark.parametrize("run", [1, 2])
def test_a_tests_database_is_its_own(database_url: str, run: int) -> None:
    with connect(database_url) as connection:
        connection.execute("CREATE TABLE only_here (run INTEGER)")
        connection.execute("INSERT INTO only_here VALUES (1)")
        assert connection.execute("SELECT count(*) FROM only_here").fetchone() == (1,)


def test_a_test_may_have_several_databases(fresh_database: FreshDatabase) -> None:
    with fresh_database() as one, fresh_database() as other:
        assert one != other
        with connect(one) as connection:
            connection.execute("CREATE TABLE only_here (id INTEGER)")
        with connect(other) as connection:
            connection.execute("CREATE TABLE only_here (id INTEGER)")
