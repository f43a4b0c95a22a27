"""The page of costs: a period's, what is owed, what one more visitor costs, friends, messages."""

import html
import re
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from bot.codes import RewardUse
from bot.store.figures import costs
from bot.store.members import sources
from bot.store.members.sources import SourceFields
from bot.store.tables import held_vouchers, message_figures
from handlers.actions.counter.redeem import redeem
from handlers.actions.recording.record import Request, record
from rules.activity import Purchase
from rules.explaining.cost_words import roughly
from rules.figures.sources import SourceCost
from rules.programme.rewards import worth_yen
from rules.wording.texts import long_date, say
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.pages.owner.shops import kept, rows_of
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting


def told(browser: Browser, path: str = "/owner/costs") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def rows(page: str, section: str) -> dict[str, list[str]]:
    """A section's table, by what stands in front."""
    part = page[page.index(f'id="{section}"') :].partition("</section>")[0]
    found = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', part, re.DOTALL)
    return {
        re.sub(r"<[^>]+>", "", name): [
            re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<td[^>]*>(.*?)</td>", cells)
        ]
        for name, cells in found
    }


def paid_name(name: str) -> str:
    return say("ja", f"owner.costs.paid.{name}.name", points="ポイント")


def ahead_name(name: str) -> str:
    return say("ja", f"owner.costs.ahead.{name}.name", points="ポイント")


def spends(shop: SmallClub, member: int, yen: int) -> None:
    with shop.work(MANAGER, key=shop.key()) as work:
        assert record(work, Request(member, Purchase(yen), shop.now, "ekimae")).done


def uses(shop: SmallClub, member: int, reward: str = "off_100") -> None:
    with shop.work(MANAGER, key=shop.key()) as work:
        assert redeem(work, member, RewardUse(reward), at=shop.now, store="ekimae").done


def sent(shop: SmallClub, journey: str, count: int, days_ago: int = 0) -> None:
    day = shop.now.date() - timedelta(days=days_ago)
    with shop.store.begin() as uow:
        uow.run(insert(message_figures), [{"journey": journey, "day": day, "sent": count}])


def advertises(shop: SmallClub, yen: int) -> None:
    with shop.store.begin() as uow:
        sources.add(uow, "K7D2MX", SourceFields("駅", "poster", None), at=shop.now)
        found = sources.by_code(uow, "K7D2MX")
        assert found is not None
        paid = SourceCost(0, found.id, shop.now.date(), shop.now.date(), yen)
        sources.put_cost(uow, paid, by=None, at=shop.now)


def test_what_a_period_cost_is_its_advertising_its_points_its_gifts_and_its_messages(
    shop: SmallClub, owner: Browser
) -> None:
    sakura = shop.joins()
    shop.visits(sakura)
    spends(shop, sakura, 20_000)
    uses(shop, sakura)
    advertises(shop, 3_000)
    sent(shop, "messages", 40)
    kept(shop)
    page = told(owner)
    used = worth_yen(shop.timeline.latest.programme.rewards, 100)
    table = rows(page, "paid")
    assert table[paid_name("advertising")] == ["3,000円"]
    assert table[paid_name("points")] == [f"{used:,}円"]
    assert table[paid_name("messages")] == ["120円"]
    assert table[paid_name("whole")] == [f"{3_000 + used + 120:,}円"]
    assert say("ja", "owner.costs.tile.per_visit", visit="来店", yen=f"{3_120 + used:,}円") in page
    file = rows_of(owner, "/owner/costs/table.csv")
    assert [paid_name("whole"), str(3_120 + used), ""] in file


def test_what_is_owed_stands_in_points_and_in_yen(shop: SmallClub, owner: Browser) -> None:
    sakura = shop.joins()
    spends(shop, sakura, 10_000)
    kept(shop)
    balance = shop.member(sakura).facts.balance
    worth = worth_yen(shop.timeline.latest.programme.rewards, balance)
    page = told(owner)
    assert f"<strong>{worth:,}円</strong>" in page
    assert f"{balance:,}ポイント" in page
    # A club that begins today has no pace to go by.
    assert rows(page, "ahead")[ahead_name("points")] == [
        say("ja", "owner.costs.cannot_tell"), "", f"{worth:,}円",
    ]  # fmt: skip
    assert rows(page, "ahead")[ahead_name("all")][0] == say("ja", "owner.costs.cannot_tell")


def test_the_next_ninety_days_go_on_as_the_last_ones_went(shop: SmallClub, owner: Browser) -> None:
    sakura = shop.joins()
    spends(shop, sakura, 90_000)
    # Used in the older span once, and in the newer one twice.
    for days in (30, 100, 10):
        shop.passes(days=days)
        uses(shop, sakura)
    shop.passes(days=60)
    sent(shop, "messages", 10, days_ago=5)
    with shop.store.begin() as uow:
        row = {"reward": "off_100", "in_hand": 3, "ends_soon": 1}
        uow.run(insert(held_vouchers), [row | {"counted_on": shop.now.date()}])
    kept(shop)
    worth = worth_yen(shop.timeline.latest.programme.rewards, 100)
    table = rows(told(owner), "ahead")
    likely, spread, _ = table[ahead_name("points")]
    assert likely == f"{round(1.5 * worth):,}円", "the mean of the half-year"
    assert spread == say("ja", "owner.costs.range", low=f"{worth:,}円", high=f"{2 * worth:,}円")
    assert table[ahead_name("messages")][0] == "15円"
    assert table[ahead_name("vouchers")] == ["0円", "0円", "300円"]


def test_what_is_owed_says_at_how_much_a_point_and_until_when(
    shop: SmallClub, owner: Browser
) -> None:
    sakura = shop.joins()
    spends(shop, sakura, 10_000)
    with shop.store.begin() as uow:
        row = {"reward": "off_100", "in_hand": 3, "ends_soon": 1}
        uow.run(insert(held_vouchers), [row | {"counted_on": shop.now.date()}])
    kept(shop)
    balance = shop.member(sakura).facts.balance
    page = told(owner)
    # The best is 送料無料: 600 yen for 400 points. Three vouchers of 100 yen are in hand.
    assert "1ポイント＝多くて1.5円として計算しています" in page
    assert f"{balance:,}ポイント × 多くて1.5円" in page
    assert "400ポイントで600円分" in page
    worth = round(balance * 1.5)
    assert list(rows(page, "owed").values()) == [
        [f"{balance:,}ポイント", f"{worth:,}円"], ["3枚", "300円"], ["", f"{worth + 300:,}円"],
    ]  # fmt: skip
    assert "か月間お使いいただけます" in page[page.index('id="owed"') : page.index('id="ahead"')]


def test_what_was_paid_and_what_is_ahead_have_the_same_parts(
    shop: SmallClub, owner: Browser
) -> None:
    """Lower prices are in both; birthdays are a part of others, and in no column."""
    shop.joins()
    kept(shop)
    page = told(owner)
    paid, ahead = ([*rows(page, each)] for each in ("paid", "ahead"))
    assert len(paid) == len(ahead)
    assert ("割引" in "".join(paid)) == ("割引" in "".join(ahead))
    assert "お誕生日" not in "".join(ahead)


def test_an_estimate_is_told_by_its_first_figures() -> None:
    assert [roughly(each) for each in (0, 7, 125_726, 1_234)] == [0, 7, 126_000, 1_230]


def test_friends_are_counted_with_what_both_got(shop: SmallClub, owner: Browser) -> None:
    sakura = shop.joins()
    shop.passes(days=1)
    hana = shop.joins(referred_by=sakura, source="referral")
    shop.joins(referred_by=sakura, source="referral")
    for _ in range(2):
        shop.passes(days=1)
        shop.visits(hana)
    kept(shop)
    page = told(owner)
    part = page[page.index('id="friends"') :].partition("</section>")[0]
    found = re.findall(r"<dd><strong>([^<]*)</strong>", part)
    worth = worth_yen(shop.timeline.latest.programme.rewards, 200)
    assert found == ["2人", "1人", "1人", "1人", f"{worth:,}円"]


def test_messages_stand_by_what_sent_them(shop: SmallClub, owner: Browser) -> None:
    kept(shop)
    sent(shop, "messages", 7)
    sent(shop, "journey:lapsed", 1_200)
    table = rows(told(owner), "sent")
    assert list(table.values()) == [["1,200", "3,600円"], ["7", "21円"]]


def test_twelve_months_are_twelve_months_to_the_day(shop: SmallClub, owner: Browser) -> None:
    """Eleven months and the day that has begun were what a calendar's months came to."""
    kept(shop)
    shop.clock.set(datetime(2027, 12, 1, 3, tzinfo=UTC))
    with shop.store.begin() as uow:
        rows_in = [
            {"journey": "messages", "day": day, "sent": count}
            for day, count in (
                (date(2026, 12, 1), 1), (date(2026, 12, 2), 10), (date(2027, 12, 1), 100),
            )
        ]  # fmt: skip
        uow.run(insert(message_figures), rows_in)
    page = told(owner)
    assert [each[0] for each in rows(page, "sent").values()] == ["110"]
    assert "2026年12月2日" in page
    assert rows(page, "paid")[paid_name("messages")][0] == "330円"


def test_messages_say_up_to_which_day_they_are_counted_unless_that_is_today(
    shop: SmallClub, owner: Browser
) -> None:
    kept(shop)
    assert say("ja", "owner.costs.sent_none") in told(owner)
    sent(shop, "messages", 22, days_ago=3)
    day = long_date("ja", shop.now.date() - timedelta(days=3))
    assert say("ja", "owner.costs.sent_until", day=day) in told(owner)
    sent(shop, "messages", 1)
    page = told(owner)
    assert "いま数えているところ" not in page
    assert [each[0] for each in rows(page, "sent").values()] == ["23"]


def test_what_everybody_could_use_is_what_they_have_and_no_more(
    shop: SmallClub, owner: Browser
) -> None:
    """Nobody uses advertising or a message; rewards that are yet to be given are in nobody's
    hands."""
    sakura = shop.joins()
    spends(shop, sakura, 90_000)
    advertises(shop, 9_000)
    shop.passes(days=100)
    sent(shop, "messages", 500, days_ago=5)
    with shop.store.begin() as uow:
        row = {"reward": "off_100", "in_hand": 3, "ends_soon": 1}
        uow.run(insert(held_vouchers), [row | {"counted_on": shop.now.date()}])
    kept(shop)
    balance = shop.member(sakura).facts.balance
    page = told(owner)
    table = rows(page, "ahead")
    most = {name: cells[-1] for name, cells in table.items()}
    # 1.5 yen a point, and three vouchers of 100 yen.
    assert most[ahead_name("points")] == f"{round(1.5 * balance):,}円"
    assert most[ahead_name("vouchers")] == "300円"
    assert most[ahead_name("advertising")] == most[ahead_name("messages")] == "–"
    # Beside the likely sum of all it would be the smaller one: it stands where it is owed.
    assert most[ahead_name("all")] == "–"
    assert rows(page, "owed")["合計"][-1] == f"{round(1.5 * balance) + 300:,}円"
    # One name for one amount.
    assert page.count("お返しする約束") == 1


def test_a_visitors_cost_is_not_told_while_nothing_is_known(
    shop: SmallClub, owner: Browser
) -> None:
    assert say("ja", "owner.costs.visitor.early") in told(owner)


def test_a_manager_has_no_page_of_costs(shop: SmallClub, desks: Desks) -> None:
    mika = desks.signed_in("mika", "manager", "kawabe")
    for path in ("", "/table.csv"):
        assert mika.get(f"/owner/costs{path}").status_code == 403


def test_the_page_costs_as_many_statements_for_many_members(
    shop: SmallClub, owner: Browser
) -> None:
    asked = []
    for _ in range(2):
        for _ in range(6):
            member = shop.joins()
            shop.visits(member)
            spends(shop, member, 5_000)
        kept(shop)
        owner.get("/owner/costs")
        with counting(shop.store) as counted:
            owner.get("/owner/costs")
        asked.append(len(counted.statements))
        shop.passes(days=400)
    assert asked[0] <= asked[1] <= 50
    with shop.store.read() as uow:
        assert costs.birthdays_within(uow, [1, 2, 3]) == 0
