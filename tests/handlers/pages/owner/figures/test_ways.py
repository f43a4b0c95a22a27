"""The funnel, what is used and earned, and engagement, on their pages."""

import html
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.codes import RewardUse
from bot.store.finding import engagement
from bot.store.finding.engagement import acts
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ArrivedEvent
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.merge import MergeRequest, merge
from handlers.commands.journeys.funnel import funnel_of
from handlers.jobs.night.engagement import EngagementCounting
from rules.figures.items import TENURE_DAYS
from rules.heard.engagement import MemberActs, sum_up
from rules.shop import month_start
from rules.wording.texts import say
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.pages.owner.shops import kept, rows_of
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting

from .test_sheets import numbers, told


def test_the_funnel_says_what_the_command_says_and_who_stopped(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    sakura, kaede, new = shop.joins("U1"), shop.joins(), shop.joins()
    shop.visits(sakura)
    shop.passes(days=1)
    for _ in range(3):
        shop.passes(days=2)
        shop.visits(kaede)
    shop.passes(days=1)
    shop.visits(sakura)
    for days in (1, 60):
        shop.passes(days=days)
        kept(shop)
        programme = shop.timeline.at(shop.now).programme
        day = programme.shop.business_date(shop.now)
        wanted = funnel_of(shop.club, programme, month_start(day - timedelta(days=364)), day)
        rows = rows_of(owner, "/owner/figures/funnel.csv")[1:]
        assert [int(row[1]) for row in rows] == [each.count for each in wanted.steps]
        assert [int(row[4]) for row in rows] == [each.stopped for each in wanted.steps]
        medians = [None if row[3] == "" else float(row[3]) for row in rows]
        assert medians == [each.median_days for each in wanted.steps]
    page = told(owner, "funnel")
    assert "/owner/figures/funnel/stopped/4?" in page
    assert numbers(told(owner, "funnel/stopped/4?months=12")) == []
    assert "さくら様" in told(owner, "funnel/stopped/4?months=12")
    assert numbers(told(owner, "funnel/stopped/1?months=12")) == [shop.member(new).number]
    assert "さくら様" not in told(owner, "funnel/stopped/4?months=1")
    for nothing in ("stopped/0", "stopped/7", "stopped/x", "other/1"):
        assert owner.get(f"/owner/figures/funnel/{nothing}").status_code == 404
    assert "figure_seen" in [line.action for line in desks.logged()]


def test_a_manager_has_the_funnel_of_who_joined_at_their_store(
    shop: SmallClub, desks: Desks
) -> None:
    shop.joins()
    kept(shop)
    mika = desks.signed_in("mika", "manager", "kawabe")
    for store in ("", "ekimae", "kawabe"):
        assert say("ja", "owner.sheets.funnel.empty") in told(mika, f"funnel?store={store}")


def test_each_reward_and_badge_leads_to_who_used_and_earned_it(
    shop: SmallClub, owner: Browser
) -> None:
    sakura = shop.joins()
    for _ in range(60):
        shop.passes(days=1)
        shop.visits(sakura)
    with shop.work(MANAGER, key=shop.key()) as work:
        assert redeem(work, sakura, RewardUse("off_100"), at=shop.now, store="kawabe").done
    shop.passes(days=1)
    kept(shop)
    hers = [shop.member(sakura).number]
    used = {
        (row[0], row[1]): row[2:]
        for row in rows_of(owner, "/owner/figures/kinds.csv?period=weeks")[1:]
    }
    assert [kind for (kind, _), row in used.items() if row == ["1", "0"]].count("特典") == 1
    assert numbers(told(owner, "kinds/reward/off_100?period=weeks")) == hers
    assert numbers(told(owner, "kinds/reward/off_100?period=weeks&store=ekimae")) == []
    badge = next(iter(shop.member(sakura).facts.badges))
    assert numbers(told(owner, f"kinds/badge/{badge}?period=year")) == hers
    for nothing in ("other/off_100", f"badge/{badge}?store=kawabe"):
        assert owner.get(f"/owner/figures/kinds/{nothing}").status_code == 404
    page = told(owner, "kinds?period=year")
    assert say("ja", "owner.sheets.kinds.average", count=61) in page
    assert numbers(told(owner, "days/1")) == hers
    assert numbers(told(owner, "days/0")) == []
    assert owner.get(f"/owner/figures/days/{len(TENURE_DAYS)}").status_code == 404


def test_engagement_is_counted_once_in_each_night_and_stays_as_it_was(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    assert say("ja", "owner.sheets.acts.empty") in told(owner, "engagement")
    nights = EngagementCounting(shop.club)
    sakura, _ = shop.joins(), shop.joins()
    shop.visits(sakura, key="late")
    assert nights.run_if_due()
    assert not nights.run_if_due()
    assert not EngagementCounting(shop.club).run_if_due()
    shop.undoes(sakura, "late")
    shop.passes(days=1)
    assert nights.run_if_due()
    rows = rows_of(owner, "/owner/figures/engagement.csv")[1:]
    # Who came, tapped, wrote, did none of it, and all.
    assert [row[1:6] for row in rows] == [["1", "0", "0", "1", "2"], ["0", "0", "0", "2", "2"]]
    page = html.unescape(told(owner, "engagement?period=year"))
    assert page.count('data-v="') == 8
    mika = desks.signed_in("mika", "manager", "kawabe")
    assert mika.get("/owner/figures/engagement").status_code == 403
    assert "/owner/figures/engagement" not in told(mika, "cohorts")


def test_a_night_in_which_counting_fails_is_told_and_tried_again(
    shop: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = EngagementCounting(shop.club)
    shop.joins()
    with monkeypatch.context() as broken:

        def dies(*_: object) -> None:
            raise RuntimeError("the power went")

        broken.setattr("bot.store.finding.engagement.of_last_days", dies)
        assert not nights.run_if_due()
    assert nights.run_if_due()


def test_these_pages_cost_as_many_statements_for_many_members(
    shop: SmallClub, owner: Browser
) -> None:
    for _ in range(12):
        shop.visits(shop.joins())
    kept(shop)
    EngagementCounting(shop.club).run_if_due()
    for path in ("funnel", "funnel/going/3", "kinds?period=year", "days/0", "engagement"):
        told(owner, path)
        with counting(shop.store) as counted:
            told(owner, path)
        assert len(counted.statements) < 18, path


def test_a_night_counts_all_members_without_naming_each_to_the_database(shop: SmallClub) -> None:
    people = [shop.joins() for _ in range(30)]
    with shop.work(MANAGER, key="merged") as work:
        assert merge(work, MergeRequest(people[0], people[1])).done
    shop.visits(people[2])
    values: list[int] = []

    def note(*args: Any) -> None:
        values.append(len(args[3]))

    event.listen(shop.store.engine, "before_cursor_execute", note)
    try:
        [found] = acts(shop.store, since=shop.now, first=shop.now.date())
    finally:
        event.remove(shop.store.engine, "before_cursor_execute", note)
    assert len(found) == 29
    assert max(values) < 10


def test_what_members_did_is_read_some_members_and_some_events_at_a_time(
    shop: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = [f"U{number:032}" for number in range(5)]
    people = [shop.joins(user) for user in users]
    with shop.work(MANAGER, key="merged") as work:
        assert merge(work, MergeRequest(people[0], people[4])).done
    shop.visits(people[2])
    bodies = [
        ("tap", users[0], '{"type": "postback"}'),
        ("word", users[4], '{"type": "message", "message": {"text": "x"}}'),
        ("came", users[1], '{"type": "message", "message": {"text": "check in"}}'),
        ("stranger", "U" + "f" * 32, '{"type": "postback"}'),
        ("again", users[3], '{"type": "postback"}'),
    ]
    with shop.store.begin() as uow:
        arrived = [ArrivedEvent(*each) for each in bodies]
        webhook_events.store(uow, arrived, at=shop.now)
    summed = {}
    for size in (2, 1_000):
        monkeypatch.setattr(engagement, "PAGE", size)
        pages = list(acts(shop.store, since=shop.now, first=shop.now.date()))
        assert max(map(len, pages)) <= size
        summed[size] = {member: did for page in pages for member, did in page.items()}
    assert summed[2] == summed[1_000]
    assert summed[2][people[0]] == MemberActs(taps=1, messages=1)
    assert summed[2][people[1]] == MemberActs()
    assert summed[2][people[2]] == MemberActs(visits=1)
    assert sum((sum_up([each]) for each in summed[2].values()), sum_up(())).silent == 1
    assert sum_up(summed[2].values()).members == 4
