import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.store import DatabaseUnreachable, Store, StoreBusy
from bot.store.engine import db
from bot.store.finding import ticks
from bot.store.history import claims
from bot.store.history.claims import KeyReused, Repeat
from bot.store.tables import notes
from bot.store.tables import ticks as tick_rows
from tests.conftest import FreshDatabase
from tests.waiting import SECONDS_MAX, is_held_up, until

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def _note(store: Store, name: str) -> str | None:
    with store.read() as uow:
        value: str | None = uow.run(select(notes.c.value).where(notes.c.name == name)).scalar()
        return value


def test_a_transaction_is_kept_whole(store: Store) -> None:
    with store.begin() as uow:
        uow.run(insert(notes), [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}])
    assert (_note(store, "a"), _note(store, "b")) == ("1", "2")


def test_an_exception_leaves_nothing_of_it(store: Store) -> None:
    def dies() -> None:
        with store.begin() as uow:
            uow.run(insert(notes), {"name": "a", "value": "1"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        dies()
    assert _note(store, "a") is None
    with store.begin() as uow:
        uow.run(insert(notes), {"name": "a", "value": "2"})
    assert _note(store, "a") == "2"


def test_what_need_not_be_durable_alone_does_not_wait_for_the_disk(store: Store) -> None:
    asked = text(
        "PRAGMA synchronous"
        if store.is_sqlite
        else "SELECT source <> 'client' FROM pg_settings WHERE name = 'synchronous_commit'"
    )
    waits = 2 if store.is_sqlite else True
    for durable in (False, True, False):
        with store.begin(durable=durable) as uow:
            assert (uow.run(asked).scalar_one() == waits) is durable
    for durable in (False, True, False):
        with store.stroke(durable=durable) as uow:
            assert (uow.run(asked).scalar_one() == waits) is durable


def test_a_stroke_is_kept_whatever_comes_after_it(store: Store) -> None:
    """On SQLite, where a transaction costs no round trip, it is undone with what follows."""
    with contextlib.suppress(ZeroDivisionError), store.stroke() as uow:
        uow.run(insert(notes), {"name": "a", "value": "1"})
        raise ZeroDivisionError
    assert _note(store, "a") == (None if store.is_sqlite else "1")


def test_reading_keeps_nothing(store: Store) -> None:
    with contextlib.suppress(DBAPIError), store.read() as uow:
        uow.run(insert(notes), {"name": "a", "value": "1"})
    assert _note(store, "a") is None


def test_new_rows_are_counted_and_known_ones_left_as_they_are(store: Store) -> None:
    def rows(*names: str) -> list[dict[str, str]]:
        return [{"name": name, "value": name} for name in names]

    with store.begin() as uow:
        assert uow.insert_new(notes, []) == 0
        assert uow.insert_new(notes, rows("a")) == 1
        assert uow.insert_new(notes, [{"name": "a", "value": "other"}]) == 0
        assert uow.insert_new(notes, rows("a", "b", "c")) == 2
        assert uow.insert_new(notes, rows("a", "b", "c")) == 0
    assert _note(store, "a") == "a"


def test_instants_come_back_as_they_went_in(store: Store) -> None:
    japan = datetime(2026, 1, 5, 12, 0, 0, 123_456).astimezone()
    with store.begin() as uow:
        ticks.mark_tick(uow, "tick:t:1", at=japan)
    with store.read() as uow:
        back = uow.run(select(tick_rows.c.done_at)).scalar_one()
    assert back == japan
    assert back.tzinfo is UTC


def test_an_instant_without_a_zone_is_a_mistake(store: Store) -> None:
    with pytest.raises(StatementError, match="time zone"), store.begin() as uow:
        ticks.mark_tick(uow, "tick:t:1", at=datetime(2026, 1, 5))  # noqa: DTZ001


def test_a_key_does_its_work_once(store: Store) -> None:
    with store.begin() as uow:
        assert claims.claim(uow, "k", "this", at=NOW) is None
        claims.settle(uow, "k", "done")
    with store.begin() as uow:
        assert claims.claim(uow, "k", "this", at=NOW) == Repeat("done")
        with pytest.raises(KeyReused):
            claims.claim(uow, "k", "that", at=NOW)


def test_a_key_claimed_by_a_transaction_that_died_is_free(store: Store) -> None:
    def dies() -> None:
        with store.begin() as uow:
            claims.claim(uow, "k", "this", at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        dies()
    with store.begin() as uow:
        assert claims.claim(uow, "k", "that", at=NOW) is None


def test_the_last_tick_of_a_job_is_its_newest_period(store: Store) -> None:
    with store.begin() as uow:
        for key in ("tick:nightly:2026-01-09", "tick:nightly:2026-01-10", "tick:other:2027-01-01"):
            ticks.mark_tick(uow, key, at=NOW)
        assert ticks.last_tick(uow, "nightly") == "2026-01-10"
        assert ticks.last_tick(uow, "none") is None
        assert ticks.tick_done(uow, "tick:nightly:2026-01-09")
        assert not ticks.tick_done(uow, "tick:nightly:2026-01-11")


def test_two_who_note_the_same_for_the_first_time_both_do_so(store: Store) -> None:
    failed: list[Exception] = []

    def second() -> None:
        try:
            with store.begin() as uow:
                ticks.set_columns_filled(uow, "later")
        except Exception as problem:
            failed.append(problem)

    other = threading.Thread(target=second)
    with store.begin() as uow:
        ticks.set_columns_filled(uow, "first")
        other.start()
        until(lambda: is_held_up(store), "the second to wait")
    other.join(SECONDS_MAX)
    assert failed == []
    with store.read() as uow:
        assert ticks.columns_filled(uow) == "later"


def test_a_lock_that_is_not_got_in_time_makes_the_store_busy(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_SECONDS_MAX", 0.2)
    one, other = Store(database_url), Store(database_url)
    try:
        with one.begin() as uow:
            uow.run(insert(notes), {"name": "a", "value": "1"})
            with pytest.raises(StoreBusy), other.begin() as second:
                second.insert_new(notes, [{"name": "a", "value": "2"}])
        assert _note(other, "a") == "1"
    finally:
        one.close()
        other.close()


def test_postgresql_compiles_no_statement(fresh_postgresql: FreshDatabase) -> None:
    with fresh_postgresql() as url, closing(Store(url)) as store:
        for way in (store.begin, store.read, store.glance):
            with way() as uow:
                assert uow.run(text("SHOW jit")).scalar() == "off"


def test_locks_in_a_circle_make_one_of_them_busy(fresh_postgresql: FreshDatabase) -> None:
    with fresh_postgresql() as url:
        store = Store(url)
        with store.begin() as uow:
            uow.insert_new(notes, [{"name": name, "value": ""} for name in "ab"])
        met = threading.Barrier(2)
        busy: list[str] = []

        def cross(first: str, then: str) -> None:
            lock = text("SELECT 1 FROM notes WHERE name = :name FOR UPDATE")
            try:
                with store.begin() as uow:
                    uow.run(lock, {"name": first})
                    met.wait(SECONDS_MAX)
                    uow.run(lock, {"name": then})
            except StoreBusy:
                busy.append(first)

        threads = [threading.Thread(target=cross, args=pair) for pair in ("ab", "ba")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS_MAX)
        store.close()
    assert len(busy) == 1


def test_other_trouble_of_the_database_is_not_called_busy(store: Store) -> None:
    with pytest.raises(DBAPIError), store.begin() as uow:
        uow.run(text("SELECT * FROM no_such_table"))


def test_a_connection_cut_off_while_it_rested_is_replaced(
    fresh_postgresql: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "REST_SECONDS_MAX", 0.0)
    with fresh_postgresql() as url:
        store = Store(url)
        store.reach()
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert _note(store, "a") is None
        store.close()


def test_a_database_that_is_not_there_is_said_to_be_unreachable(tmp_path: Path) -> None:
    store = Store("postgresql+psycopg://127.0.0.1:9/kayoi?connect_timeout=1")
    with pytest.raises(DatabaseUnreachable, match="DATABASE_URL"):
        store.reach()


def test_sqlite_is_as_careful_as_it_can_be(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'new' / 'club.sqlite3'}")
    # As it comes from the driver: tests are less careful with their own.
    with closing(store.engine.raw_connection()) as connection:
        told = [
            connection.cursor().execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    store.close()
    assert told == ["wal", 2, 1]
    assert sqlite3.threadsafety


def test_many_writers_on_sqlite_wait_for_each_other(fresh_sqlite: FreshDatabase) -> None:
    with fresh_sqlite() as url:
        store = Store(url)

        def write(n: int) -> None:
            for k in range(20):
                with store.begin() as uow:
                    uow.run(insert(notes), {"name": f"{n}:{k}", "value": ""})

        threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS_MAX)
        with store.read() as uow:
            count = len(uow.run(select(notes)).all())
        store.close()
    assert count == 160


def test_a_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "club.sqlite3"
    for _ in range(2):
        store = Store(f"sqlite:///{file}")
        with store.begin() as uow:
            uow.connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (x)")
            beside = [path.stat().st_mode & 0o777 for path in file.parent.iterdir()]
        assert len(beside) == 3
        assert set(beside) == {0o600}
        store.close()
        file.chmod(0o644)


_TOLD = "SELECT name FROM pg_settings WHERE source = 'client' AND starts_with(name, 'tcp')"


def test_both_ends_of_each_connection_find_out_that_the_other_is_gone(
    fresh_postgresql: FreshDatabase,
) -> None:
    with fresh_postgresql() as url, closing(Store(url)) as store:
        for engine in store.engines:
            with engine.connect() as connection:
                told = set(connection.exec_driver_sql(_TOLD).scalars())
                driver = connection.connection.driver_connection
                assert isinstance(driver, psycopg.Connection)
                ours = driver.info.get_parameters()
        names = {"keepalives_idle", "keepalives_interval", "keepalives_count"}
        assert told == {f"tcp_{name}" for name in names} | {"tcp_user_timeout"}
        assert {*names, "tcp_user_timeout"} <= ours.keys()
