"""The pages below the figures: what stands there, of whom, who stands behind, and what it costs."""

import html
import re
from datetime import timedelta

import pytest

from bot.store.members import members
from handlers.pages.owner.figures import core, standing
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.owner.shops import kept, rows_of
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting, rows_read


def told(browser: Browser, path: str) -> str:
    answer = browser.get(f"/owner/figures/{path}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def numbers(page: str) -> list[str]:
    """The cards that stand in the lists of a page."""
    found = re.findall(r'<th scope="row"><a[^>]*>([\d ]+)</a>', page)
    return [each.replace(" ", "") for each in found]


def cells(page: str) -> list[str]:
    """The words of a shaded table's cells, row by row."""
    table = page.partition('<table class="shaded')[2].partition("</table>")[0]
    found = re.findall(r"<td[^>]*>(.*?)</td>", table, re.DOTALL)
    return [re.sub(r"<[^>]*>", " ", each).strip() for each in found]


def test_a_cohort_shows_who_came_again_in_months_that_are_over(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    sakura, kaede = shop.joins(), shop.joins()
    for member in (sakura, kaede):
        shop.visits(member)
    shop.passes(days=31)
    shop.visits(sakura)
    kept(shop)
    # The month after isn't over yet.
    assert cells(told(owner, "cohorts?by=first"))[0] == "2人"
    assert "50%" not in told(owner, "cohorts?by=first")
    shop.passes(days=28)
    for by in ("first", "joined"):
        page = told(owner, f"cohorts?by={by}")
        assert "2026年1月" in page
        assert "50%" in page
        behind = told(owner, f"cohorts/2026-01?by={by}&after_month=1")
        assert numbers(behind) == [shop.member(sakura).number]
        everybody = numbers(told(owner, f"cohorts/2026-01?by={by}"))
        assert sorted(everybody) == sorted(shop.member(each).number for each in (sakura, kaede))
    assert "figure_seen" in [line.action for line in desks.logged()]
    head, *rows = rows_of(owner, "/owner/figures/cohorts.csv?by=first")
    assert len(head) == 14
    assert ["2026-01", "2", "1"] in [row[:3] for row in rows]


def test_the_people_of_a_cohort_go_on_on_the_next_page(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.pages.owner.figures.people.PAGE", 2)
    people = [shop.joins() for _ in range(5)]
    for member in people:
        shop.visits(member)
    kept(shop)
    path, found = "/owner/figures/cohorts/2026-01?by=first", []
    while path:
        page = told(owner, path.removeprefix("/owner/figures/"))
        found += numbers(page)
        more = re.search(r'class="quiet" href="([^"]*)"', page)
        path = more[1] if more else ""
    assert sorted(found) == sorted(shop.member(each).number for each in people)
    for nothing in ("2026-13", "x", "2026-01?after_month=13", "2026-01?after_month=x"):
        assert owner.get(f"/owner/figures/cohorts/{nothing}").status_code == 404


def test_the_grid_leads_from_a_cell_to_its_people(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    sakura, kaede = shop.joins(), shop.joins()
    shop.visits(kaede)
    shop.passes(days=40)
    for _ in range(2):
        shop.passes(days=1)
        shop.visits(sakura)
    kept(shop)
    page = told(owner, "grid")
    assert "/owner/figures/grid/0/2?" in page
    assert numbers(told(owner, "grid/0/2")) == [shop.member(sakura).number]
    assert numbers(told(owner, "grid/1/1")) == [shop.member(kaede).number]
    assert say("ja", "owner.sheets.nobody") in told(owner, "grid/4/0")
    for nothing in ("5/0", "0/5", "x/0", "0/-1"):
        assert owner.get(f"/owner/figures/grid/{nothing}").status_code == 404
    assert ["28〜89日前", "1回", "すべて", "1", "0"] in rows_of(owner, "/owner/figures/grid.csv")
    assert "figure_seen" in [line.action for line in desks.logged()]
    # Days go by, and a tick moves them on: nobody did anything.
    shop.passes(days=60)
    kept(shop)
    assert numbers(told(owner, "grid/1/2")) == [shop.member(sakura).number]


def test_the_best_make_half_and_who_brought_friends_stands_beside(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "_BEST", 2)
    monkeypatch.setattr(core, "_BEST_FIRST", 2)
    best, other, friend, late = (shop.joins() for _ in range(4))
    with shop.store.begin() as uow:
        for each in (friend, late):
            members.set_referred_by(uow, each, other)
    for day in range(6):
        shop.passes(days=1)
        shop.visits(best)
        if day in (1, 2):
            shop.visits(friend)
        if day == 3:
            shop.visits(other)
            shop.visits(late)
    kept(shop)
    page = told(owner, "core")
    assert say("ja", "owner.sheets.core.half_visits", count=1, of=4, visit="来店") in page
    assert say("ja", "owner.sheets.standing.brought", count=2, again=1) in page
    # First who they are, then who brings others.
    assert numbers(page) == [shop.member(each).number for each in (best, friend, other)]
    assert page.index(shop.member(other).number[-4:]) < page.index('id="groups-name"')
    more = re.search(r'class="quiet" href="/owner/figures/([^"]*)"', page)
    assert more is not None
    rest = numbers(told(owner, more[1]))
    assert sorted(rest) == sorted(shop.member(each).number for each in (other, late))
    _, *rows = rows_of(owner, "/owner/figures/core.csv")
    assert [row[0] for row in rows] == [shop.member(best).number]


def test_a_manager_sees_the_sheets_of_their_store_alone(shop: SmallClub, desks: Desks) -> None:
    mika = desks.signed_in("mika", "manager", "kawabe")
    sakura, kaede = shop.joins(), shop.joins()
    shop.visits(sakura, store="ekimae")
    shop.visits(kaede, store="kawabe")
    kept(shop)
    hers = [shop.member(kaede).number]
    for path in ("core", "grid/0/1", "cohorts/2026-01?by=first"):
        for store in ("", "ekimae"):
            and_ = "&" if "?" in path else "?"
            assert numbers(told(mika, f"{path}{and_}store={store}")) == hers


def test_a_forged_place_in_a_list_is_its_beginning(shop: SmallClub, owner: Browser) -> None:
    shop.visits(shop.joins())
    kept(shop)
    for place in ("value=x&after=1", "value=2&after=x", f"value={'9' * 30}&after={'9' * 30}"):
        assert len(numbers(told(owner, f"core?{place}"))) == 1
        assert len(numbers(told(owner, f"grid/0/1?{place}"))) == 1


def test_ten_times_the_members_are_read_in_as_few_statements(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "SHOWN", 3)
    monkeypatch.setattr(core, "_BEST", 3)
    monkeypatch.setattr("handlers.pages.owner.figures.people.PAGE", 3)
    paths = ("cohorts", "cohorts/2026-01?by=first", "grid", "grid/0/2", "core")
    began, costs = shop.now, []
    for people in (4, 36):
        for _ in range(people):
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
            assert len(counted.statements) < 18, path
            ours = [ran for ran in counted.statements if "FROM figures" in ran.sql]
            costs.append(rows_read(shop.store, ours))
        shop.clock.set(began)
    few, many = costs[: len(paths)], costs[len(paths) :]
    for path, before, after in zip(paths, few, many, strict=True):
        assert after <= 1.1 * before + 1, path


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("cohorts/9999-12?by=first", 404),
        ("cohorts/9999-12?by=first&after_month=3", 404),
        ("core?by=visits&value=999999999999999&after=999999999999999", 200),
        ("core?by=yen&value=999999999999999&after=999999999999999", 200),
        ("grid/0/1?value=9999-12-31&after=999999999999999", 200),
    ],
)
def test_an_address_beyond_all_bounds_is_answered(owner: Browser, path: str, status: int) -> None:
    assert owner.get(f"/owner/figures/{path}").status_code == status
