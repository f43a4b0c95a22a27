"""Large clubs and what is measured in them, on a tiny scale: that a club of copies is one that had
been lived, that its rows are measured, and that more members let nothing ask the database more.

No time is judged here.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store import Store
from bot.store.figures import keeping
from bot.store.members import profiles
from handlers.commands.server import listen
from handlers.jobs.night.audit import audit
from handlers.jobs.night.figures import FigureKeeping
from tests.bench import counter, kept, lives, wsgi
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


def _terms(rows: object) -> set[tuple[object, ...]]:
    return {tuple(row) for row in rows}  # type: ignore[attr-defined]


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


def test_a_club_kept_at_another_schema_is_refused_with_a_reason(clubs: LargeClubs) -> None:
    with clubs.copied(SMALL):
        pass
    store = Store(clubs.database.url(f"club_{SMALL}"))
    with store.begin() as uow:
        uow.run(text("UPDATE alembic_version SET version_num = '0089'"))
    store.close()
    note = clubs.folder / f"sqlite-{SMALL}.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"head": "0089"}))
    with (
        pytest.raises(SystemExit, match=r"schema 0089.*Remove sqlite-10\.json"),
        clubs.copied(SMALL),
    ):
        pass


def test_a_counter_is_measured_over_http(clubs: LargeClubs) -> None:
    rows = counter.measure([clubs], replace(TINY, crowd=SMALL, calls=2, later=1))
    assert [row.path.partition(",")[0] for row in rows] == [
        "scan", "scan", "search", "reply", "join to the reply ÷ reply",
        "first scan after a start ÷ a later one",
    ]  # fmt: skip
    assert all(row.ours > 0 for row in rows)


@pytest.mark.parametrize(
    "ask",
    [
        lambda browser, card: counter.scan(browser, card),
        lambda browser, _: browser.posts("/staff/api/members", {"q": person(4).name}),
        lambda browser, _: browser.gets("/owner/members"),
    ],
    ids=["scan", "search", "page of the console"],
)
def test_more_members_let_nobody_ask_more_of_the_database(
    ask: Callable[[Browser, str], object], clubs: LargeClubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}
    for members in (SMALL, LARGE):
        with clubs.copied(members) as url, _served(url, monkeypatch) as (browser, store):
            first, second = cards(store, 2)
            ask(browser, first)
            with counting(store) as counted:
                ask(browser, second)
            asked[members] = [ran.sql.partition(" WHERE ")[0][:60] for ran in counted.statements]
    assert len(asked[SMALL]) > 3, "nothing was found to be shown"
    assert len(asked[LARGE]) == len(asked[SMALL])


@contextmanager
def _served(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Browser, Store]]:
    """The application, served by this process, and the owner's browser."""
    for name, value in wsgi.environment(url).items():
        monkeypatch.setenv(name, value)
    app = wsgi.webhook()
    store = app.extensions["kayoi"].club.store
    hire(store, "hana", "owner")
    server = listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with Browser(server.effective_port) as browser:
            browser.signs_in("hana")
            yield browser, store
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join()
        store.close()
