"""Unusual patterns as those who manage see them."""

import pytest
from sqlalchemy import select

from bot.store import tables
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from rules.programme.counter import Flag, FlagKind
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counters import Counter, counter_of


@pytest.fixture
def boss(desks: Desks) -> Counter:
    """A manager of one store."""
    return counter_of(desks, who="boss", role="manager")


def flag(
    counter: Counter, kind: FlagKind = "burst", *, store: str = "ekimae", member: int | None = None
) -> int:
    """Something unusual at `store`; gives the flag's number."""
    now = counter.club.now()
    day = counter.club.timeline().latest.programme.shop.business_date(now)
    details: dict[str, int | str] = {
        "count": 13, "time": "23:30", "minutes": -7 if kind == "clock" else 7, "other": "kawabe",
    }  # fmt: skip
    with counter.club.store.begin() as uow:
        known = flags.page(uow, store=None, limit=1_000)
        found = Flag(kind, f"{kind}:{len(known)}", member, details)
        assert flags.add(uow, [found], Sighting(now, day, store, None, None)) == 1
        return max(kept.id for kept in flags.page(uow, store=None, limit=1_000))


def test_nothing_unusual_is_said_so(boss: Counter) -> None:
    page = boss.browser.get("/staff/flags")
    assert "気になる動きはありません。" in page.text
    assert 'class="count"' not in page.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("burst", "1分間に13回の読み取り"),
        ("odd_hours", "営業時間の外（23:30）の読み取り"),
        ("two_stores", "7分のあいだに、川辺店でも同じ会員証"),
        ("clock", "端末の時計が7分ずれています"),
        ("old_codes", "同じ会員証の画像が、1日に13回"),
        ("closed_card", "使えなくなった会員証の読み取り"),
    ],
)
def test_each_pattern_is_a_sentence_with_advice(boss: Counter, kind: FlagKind, words: str) -> None:
    member = boss.joins()
    flag(boss, kind, member=member.id)
    page = boss.browser.get("/staff/flags").text
    assert words in page
    assert member.number in page
    assert "気になる動きが1件あります" in page


def test_who_looked_at_one_is_noted_and_it_waits_no_more(boss: Counter) -> None:
    number = flag(boss)
    boss.browser.get("/staff/flags")
    assert boss.browser.post(f"/staff/flags/{number}/seen").status_code == 303
    page = boss.browser.get("/staff/flags").text
    assert "Bossさんが確認" in page
    assert 'class="count"' not in page
    with boss.club.store.read() as uow:
        did = uow.run(select(tables.audit_log.c.action)).scalars().all()
    assert did.count("flag_seen") == 1
    boss.browser.post(f"/staff/flags/{number}/seen")
    with boss.club.store.read() as uow:
        did = uow.run(select(tables.audit_log.c.action)).scalars().all()
    assert did.count("flag_seen") == 1


def test_a_manager_of_one_store_sees_that_ones_alone(boss: Counter, desks: Desks) -> None:
    other = flag(boss, "clock", store="kawabe")
    assert "端末の時計が" not in boss.browser.get("/staff/flags").text
    boss.browser.post(f"/staff/flags/{other}/seen")
    owner = desks.signed_in("owner", "owner", None)
    assert "端末の時計が7分ずれています" in owner.get("/staff/flags").text


def test_staff_do_not_see_them(desks: Desks) -> None:
    hana = counter_of(desks)
    number = flag(hana)
    assert hana.browser.get("/staff/flags").status_code == 403
    assert hana.browser.post(f"/staff/flags/{number}/seen").status_code == 403
    assert 'class="count"' not in hana.browser.get("/staff/more").text


def test_an_erased_members_flag_names_nobody(boss: Counter) -> None:
    member = boss.joins()
    flag(boss, "old_codes", member=member.id)
    with boss.club.store.begin() as uow:
        uow.run(tables.members.update().where(tables.members.c.id == member.id).values(number=""))
    page = boss.browser.get("/staff/flags").text
    assert member.number not in page
    assert "退会した会員" in page


def test_older_ones_are_a_page_further(boss: Counter) -> None:
    numbers = [flag(boss) for _ in range(52)]
    for number in numbers:
        boss.browser.get("/staff/flags")
        boss.browser.post(f"/staff/flags/{number}/seen")
    page = boss.browser.get("/staff/flags").text
    assert f"before={numbers[2]}" in page
    assert "さらに前の記録" not in boss.browser.get(f"/staff/flags?before={numbers[2]}").text
    for odd in ("x", "-1", "9" * 30):
        assert boss.browser.get(f"/staff/flags?before={odd}").status_code == 200
    assert boss.browser.post("/staff/flags/99999999999999999999/seen").status_code == 404
