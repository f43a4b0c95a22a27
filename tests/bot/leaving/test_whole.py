"""A club leaves whole: every table, from either kind of database into either, and back."""

import json
import zipfile
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import ForeignKeyConstraint, func, insert, select

from bot.leaving import export
from bot.leaving.export import Leaving, export_stream, export_to
from bot.leaving.manifest import NAME
from bot.leaving.restore import Destination, Manner, restore_from
from bot.store import Store
from bot.store.engine.migrate import behind
from bot.store.leaving.kinds import FILES, TAKEN, tables_taken
from bot.store.tables import JOURNEYS_REST, metadata, notes
from handlers.jobs.night.audit import audit
from tests.bot.leaving.exports import AS_IT_WAS, MARK, NOW, PNG, exported, fill, restored, value
from tests.conftest import FreshDatabase
from tests.handlers.clubs import MONDAY_NOON, HandClock, club_at


def contents(folder: Path) -> dict[str, bytes]:
    """All the files, but that the manifest says of no moment."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    said = json.loads(found[NAME])
    assert said.pop("made_at")
    return found | {NAME: json.dumps(said).encode()}


def test_what_is_taken_along_names_nothing_that_is_not() -> None:
    assert all(column in metadata.tables[name].c for name, column in FILES)
    seldom = [
        table.name
        for table in tables_taken()
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint) and key.referred_table.name not in TAKEN
    ]
    assert seldom == [], "rows that name rows which aren't taken along"


def test_what_is_restored_is_the_same_byte_for_byte_from_each_kind_into_each(
    clubs: dict[str, list[str]], tmp_path: Path
) -> None:
    first = Store(clubs["sqlite"][0])
    fill(first)
    art = tmp_path / "art"
    art.mkdir()
    (art / "お店の顔.png").write_bytes(PNG)
    before = contents(exported(first, tmp_path / "first", art=art))
    first.close()
    assert all(before[f"{table.name}.ndjson"] for table in tables_taken())
    assert sum(name.startswith("files/") for name in before) > 5
    way = ["first"]
    for n, url in enumerate((clubs["postgresql"][0], clubs["postgresql"][1], clubs["sqlite"][1])):
        there = tmp_path / f"art{n}"
        restored(tmp_path / way[-1], url, art=there)
        store = Store(url)
        way.append(f"after{n}.{['tar', 'zip', ''][n]}".rstrip("."))
        after = tmp_path / f"look{n}"
        exported(store, tmp_path / way[-1], art=there)
        exported(store, after, art=there, now=NOW + timedelta(days=n))
        store.close()
        assert contents(after) == before, f"way {n}"


def test_a_database_numbers_on_after_what_was_restored(
    fresh_database: FreshDatabase, full: Store, tmp_path: Path
) -> None:
    exported(full, tmp_path / "club.zip")
    with fresh_database() as url:
        restored(tmp_path / "club.zip", url)
        store = Store(url)
        for name in ("members", "staff", "inbox", "broadcasts", "segments"):
            table = metadata.tables[name]
            row = {c.name: value(table, c.name, 77) for c in table.columns if c.name != "id"}
            with store.begin() as uow:
                assert uow.run(insert(table).values(row)).inserted_primary_key == (6,)
        store.close()


def test_what_is_written_meanwhile_is_not_half_in_it(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_database() as url:
        store = Store(url)
        fill(store)
        before = contents(exported(store, tmp_path / "before"))
        leaving = export_to(Leaving(store, None, MARK), tmp_path / "meanwhile", NOW)
        next(leaving)
        notes = metadata.tables["notes"]
        other = Store(url)
        with other.begin() as uow:
            uow.run(insert(notes).values(name="later", value="x"))
        for _ in leaving:
            pass
        assert contents(tmp_path / "meanwhile") == before
        assert contents(exported(other, tmp_path / "after")) != before
        other.close()
        store.close()


def test_it_leaves_a_piece_at_a_time(
    full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PIECE", 1_000)
    broken_off = export_stream(Leaving(full, None, MARK), NOW)
    next(broken_off)
    assert isinstance(broken_off, Generator)
    broken_off.close()
    pieces = list(export_stream(Leaving(full, None, MARK), NOW))
    assert len(pieces) > 10
    file = tmp_path / "streamed.zip"
    file.write_bytes(b"".join(pieces))
    with zipfile.ZipFile(file) as zipped:
        zipped.extractall(tmp_path / "streamed")
    assert contents(tmp_path / "streamed") == contents(exported(full, tmp_path / "written"))


def test_what_was_on_its_way_may_have_arrived_and_what_waited_is_not_sent_again(
    full: Store, fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    table = metadata.tables["outbox"]
    states = ("queued", "sending", "sent", "skipped", "queued")
    with full.begin() as uow:
        for n, state in enumerate(states, start=1):
            uow.run(table.update().where(table.c.member_id == n).values(status=state))
    exported(full, tmp_path / "club")
    for manner, now in ((Manner(), "skipped"), (AS_IT_WAS, "queued")):
        with fresh_sqlite() as url:
            came = restored(tmp_path / "club", url, manner)
            store = Store(url)
            with store.read() as uow:
                rows = uow.run(select(table.c.status, table.c.reason).order_by("member_id")).all()
                its = notes.c.name == JOURNEYS_REST
                rests = list(uow.run(select(notes.c.value).where(its)).scalars())
            store.close()
        assert [row.status for row in rows] == [now, "uncertain", "sent", "skipped", now]
        assert rows[1].reason == "moved"
        assert came.not_sent == (2 if now == "skipped" else 0)
        # What journeys have by their first day there may have been said, too.
        assert rests == ([""] if now == "skipped" else [])


def test_who_is_stopped_on_the_way_leaves_it_empty_and_can_begin_again(
    full: Store, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    exported(full, tmp_path / "club")
    with fresh_database() as url:
        store = Store(url)
        steps = restore_from(tmp_path / "club", Destination(url, store, None, [MARK]), AS_IT_WAS)
        while next(steps) != "activities" or next(steps) != "activities":
            pass
        assert isinstance(steps, Generator)
        steps.close()
        with store.read() as uow:
            for table in tables_taken():
                assert not uow.run(select(func.count()).select_from(table)).scalar_one()
        store.close()
        restored(tmp_path / "club", url)


def test_an_export_of_an_older_kayoi_goes_through_the_migrations_since(
    fresh_database: FreshDatabase,
) -> None:
    """`of_0079.zip` is a small club of then, of whom two cards are one and one member is erased."""
    old = Path(__file__).with_name("of_0079.zip")
    with fresh_database() as url:
        assert restored(old, url).contents.schema_head == "0079"
        club = club_at(url, HandClock(MONDAY_NOON), "http://127.0.0.1:9")
        assert behind(club.store) is None
        found = [each for differences in audit(club) for each in differences]
        with club.store.read() as uow:
            balances = uow.run(select(metadata.tables["members"].c.balance)).scalars().all()
        club.store.close()
    assert found == []
    assert sum(balances) > 0
