"""The programme checked, explained and published."""

from pathlib import Path

from flask import Flask

from bot.settings import PROJECT
from tests.handlers.commands.conftest import app_in, run

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


def test_sms_without_twilio_are_warned_of_where_nobody_else_sends_them(
    bare: Flask, tmp_path: Path
) -> None:
    """The simulator sends them; of a club on LINE the settings tell."""
    line = {"LINE_CHANNEL_SECRET": "0" * 32, "LINE_CHANNEL_ACCESS_TOKEN": "t" * 100,
            "BASE_URL": "https://club.example"}  # fmt: skip
    twilio = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32,
              "TWILIO_FROM": "+815012345678"}  # fmt: skip
    check, said = ("program", "check"), 'journeys[1] "lapsed" .channels: SMSでも送る設定ですが'

    assert said not in run(bare, *check).output
    assert said not in run(app_in(tmp_path, **line, **twilio), *check).output
    without = run(app_in(tmp_path, **line), *check).output
    assert said in without
    assert "注意" in without


def test_the_shops_own_test_is_counted_where_it_takes_over_a_year(
    bare: Flask, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.toml"
    arms = 'arms = [{ id = "a" }, { id = "b", offer = { points = 30 } }]'
    text = CAFE.replace('kind = "one_short" ', f'{arms}\nkind = "one_short" ')
    mine.write_text(text, encoding="utf-8")
    check = ("program", "check", str(mine), "--lang", "en", "--members")

    assert '! journeys[2] "one_short" .arms' in run(bare, *check, "300").output
    assert "! " not in run(bare, *check, "5000").output


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


def test_a_file_becomes_the_draft_and_comes_back_with_its_comments(
    cafe: Flask, tmp_path: Path
) -> None:
    mine, other = tmp_path / "mine.toml", tmp_path / "other.toml"
    mine.write_text(CAFE.replace("per_day_max = 1   ", "per_day_max = 2   "), encoding="utf-8")
    assert "There is no draft" in run(cafe, "program", "pull", "--draft", "--lang", "en").output
    assert "/owner/draft" in run(cafe, "program", "push", str(mine)).output
    assert run(cafe, "program", "pull", str(other), "--draft").exit_code == 0
    assert other.read_text(encoding="utf-8") == mine.read_text(encoding="utf-8")
    run(cafe, "program", "pull", str(other), "--yes")
    assert other.read_text(encoding="utf-8") == CAFE, "what was published is as it was"
    # Nothing is written over unasked, here and there.
    mine.write_text(CAFE + "# mine\n", encoding="utf-8")
    assert run(cafe, "program", "pull", str(mine)).exit_code == 1
    assert mine.read_text(encoding="utf-8").endswith("# mine\n")
    assert run(cafe, "program", "push", str(mine)).exit_code == 1
    assert run(cafe, "program", "push", str(mine), "--yes").exit_code == 0


def test_an_invitation_to_events_is_named_while_none_comes(cafe: Flask) -> None:
    said = run(cafe, "program", "check", "--lang", "en").output
    assert "there is no event that Silver Fan could sign up for" in said
    assert "with 3 warnings" in said
