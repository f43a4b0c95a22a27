from bot.store import Store
from bot.store.engine.leader import Leadership
from tests.conftest import FreshDatabase
from tests.waiting import until


def test_of_several_processes_one_leads_and_another_takes_over(
    fresh_postgresql: FreshDatabase,
) -> None:
    with fresh_postgresql() as url:
        one, other = Store(url), Store(url)
        first, second = Leadership(one), Leadership(other)
        assert first.held()
        assert not second.held()
        assert first.held()
        first.release()
        until(second.held, "the lock of a connection that has ended")
        assert not first.held()
        second.release()
        one.close()
        other.close()


def test_whoever_loses_the_connection_leads_no_more(fresh_postgresql: FreshDatabase) -> None:
    with fresh_postgresql() as url:
        one, other = Store(url), Store(url)
        first, second = Leadership(one), Leadership(other)
        assert first.held()
        with other.begin() as uow:
            uow.connection.exec_driver_sql(
                # Of this database alone: others are led by the tests of other processes.
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database AS d"
                " ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()"
            )
        until(lambda: not first.held(), "the end of the connection")
        until(second.held, "the lock of a connection that has ended")
        assert not first.held()
        second.release()
        one.close()
        other.close()


def test_on_sqlite_the_one_process_leads(fresh_sqlite: FreshDatabase) -> None:
    with fresh_sqlite() as url:
        store = Store(url)
        assert Leadership(store).held()
        store.close()
