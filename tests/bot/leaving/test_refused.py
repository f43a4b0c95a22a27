"""What can't be restored is said, and nothing of it written."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.leaving.manifest import NAME, UnusableExport
from bot.leaving.restore import AnotherKey, Manner, NotEmpty
from bot.store import Store
from bot.store.tables import metadata
from tests.bot.leaving.exports import (
    JPEG,
    PNG,
    exported,
    restored,
)
from tests.conftest import FreshDatabase


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
