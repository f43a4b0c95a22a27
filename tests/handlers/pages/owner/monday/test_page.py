"""The console's first page: what matters, of whom, for whom, and what it costs."""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from bot.store.messages import broadcasts
from bot.store.tables import lots, members, outbox
from handlers.actions.members.membership import change_membership, erase
from handlers.jobs.journeys.counting import JourneyCounting
from handlers.jobs.night import nightly
from rules.broadcasts.broadcast import Broadcast
from tests.handlers.clubs import SmallClub
from tests.handlers.commands.messages import Messages
from tests.handlers.pages.owner.monday.week import regular, text, told
from tests.handlers.pages.owner.shops import kept
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting
from tests.rules.examples import CAFE, programme

WEEK = timedelta(weeks=1)


def test_a_club_without_members_is_led_to_its_first_steps(shop: SmallClub, owner: Browser) -> None:
    page = told(owner)
    assert text("first_title") in page
    assert 'href="/owner/programme"' in page
    assert text("matters") not in page


def test_figures_stand_beside_the_four_weeks_before_by_store(
    shop: SmallClub, owner: Browser
) -> None:
    began = shop.now
    sakura = shop.joins()
    for days, store in ((0, "ekimae"), (10, "kawabe"), (40, "ekimae"), (42, "ekimae")):
        shop.clock.set(began + timedelta(days=days))
        shop.visits(sakura, store=store)
    shop.clock.set(began + timedelta(days=44))
    kept(shop)
    page = told(owner)
    tiles = re.findall(r"<strong>([^<]*)</strong>", page)
    assert tiles[:2] == ["2回", "2.0回"]
    rows = dict(re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a></th>(.*?)</tr>', page, re.DOTALL))
    assert "2回" in rows["駅前店"]
    assert re.search(r"<td[^>]*>0回", rows["川辺店"])


def test_today_is_not_in_the_four_weeks(shop: SmallClub, owner: Browser) -> None:
    sakura = shop.joins()
    shop.visits(sakura)
    kept(shop)
    assert re.findall(r"<strong>([^<]*)</strong>", told(owner))[0] == "0回"
    shop.passes(days=1)
    assert re.findall(r"<strong>([^<]*)</strong>", told(owner))[0] == "1回"


def test_who_no_longer_is_to_be_expected_is_told_apart_from_who_is_late(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    began = shop.now
    gone = regular(shop, every=3, times=20)
    shop.clock.set(began)
    late = regular(shop, every=3, times=40)
    drift_on = shop.club.foresight().drift_on(shop.member(late).facts)
    assert drift_on
    shop.passes(days=(drift_on - shop.now.date()).days + 1)
    nightly.run_if_due(shop.club)
    page = told(owner)
    section = page[page.index('id="away"') :].partition("</section>")[0].replace(" ", "")
    lines = {each: line for line in section.split("<li>") for each in (gone, late)
             if shop.member(each).number in line}  # fmt: skip
    # Both stay away, and stand there; one of them is no longer expected.
    assert text("gone") in lines[gone]
    assert text("gone") not in lines[late]
    assert "monday_seen" in [line.action for line in desks.logged()]


def test_who_drifts_and_loses_a_rank_by_it_is_told_of_once(shop: SmallClub, owner: Browser) -> None:
    shop.clock.set(datetime(2026, 1, 1, 3, tzinfo=UTC))
    member = regular(shop, every=2, times=14)
    # February is forgiven, March would be one short month too many; the night that noted who loses
    # a rank was before they drifted.
    shop.clock.set(datetime(2026, 3, 27, 3, tzinfo=UTC))
    nightly.run_if_due(shop.club)
    with shop.store.begin() as uow:
        uow.run(update(members).where(members.c.id == member).values(at_risk="rank"))
    page = told(owner)
    # In five days nobody comes so often that it would be kept.
    section = page[page.index('id="rank"') :].partition("</section>")[0]
    assert section.count("<li>") == 0
    assert text("rank_lost", count=1) in section


def test_whoever_can_still_keep_their_rank_is_told_of_and_on_the_last_day_as_of_today(
    shop: SmallClub, owner: Browser
) -> None:
    shop.clock.set(datetime(2026, 1, 1, 3, tzinfo=UTC))
    member = regular(shop, every=2, times=14)
    ladder = programme(CAFE).ranks
    held = ladder.get(shop.member(member).facts.rank.id) if ladder else None
    assert held is not None
    # February is forgiven. In March one visit is missing, with some days left, and with none.
    for n in range(held.at - 1):
        shop.clock.set(datetime(2026, 3, 1 + 2 * n, 3, tzinfo=UTC))
        shop.visits(member)
    for day, key, values in (
        (29, "rank_missing", {"until": "3月31日"}),
        (31, "rank_missing_today", {}),
    ):
        shop.clock.set(datetime(2026, 3, day, 3, tzinfo=UTC))
        nightly.run_if_due(shop.club)
        section = told(owner).partition('id="rank"')[2].partition("</section>")[0]
        missing = text("missing.visits", count=1)
        assert text(key, missing=missing, **values) in section


def test_a_day_far_outside_the_same_weekdays_stands_out(shop: SmallClub, owner: Browser) -> None:
    sakura, began = shop.joins(), shop.now
    for week in range(9):
        shop.clock.set(began + week * WEEK)
        shop.visits(sakura)
    for minutes in range(12):
        member = shop.joins()
        shop.clock.set(began + 8 * WEEK + timedelta(minutes=minutes))
        shop.visits(member)
    shop.clock.set(began + 8 * WEEK + timedelta(days=1))
    kept(shop)
    page = told(owner)
    section = page[page.index('id="unusual"') :].partition("</section>")[0]
    assert "13回" in section
    assert "全店舗" in section
    assert "駅前店" in section
    assert "川辺店" not in section


def test_a_manager_has_the_week_of_their_store_and_nothing_of_the_owners(
    shop: SmallClub, desks: Desks
) -> None:
    mika = desks.signed_in("mika", "manager", "kawabe")
    here, there = regular(shop, store="kawabe"), regular(shop, store="ekimae")
    shop.passes(days=60)
    nightly.run_if_due(shop.club)
    kept(shop)
    page = told(mika)
    assert text("lead_store", store="川辺店") in page
    assert "駅前店" not in page.partition("<main")[2]
    for key in ("sent_title", "sends"):
        assert text(key) not in page
    numbers = page.replace(" ", "")
    assert shop.member(there).number not in numbers
    assert shop.member(here).number in numbers
    # The night is the owner's.
    shop.passes(days=2)
    assert text("matter.night") not in told(mika)


def test_what_is_sent_on_mondays_stands_there_word_for_word(
    shop: SmallClub, owner: Browser
) -> None:
    shop.visits(shop.joins())
    shop.passes(days=1)
    kept(shop)
    page = told(owner)
    lines = re.findall(r"<li>([^<]*)</li>", page[page.index('class="five"') :])
    assert len(lines) == 5
    assert lines[0] == text("nothing")
    assert "さくら" not in "".join(lines)


def test_whose_points_run_out_is_told_of_members_alone(shop: SmallClub, owner: Browser) -> None:
    here, away, gone = (shop.joins() for _ in range(3))
    soon = shop.now.date() + timedelta(days=3)
    with shop.store.begin() as uow:
        uow.run(update(lots).values(expires_on=soon))
    assert text("ahead.points", people="3人", count=3) in told(owner)
    with shop.work("staff", key="left") as work:
        assert change_membership(work, away, "left", at=shop.now).done
        assert erase(work.under("erase"), gone).done
    assert shop.balance(here)
    assert text("ahead.points", people="1人", count=1) in told(owner)


def test_at_the_end_of_a_month_the_birthdays_of_the_next_are_told(
    shop: SmallClub, owner: Browser
) -> None:
    for month in (1, 2, 2):
        member = shop.joins()
        with shop.store.begin() as uow:
            uow.run(update(members).where(members.c.id == member).values(birth_month=month))
    shop.clock.set(datetime(2026, 1, 20, 3, tzinfo=UTC))
    assert "1月がお誕生月の方が1人" in told(owner)
    shop.clock.set(datetime(2026, 1, 30, 3, tzinfo=UTC))
    page = told(owner)
    assert "2月がお誕生月の方が2人" in page
    assert "1月がお誕生月" not in page


def test_last_weeks_messages_are_told_with_what_is_known_of_them(
    shop: SmallClub, owner: Browser
) -> None:
    member = shop.joins("U1")
    with shop.store.begin() as uow:
        for n, journey in enumerate(("journey:lapsed", "journey:lapsed", "rank")):
            row = queued(member, journey, f"p{n}", at=shop.now)
            uow.insert_new(outbox, [row])
    shop.passes(days=7)
    page = told(owner)
    section = page[page.index('id="sent"') :].partition("</section>")[0]
    assert text("messages", count=2) in section
    assert text("sent.too_few") in section
    # What is told of a rank is no journey of the shop's.
    assert section.count("通<small>") == 1
    shop.passes(days=8)
    assert text("sent_none") in told(owner)


def test_as_long_as_nothing_sure_is_known_who_came_is_told_plainly(
    shop: SmallClub, owner: Browser
) -> None:
    early = Messages(shop, "ekimae")
    early.people(6)
    early.fall_due([(arm, 0.3, n > 0) for arm in (None, "a") for n in range(3)])
    shop.passes(days=11)
    with shop.store.begin() as uow:
        once = queued(early.members[0], "journey:first_visit", "once", at=shop.now)
        uow.insert_new(outbox, [once])
    shop.passes(days=7)
    of_journeys = JourneyCounting(shop.club)
    while of_journeys.count_next():
        """Until all are of today."""
    page = told(owner)
    section = page[page.index('id="sent"') :].partition("</section>")[0]
    plain = text("sent.plain", days=30, drawn=3, came=2, held_back=3, came_other=2)
    assert plain in section
    assert 'href="/owner/results#journey-first_visit"' in section


def test_what_waits_for_a_moment_of_the_week_is_told(shop: SmallClub, owner: Browser) -> None:
    shop.visits(shop.joins())
    for days in (3, 8):
        written = Broadcast.model_validate({"name": f"豆{days}", "title": SAID, "body": SAID})
        with shop.store.begin() as uow:
            at = shop.now + timedelta(days=days)
            number = broadcasts.add(uow, written, by=None, at=shop.now)
            broadcasts.change(uow, number, state="waits", send_at=at)
    page = told(owner)
    section = page[page.index('id="ahead"') :].partition("</section>")[0]
    assert "豆3" in section
    assert "豆8" not in section


SAID = {"ja": "新しい豆です", "en": "New beans"}


def queued(member: int, journey: str, period: str, *, at: datetime) -> dict[str, object]:
    """A message that went out."""
    return {
        "member_id": member, "journey": journey, "period": period, "channel": "line",
        "priority": 3, "topic": "offers", "say": "{}", "status": "sent", "queued_at": at,
        "not_before": at, "sent_at": at, "useful_until": at,
    }  # fmt: skip


def test_ten_times_the_members_are_told_of_in_as_few_statements(
    shop: SmallClub, owner: Browser
) -> None:
    costs = []
    for count in (2, 18):
        for _ in range(count):
            shop.visits(shop.joins())
        kept(shop)
        told(owner)
        with counting(shop.store) as counted:
            told(owner)
        costs.append(len(counted.statements))
    # Now and then a process asks for a newer programme, and notes that somebody is still there.
    assert costs[1] <= costs[0] + 3
    assert costs[0] <= 35
