"""Whatever a reward may be, and however it is come by, a member gets it by the doors and it is
handed over: each kind for points, each way of being given as a voucher."""

import json
import re
from collections import Counter as Tally
from datetime import timedelta
from typing import get_args

from bot.store.history import history, programs
from rules.activity import Redemption
from rules.checking.reading import InvalidProgramme, review
from rules.programme.rewards import Given, RewardKind
from tests.handlers.pages.card.conftest import read
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.test_rewards import page, state, uses
from tests.journeys.town import Customer, Said, Town
from tests.rules.examples import CAFE, changed

KINDS: tuple[str, ...] = get_args(RewardKind)
WAYS = tuple(way.model_fields["kind"].annotation for way in get_args(get_args(Given)[0]))
GIVEN = tuple(get_args(way)[0] for way in WAYS)
#: What each way of giving asks besides, here.
MORE = {
    "rank": 'ranks = ["bronze"]',
    "nth_purchase": "at = [1]",
    "nth_visit": "at = [1]",
    "nth_delivery": "at = [1]",
}
JOURNEYS = """
[[journeys]]
kind = "birthday"
off = true

[[journeys]]
kind = "lapsed"
holdout = 0
steps = [{ days = 60, offer = { reward = "given_comeback", valid_days = 30 } }]
"""


def rewards_of_every_kind() -> str:
    """The café with one reward of each kind for points, one given in each way, and no others; its
    lowest rank is reached by a visit."""
    own = [
        f'[[rewards]]\nid = "points_{kind}"\nname = {{ ja = "{kind}の特典" }}\nkind = "{kind}"\n'
        "cost = 10\nper_member = 1\nvalue_yen = 10\n"
        for kind in KINDS
    ] + [
        f'[[rewards]]\nid = "given_{way}"\nname = {{ ja = "{way}の贈り物" }}\nkind = "coupon"\n'
        f'given = {{ kind = "{way}"{", " + MORE[way] if way in MORE else ""} }}\n'
        "valid_days = 60\nvalue_yen = 10\n"
        for way in GIVEN
    ]
    text = changed(
        CAFE, ("at = 3\n", "at = 1\n"), ("per_day_max = 1\nper_week", "per_day_max = 3\nper_week")
    )
    plan = '[[subscriptions]]\nid = "beans"\nname = { ja = "豆の定期便" }\n\n'
    return text[: text.index("[[rewards]]")] + plan + "\n".join(own) + JOURNEYS


def handed_over(town: Town, who: Customer) -> Tally[str]:
    """How often each reward was, by the member's history."""
    with town.club.store.read() as uow:
        done = [each.activity.what for each in history.latest(uow, who.member.id, limit=50)]
    return Tally(what.reward for what in done if isinstance(what, Redemption))


def uses_all(town: Town, counter: Counter, who: Customer) -> None:
    """Taps what is below one reward after the other until nothing is left: gives away at once
    what is for others, and has staff scan the page of what is the member's."""
    while ready := taps_of(who.writes("特典")):
        for tap in ready:
            if tap.startswith("do="):
                who.taps(who.taps(tap).data(f"{tap}&yes"))
                continue
            path = page(town, tap)
            code = read(json.loads(town.http.get(f"{path}code").data)["svg"])
            answer = counter.scans(None, code=code)
            assert answer["result"] == "redeemed", (path, answer)
            assert state(town, path)["title"] == "ご利用ありがとうございました"


def taps_of(said: Said) -> list[str]:
    """What the buttons do below what can be had now."""
    return [*uses(said), *re.findall(r"do=give[^\"]*", json.dumps(said.messages))]


def subscribes_and_gets_the_first(counter: Counter, who: Customer) -> None:
    """Both noted on their page."""
    path = f"/staff/members/{who.member.number}/subscription"
    for how in ("keep", "delivered"):
        counter.browser.post(path, subscription="beans", how=how, key=f"{how}-of-a-test")


def test_a_door_leads_to_every_reward_and_hands_it_over(shop: Town, counter: Counter) -> None:
    text = rewards_of_every_kind()
    assert not isinstance(found := review(text), InvalidProgramme), found
    with shop.club.store.begin() as uow:
        programs.publish(uow, text, since=shop.club.now() - timedelta(seconds=1))
    shop.club.programmes.forget()

    # For points, and what the first visit and its receipt bring.
    sakura = shop.newcomer()
    sakura.follows()
    away = shop.today() + timedelta(days=60)
    sakura.writes("誕生日")
    told = sakura.writes(f"{away.month}月12日")
    sakura.taps(told.data("do=birthday&save"))
    assert counter.scans(sakura.member, amount=12_000)["result"] == "checked_in"
    subscribes_and_gets_the_first(counter, sakura)
    uses_all(shop, counter, sakura)
    by_calendar = {"given_birthday", "given_comeback"}
    every = {f"points_{kind}" for kind in KINDS} | {f"given_{way}" for way in GIVEN}
    assert set(handed_over(shop, sakura)) == every - by_calendar

    # The birth month has begun, two months without a visit are over: what was promised is kept.
    shop.skips_to_day(away, hour=1)
    shop.travels(days=0.5)
    assert "comebackの贈り物" in sakura.reads()
    assert counter.scans(sakura.member)["result"] == "checked_in"
    uses_all(shop, counter, sakura)
    assert handed_over(shop, sakura) == dict.fromkeys(every, 1)
    assert shop.adds_up()
