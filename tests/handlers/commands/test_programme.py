"""The programme checked, explained and published."""

from pathlib import Path

from flask import Flask

from bot.settings import PROJECT
from tests.handlers.commands.conftest import run

CAFE = (PROJECT / "program.toml").read_text(encoding="utf-8")


def test_a_programme_is_checked_and_explained_without_a_database(bare: Flask) -> None:
    assert "is valid" in run(bare, "program", "check").output
    assert "ブロンズファン" in run(bare, "program", "explain").output
    assert "Bronze Fan" in run(bare, "program", "explain", "--lang", "en").output


def test_a_broken_programme_is_told_where(bare: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "mine.toml"
    broken.write_text(CAFE.replace("at = 3\n", "at = 30\n"), encoding="utf-8")
    result = run(bare, "program", "check", str(broken))
    assert result.exit_code == 1
    assert "ranks" in result.output
    broken.write_text(CAFE, encoding="cp932", errors="replace")
    assert "can't be read" in run(bare, "program", "check", str(broken)).output
