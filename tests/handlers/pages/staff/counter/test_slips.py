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
