"""Whatever a shipped programme promises with a rank or a subscription, a member who begins today
has by the doors within three months: shown at the till and given, said as a price, in hand and
handed over, signed up for, or told of before others."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import pytest

from bot.store.events import places, seats
from rules.checking.perk_cautions import SOON_DAYS
from rules.editing.templates import TEMPLATES
from rules.programme.programme import Programme
from rules.programme.ranks import Perk, PerkKind
from tests.handlers.pages.card.conftest import read
from tests.handlers.pages.staff.conftest import Desks, WallClock
from tests.handlers.pages.staff.counters import Counter, Json, of
from tests.journeys.test_events import does, joined, makes
from tests.journeys.test_rewards import page, uses
from tests.journeys.town import Customer, Town, town
from tests.rules.examples import CAFE, EARLY, changed

#: What somebody who comes often spends.
SPENT = 6_000
#: Those kinds that no shipped programme promises, with what keeps them.
OTHERS = """
[[ranks.steps.perks]]
name = { ja = "豆の会員価格", en = "Beans for less" }
kind = "price"
percent = 5

[[ranks.steps.perks]]
name = { ja = "ランクのお祝い", en = "A gift with the rank" }
kind = "gift"
reward = "rank_gift"
"""
GIFT = """
[[rewards]]
id = "rank_gift"
name = { ja = "お祝いの豆", en = "Beans" }
kind = "coupon"
given = { kind = "rank", ranks = ["bronze"] }
valid_days = 60
value_yen = 500
"""
SILVER = '\n[[ranks.steps]]\nid = "silver"\n'
EVERY_KIND = changed(CAFE, (SILVER, OTHERS + EARLY + SILVER)) + GIFT
SHIPPED = {
    "café": "program.toml",
    "gym": "docs/programs/gym.toml",
    **{f"template {trade}": f"rules/programme/templates/{trade}.toml" for trade in TEMPLATES},
    "every kind": "",
}


@pytest.fixture(params=SHIPPED)
def shop(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A town with that programme, on the first open day of a month."""
    path = SHIPPED[request.param]
    if not path:
        own = tmp_path / "every_kind.toml"
        own.write_text(EVERY_KIND, encoding="utf-8")
        path = str(own)
    with town(database_url, tmp_path, programme=path) as running:
        running.opens()
        yield running


@pytest.fixture
def counter(shop: Town) -> Counter:
    store = programme_of(shop).stores[0].id
    desks = Desks(shop.club, shop.http.application, WallClock())
    device = desks.device(store)
    desks.hires("hana", store=store)
    assert device.logs_in("hana").status_code == 303
    return Counter(desks, device)


def programme_of(shop: Town) -> Programme:
    return shop.club.timeline().latest.programme


@pytest.fixture
def others(shop: Town) -> Customer:
    """Somebody who has just joined, and holds no rank."""
    return joined(shop, "けん")


class Walk:
    """Somebody on their way up, and the last scan of their card."""

    def __init__(self, shop: Town, counter: Counter, others: Customer) -> None:
        self.shop, self.counter, self.others = shop, counter, others
        self.sakura = joined(shop, "さくら")
        self.begun = shop.today()
        self.scanned: Json = {}

    def comes(self) -> None:
        """On the next open day, and pays where one can."""
        shop = programme_of(self.shop).shop
        day = self.shop.today() + timedelta(days=1)
        while not shop.is_open(day):
            day += timedelta(days=1)
        self.shop.skips_to_day(day)
        paid = {"amount": SPENT} if programme_of(self.shop).purchase else {}
        self.scanned = self.counter.scans(self.sakura.member, **paid)
        assert self.scanned["result"] == "checked_in", self.scanned

    def reaches(self, rank: str) -> None:
        """Comes until they hold it; it must be within the time that a promise is remembered."""
        while self.sakura.member.facts.rank.id != rank:
            self.comes()
            assert (self.shop.today() - self.begun).days <= SOON_DAYS, f"{rank} is out of reach"
        self.shop.travels(days=0.1)

    @property
    def at_till(self) -> dict[str, Json]:
        """What the scan tells staff to do for them, by its key."""
        return {each["key"]: each for each in self.scanned["member"]["perks"]}

    def is_at(self, event: int) -> bool:
        with self.shop.club.store.read() as uow:
            place = places.get(uow, self.sakura.member.id, event)
        return place is not None and place.state == "taken"


def is_given(walk: Walk, perk: Perk) -> None:
    shown = walk.at_till[perk.key]
    assert shown["due"], "it is theirs today"
    assert shown["how"]
    number = walk.sakura.member.number
    body = {"giveId": str(uuid4()), "memberNumber": number, "perk": shown["key"]}
    assert of(walk.counter.posts("perk", body))["result"] == "given"


def is_said(walk: Walk, perk: Perk) -> None:
    how = walk.at_till[perk.key]["how"]
    assert str(perk.percent or f"{perk.yen_off:,}") in how


def is_in_hand(walk: Walk, perk: Perk) -> None:
    """Among what is theirs in the chat, and handed over by a scan."""
    reward = programme_of(walk.shop).reward(perk.reward or "")
    assert reward is not None
    told = walk.sakura.writes("特典")
    assert reward.name.ja in told
    path = page(walk.shop, uses(told)[0])
    code = read(json.loads(walk.shop.http.get(f"{path}code").data)["svg"])
    answer = walk.counter.scans(None, code=code)
    assert answer["result"] == "redeemed"
    assert reward.name.ja in json.dumps(answer, ensure_ascii=False)


def is_signed_up_for(walk: Walk, perk: Perk) -> None:
    """By the button below the perk."""
    rank = walk.sakura.member.facts.rank.id
    _leads(walk, perk, guests="ranks", ranks=[rank])


def opens_first(walk: Walk, perk: Perk) -> None:
    """To them and to nobody else, until its moment."""
    until = walk.shop.club.now() + timedelta(days=3)
    first = {"guests": "ranks", "ranks": [walk.sakura.member.facts.rank.id], "until": until}
    kind = "presale" if perk.kind == "presale" else "tasting"
    event = _leads(walk, perk, kind=kind, first=first)
    assert "先行受付の期間" in walk.others.taps(f"do=event_join&of={event}&n=1")


def _leads(walk: Walk, perk: Perk, **event: Any) -> int:
    made = makes(walk.shop, places=3, title={"ja": f"{perk.name.ja[:40]}の会"}, **event)
    shown = walk.sakura.writes("ランク")
    assert f"{perk.name.ja[:40]}の会" in shown
    once = walk.sakura.taps(shown.data(f"do=events&of={made}"))
    walk.sakura.taps(once.data("do=event_join"))
    assert walk.is_at(made)
    does(walk.shop, made, "cancel")
    return made if perk.kind == "event" else _again(walk, event)


def _again(walk: Walk, event: dict[str, Any]) -> int:
    """The like of it, which stays open."""
    walk.shop.skips(days=0.001)
    return makes(walk.shop, places=3, **event)


def is_asked(walk: Walk, perk: Perk) -> None:
    """Into the circle, with the news of the rank or by the word; and is in it by a tap."""
    asked = walk.sakura.reads()
    if "do=circle_answer" not in json.dumps(asked.messages):
        asked = walk.sakura.writes("サークル")
    walk.sakura.taps(asked.data("do=circle_answer&yes=1"))
    with walk.shop.club.store.read() as uow:
        seat = seats.get(uow, walk.sakura.member.id)
    assert seat is not None
    assert seat.is_in


#: How each kind is had.
HAD: dict[str, Callable[[Walk, Perk], None]] = {
    "staff": is_given,
    "price": is_said,
    "gift": is_in_hand,
    "event": is_signed_up_for,
    "presale": opens_first,
    "early_access": opens_first,
    "circle": is_asked,
}


def test_every_kind_is_walked() -> None:
    assert set(HAD) == set(get_args(PerkKind))


def test_every_perk_of_a_rank_is_had_by_whoever_reaches_it(
    shop: Town, counter: Counter, others: Customer
) -> None:
    walk = Walk(shop, counter, others)
    ladder = programme_of(shop).ranks
    assert ladder is not None
    for rank in ladder.steps:
        walk.reaches(rank.id)
        for perk in rank.perks:
            HAD[perk.kind](walk, perk)
    assert shop.adds_up()


@pytest.mark.parametrize("shop", ["template mail_order"], indirect=True)
def test_every_perk_of_a_subscription_is_had_by_whoever_has_it(
    shop: Town, counter: Counter, others: Customer
) -> None:
    walk = Walk(shop, counter, others)
    [beans] = programme_of(shop).subscriptions
    path = f"/staff/members/{walk.sakura.member.number}/subscription"
    for turn, how in enumerate(("keep", "delivered", "delivered", "delivered")):
        shop.skips(days=1)
        more = {"subscription": beans.id, "how": how, "key": f"{turn}-of-this-test"}
        answer = counter.browser.post(path, **more)
        assert "done=" in answer.headers["Location"], answer.headers["Location"]
    walk.comes()
    for perk in beans.perks:
        HAD[perk.kind](walk, perk)


def test_a_perk_that_nothing_keeps_is_found(tmp_path: Path) -> None:
    """What the walk is for: of a perk whose event never comes no button leads anywhere."""
    text = changed(CAFE, ("at = 3\n", "at = 1\n"), ("at = 6\n", "at = 2\n"))
    own = tmp_path / "empty.toml"
    own.write_text(text, encoding="utf-8")
    with town(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path, programme=str(own)) as shop:
        shop.opens()
        desks = Desks(shop.club, shop.http.application, WallClock())
        walk = Walk(shop, Counter(desks, desks.signed_in("hana")), joined(shop, "けん"))
        walk.reaches("silver")
        ladder = programme_of(shop).ranks
        assert ladder is not None
        [perk] = ladder.steps[1].perks
        with pytest.raises(AssertionError):
            _leads(walk, perk, guests="ranks", ranks=["gold"])
