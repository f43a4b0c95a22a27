"""Large clubs and what is measured in them, on a tiny scale: that a club of copies is one that had
been lived, that its rows are measured, and that more members let nothing ask the database more.

No time is judged here.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, text

from bot.store import Store
from bot.store.engine import migrate
from bot.store.figures import keeping
from bot.store.members import profiles
from handlers.commands.server import listen
from handlers.jobs.night import nightly
from handlers.jobs.night.audit import audit
from handlers.jobs.night.figures import FigureKeeping
from tests.bench import busy, console, counter, doors, growth, kept, lives, wsgi
from tests.bench import night as night_bench
from tests.bench.browser import Browser, cards, hire
from tests.bench.databases import Sqlite
from tests.bench.kept import LargeClubs
from tests.bench.people import person
from tests.bench.test_smoke import TINY
from tests.journeys.counting import counting

SMALL, LARGE = 10, 40


@pytest.fixture(autouse=True)
def few_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MODELS", 5)


@pytest.fixture
def clubs(tmp_path: Path) -> LargeClubs:
    return LargeClubs(Sqlite(tmp_path), tmp_path)


def test_what_stands_of_each_copy_is_what_its_history_gives(database_url: str) -> None:
    told = kept.fill(database_url, SMALL)
    store = Store(database_url)
    try:
        club = lives.at_closing(store)
        found = list(audit(club))
        assert len(found) == told["members"] == SMALL
        assert not any(found)
        assert _sums(store)
        kept_sums = _sums(store)
        keeping.begin_anew(store)
        FigureKeeping(club).follow(seconds_max=inf)
        assert _sums(store) == kept_sums
    finally:
        store.close()


def _sums(store: Store) -> list[tuple[object, ...]]:
    asked = "SELECT * FROM figures WHERE value <> 0 ORDER BY store, rank, figure, day"
    with store.read() as uow:
        return [tuple(row) for row in uow.run(text(asked))]


def test_each_copy_is_found_by_their_own_names_and_numbers(database_url: str) -> None:
    kept.fill(database_url, SMALL)
    store = Store(database_url)
    try:
        with store.begin() as uow:
            before = _terms(uow.run(_ALL_TERMS))
            for member in range(1, SMALL + 1):
                profiles.refresh(uow, member)
            assert _terms(uow.run(_ALL_TERMS)) == before
    finally:
        store.close()


_ALL_TERMS = text("SELECT member_id, term FROM search_terms")


def _terms(rows: Iterable[Row[*tuple[Any, ...]]]) -> set[tuple[object, ...]]:
    return {tuple(row) for row in rows}


def test_no_two_people_are_called_the_same_by_line() -> None:
    everybody = [person(number) for number in range(1, 2000)]
    assert len({each.display_name for each in everybody}) == len(everybody)
    assert len({each.card for each in everybody}) == len(everybody)


def test_a_club_that_was_kept_is_not_filled_again(
    clubs: LargeClubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clubs.copied(SMALL) as first:
        assert Path(first.removeprefix("sqlite:///")).exists()
    assert not Path(first.removeprefix("sqlite:///")).exists()
    monkeypatch.setattr(kept, "fill", lambda *_: pytest.fail("it was filled again"))
    with clubs.copied(SMALL) as second:
        assert second != first


def test_a_club_kept_at_an_older_schema_is_upgraded(clubs: LargeClubs) -> None:
    with clubs.copied(SMALL):
        pass
    note = clubs.folder / f"sqlite-{SMALL}.json"
    head = json.loads(note.read_text())["head"]
    store = Store(clubs.database.url(f"club_{SMALL}"))
    with store.begin() as uow:
        uow.run(text("UPDATE alembic_version SET version_num = '0090'"))
    store.close()
    with clubs.copied(SMALL) as url:
        copy = Store(url)
        assert migrate.behind(copy) is None
        copy.close()
    told = json.loads(note.read_text())
    assert told["head"] == head
    assert [(each["from"], each["to"]) for each in told["upgraded"]] == [("0090", head)]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serves in this process: a start of its own would take seconds."""
    for each in (doors, counter, busy):
        monkeypatch.setattr(each, "serving", lambda what, environment: _serving(environment, what))


@pytest.mark.usefixtures("here")
def test_a_counter_is_measured_over_http(clubs: LargeClubs) -> None:
    rows = counter.measure([clubs], replace(TINY, crowd=SMALL, calls=2, later=1))
    assert [row.path.partition(",")[0] for row in rows] == [
        "scan", "scan", "search", "reply", "join to the reply ÷ reply",
        "first scan after a start ÷ a later one",
    ]  # fmt: skip
    assert all(row.ours > 0 for row in rows)


@pytest.mark.usefixtures("here")
def test_each_door_is_measured_in_clubs_of_each_size(
    clubs: LargeClubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "_CALLS", 2)
    rows = growth.measure([clubs], replace(TINY, crowd=2 * LARGE, growth=(LARGE,)))
    assert [row.path for row in rows] == [
        f"growth, {name}, {2 * LARGE} ÷ {LARGE} members, SQLite" for name in growth.DOORS
    ]
    assert all(row.ours > 0 and row.goal.ratio_max for row in rows)


def test_each_page_of_the_console_is_called(
    clubs: LargeClubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "CALLS", 1)
    rows = console.measure([clubs], replace(TINY, crowd=LARGE))
    assert len(rows) == len(console.NAMED) + 1
    assert all(row.ours > 0 for row in rows)
    assert "others at most (/owner/" in rows[-1].path


@pytest.mark.usefixtures("here")
def test_scans_are_measured_while_a_night_and_a_push_go_on(clubs: LargeClubs) -> None:
    rows = busy.measure([clubs], replace(TINY, crowd=LARGE, later=1, busy_seconds=0.1))
    assert [row.unit for row in rows] == ["ms", "ms", "/s", "/s"]
    assert all(row.ours > 0 for row in rows[:2])


def test_each_part_of_a_mondays_night_is_timed(clubs: LargeClubs) -> None:
    ours, whole, memory, *parts = night_bench.measure([clubs], replace(TINY, crowd=LARGE))
    assert (ours.unit, whole.unit, memory.unit) == ("µs", "s", "MB")
    assert ours.ours > ours.limit > 0
    assert whole.ours == pytest.approx(sum(part.ours for part in parts))
    names = [part.path.rpartition(": ")[2] for part in parts]
    assert names[0] == "settle"
    assert {"rank_warning", "audit", "journeys", "fit", "figures", "engagement"} <= set(names)
    assert ours.ours < whole.ours * 1e6 / LARGE


def test_the_next_night_of_a_large_club_is_a_mondays(database_url: str) -> None:
    told = kept.fill(database_url, SMALL)
    assert date.fromisoformat(str(told["night_due"])).weekday() == 0
    store = Store(database_url)
    try:
        with store.read() as uow:
            weeks = set(uow.run(text("SELECT settle_on FROM members WHERE visits > 0")).scalars())
        assert str(told["night_due"]) in {str(day) for day in weeks}
    finally:
        store.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda browser, card: browser.scans(card),
        lambda browser, _: browser.posts("/staff/api/members", {"q": person(4).name}),
        lambda browser, _: browser.gets("/owner/members"),
    ],
    ids=["scan", "search", "page of the console"],
)
def test_more_members_let_nobody_ask_more_of_the_database(
    ask: Callable[[Browser, str], object], clubs: LargeClubs
) -> None:
    asked = {}
    for members in (SMALL, LARGE):
        with clubs.copied(members) as url:
            store = Store(url)
            hire(store, "hana", "owner")
            first, second = cards(store, 2)
            store.close()
            with _serving(wsgi.environment(url)) as port, Browser(port) as browser:
                browser.signs_in("hana")
                ask(browser, first)
                with counting(_SERVED[-1]) as counted:
                    ask(browser, second)
            asked[members] = len(counted.statements)
    assert asked[SMALL] > 3, "nothing was found to be shown"
    assert asked[LARGE] == asked[SMALL]


#: The stores of the clubs that this process has served.
_SERVED: list[Store] = []


@contextmanager
def _serving(environment: Mapping[str, str], what: str = "answering") -> Iterator[int]:
    """The application with its workers, served by this process; its port. Of what goes by the clock
    the `whole` does one night, and delivers."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        app = wsgi.webhook()
    store, workers = app.extensions["kayoi"].club.store, app.extensions["kayoi.workers"]
    _SERVED.append(store)
    server = listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    workers.start()
    delivery = None
    if what == "whole":
        _, delivery = wsgi.clock_parts(app)
        delivery.start()
        night = threading.Thread(target=nightly.run_if_due, args=(app.extensions["kayoi"].club,))
        night.start()
    try:
        yield server.effective_port
    finally:
        if delivery is not None:
            night.join()
            delivery.stop()
        workers.stop()
        server.close()
        server.task_dispatcher.shutdown()
        thread.join()
        store.close()
