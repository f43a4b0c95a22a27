"""Amounts on slips as people type them at a busy counter, and what must not come of it."""

import pytest
from sqlalchemy import select

from bot.store import tables
from tests.handlers.pages.staff.conftest import Browser, Desks


def slips_of(desks: Desks) -> list[str]:
    with desks.club.store.read() as uow:
        return list(uow.run(select(tables.slips.c.what)).scalars())


@pytest.mark.parametrize("typed", ["1,200", "１２００", "１，２００円", "¥1,200", "￥ 1200"])
def test_an_amount_is_understood_as_it_is_written_in_a_shop(
    desks: Desks, staff: Browser, typed: str
) -> None:
    assert staff.post("/staff/slips", visit="1", yen=typed).status_code == 303
    (what,) = slips_of(desks)
    assert '"yen":1200' in what.replace(" ", "")


@pytest.mark.parametrize("typed", ["12.5", "-500", "千円", "1e9", "9" * 12, "1200 500 x"])
def test_a_mistyped_amount_makes_no_slip_without_it(
    desks: Desks, staff: Browser, typed: str
) -> None:
    answer = staff.post("/staff/slips", visit="1", yen=typed)
    assert answer.location.endswith("no=purchase_amount")
    assert slips_of(desks) == []


def test_a_slip_of_another_store_is_neither_seen_nor_ended(desks: Desks) -> None:
    here, there = desks.signed_in("hana"), desks.signed_in("taro", store="kawabe")
    slip = here.post("/staff/slips", visit="1").location
    for path in (slip, f"{slip}.pdf", f"{slip}.png"):
        assert (here.get(path).status_code, there.get(path).status_code) == (200, 404)
    assert there.post(f"{slip}/cancel").status_code == 404
    assert here.get(slip).status_code == 200
    # Who works at every store may, wherever they stand; and it is told what became of it.
    boss = desks.signed_in("boss", "owner", None)
    boss.post("/staff/store", store="kawabe")
    assert boss.post(f"{slip}/cancel").location.endswith("done=slip_cancelled")
    assert here.post(f"{slip}/cancel").location.endswith("no=slip_unknown")


def test_slips_are_listed_with_what_became_of_them(desks: Desks) -> None:
    """Those of the own store: first what is still good, which leads to its page."""
    here, there = desks.signed_in("hana"), desks.signed_in("taro", store="kawabe")
    assert "この店舗の伝票" not in here.get("/staff/slips").text
    first, second = (here.post("/staff/slips", visit="1", yen=yen).location for yen in ("1200", ""))
    here.post(f"{first}/cancel")
    page = here.get("/staff/slips").text
    assert page.index("未使用") < page.index("取り消し済み")
    assert "1,200円" in page
    assert f'href="{second}"' in page
    assert f'href="{first}"' not in page
    assert "未使用" not in there.get("/staff/slips").text
