"""One member's page in the console."""

import html
import re
from datetime import date, timedelta

from sqlalchemy import func, select, update

from bot.store.tables import activities, members, outbox
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.messages import queue
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import card, somebody


def at(desks: Desks, number: str) -> str:
    return f"/owner/members/{desks.club.codes.seal('card', number)}"


def test_what_was_written_and_why_not_stands_beside_the_outlook(
    desks: Desks, shop: SmallClub, owner: Browser
) -> None:
    number = somebody(desks, "U1", "髙橋 花子", visits=1)
    mine = card(desks, number).id
    for period, status, reason in (
        ("1", "sent", None), ("2", "skipped", "blocked"), ("3", "queued", "cap_week"),
        ("4", "held_out", None), ("5", "failed", "strange"),
    ):  # fmt: skip
        queue(shop, mine, period=period)
        with shop.store.begin() as uow:
            its = (outbox.c.member_id == mine, outbox.c.period == period)
            uow.run(update(outbox).where(*its).values(status=status, reason=reason))
    shop.passes(days=30)
    page = html.unescape(owner.get(at(desks, number)).text)
    for said in (
        "髙橋 花子様", "送りました", "ブロックされています", "おひとりに7日に送る数を超える",
        "効果を確かめるため", "送れませんでした", "これまでのご来店は1回だけで", "まだありません。",
        "ご来店",
    ):  # fmt: skip
        assert said in page, said
    assert "U1" not in re.sub(r"<[^>]*>", "", page)
    assert [each.action for each in desks.logged()][-1] == "member_seen"
    assert at(desks, number) in html.unescape(owner.get("/owner/members").text)
    owner.post("/staff/language", language="en")
    assert "Messages" in owner.get(at(desks, number)).text


def test_what_was_recorded_later_stands_on_its_day_and_goes_on_page_by_page(
    desks: Desks, shop: SmallClub, owner: Browser
) -> None:
    number = somebody(desks, "U1", "髙橋 花子")
    mine, began = card(desks, number).id, shop.now
    for n in range(1, 31):
        shop.clock.set(began + timedelta(days=n))
        shop.visits(mine)
    with shop.store.begin() as uow:
        its = activities.c
        old = began.date() + timedelta(days=2)
        last = (its.member_id == mine, its.seq == select(func.max(its.seq)).scalar_subquery())
        uow.run(update(activities).where(*last).values(business_date=old))
    seen, at_page = list[date](), at(desks, number)
    for _ in range(3):
        past = html.unescape(owner.get(at_page).text).partition('id="past"')[2]
        found = re.findall(r"<small>(\d+)年(\d+)月(\d+)日", past)
        seen += [date(*map(int, each)) for each in found]
        more = re.search(r'href="(/owner/members/[^"#]*before=\d+)', past)
        if more is None:
            break
        at_page = more[1]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) >= 30
    assert seen.count(old) == 2


def test_how_many_friends_they_brought_stands_on_their_page(
    desks: Desks, shop: SmallClub, owner: Browser
) -> None:
    number = somebody(desks, "U1", "髙橋 花子")
    assert "ご紹介のお友だち" not in owner.get(at(desks, number)).text
    friends = [shop.joins() for _ in range(2)]
    with shop.store.begin() as uow:
        its = members.c
        mine = card(desks, number).id
        uow.run(update(members).where(its.id.in_(friends)).values(referred_by=mine))
    page = owner.get(at(desks, number)).text
    assert "ご紹介のお友だち" in page
    assert "2人（2回目もいらした方は0人）" in page


def test_a_manager_has_no_page_of_another_stores_member(desks: Desks, shop: SmallClub) -> None:
    mine, theirs = (somebody(desks, f"U{n}", visits=1) for n in range(2))
    with shop.store.begin() as uow:
        its = activities.c.member_id == card(desks, theirs).id
        uow.run(update(activities).where(its).values(store="kawabe"))
    manager = desks.signed_in("mika", "manager", "ekimae")
    assert manager.get(at(desks, mine)).status_code == 200
    assert manager.get(at(desks, theirs)).status_code == 404
    for forged in ("0000000001", mine, "nothing"):
        assert manager.get(f"/owner/members/{forged}").status_code == 404
    assert desks.signed_in("hana").get(at(desks, mine)).status_code == 403
    shop.passes(days=91)
    assert manager.get(at(desks, mine)).status_code == 404
