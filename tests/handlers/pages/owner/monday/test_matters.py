"""What matters, on the console's first page: told once, and led to."""

import html
import re
from datetime import timedelta

from sqlalchemy import update

from bot.store.heard import cases
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from bot.store.tables import members
from handlers.jobs.broadcasts.queue import run_if_due
from handlers.jobs.night import nightly
from rules.programme.counter import Flag
from tests.handlers.broadcasting import sends, stored, writes
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.broadcasts.test_trials import TRIAL
from tests.handlers.pages.owner.monday.week import matters, regular, say_reward, text, told
from tests.handlers.pages.owner.shops import kept
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.rules.examples import CAFE


def test_where_nothing_needs_anybody_it_says_so(shop: SmallClub, owner: Browser) -> None:
    shop.visits(shop.joins())
    kept(shop)
    page = told(owner)
    assert matters(page) == []
    assert text("nothing") in page
    for key in ("rank_none", "away_none", "sent_none", "unusual_none"):
        assert text(key) in page, key


def test_what_matters_stands_with_a_button_that_leads_to_it(
    shop: SmallClub, owner: Browser
) -> None:
    regular(shop)
    shop.passes(days=25)
    nightly.run_if_due(shop.club)
    flag = Flag("burst", "burst:1")
    with shop.store.begin() as uow:
        flags.add(uow, [flag], Sighting(shop.now, shop.now.date(), "ekimae", None, None))
    page = told(owner)
    assert text("matter.flags", count=1) in matters(page)
    assert 'href="/staff/flags"' in page
    # On the day after this night would be late.
    shop.passes(days=1)
    assert matters(told(owner))[0] == text("matter.night")
    assert 'href="/owner/doctor"' in told(owner)


def test_who_begins_to_stay_away_is_told_once_and_led_to(shop: SmallClub, owner: Browser) -> None:
    member = regular(shop)
    drift_on = shop.club.foresight().drift_on(shop.member(member).facts)
    assert drift_on
    shop.passes(days=(drift_on - shop.now.date()).days + 1)
    nightly.run_if_due(shop.club)
    page = told(owner)
    assert matters(page) == [text("matter.drifting", count=1, all="1人")]
    found = html.unescape(re.findall(r'href="(/owner/members\?[^"]*)"', page)[0])
    assert found.startswith(f"/owner/members?drifting_since={shop.now.date() - timedelta(days=6)}")
    assert text("button.drifting", count=1) in page
    assert shop.member(member).number in owner.get(found).text.replace(" ", "")
    # A week later it is no news any more.
    shop.passes(days=8)
    nightly.run_if_due(shop.club)
    assert matters(told(owner)) == []


def test_as_many_are_told_of_as_the_list_has_though_somebody_s_day_was_moved(
    shop: SmallClub, owner: Browser
) -> None:
    began = shop.now
    late = regular(shop)
    shop.clock.set(began)
    regular(shop)
    drift_on = shop.club.foresight().drift_on(shop.member(late).facts)
    assert drift_on
    shop.passes(days=(drift_on - shop.now.date()).days + 1)
    nightly.run_if_due(shop.club)
    with shop.store.begin() as uow:
        moved = shop.now.date() + timedelta(days=3)
        uow.run(update(members).where(members.c.id == late).values(drift_on=moved))
    assert matters(told(owner)) == [text("matter.drifting", count=1, all="2人")]
    assert "2人" in owner.get("/owner/members/count?risks=rhythm&risks=lapsed").text


def test_rewards_that_nobody_could_reach_in_months_are_told(
    shop: SmallClub, owner: Browser
) -> None:
    dear = say_reward("gift", 90_000)
    shop.publishes(CAFE + dear)
    shop.visits(shop.joins())
    assert matters(told(owner)) == []
    # Once somebody could have had the time to reach it.
    shop.passes(days=91)
    nightly.run_if_due(shop.club)
    page = told(owner)
    [sentence] = matters(page)
    assert "贈りもの" in sentence
    assert sentence.endswith(text("matter.out_of_reach", names=""))
    assert 'href="/owner/programme#rewards"' in page


def test_a_reward_that_is_over_is_no_news_any_more(shop: SmallClub, owner: Browser) -> None:
    ended = f'ends = "{shop.now.date()}"\n'
    shop.publishes(
        CAFE + say_reward("gift", 90_000) + ended + say_reward("web", 100)
        + ended + "codes = { low = 5 }\n"
    )  # fmt: skip
    shop.visits(shop.joins())
    assert matters(told(owner)) == [text("matter.codes", name="贈りもの", count=0)]
    shop.passes(days=91)
    nightly.run_if_due(shop.club)
    # What else nobody has the points for is told still.
    [sentence] = matters(told(owner))
    assert "贈りもの" not in sentence


def test_codes_that_run_low_are_told_of_their_reward(shop: SmallClub, owner: Browser) -> None:
    shop.publishes(CAFE + say_reward("web", 100) + "codes = { low = 5 }\n")
    shop.visits(shop.joins())
    assert matters(told(owner)) == [text("matter.codes", name="贈りもの", count=0)]
    assert 'href="/owner/codes"' in told(owner)


def test_who_waits_for_an_answer_is_told_and_who_waits_too_long_instead(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    member = shop.joins("U1")
    with shop.work("member", key="letter") as work:
        cases.add(work.uow, member, "complaint", at=shop.now, due=shop.now + timedelta(days=1))
    assert matters(told(owner)) == [text("matter.waiting", count=1)]
    assert 'href="/owner/voice"' in told(owner)
    shop.passes(days=2)
    assert matters(told(owner)) == [text("matter.overdue", count=1, waiting=1)]
    # Nobody else's store has it.
    mika = desks.signed_in("mika", "manager", "kawabe")
    assert matters(told(mika)) == []
    # Nor when theirs is gone, and there is one store left.
    head, _, rest = CAFE.partition('[[stores]]\nid = "kawabe"')
    shop.publishes(head + rest[rest.index("[visits]") :])
    assert matters(told(mika)) == []


def test_a_broadcast_that_was_tried_for_its_days_waits_for_a_word(
    shop: SmallClub, owner: Browser
) -> None:
    for n in range(12):
        shop.visits(shop.joins(f"U{n}"))
    number = writes(shop, trial=TRIAL)
    assert sends(shop, number) is None
    run_if_due(shop.club)
    assert stored(shop, number).is_tried
    ready = text("matter.trial", name="冬の豆")
    shop.passes(days=2)
    assert ready not in matters(told(owner))
    shop.passes(days=1)
    assert ready in matters(told(owner))
    assert f'href="/owner/broadcasts/{number}"' in told(owner)
