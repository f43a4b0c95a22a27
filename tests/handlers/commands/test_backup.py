"""`backup` and `restore`, as one types them."""

import re
import shutil
from pathlib import Path

from flask import Flask

from bot.store.engine.dump import people_in
from tests.handlers.commands.conftest import app_in, run


def test_a_club_comes_back_whole_and_nobody_is_written_over_unasked(
    cafe: Flask, tmp_path: Path
) -> None:
    assert run(cafe, "demo", "--members", "3").exit_code == 0
    said = run(cafe, "backup").output
    found = re.match(r"(\S+\.tar\.gz) \(", said)
    assert found is not None
    assert "SECRET_KEY is not in it" in said
    store = cafe.extensions["kayoi"].club.store
    people = people_in(store)
    no = run(cafe, "restore", found[1])
    assert no.exit_code == 1
    assert f"There are {people} members and staff" in no.output
    assert "everything adds up" in run(cafe, "restore", found[1], "--over").output
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    # Its programme's file has its art beside it.
    shutil.copy("program.toml", elsewhere / "program.toml")
    bare = app_in(elsewhere, programme=str(elsewhere / "program.toml"))
    assert "everything adds up" in run(bare, "restore", found[1]).output
    assert people_in(bare.extensions["kayoi"].club.store) == people
    assert "everything adds up" in run(bare, "ledger", "audit").output


def test_what_is_no_backup_is_said(cafe: Flask, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("hello")
    no = run(cafe, "restore", str(file))
    assert no.exit_code == 1
    assert "can't be read" in no.output
