from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial

import pytest
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql

from bot.store import Store
from bot.store.engine.statements import (
    PreparedStatement,
    in_one_statement,
    in_runs,
    insert_statement,
    of_many,
)
from bot.store.tables import notes, programs, switchings, ticks

ADD = insert_statement(notes)
SET = PreparedStatement(
    update(notes).where(notes.c.name == bindparam("which")).values(value=bindparam("to"))
)
GET = PreparedStatement(
    select(notes).where(notes.c.name == bindparam("which"), notes.c.value != "hidden")
)
TICK = insert_statement(ticks)
SOME = of_many(select(programs.c.number).order_by(programs.c.number), programs.c.number, "meant")
PSYCOPG = postgresql.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def test_what_was_written_is_there_for_whoever_asks_next(store: Store) -> None:
    with store.begin() as uow:
        uow.write(ADD, [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}])
        (row,) = uow.ask(GET, {"which": "b"})
        assert (row.name, row.value) == ("b", "2")
        uow.write(SET, [{"which": "a", "to": "3"}])
        assert uow.run(select(notes.c.value).where(notes.c.name == "a")).scalar() == "3"


@pytest.mark.parametrize("meant", [[], [2], [3, 1, 3, 7], range(2, 9_000)])
def test_rows_are_found_by_any_number_of_numbers(store: Store, meant: Sequence[int]) -> None:
    since = datetime(2026, 1, 5, tzinfo=UTC)
    with store.begin() as uow:
        rows = ({"number": n, "since": since, "sha256": "", "text": ""} for n in range(1, 5))
        uow.write(insert_statement(programs), rows)
        found = [row.number for row in uow.ask(SOME, {"meant": meant})]
    assert found == [number for number in range(1, 5) if number in meant]


def test_several_changes_of_one_row_happen_in_their_order(store: Store) -> None:
    with store.begin() as uow:
        uow.write(ADD, [{"name": "a", "value": "0"}])
        uow.write(SET, [{"which": "a", "to": f"{n}"} for n in range(4)])
    with store.read() as uow:
        assert [row.value for row in uow.ask(GET, {"which": "a"})] == ["3"]


def test_of_what_leaves_nothing_of_an_earlier_change_only_the_newest_is_sent(store: Store) -> None:
    made: list[int] = []

    def row(n: int) -> dict[str, str]:
        made.append(n)
        return {"which": "a", "to": f"{n}"}

    with store.begin() as uow:
        uow.write(ADD, [{"name": "a", "value": "0"}])
        for n in range(1, 4):
            uow.write_latest(SET, "a", partial(row, n))
        (found,) = uow.ask(GET, {"which": "a"})
        assert (found.value, made) == ("3", [3])
        uow.write_latest(SET, "a", partial(row, 4))
    with store.glance() as uow:
        assert [each.value for each in uow.ask(GET, {"which": "a"})] == ["4"]


def test_a_change_may_give_back_what_it_changed(store: Store) -> None:
    back = PreparedStatement(
        update(notes)
        .where(notes.c.name == bindparam("which"))
        .values(value="new")
        .returning(notes.c.name, notes.c.value)
    )
    with store.begin() as uow:
        uow.write(ADD, [{"name": "a", "value": "0"}])
        assert uow.ask(back, {"which": "a"}) == [("a", "new")]
        assert uow.ask(back, {"which": "b"}) == []


def test_what_waits_is_lost_with_its_transaction(store: Store) -> None:
    def dies() -> None:
        with store.begin() as uow:
            uow.write(ADD, [{"name": "a", "value": "1"}])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        dies()
    with store.read() as uow:
        assert uow.ask(GET, {"which": "a"}) == []


def test_values_are_turned_as_everywhere_else(store: Store) -> None:
    day, moment = date(2026, 1, 5), datetime(2026, 1, 5, 3, 0, 0, 7, tzinfo=UTC)
    with store.begin() as uow:
        row = {"store": "main", "business_date": day, "campaign": "rain", "at": moment}
        row["is_on"] = True
        uow.write(insert_statement(switchings), [row])
        uow.write(TICK, [{"key": "k", "done_at": moment}])
        (kept,) = uow.ask(PreparedStatement(select(switchings)), {})
        assert kept._asdict() == row
        assert uow.ask(PreparedStatement(select(ticks)), {})[0].done_at == moment


def test_postgresql_gets_in_one_statement_what_does_not_meet() -> None:
    def sent(*changes: tuple[PreparedStatement, dict[str, object]]) -> list[str]:
        prepared = [(change.on(PSYCOPG), values) for change, values in changes]
        return [sql for sql, _ in in_one_statement(prepared)]

    add: tuple[PreparedStatement, dict[str, object]] = (ADD, {"name": "a", "value": "1"})
    change: tuple[PreparedStatement, dict[str, object]] = (SET, {"which": "a", "to": "2"})
    tick: tuple[PreparedStatement, dict[str, object]] = (TICK, {"key": "k", "done_at": None})
    assert len(sent(add, add, tick)) == 1
    assert len(sent(tick, change)) == 1
    # An update would not see what the same statement has added or changed.
    assert len(sent(add, change)) == 2
    assert len(sent(change, change)) == 2
    # Nor would what is added by what is there already.
    count = select(func.count()).select_from(notes).scalar_subquery()
    counted = PreparedStatement(insert(notes).values(name=bindparam("name"), value=count))
    assert len(sent((counted, {"name": "a"}), (counted, {"name": "b"}))) == 2
    assert len(sent(*[tick] * 26)) == 2
    assert sent() == []


def test_much_that_waits_is_sent_in_runs_that_change_nothing_of_the_order() -> None:
    add: tuple[PreparedStatement, dict[str, object]] = (ADD, {"name": "a", "value": "1"})
    change: tuple[PreparedStatement, dict[str, object]] = (SET, {"which": "a", "to": "2"})
    tick: tuple[PreparedStatement, dict[str, object]] = (TICK, {"key": "k", "done_at": None})

    def runs(*changes: tuple[PreparedStatement, dict[str, object]]) -> list[tuple[str, int]]:
        prepared = [(each.on(PSYCOPG), values) for each, values in changes]
        return [(compiled.table, len(rows)) for compiled, rows in in_runs(prepared)]

    # What only adds meets nothing else that does.
    assert runs(add, tick, add, tick) == [("notes", 2), ("ticks", 2)]
    assert runs(add, change, add, change) == [("notes", 1)] * 4
    assert runs(change, change, add, add) == [("notes", 2), ("notes", 2)]
    assert runs() == []


def test_much_that_waits_is_written_as_one_by_one(store: Store) -> None:
    with store.begin() as uow:
        for n in range(60):
            uow.write(ADD, [{"name": f"n{n}", "value": "1"}])
            uow.write(SET, [{"which": f"n{n}", "to": str(n)}])
        assert uow.ask(GET, {"which": "n59"})[0].value == "59"
    with store.read() as uow:
        assert [uow.ask(GET, {"which": f"n{n}"})[0].value for n in (0, 30)] == ["0", "30"]
