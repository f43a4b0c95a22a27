"""Forms as people fill them in at a busy counter, and what must not come of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store import tables
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.counters import Counter, counter_of
from tests.handlers.pages.staff.members.test_members import card, sends, somebody


@pytest.fixture
def staff(desks: Desks) -> Browser:
    return desks.signed_in("midori")


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


def test_a_mistyped_tax_earns_nothing_rather_than_too_much(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    brought = {"on": desks.club.now().date().isoformat(), "receipt": "7", "yen": "1100"}
    path = f"/staff/members/{number}/receipt"
    assert "金額" in sends(staff, path, 1, **brought, tax="百円").text
    assert card(desks, number).facts.spend == 0


@pytest.mark.parametrize("wrong", [{"on": ""}, {"on": "きのう"}, {"receipt": ""}])
def test_a_receipt_without_its_date_or_number_is_not_taken_for_todays(
    desks: Desks, staff: Browser, wrong: dict[str, str]
) -> None:
    number = somebody(desks, "U1")
    brought = {"on": "2026-01-01", "receipt": "7", "yen": "1100"} | wrong
    page = sends(staff, f"/staff/members/{number}/receipt", 1, **brought).text
    assert "日付と番号" in page
    assert card(desks, number).facts.spend == 0


@pytest.mark.parametrize("again", ["００４２-a", "0042-A ", "0042 A", "0042A"])
def test_a_receipt_that_was_scanned_does_not_earn_again_in_other_letters(
    desks: Desks, again: str
) -> None:
    counter: Counter = counter_of(desks)
    member, club = counter.joins(), desks.club
    counter.scans(member, amount=1_000, receipt="0042-A")
    assert counter.member(member.id).facts.spend == 1_000
    shop = club.timeline().at(club.now()).programme.shop
    today = shop.business_date(club.now())
    path = f"/staff/members/{member.number}/receipt"
    brought = {"on": today.isoformat(), "receipt": again, "yen": "1000"}
    assert "もうおつけしています" in sends(counter.browser, path, 1, **brought).text
    other = brought | {"on": (today - timedelta(days=1)).isoformat()}
    assert "つけました" in sends(counter.browser, path, 2, **other).text


def test_a_card_number_pasted_with_invisible_marks_is_that_card(desks: Desks) -> None:
    counter = counter_of(desks)
    for pasted in ("\u202a{}\u202c", "\ufeff{}", "{}\u200b", "\u2068{}\u2069\n"):
        member = counter.joins()
        answer = counter.scans(None, code=pasted.format(member.number), via="typed")
        assert answer["result"] == "checked_in"
        assert counter.visits(member) == 1
