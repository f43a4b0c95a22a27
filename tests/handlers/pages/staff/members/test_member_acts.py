"""Receipts as people type them at a busy counter, and what must not come of it."""

from datetime import timedelta

import pytest

from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.counters import Counter, counter_of
from tests.handlers.pages.staff.members.test_members import card, sends, somebody


@pytest.fixture
def staff(desks: Desks) -> Browser:
    return desks.signed_in("midori")


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
    assert "もうポイントがついています" in sends(counter.browser, path, 1, **brought).text
    other = brought | {"on": (today - timedelta(days=1)).isoformat()}
    assert "つけました" in sends(counter.browser, path, 2, **other).text
