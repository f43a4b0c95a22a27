"""The console's first page: what matters, of whom, for whom, and what it costs."""

import html
import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from bot.store.heard import cases
from bot.store.messages import broadcasts
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from bot.store.tables import lots, members, outbox
from handlers.actions.members.membership import change_membership, erase
from handlers.jobs.broadcasts.queue import run_if_due
from handlers.jobs.journeys.counting import JourneyCounting
from handlers.jobs.night import nightly
from rules.broadcasts.broadcast import Broadcast
from rules.programme.counter import Flag
from rules.wording.words import Words
from tests.handlers.broadcasting import sends, stored, writes
from tests.handlers.clubs import SmallClub
from tests.handlers.commands.messages import Messages
from tests.handlers.jobs.broadcasts.test_trials import TRIAL
from tests.handlers.pages.owner.shops import kept
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting
from tests.rules.examples import CAFE, programme

WEEK = timedelta(weeks=1)
WORDS = Words(programme(CAFE), "ja")


def text(key: str, **values: object) -> str:
    return WORDS.say(f"owner.monday.{key}", **values)


def told(browser: Browser) -> str:
    answer = browser.get("/owner/")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def matters(page: str) -> list[str]:
    """The sentences of what matters."""
    return re.findall(r'<p id="matter-\d">([^<]*)</p>', page)


def regular(shop: SmallClub, *, every: int = 3, times: int = 10, store: str = "ekimae") -> int:
    """Somebody who came so often, so many days apart, the last time now."""
    member, began = shop.joins(), shop.now
    for n in range(times):
        shop.clock.set(began + timedelta(days=n * every))
        shop.visits(member, store=store)
    return member


def test_a_club_without_members_is_led_to_its_first_steps(shop: SmallClub, owner: Browser) -> None:
    page = told(owner)
    assert text("first_title") in page
    assert 'href="/owner/programme"' in page
    assert text("matters") not in page


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
    assert "/owner/members?risks=rhythm" in page
    assert shop.member(member).number in owner.get("/owner/members?risks=rhythm").text.replace(
        " ", ""
    )
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
    assert "2人" in owner.get("/owner/members/count?risks=rhythm").text


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
    assert shop.member(gone).number in section
    assert shop.member(late).number not in section
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
    section = page[page.index('id="rank"') :].partition("</section>")[0]
    assert section.count("<li>") == 1


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


def say_reward(name: str, cost: int) -> str:
    return f"""
[[rewards]]
id = "{name}"
name = {{ ja = "贈りもの", en = "A gift" }}
kind = "coupon"
cost = {cost}
value_yen = 200
"""


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
