"""`export --all` and `restore`, as one types them, and what a club is like that has moved."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from bot.leaving.export import Leaving, export_to
from bot.leaving.restore import Destination, Manner, restore_from
from bot.store import Store
from bot.store.tables import metadata
from handlers.actions.counter.adjust import adjust
from handlers.actions.members.membership import erase
from tests.conftest import FreshDatabase
from tests.handlers.actions.members.test_counted_once import merges, undoes
from tests.handlers.clubs import DAY, MANAGER, HandClock, SmallClub, club_at, club_on
from tests.handlers.commands.conftest import app_in, run
from tests.shelf import Shelf

#: What an export says of its moment alone.
_MOMENT = "made_at"


def files(folder: Path) -> dict[str, bytes]:
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    said = json.loads(found["manifest.json"])
    del said[_MOMENT]
    return found | {"manifest.json": json.dumps(said).encode()}


def test_the_demo_club_goes_to_postgresql_and_comes_back_as_it_was(
    cafe: Flask, fresh_postgresql: FreshDatabase, tmp_path: Path
) -> None:
    assert run(cafe, "demo", "--members", "20").exit_code == 0
    said = run(cafe, "export", "--all", str(tmp_path / "first"))
    assert said.exit_code == 0
    assert "SECRET_KEY is not in it" in said.output
    with fresh_postgresql() as url:
        there, back = tmp_path / "there", tmp_path / "back"
        there.mkdir()
        back.mkdir()
        on_postgres = app_in(there, DATABASE_URL=url)
        came = run(on_postgres, "restore", "--send-queued", str(tmp_path / "first"))
        assert "everything adds up" in came.output, came.output
        again = run(on_postgres, "restore", str(tmp_path / "first"))
        assert again.exit_code == 1
        assert "into an empty installation only" in again.output
        assert run(on_postgres, "export", "--all", str(tmp_path / "club.zip")).exit_code == 0
        on_sqlite = app_in(back)
        came = run(on_sqlite, "restore", "--send-queued", str(tmp_path / "club.zip"))
        assert "everything adds up" in came.output, came.output
        assert run(on_sqlite, "export", "--all", str(tmp_path / "last")).exit_code == 0
        on_postgres.extensions["kayoi"].club.store.close()
    assert files(tmp_path / "last") == files(tmp_path / "first")


def test_nothing_is_written_over(cafe: Flask, tmp_path: Path) -> None:
    (tmp_path / "club.zip").write_text("mine")
    no = run(cafe, "export", "--all", str(tmp_path / "club.zip"))
    assert no.exit_code == 1
    assert "is there already" in no.output
    assert (tmp_path / "club.zip").read_text() == "mine"
    assert "no folder" in run(cafe, "export", "--all", str(tmp_path / "none" / "x.zip")).output
    assert run(cafe, "export", str(tmp_path / "x.zip")).exit_code == 2, "--all is to be said"


def test_another_secret_key_is_told_of_and_an_export_takes_nobodys_place(
    cafe: Flask, tmp_path: Path
) -> None:
    assert run(cafe, "export", "--all", str(tmp_path / "club.tar")).exit_code == 0
    (tmp_path / "there").mkdir()
    there = app_in(tmp_path / "there", SECRET_KEY="another-key-of-some-length-0123456789")
    no = run(there, "restore", str(tmp_path / "club.tar"))
    assert no.exit_code == 1
    assert "another SECRET_KEY" in no.output
    no = run(there, "restore", "--over", str(tmp_path / "club.tar"))
    assert "into an empty database only" in no.output
    yes = run(there, "restore", "--without-secrets", str(tmp_path / "club.tar"))
    assert yes.exit_code == 0
    old = "commands-need-a-secret-key-of-some-length"
    (tmp_path / "turned").mkdir()
    turned = app_in(
        tmp_path / "turned",
        SECRET_KEY="another-key-of-some-length-0123456789",
        SECRET_KEYS_OLD=old,
    )
    assert run(turned, "restore", str(tmp_path / "club.tar")).exit_code == 0


Moves = Callable[[SmallClub], SmallClub]


@pytest.fixture
def moves(fresh_sqlite: FreshDatabase, postgres_shelf: Shelf, tmp_path: Path) -> Iterator[Moves]:
    """Moves a club onto the other kind of database."""
    stores: list[Store] = []
    with fresh_sqlite() as sqlite, postgres_shelf.fresh() as postgres:

        def move(cafe: SmallClub) -> SmallClub:
            file = tmp_path / "club.zip"
            for _ in export_to(Leaving(cafe.store, None, "mark"), file, cafe.now):
                pass
            url = postgres if cafe.store.is_sqlite else sqlite
            place = Destination(url, Store(url), None, ["mark"])
            for _ in restore_from(file, place, Manner()):
                pass
            place.store.close()
            clock = HandClock(cafe.now)
            club = club_at(url, clock, "http://127.0.0.1:9")
            stores.append(club.store)
            # Their numbers go on where those of before ended.
            return SmallClub(club, clock, cafe._numbers)

        yield move
        for store in stores:
            store.close()


@pytest.fixture
def cafe_on_each(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def test_late_arrivals_undoing_merging_and_erasure_go_on_where_it_is_restored(
    cafe_on_each: SmallClub, moves: Moves
) -> None:
    cafe = cafe_on_each
    keep, other, gone, late = (cafe.joins(f"U{n}") for n in range(4))
    for n in range(6):
        cafe.passes(days=1)
        cafe.visits(keep, key=f"keep:{n}")
        cafe.visits(other if n % 2 else gone, key=f"others:{n}")
    cafe.visits(late, at=cafe.now - 3 * DAY, key="late")
    cafe.visits(late, key="mistake")
    assert cafe.undoes(late, "mistake").done
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert adjust(work, keep, 25, reason="おわび").refused is None
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert erase(work, gone).done
    merged_by = merges(cafe, keep, other)
    everybody = (keep, other, gone, late)
    there = moves(cafe)
    there.club.programmes.forget()
    for member in everybody:
        assert there.member(member).facts == cafe.member(member).facts
        assert there.history(member) == cafe.history(member)
        assert there.granted(member) == cafe.granted(member)
    assert there.differences(*everybody) == []
    with there.store.read() as uow:
        members = metadata.tables["members"].c
        erased = select(members.erased_at, members.line_user_id).where(members.id == gone)
        at, user = uow.run(erased).one()
        assert at is not None
        assert not user
    # A device that sends again what it had sent before changes nothing.
    assert there.visits(late, key="late") == cafe.visits(late, key="late")
    for club in (cafe, there):
        undoes(club, keep, merged_by)
        club.passes(days=2)
        club.visits(other, key="after")
        club.visits(club.joins("U9"), key="new")
    assert there.balance(other) == cafe.balance(other)
    assert there.differences(*everybody, late + 1) == []
