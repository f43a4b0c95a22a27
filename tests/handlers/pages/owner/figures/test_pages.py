"""The owner's figures: what stands there, of whom, who stands behind, and what it costs."""

import html
import re
from datetime import timedelta

import pytest

from handlers.actions.members.membership import change_membership
from handlers.pages.owner.figures import people
from rules.figures.definitions import PANELS
from rules.wording.texts import say
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.pages.owner.shops import kept, rows_of
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting, rows_read


def told(browser: Browser, path: str = "/owner/figures") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def a_day_passes(shop: SmallClub) -> None:
    """As of the day after, when what was done is within the four weeks."""
    shop.passes(days=1)
    kept(shop)


def values(page: str, panel: str) -> list[str]:
    """What stands in a panel, figure by figure."""
    part = page[page.index(f'id="{panel}"') :].partition("</dl>")[0]
    return re.findall(r"<dd><strong>([^<]*)</strong>", part)


def test_each_figure_stands_with_its_definition_its_table_and_a_way_to_its_people(
    shop: SmallClub, owner: Browser
) -> None:
    sakura, kaede = shop.joins(), shop.joins()
    for member, days in ((sakura, 0), (kaede, 1), (sakura, 1)):
        shop.passes(days=days)
        shop.visits(member)
    a_day_passes(shop)
    page = told(owner)
    assert values(page, "coming") == ["3回"]
    assert values(page, "often") == ["1.5回"]
    assert values(page, "reach") == ["2人"]
    assert values(page, "new") == ["2人", "2人", "1人"]
    for panel in PANELS:
        assert f'id="{panel.id}"' in page
        for each in panel.figures:
            words = {"visit": "来店", "points": "ポイント", "days": 60}
            assert say("ja", f"owner.figures.{each.id}.means", **words) in page
    assert page.count('class="figures-table"') == len(PANELS)
    assert "/owner/figures/people/second?period=weeks" in page
    # There was nobody before.
    assert say("ja", "owner.figures.too_young", shown="") in page


def test_points_stand_in_points_and_in_yen_together(shop: SmallClub, owner: Browser) -> None:
    shop.visits(shop.joins())
    a_day_passes(shop)
    page = told(owner)
    given = page[page.index('id="points"') :].partition("</dl>")[0]
    owed = page[page.index('id="owed"') :].partition("</dl>")[0]
    # Points are worth the most as 送料無料: 600 yen for 400 of them.
    points = int(re.findall(r"<strong>([\d,]+)ポイント", given)[0].replace(",", ""))
    assert f"<small>{round(1.5 * points):,}円分</small>" in given
    assert f"<strong>{round(1.5 * points):,}円</strong>" in owed
    assert f"<small>{points:,}ポイント分</small>" in owed


def test_what_it_was_before_stands_beside_it(shop: SmallClub, owner: Browser) -> None:
    sakura = shop.joins()
    shop.passes(days=60)
    shop.visits(sakura)
    shop.passes(days=27)
    for _ in range(2):
        shop.passes(days=1)
        shop.visits(sakura)
    a_day_passes(shop)
    page = told(owner)
    tile = page[page.index('href="#coming"') :].partition("</a>")[0]
    assert "<strong>2回</strong>" in tile
    assert "前は1回" in tile
    assert "1回増" in tile


def test_four_weeks_are_the_same_here_as_on_monday(shop: SmallClub, owner: Browser) -> None:
    """They end yesterday: today isn't over."""
    sakura = shop.joins()
    shop.passes(days=60)
    for days in (0, 29, 1):
        shop.passes(days=days)
        shop.visits(sakura)
    kept(shop)
    for visits in (1, 2):
        page = told(owner)
        tile = page[page.index('href="#coming"') :].partition("</a>")[0]
        assert f"<strong>{visits}回</strong>" in tile
        assert "前は1回" in tile
        monday = told(owner, "/owner/")
        assert re.findall(r"<strong>([^<]*)</strong>", monday)[0] == f"{visits}回"
        assert "昨日までの4週間" in page
        assert "今日までの4週間" not in page
        shop.passes(days=1)
        kept(shop)


def test_a_store_and_a_rank_are_asked_for_and_what_is_unknown_is_all(
    shop: SmallClub, owner: Browser
) -> None:
    sakura = shop.joins()
    shop.visits(sakura, store="ekimae")
    shop.passes(days=1)
    shop.visits(sakura, store="kawabe")
    a_day_passes(shop)
    assert values(told(owner, "/owner/figures?store=kawabe"), "coming") == ["1回"]
    assert values(told(owner, "/owner/figures?store=nowhere&rank=none&period=x"), "coming") == [
        "2回"
    ]
    assert values(told(owner, "/owner/figures?rank=gold"), "coming") == ["0回"]
    # Points are owed by the club, not by a store.
    page = told(owner, "/owner/figures?store=kawabe")
    assert 'id="owed"' not in page
    assert say("ja", "owner.figures.only_all") in page


def test_a_manager_sees_their_store_alone(shop: SmallClub, desks: Desks) -> None:
    mika = desks.signed_in("mika", "manager", "kawabe")
    sakura, kaede = shop.joins(), shop.joins()
    shop.visits(sakura, store="ekimae")
    shop.visits(kaede, store="kawabe")
    a_day_passes(shop)
    for path in ("", "?store=ekimae", "?store="):
        assert values(told(mika, f"/owner/figures{path}"), "coming") == ["1回"]
    page = told(mika, "/owner/figures/people/visits?store=ekimae")
    assert shop.member(kaede).number in page.replace(" ", "")
    assert shop.member(sakura).number not in page.replace(" ", "")
    assert mika.get("/owner/figures/people/up").status_code == 404
    rows = rows_of(mika, "/owner/figures/table.csv?store=ekimae")
    assert sum(int(row[1] or 0) for row in rows[1:]) == 1


def test_the_people_behind_a_figure_stand_once_each_the_latest_first_page_by_page(
    shop: SmallClub, owner: Browser, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 2)
    came = []
    for _ in range(5):
        came.append(shop.joins())
        shop.passes(days=1)
        shop.visits(came[-1])
    with shop.work(MANAGER, key="left") as work:
        change_membership(work, came[0], "left", at=shop.now)
    a_day_passes(shop)
    path, found = "/owner/figures/people/visits", []
    while path:
        page = told(owner, path)
        found += re.findall(r'<th scope="row"><a[^>]*>(\d{4} ?\d{6}|[\d ]+)</a>', page)
        more = re.search(r'class="quiet" href="(/owner/figures/people/[^"]*)"', page)
        path = more[1] if more else ""
    numbers = [shop.member(each).number for each in reversed(came)]
    assert [each.replace(" ", "") for each in found] == numbers
    assert shop.member(came[0]).number in told(owner, "/owner/figures/people/left").replace(" ", "")
    assert say("ja", "owner.figures.nobody") in told(owner, "/owner/figures/people/expired")
    for path in ("/people/outstanding", "/people/nothing", "/table.csv?panel=nothing"):
        assert owner.get(f"/owner/figures{path}").status_code == 404
    assert owner.get("/owner/figures/people/visits?day=x&after=y").status_code == 200
    assert "figure_seen" in [line.action for line in desks.logged()]


def test_a_file_opens_in_a_spreadsheet_with_a_row_for_each_day(
    shop: SmallClub, owner: Browser
) -> None:
    shop.visits(shop.joins())
    kept(shop)
    path = "/owner/figures/table.csv?panel=new&period=month"
    answer = owner.get(path)
    assert "figures-new-month.csv" in answer.headers["Content-Disposition"]
    head, *rows = rows_of(owner, path)
    assert head == ["日", "入会 (人)", "はじめての来店 (人)", "2回目の来店 (人)"]
    assert rows[-1][1:] == ["1", "1", "0"]
    assert len(rows) == shop.now.day
    whole = owner.get("/owner/figures/table.csv").text
    assert len(whole.splitlines()[0].split(",")) == 1 + sum(len(p.figures) for p in PANELS)


def test_while_much_is_counted_anew_the_page_says_so(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.figures.keeping._MANY", 1)
    shop.visits(shop.joins())
    assert say("ja", "owner.figures.behind") in told(owner)
    a_day_passes(shop)
    assert say("ja", "owner.figures.behind") not in told(owner)


def test_ten_times_the_visits_are_read_as_quickly_in_as_few_statements(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 3)
    paths = ("/owner/figures?period=year", "/owner/figures/people/visits")
    began, costs = shop.now, []
    for members in (4, 36):
        shop.clock.set(began)
        for _ in range(members):
            member = shop.joins()
            for day in range(3):
                shop.clock.set(began + timedelta(days=day, hours=1))
                shop.visits(member)
            shop.clock.set(began)
        shop.clock.set(began + timedelta(days=4))
        kept(shop)
        for path in paths:
            told(owner, path)
            with counting(shop.store) as counted:
                told(owner, path)
            ours = [ran for ran in counted.statements if "figure" in ran.sql]
            assert len(ours) <= 3
            assert len(counted.statements) < 15
            # Who waits to be counted is looked at up to a bound; what they left in its index isn't
            # figures'.
            costs.append(rows_read(shop.store, [r for r in ours if "figures_due" not in r.sql]))
    few, many = costs[:2], costs[2:]
    for before, after in zip(few, many, strict=True):
        assert before
        assert after <= 1.1 * before


def test_a_forged_place_in_the_list_of_people_is_its_beginning(
    shop: SmallClub, owner: Browser
) -> None:
    shop.visits(shop.joins())
    a_day_passes(shop)
    for after in ("9" * 30, "-1", "x", "９", ""):
        page = told(owner, f"/owner/figures/people/visits?day=2030-01-01&after={after}")
        assert '<table class="roll">' in page, after


def test_a_manager_of_a_store_that_is_gone_is_told_no_figures_of_others(
    shop: SmallClub, desks: Desks
) -> None:
    shop.visits(shop.joins(), store="ekimae")
    a_day_passes(shop)
    mika = desks.signed_in("mika", "manager", "tojita")
    assert values(told(mika), "coming") == ["0回"]


def test_people_behind_a_figure_are_called_as_in_the_list_of_members(
    shop: SmallClub, owner: Browser
) -> None:
    shop.visits(shop.joins("U1"))
    a_day_passes(shop)
    assert "さくら様</a>" in told(owner, "/owner/figures/people/visits")
