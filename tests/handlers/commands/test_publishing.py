"""A programme that changes while members hold things by it: what is told and asked, when it comes
into force, and how it is taken back."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from bot.settings import PROJECT
from bot.store.staff import staff
from handlers.commands.installation import Installation
from tests.handlers.clubs import HandClock, SmallClub
from tests.handlers.commands.conftest import run
from tests.handlers.segments_saved import kept
from tests.rules.examples import changed

CAFE = (PROJECT / "program.toml").read_text(encoding="utf-8")
SILVER = (
    ('id = "silver"', 'id = "silver_fan"'),
    ('ranks = ["silver", "gold"]', 'ranks = ["silver_fan", "gold"]'),
)
DOTS = ("[[stores]]\n", '[theme]\ntexture = "dots"\n\n[[stores]]\n')
Written = Callable[..., str]


@pytest.fixture
def shop(cafe: Flask) -> SmallClub:
    """The club behind the commands."""
    installation: Installation = cafe.extensions["kayoi"]
    return SmallClub(installation.club, HandClock(installation.club.now()))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes the café's programme with changes; gives the file's name."""

    def write(*changes: tuple[str, str]) -> str:
        file = tmp_path / "mine.toml"
        file.write_text(changed(CAFE, *changes), encoding="utf-8")
        return str(file)

    return write


def regular(shop: SmallClub, visits: int) -> int:
    """A member who came on as many days of last month."""
    last_month = (shop.now.replace(day=1) - timedelta(days=1)).replace(day=1, hour=3)
    member = shop.joins(at=last_month)
    for day in range(visits):
        shop.visits(member, at=last_month + timedelta(days=day, minutes=5))
    return member


def in_force(shop: SmallClub) -> int:
    shop.club.programmes.forget()
    return shop.club.timeline().at(shop.club.now()).number


def newest(shop: SmallClub) -> int:
    shop.club.programmes.forget()
    return shop.timeline.latest.number


def publish(cafe: Flask, *words: str, types: str | None = None) -> tuple[int, str]:
    result = run(cafe, "program", "publish", *words, "--lang", "en", types=types)
    return result.exit_code, result.output


def says(cafe: Flask, *words: str) -> str:
    return run(cafe, "program", *words, "--lang", "en").output


def test_publishing_shows_what_changes_as_sentences(cafe: Flask, written: Written) -> None:
    code, said = publish(
        cafe,
        written(("at = 3\n", "at = 4\n"), DOTS),
    )
    assert code == 0, said
    assert "  - Bronze Fan: from 3 visits." in said
    assert "  + Bronze Fan: from 4 visits." in said
    assert "[theme]" in said
    assert "Version 2 comes into force" in said


def test_the_same_programme_again_is_no_version(
    cafe: Flask, written: Written, shop: SmallClub
) -> None:
    assert "Nothing changed: version 1" in publish(cafe)[1]
    assert "Nothing changed: version 1" in publish(cafe, written(("format = 1", "format=1")))[1]
    assert newest(shop) == 1


def test_a_rank_that_members_hold_goes_only_after_a_yes(
    cafe: Flask, written: Written, shop: SmallClub
) -> None:
    for _ in range(2):
        regular(shop, 6)
    regular(shop, 1)
    silver_fan = written(*SILVER)
    checked = says(cafe, "check", silver_fan)
    code, refused = publish(cafe, silver_fan, types="n\n")
    for said in (checked, refused):
        assert '! ranks.steps "silver": The rank “Silver Fan” (id: silver) goes. 2 members' in said
        assert "have become silver_fan where it was silver" in said
    assert (code, newest(shop)) == (1, 1)
    # A script has nobody to ask.
    assert publish(cafe, silver_fan, types="")[0] == 1
    assert newest(shop) == 1
    assert publish(cafe, silver_fan, types="y\n")[0] == 0
    assert newest(shop) == 2


def test_a_script_says_yes_by_a_flag(cafe: Flask, written: Written, shop: SmallClub) -> None:
    regular(shop, 6)
    assert publish(cafe, written(*SILVER), "--yes")[0] == 0
    assert newest(shop) == 2


def test_where_nobody_loses_anything_nobody_is_asked(
    cafe: Flask, written: Written, shop: SmallClub
) -> None:
    regular(shop, 1)
    code, said = publish(cafe, written(*SILVER))
    assert (code, newest(shop)) == (0, 2)
    assert "! " not in said


def test_what_is_in_hand_is_counted(cafe: Flask, written: Written, shop: SmallClub) -> None:
    regular(shop, 10)
    with shop.store.begin() as uow:
        staff.add(
            uow,
            login="yui",
            name="ゆい",
            role="staff",
            store="kawabe",
            language="ja",
            at=shop.now,
        )
    said = says(
        cafe,
        "check",
        written(
            ('id = "gold_latte"', 'id = "gold_tea"'),
            ('id = "visits_10"', 'id = "ten_visits"'),
            ('id = "kawabe"', 'id = "riverside"'),
            ("cost = 100\nvalue_yen = 100", "cost = 100000\nvalue_yen = 100"),
            ("at = 10\n", "at = 11\n"),
        ),
    )
    assert 'rewards "gold_latte": The reward “A latte to celebrate Gold”' in said
    assert "have become gold_tea where it was gold_latte" in said
    assert 'badges "visits_10": The badge “The tenth cup”' in said
    assert 'stores "kawabe": The store “Riverside” (id: kawabe) goes. One person' in said
    assert "“¥100 off” costs 100,000 points instead of 100. One member" in said
    assert "“Gold Fan” needs 11 instead of 10. The one member who holds it" in said


def test_a_later_moment_is_the_shops_own_and_may_be_taken_back(
    cafe: Flask, written: Written, shop: SmallClub
) -> None:
    four = written(("at = 3\n", "at = 4\n"))
    past = f"{shop.now - timedelta(days=3):%Y-%m-%d} 04:00"
    assert "needs a moment to come" in publish(cafe, four, "--at", past)[1]
    assert "no moment" in publish(cafe, four, "--at", "soon")[1]
    then = f"{shop.now + timedelta(days=3):%Y-%m-%d} 04:00"
    said = publish(cafe, four, "--at", then)[1]
    assert f"Version 2 comes into force at {then}:00" in said
    assert (in_force(shop), newest(shop)) == (1, 2)
    local = datetime.fromisoformat(f"{then}+09:00")
    assert shop.timeline.at(local).number == 2
    assert shop.timeline.at(local - timedelta(seconds=1)).number == 1
    # Another one would have to be compared with one that nobody lives by yet.
    assert "program revert 1" in publish(cafe, written(("at = 3\n", "at = 5\n")))[1]
    assert re.search(r"1 .* in force\n +2 .*\+1 -1 +waits", says(cafe, "history"))
    assert "There is no version 2" in says(cafe, "revert", "2")
    assert "Version 1 stays in force" in says(cafe, "revert", "1")
    assert newest(shop) == 1
    assert "Version 1 is in force: nothing changes" in says(cafe, "revert", "1")


def test_a_version_in_force_is_taken_back_by_its_forerunner_anew(
    cafe: Flask, written: Written, shop: SmallClub
) -> None:
    publish(cafe, written(("at = 3\n", "at = 4\n")))
    said = says(cafe, "revert", "1")
    assert "- Bronze Fan: from 4 visits." in said
    assert "Version 3 comes into force" in said
    assert newest(shop) == 3
    ranks = shop.timeline.latest.programme.ranks
    assert ranks is not None
    assert ranks.steps[0].at == 3
    assert "There is no version 9" in says(cafe, "revert", "9")


def test_going_back_asks_where_somebody_loses_too(
    cafe: Flask, written: Written, shop: SmallClub
) -> None:
    publish(cafe, written(("at = 10\n", "at = 9\n")))
    shop.clock.set(shop.now + timedelta(minutes=1))
    regular(shop, 10)
    assert run(cafe, "program", "revert", "1", types="n\n").exit_code == 1
    assert newest(shop) == 2
    assert run(cafe, "program", "revert", "1", "--yes").exit_code == 0
    assert newest(shop) == 3


def test_the_answer_is_in_the_language_of_the_terminal(cafe: Flask) -> None:
    def answer(locale: str, *words: str) -> str:
        env = {"LC_ALL": locale}
        runner = cafe.test_cli_runner()
        return runner.invoke(args=["program", "publish", *words], env=env).output

    assert "変わるところはありません" in answer("ja_JP.UTF-8")
    assert "変わるところはありません" in answer("C.UTF-8")
    assert "Nothing changed" in answer("en_GB.UTF-8")
    assert "Nothing changed" in answer("de_DE@euro")
    assert "Nothing changed" in answer("ja_JP.UTF-8", "--lang", "en")
    assert "is not one of" in answer("ja_JP.UTF-8", "--lang", "fr")


FIRST = ('id = "off_100"', 'id = "off_100"\nfirst = { segments = ["vip"], until = 2099-01-01 }')


def test_a_file_that_names_a_segment_the_club_has_not_is_not_checked_pushed_or_published(
    cafe: Flask, shop: SmallClub, written: Written
) -> None:
    file, number = written(FIRST), newest(shop)
    for command in ("check", "push", "publish"):
        result = run(cafe, "program", command, file, "--lang", "en")
        assert result.exit_code == 1, command
        assert 'no segment "vip"; there is: none is defined' in result.output
    assert newest(shop) == number
    kept(shop)
    assert "is valid" in run(cafe, "program", "check", file, "--lang", "en").output
    told = run(cafe, "program", "explain", file, "--lang", "en").output
    assert "or members in “vip” first" in told
    assert run(cafe, "program", "push", file, "--lang", "en").exit_code == 0
    code, output = publish(cafe, file, "--yes")
    assert code == 0
    assert "members in “vip” first" in output
    assert newest(shop) == number + 1
    Path(file).unlink()
    assert run(cafe, "program", "pull", file, "--lang", "en").exit_code == 0
    assert 'segments = ["vip"]' in Path(file).read_text(encoding="utf-8")


def test_without_a_database_it_is_said_that_nobody_looked(bare: Flask, written: Written) -> None:
    result = run(bare, "program", "check", written(FIRST), "--lang", "en")
    assert result.exit_code == 0
    assert "Nobody looked whether the club has these segments" in result.output
