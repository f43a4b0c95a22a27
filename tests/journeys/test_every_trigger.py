"""Whatever a rule may look at, a door of members or staff brings about: each trigger of the
programme is walked through the chat's webhook or the counter's page, and pays its rule."""

import re
from datetime import timedelta
from typing import get_args

from sqlalchemy import select

from bot.store.history import programs
from bot.store.members import members
from bot.store.tables import entries
from rules.activity import Trigger
from rules.checking.reading import InvalidProgramme, review
from rules.shop import next_month
from tests.handlers.letters import unanswered
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.test_events import makes
from tests.journeys.test_every_reward import subscribes_and_gets_the_first
from tests.journeys.town import Customer, Town
from tests.rules.examples import CAFE

BY_TAP = ("share", "newsletter", "deed")
FIXED = '{ kind = "fixed", points = 1 }'
AWARDS = {"spend": '{ kind = "per_amount", points = 1, yen = 100 }'}
MORE = {"streak": 'streak = "weekly"', "eco": 'actions = ["own_bag", "own_cup"]'}


def rules_of_every_trigger() -> str:
    """The café, with one rule for each trigger and no others, named after it."""
    own = "\n".join(
        f'[[earning]]\nid = "{on}"\nname = {{ ja = "{on} PR" }}\non = "{on}"\n'
        f"award = {AWARDS.get(on, FIXED)}\n{MORE.get(on, '')}\n"
        + ("needs_staff = true\n" if on in BY_TAP else "")
        for on in get_args(Trigger)
    )
    plan = '[[subscriptions]]\nid = "beans"\nname = { ja = "豆の定期便" }\n'
    start, end = CAFE.index("[[earning]]"), CAFE.index("[[campaigns]]")
    return f"{CAFE[:start]}{own}\n{plan}\n{CAFE[end:]}"


def paid(town: Town, *customers: Customer) -> set[str]:
    """The rules that gave them points; badges aside, and what ran out."""
    ids = [customer.member.id for customer in customers]
    with town.club.store.read() as uow:
        found = uow.run(select(entries.c.rule).where(entries.c.member_id.in_(ids))).scalars()
        return {rule for rule in found if ":" not in rule and rule != "expiry"}


def comes_to_an_event(shop: Town, counter: Counter, customer: Customer) -> None:
    """Visits, signs up for one of this very day, and is scanned once more when it is time."""
    assert counter.scans(customer.member)["result"] == "checked_in"
    event = makes(shop, places=1, days=0.02)
    customer.taps(f"do=event_join&of={event}&n=1")
    shop.skips(days=0.03)
    assert counter.scans(customer.member)["result"] == "not_counted"


def test_a_door_leads_to_every_trigger(shop: Town, counter: Counter) -> None:
    text = rules_of_every_trigger()
    assert not isinstance(review(text), InvalidProgramme)
    with shop.club.store.begin() as uow:
        programs.publish(uow, text, since=shop.club.now() - timedelta(seconds=1))
    shop.club.programmes.forget()

    # In the chat: joining, the profile, what one thinks, and a friend.
    sakura, friend = shop.newcomer(), shop.newcomer("もも")
    sakura.follows()
    joined = shop.today()
    month = next_month(next_month(shop.today()))
    sakura.writes("誕生日")
    told = sakura.writes(f"{month.month}月12日")
    sakura.taps(told.data("do=birthday&save"))
    sakura.taps("do=feedback")
    sakura.writes("いつもおいしいです")
    sakura.taps("do=review&stars=2")
    sakura.writes("今日は待ち時間が長かったです")
    [code] = set(re.findall(r"^[A-Z0-9]{6,}$", sakura.taps("do=referral").text, re.MULTILINE))
    friend.follows()
    friend.writes(f"紹介 {code}")

    # At the counter: a visit, a receipt, and what staff see.
    seen = {"amount": 12_000, "eco": ["own_bag"], "confirm": list(BY_TAP)}
    assert counter.scans(sakura.member, **seen)["result"] == "checked_in"
    subscribes_and_gets_the_first(counter, sakura)

    comes_to_an_event(shop, counter, friend)

    # On the page of messages: what they wrote is taken up.
    with shop.club.store.read() as uow:
        letter = next(each for each in unanswered(uow) if each.kind == "feedback")
        wrote = members.get(uow, letter.member_id or 0)
    assert wrote is not None
    adopt = f"/staff/inbox/{wrote.number}/{letter.case_number}/adopt/{letter.id}"
    counter.browser.post(adopt, text="器を変えました", key="taken-up")

    # By the calendar, of which only the nights on which something is due: the birth month, a year.
    assert paid(shop, sakura, friend) == set(get_args(Trigger)) - {"birthday", "anniversary"}
    shop.skips_to_day(month, hour=1)
    shop.travels(days=0.5)
    assert paid(shop, sakura) >= {"birthday"}
    shop.skips(days=200)
    sakura.opens(shop.counter_link())
    shop.skips_to_day(joined + timedelta(days=365), hour=1)
    shop.travels(days=0.5)
    assert paid(shop, sakura, friend) == set(get_args(Trigger))
    assert "ご入会1周年、ありがとうございます。1ポイントをお届けしました" in sakura.reads()
    assert shop.adds_up()
