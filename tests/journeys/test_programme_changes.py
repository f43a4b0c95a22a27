"""A programme that changes while the club lives: from its moment on everything that people see is
the new one's, and no moment before."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from handlers.jobs import rich_menu
from tests.journeys.town import Customer, Town
from tests.rules.examples import CAFE, changed

#: A rank under another name, and one that asks for more.
OTHER_RANKS = (
    ('id = "silver"', 'id = "silver_fan"'),
    ('ranks = ["silver", "gold"]', 'ranks = ["silver_fan", "gold"]'),
    ("at = 3\n", "at = 4\n"),
)
GREEN = (
    ('accent = "#8A5A44"', 'accent = "#1F6F5C"'),
    ('name = { ja = "ポイント", en = "points" }', 'name = { ja = "マメ", en = "beans" }'),
    ("ご来店、ありがとうございます。「ファン認定", "ご来店です。「ファン認定"),
)


@dataclass(frozen=True)
class Seen:
    """What the club shows."""

    menu: str | None
    card: str
    words: str
    page: str


def looks(town: Town, sakura: Customer) -> Seen:
    said = sakura.writes("カード")
    [card] = set(re.findall(r'"url": "[^"]*(/images/card/[^"?]+)', json.dumps(said.messages)))
    assert town.http.get(card).status_code == 200
    menu = town.club.line.default_rich_menu_id()
    page = town.http.get("/programme").get_data(as_text=True)
    return Seen(menu, card, sakura.writes("ポイント").text, page)


def commands(town: Town, *words: str) -> str:
    runner = town.http.application.test_cli_runner()
    result = runner.invoke(args=list(words))
    assert result.exit_code == 0, result.output
    return str(result.output)


def publishes(town: Town, file: Path, changes: tuple[tuple[str, str], ...], *more: str) -> None:
    file.write_text(changed(CAFE, *changes), encoding="utf-8")
    commands(town, "program", "publish", str(file), "--lang", "en", *more)


def test_menu_pictures_pages_and_words_follow_the_programme(cafe: Town, tmp_path: Path) -> None:
    sakura = cafe.newcomer()
    sakura.follows()
    rich_menu.deploy(cafe.club)
    cafe.travels(days=1)
    before = looks(cafe, sakura)
    then = cafe.club.now() + timedelta(days=2)
    local = cafe.club.timeline().latest.programme.shop.local(then)
    publishes(cafe, tmp_path / "green.toml", GREEN, "--at", f"{local:%Y-%m-%d %H:%M:%S}")

    cafe.travels(to=then - timedelta(seconds=2))
    assert looks(cafe, sakura) == before

    cafe.travels(to=then + timedelta(seconds=10))
    after = looks(cafe, sakura)
    assert after.menu != before.menu
    assert after.card != before.card
    assert ("マメ" in after.words, "マメ" in before.words) == (True, False)
    assert ("マメ" in after.page, "マメ" in before.page) == (True, False)

    commands(cafe, "program", "revert", "1", "--lang", "en")
    cafe.travels(days=1)
    again = looks(cafe, sakura)
    assert (again.words, again.page) == (before.words, before.page)
    assert again.menu not in (before.menu, after.menu)
    assert cafe.adds_up()


def test_everything_adds_up_while_a_rank_goes_from_the_programme(
    cafe: Town, tmp_path: Path
) -> None:
    people = [cafe.newcomer(name) for name in ("さくら", "もも")]
    for person in people:
        person.follows()
    for _ in range(6):
        for person in people:
            person.opens(cafe.counter_link())
        cafe.skips(days=1)
    assert people[0].member.facts.rank.id == "silver"

    publishes(cafe, tmp_path / "other.toml", OTHER_RANKS, "--yes")
    commands(cafe, "ledger", "audit")
    cafe.travels(days=0.01)
    commands(cafe, "ledger", "audit")
    assert "シルバーファン" in people[1].writes("カード")
    people[0].opens(cafe.counter_link())
    commands(cafe, "ledger", "audit")
    cafe.travels(days=1)
    commands(cafe, "ledger", "audit")
    assert [each.member.facts.rank.id for each in people] == ["silver_fan", "silver_fan"]
    assert "0 member(s) to repair" in commands(cafe, "ledger", "repair")
