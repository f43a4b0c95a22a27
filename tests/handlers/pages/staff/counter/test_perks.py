"""What a rank brings, at the counter: shown after the scan, noted once as given, taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bot.store.members.members import Member
from handlers.actions.events.making import WrittenEvent, make, take_step
from handlers.actions.events.signing_up import Wish, sign_up
from tests.handlers.actions.events.occasions import event_at, sitting_at
from tests.handlers.clubs import MANAGER
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counters import Counter, Json, counter_of, of
from tests.rules.examples import changed

PRICE = """
[[ranks.steps.perks]]
name = { ja = "珈琲豆の会員価格", en = "Beans for less" }
kind = "price"
percent = 5

[[ranks.steps]]
id = "silver"
"""


@pytest.fixture
def counter(desks: Desks) -> Counter:
    sooner = ("at = 3\n", "at = 1\n")
    with_programme(desks.club, changed(CAFE, ('\n[[ranks.steps]]\nid = "silver"\n', PRICE), sooner))
    desks.club.programmes.forget()
    return counter_of(desks)


def bronze(counter: Counter, name: str = "さくら") -> Member:
    """Somebody with the first rank, who was scanned today."""
    member = counter.joins(name)
    counter.scans(member)
    return counter.member(member.id)


def gives(counter: Counter, member: Member, perk: str, give_id: str = "") -> Json:
    body = {"giveId": give_id or str(uuid4()), "memberNumber": member.number, "perk": perk}
    answer = counter.posts("perk", body)
    assert answer.status_code == 200, answer.text
    return of(answer)


def test_the_scan_says_the_price_and_what_is_to_be_given(counter: Counter) -> None:
    member = bronze(counter)
    sip, price = counter.scans(member)["member"]["perks"]
    assert (sip["name"], sip["how"], sip["due"]) == (
        "新しい豆をひとくち味見", "カードをお見せください・月に1回", True,
    )  # fmt: skip
    assert (price["name"], price["how"], price["due"]) == (
        "珈琲豆の会員価格", "レジで5%引き", False,
    )  # fmt: skip


def test_who_has_no_rank_has_no_perks(counter: Counter) -> None:
    member = counter.joins("はな")
    page = counter.browser.get(f"/staff/members/{member.number}").text
    assert "ランクや定期の特典" not in page
    assert gives(counter, member, "3c6bf09ff82f8f61")["refusal"] == "perk_none"


def test_it_is_given_once_a_month_and_the_result_says_so(counter: Counter) -> None:
    member = bronze(counter)
    key = counter.scans(member)["member"]["perks"][0]["key"]
    done = gives(counter, member, key)
    assert (done["result"], done["tone"]) == ("given", "good")
    assert done["line"] == "「新しい豆をひとくち味見」をお渡し済みにしました"
    now = done["member"]["perks"][0]
    assert (now["due"], bool(now["last"])) == (False, True)
    again = gives(counter, member, key)
    assert (again["result"], again["refusal"]) == ("refused", "perk_given")


def test_tapped_twice_it_is_noted_once(counter: Counter) -> None:
    member = bronze(counter)
    key = counter.scans(member)["member"]["perks"][0]["key"]
    tap = str(uuid4())
    assert gives(counter, member, key, tap) == gives(counter, member, key, tap)


def test_what_was_noted_by_mistake_is_taken_back(counter: Counter, desks: Desks) -> None:
    counter = counter_of(desks, who="mai", role="manager")
    member = bronze(counter)
    key = counter.scans(member)["member"]["perks"][0]["key"]
    done = gives(counter, member, key)
    assert done["undoes"] == "新しい豆をひとくち味見"
    undo = {"action": done["action"], "undoId": str(uuid4()), "memberNumber": member.number}
    assert of(counter.posts("undo", undo))["result"] == "undone"
    assert counter.member(member.id).facts.perks == {}
    assert gives(counter, member, key)["result"] == "given"


def test_the_price_is_nothing_to_give_nor_is_what_there_is_not(counter: Counter) -> None:
    member = bronze(counter)
    price = counter.scans(member)["member"]["perks"][1]["key"]
    assert gives(counter, member, price)["refusal"] == "perk_none"
    assert gives(counter, member, "nothing")["refusal"] == "perk_none"


def test_the_members_page_gives_it_too_also_to_somebody_on_paper(counter: Counter) -> None:
    member = bronze(counter, "")
    path = f"/staff/members/{member.number}"
    page = counter.browser.get(path).text
    assert "お渡し済みにする" in page
    assert "レジで5%引き" in page
    key = counter.scans(member)["member"]["perks"][0]["key"]
    answer = counter.browser.post(f"{path}/perk", perk=key, key=str(uuid4()))
    after = counter.browser.get(answer.location).text
    assert "特典をお渡し済みにしました。" in after
    assert "にお渡し済み" in after
    assert "特典のお渡し「新しい豆をひとくち味見」" in after
    refused = counter.browser.post(f"{path}/perk", perk=key, key=str(uuid4()))
    assert "すでにお渡ししています" in counter.browser.get(refused.location).text


def test_the_scan_says_what_the_event_of_today_costs(counter: Counter) -> None:
    member, now = counter.joins("さくら"), counter.desks.club.now()
    with counter.desks.club.work(MANAGER, key="test:event") as work:
        shown = (sitting_at(now + timedelta(minutes=30)),)
        more = {"price_yen": 1_000, "closes_at": now + timedelta(minutes=20)}
        event = make(work, WrittenEvent(event_at(now, **more), shown))
        assert take_step(work, event, 1, "open") is None
        sign_up(work.acting("member").under("test:wish"), Wish(member.id, event, 1, "chat"))
    today = counter.scans(member)["member"]["today"]
    assert [each for each in today if "参加費" in each] == ["参加費 1,000円（レジでのお支払い）"]
