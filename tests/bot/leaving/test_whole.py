"""A club leaves whole: every table, from either kind of database into either, and back."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, func, insert, select

from bot.leaving import export
from bot.leaving.export import Leaving, export_stream, export_to
from bot.leaving.manifest import NAME, UnusableExport
from bot.leaving.restore import AnotherKey, Destination, Manner, NotEmpty, Restored, restore_from
from bot.store import Store
from bot.store.engine.migrate import at_head
from bot.store.leaving.kinds import FILES, TAKEN, kind_of, tables_taken
from bot.store.leaving.rows_out import PAGE
from bot.store.tables import JOURNEYS_REST, metadata, notes
from handlers.jobs.night.audit import audit
from tests.conftest import FreshDatabase
from tests.handlers.clubs import MONDAY_NOON, HandClock, club_at

NOW = datetime(2026, 11, 30, 3, 4, 5, 678901, tzinfo=UTC)
MARK = "0011223344556677"
#: As it was, with what waited still to be sent.
AS_IT_WAS = Manner(sends_on=True)
PNG, JPEG = b"\x89PNG\r\n\x1a\n not to be drawn", b"\xff\xd8\xff not to be drawn either"
SAID = ("", "通い路で 🍡 “待つ”", 'z\ttab\n"quoted" \\ back')


def value(table: Table, name: str, number: int) -> Any:
    """Something for the column of the row, each time something else, and now and then nothing."""
    column = table.c[name]
    if column.nullable and number % 3 == 2:
        return None
    unique = (index for index in table.indexes if index.unique)
    is_part_of_key = (
        column.primary_key or column.unique or any(name in each.columns for each in unique)
    )
    if column.foreign_keys:
        return number
    match kind_of(column.type):
        case "int":
            return number if is_part_of_key else number * 7
        case "float":
            return 0.1 + number / 3
        case "bool":
            return number % 2 == 0
        case "time":
            return NOW + timedelta(days=number, microseconds=number)
        case "day":
            return date(2026, 1, 31) + timedelta(days=number)
        case "bytes":
            picture = (PNG, JPEG)[number % 2] + bytes([number % 250])
            return picture if (table.name, name) in FILES else bytes(range(number % 200))
    length = getattr(column.type, "length", None) or 400
    return (f"{number}" if is_part_of_key else SAID[number % 3])[:length]


def fill(store: Store, *, rows: int = 5) -> None:
    """Gives every table that is taken along some rows; more than fit a page to one of them."""
    with store.begin() as uow:
        for table in tables_taken():
            many = PAGE + 7 if table.name == "claims" else rows
            uow.run(insert(table), [
                {column.name: value(table, column.name, n) for column in table.columns}
                for n in range(1, many + 1)
            ])  # fmt: skip


@pytest.fixture
def clubs(
    fresh_sqlite: FreshDatabase, fresh_postgresql: FreshDatabase
) -> Iterator[dict[str, list[str]]]:
    """Two empty databases of each kind, by their URLs."""
    with ExitStack() as stack:
        yield {
            kind: [stack.enter_context(fresh()) for _ in range(2)]
            for kind, fresh in (("sqlite", fresh_sqlite), ("postgresql", fresh_postgresql))
        }


@pytest.fixture
def full(fresh_sqlite: FreshDatabase) -> Iterator[Store]:
    with fresh_sqlite() as url:
        store = Store(url)
        fill(store)
        yield store
        store.close()


def exported(store: Store, path: Path, *, art: Path | None = None, now: datetime = NOW) -> Path:
    for _ in export_to(Leaving(store, art, MARK), path, now):
        pass
    return path


def restored(path: Path, url: str, manner: Manner = AS_IT_WAS, **more: Any) -> Restored:
    place = Destination(url, Store(url), more.get("art"), more.get("marks", [MARK]))
    *_, last = restore_from(path, place, manner)
    place.store.close()
    assert isinstance(last, Restored)
    return last


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


def test_it_goes_into_an_empty_database_alone(full: Store, tmp_path: Path) -> None:
    exported(full, tmp_path / "club")
    with pytest.raises(NotEmpty):
        restored(tmp_path / "club", str(full.url))


def test_another_secret_key_is_said_and_then_what_it_sealed_is_left_out(
    full: Store, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    exported(full, tmp_path / "club")
    with fresh_database() as url:
        with pytest.raises(AnotherKey):
            restored(tmp_path / "club", url, marks=["another"])
        restored(tmp_path / "club", url, Manner(without_secrets=True), marks=["another"])
        store = Store(url)
        with store.read() as uow:
            left = uow.run(select(metadata.tables["line_channel"])).all()
            seconds = uow.run(select(metadata.tables["staff"].c.totp)).scalars()
            assert (left, set(seconds)) == ([], {None})
            free = select(metadata.tables["reward_codes"].c.number).where(
                metadata.tables["reward_codes"].c.member_id.is_(None)
            )
            assert not uow.run(free).all()
        store.close()


def rewritten(folder: Path, table: str, old: bytes, new: bytes) -> None:
    """A file that says something else, with a manifest to match."""
    file = folder / f"{table}.ndjson"
    data = file.read_bytes()
    assert old in data
    file.write_bytes(data := data.replace(old, new, 1))
    said = json.loads((folder / NAME).read_text("utf-8"))
    said["tables"][table] |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / NAME).write_text(json.dumps(said), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"name":"1"', b'"name":1', "Line 1 of notes.ndjson says 'name' in another way"),
        (b'"name":"1"', b'"more":1,"name":"1"', "has other fields"),
        (b'{"name":"1"', b'"name":"1"', "is no JSON"),
        (b'"name":"2"', b'"name":"1"', "'notes': UNIQUE constraint failed: notes.name"),
        (b'"name":"2"', b'"name":null', "NOT NULL constraint failed"),
        (b"}\n", b"}", "is no JSON"),
    ],
)
def test_a_line_that_is_none_is_said_and_nothing_is_written(
    full: Store, fresh_sqlite: FreshDatabase, tmp_path: Path, old: bytes, new: bytes, said: str
) -> None:
    folder = exported(full, tmp_path / "club")
    rewritten(folder, "notes", old, new)
    with fresh_sqlite() as url:
        with pytest.raises(UnusableExport, match=said):
            restored(folder, url)
        rewritten(folder, "notes", new, old)
        restored(folder, url)


def test_what_is_damaged_missing_or_too_much_is_said(
    full: Store, fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    whole = exported(full, tmp_path / "whole")

    def refused(change: Any, said: str) -> None:
        folder = tmp_path / "changed"
        shutil.copytree(whole, folder)
        change(folder)
        with fresh_sqlite() as url, pytest.raises(UnusableExport, match=said):
            restored(folder, url)
        shutil.rmtree(folder)

    def edited(**more: Any) -> Any:
        def change(folder: Path) -> None:
            said = json.loads((folder / NAME).read_text("utf-8"))
            (folder / NAME).write_text(json.dumps(said | more), "utf-8")

        return change

    def appended(folder: Path) -> None:
        with (folder / "notes.ndjson").open("a") as file:
            file.write(" ")

    def linked(folder: Path) -> None:
        (folder / "notes.ndjson").unlink()
        (folder / "notes.ndjson").symlink_to(whole / "notes.ndjson")

    def dropped(folder: Path) -> None:
        (folder / "notes.ndjson").unlink()
        said = json.loads((folder / NAME).read_text("utf-8"))
        del said["tables"]["notes"]
        (folder / NAME).write_text(json.dumps(said), "utf-8")

    outside = {"../../evil.png": {"bytes": 1, "sha256": "0" * 64}}
    refused(appended, "notes.ndjson is not as it was written")
    refused(lambda folder: (folder / "notes.ndjson").unlink(), "not both")
    refused(lambda folder: (folder / "more.txt").write_text("x"), "'more.txt' is in it")
    refused(linked, "no file of its own")
    refused(dropped, "'notes' is missing")
    refused(edited(files=outside), "evil")
    refused(edited(format=2), "made by a newer Kayoi")
    refused(edited(schema_head="9999"), "made by a newer Kayoi")
    refused(edited(tables={}), "not both")
    refused(lambda folder: (folder / NAME).write_text("hello"), "can't be read")
    refused(lambda folder: (folder / NAME).write_bytes(b" " * 8_000_001), "too long")


def test_a_zip_with_a_way_out_of_it_is_refused(
    full: Store, fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    file = exported(full, tmp_path / "club.zip")
    with zipfile.ZipFile(file, "a") as zipped:
        zipped.writestr("../outside.png", b"x")
    with fresh_sqlite() as url, pytest.raises(UnusableExport, match="outside"):
        restored(file, url)
    assert not (tmp_path.parent / "outside.png").exists()


def test_a_zip_that_would_fill_the_disk_is_refused_unread(
    full: Store, fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    file = exported(full, tmp_path / "club.zip")
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("more.ndjson", b" " * 60_000_000)
    assert file.stat().st_size < 1_000_000
    with fresh_sqlite() as url, pytest.raises(UnusableExport, match="far larger unpacked"):
        restored(file, url)


def test_the_shops_own_pictures_are_never_written_over(
    full: Store, fresh_sqlite: FreshDatabase, tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, data in ((ours, PNG), (theirs, JPEG)):
        folder.mkdir()
        (folder / "face.png").write_bytes(data)
    exported(full, tmp_path / "club", art=ours)
    with fresh_sqlite() as url:
        with pytest.raises(UnusableExport, match="another picture"):
            restored(tmp_path / "club", url, art=theirs)
        assert (theirs / "face.png").read_bytes() == JPEG
        (theirs / "face.png").unlink()
        restored(tmp_path / "club", url, art=theirs)
        assert (theirs / "face.png").read_bytes() == PNG


def test_an_export_of_an_older_kayoi_goes_through_the_migrations_since(
    fresh_database: FreshDatabase,
) -> None:
    """`of_0079.zip` is a small club of then, of whom two cards are one and one member is erased."""
    old = Path(__file__).with_name("of_0079.zip")
    with fresh_database() as url:
        assert restored(old, url).contents.schema_head == "0079"
        club = club_at(url, HandClock(MONDAY_NOON), "http://127.0.0.1:9")
        assert at_head(club.store)
        found = [each for differences in audit(club) for each in differences]
        with club.store.read() as uow:
            balances = uow.run(select(metadata.tables["members"].c.balance)).scalars().all()
        club.store.close()
    assert found == []
    assert sum(balances) > 0
