"""The programme checked, explained and published."""

from pathlib import Path

from flask import Flask

from bot.settings import PROJECT
from tests.handlers.commands.conftest import run

CAFE = (PROJECT / "program.toml").read_text(encoding="utf-8")


def test_a_programme_is_checked_and_explained_without_a_database(bare: Flask) -> None:
    assert "program.toml は使えます" in run(bare, "program", "check").output
    assert "program.toml is valid" in run(bare, "program", "check", "--lang", "en").output
    assert "ブロンズファン" in run(bare, "program", "explain").output
    assert "Bronze Fan" in run(bare, "program", "explain", "--lang", "en").output


def test_a_broken_programme_is_told_where(bare: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "mine.toml"
    broken.write_text(CAFE.replace("at = 3\n", "at = 30\n"), encoding="utf-8")
    result = run(bare, "program", "check", str(broken), "--lang", "en")
    assert result.exit_code == 1
    assert "mine.toml has one problem:\n  ranks: ranks must rise" in result.output
    assert "ranks: ランクは順に高く" in run(bare, "program", "check", str(broken)).output


def test_the_reserve_is_compared_with_lines_plan(bare: Flask, tmp_path: Path) -> None:
    """Known, or else the free one, on which the shipped programme sends."""
    greedy = tmp_path / "mine.toml"
    greedy.write_text(CAFE.replace("quota_reserve = 50", "quota_reserve = 2000"), encoding="utf-8")
    check = ("program", "check", "--lang", "en")
    assert "quota_reserve" not in run(bare, *check).output
    assert "the plan has 40 a month" in run(bare, *check, "--plan", "40").output
    assert "free plan has 200 a month" in run(bare, *check, str(greedy)).output
    assert "quota_reserve" not in run(bare, *check, str(greedy), "--plan", "5000").output


def test_a_file_in_shift_jis_is_named_as_such(bare: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "mine.toml"
    broken.write_text(CAFE, encoding="cp932", errors="replace")
    for command in ("check", "explain"):
        result = run(bare, "program", command, str(broken))
        assert result.exit_code == 1
        assert "Shift-JIS で保存されています" in result.output
    missing = run(bare, "program", "check", str(tmp_path / "none.toml"), "--lang", "en")
    assert "none.toml: can't be read (FileNotFoundError)" in missing.output


def test_a_slip_of_the_keyboard_shows_its_line_and_what_to_write(
    bare: Flask, tmp_path: Path
) -> None:
    broken = tmp_path / "mine.toml"
    wrong = CAFE.replace("quiet_from = 20:00:00", "quiet_from = 20:00")
    broken.write_text(wrong.replace("at = 3\n", "at = ３\n"), encoding="utf-8")
    said = run(bare, "program", "check", str(broken)).output
    assert "直すところが2つ" in said
    assert "`quiet_from = 20:00`" in said
    assert "時・分・秒まで書きます: `quiet_from = 20:00:00`" in said
    assert "`at = ３`" in said
    assert "半角にしてください: `at = 3`" in said
