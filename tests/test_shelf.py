import psycopg
import pytest

from tests.conftest import FreshDatabase
from tests.shelf import connect


def test_a_connection_that_was_left_to_postgresql_ends_with_its_test(
    fresh_postgresql: FreshDatabase,
) -> None:
    with fresh_postgresql() as url:
        left = connect(url)
        left.execute("BEGIN; LOCK TABLE members")
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()


def test_a_postgresql_used_before_is_empty_and_counts_from_one(
    fresh_postgresql: FreshDatabase,
) -> None:
    names, ids = set(), []
    for _ in range(2):
        with fresh_postgresql() as url, connect(url) as connection:
            names.add(url)
            add = "INSERT INTO audit_log (at, action, details) VALUES (now(), 'x', '{}')"
            connection.execute(add)
            ids += connection.execute("SELECT id FROM audit_log").fetchall()
    assert len(names) == 1
    assert ids == [(1,), (1,)]


@pytest.mark.unused_database
def test_who_needs_it_gets_a_postgresql_that_nobody_used_before(
    fresh_postgresql: FreshDatabase,
) -> None:
    with fresh_postgresql() as one:
        pass
    with fresh_postgresql() as other:
        assert one != other


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id INTEGER)",
        "ALTER TABLE members ADD more TEXT",
        "ANALYZE",
        "DROP TABLE alembic_version",
    ],
)
def test_a_postgresql_that_was_changed_is_not_used_again(
    fresh_postgresql: FreshDatabase, change: str
) -> None:
    with fresh_postgresql() as url, connect(url) as connection:
        connection.execute("INSERT INTO programs VALUES (1, now(), '', '')")
        connection.execute(change)
    with fresh_postgresql() as another:
        assert another != url
