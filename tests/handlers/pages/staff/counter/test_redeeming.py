"""A reward handed out on the card alone: from the counter's result, and from the member's page."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from bot.codes import RewardUse
from bot.passwords import hashed
from bot.store.members import members, profiles
from bot.store.members.members import Member
from bot.store.members.profiles import Profile
from bot.store.messages import outbox_by_member
from bot.store.staff import staff
from handlers.actions.counter.adjust import adjust
from handlers.actions.recording.actor import Actor, ApiClient
from handlers.actions.systems.reserving import ReserveRequest, reserve

from ..conftest import PASSWORD, Desks
from ..counters import Counter, Json, counter_of, of

PIN = "4826"
CHEAP, DEAR = "off_100", "off_500"


@pytest.fixture
def counter(desks: Desks) -> Counter:
    found = counter_of(desks)
    with desks.club.store.begin() as uow:
        staff.change(uow, desks.person("hana").id, pin_hash=hashed(PIN))
    return found


def has(counter: Counter, member: Member, points: int = 900, name: str = "田村 和子") -> Member:
    with counter.club.work(Actor(1, "Boss", "owner", "ekimae"), key=f"test:{uuid4()}") as work:
        assert adjust(work, member.id, points, reason="テスト").done
        profiles.put(work.uow, member.id, Profile(name), at=work.now)
    return counter.member(member.id)


def hands(counter: Counter, member: Member, reward: str, **more: object) -> Json:
    body = {"useId": str(uuid4()), "memberNumber": member.number, "reward": reward} | more
    answer = counter.posts("redeem", body)
    assert answer.status_code == 200, answer.text
    return of(answer)


def test_a_paper_card_uses_a_reward_after_a_look_once_and_undone_by_a_tap(
    counter: Counter,
) -> None:
    tamura = has(counter, counter.joins())
    [cheap] = [r for r in counter.scans(tamura)["member"]["rewards"] if r["id"] == CHEAP]
    assert (cheap["proof"], cheap["cost"]) == (False, 100)
    use_id, before = str(uuid4()), counter.balance(tamura)
    for _ in range(2):
        done = hands(counter, tamura, CHEAP, useId=use_id)
        assert (done["result"], done["undoable"]) == ("redeemed", True)
        assert (done["line"], done["undoes"]) == ("レジで100円お値引きします", "100円引き")
        assert done["member"]["name"] == "田村 和子様"
    assert counter.balance(tamura) == before - 100
    changed = counter.posts("redeem", {"useId": use_id, "memberNumber": tamura.number,
                                       "reward": DEAR})  # fmt: skip
    assert changed.status_code == 409
    log = counter.desks.logged()
    assert log[-1].details["seen"] is True
    undo = {"action": done["action"], "undoId": str(uuid4()), "memberNumber": tamura.number,
            "reason": "まちがい"}  # fmt: skip
    manager = counter_of(counter.desks, who="tencho", role="manager")
    line = "特典の利用（100円引き・100ポイント） · カードで、お名前を確かめて"
    assert line in manager.browser.get("/staff/log").text
    assert of(manager.posts("undo", undo))["result"] == "undone"
    assert counter.balance(tamura) == before


def test_what_is_worth_much_or_is_of_who_has_no_name_or_line_asks_for_a_pin(
    counter: Counter,
) -> None:
    tamura = has(counter, counter.joins())
    nameless = has(counter, counter.joins(), name="")
    sakura = has(counter, counter.joins("さくら"), name="")
    for member, reward in ((tamura, DEAR), (nameless, CHEAP), (sakura, CHEAP)):
        rewards = counter.scans(member)["member"]["rewards"]
        assert next(r for r in rewards if r["id"] == reward)["proof"] is True
        before = counter.balance(member)
        without, wrong = hands(counter, member, reward), hands(counter, member, reward, secret="1")
        assert (without["refusal"], wrong["refusal"]) == ("look_unproven", "pin_wrong")
        assert without["unproven"]
        assert wrong["unproven"]
        assert counter.balance(member) == before
        done = hands(counter, member, reward, secret=PIN)
        assert (done["result"], counter.balance(member) < before) == ("redeemed", True)
    with counter.club.store.read() as uow:
        [told] = outbox_by_member.waiting(uow, sakura.id, "used")
    assert told
    # Who has no PIN gives their password.
    other = counter_of(counter.desks, who="no_pin")
    assert of(other.browser.get("/staff/api/session"))["staff"]["proof"] == "password"
    assert hands(other, tamura, CHEAP, secret="x")["refusal"] == "proof_wrong"
    assert hands(other, nameless, CHEAP, secret=PASSWORD)["result"] == "redeemed"


def test_wrong_pins_wait_as_at_the_door_and_a_right_one_forgets_them(counter: Counter) -> None:
    tamura = has(counter, counter.joins())
    for _ in range(3):
        assert hands(counter, tamura, CHEAP, secret="0000")["refusal"] == "pin_wrong"
    assert hands(counter, tamura, CHEAP, secret=PIN)["result"] == "redeemed"
    for _ in range(5):
        hands(counter, tamura, CHEAP, secret="0000")
    assert hands(counter, tamura, CHEAP, secret=PIN)["refusal"] == "pin_wrong"


def test_the_members_page_hands_out_by_a_look_without_any_script(
    counter: Counter, desks: Desks
) -> None:
    tamura, browser = has(counter, counter.joins()), counter.browser
    path = f"/staff/members/{tamura.number}"
    page = browser.get(path).text
    offers = re.findall(r'href="([^"]+/use\?[^"]+)"', page)
    look = browser.get(next(each for each in offers if f"reward={DEAR}" in each))
    assert "田村 和子様" in look.text
    assert "あなたの暗証番号" in look.text
    before = counter.balance(tamura)

    def sends(key: int, **fields: str) -> str:
        key_of = f"3f0c5a52-0000-4000-8000-00000000000{key}"
        answer = browser.post(f"{path}/use", key=key_of, **fields)
        return browser.get(answer.location).text

    assert "暗証番号が違います" in sends(1, reward=DEAR, secret="9")
    assert "暗証番号が必要です" in sends(2, reward=DEAR)
    for _ in range(2):
        assert "特典を使いました" in sends(3, reward=DEAR, secret=PIN)
    assert counter.balance(tamura) == before - 450
    gone = browser.get(f"{path}/use?reward=birthday_dessert&voucher=1")
    assert "いまはお使いいただけません" in browser.get(gone.location).text
    # Nothing is handed out that isn't theirs, whatever a page of yesterday says.
    assert "お使い済みか期限切れ" in sends(4, reward="birthday_dessert", voucher="1", secret=PIN)
    assert "終了した特典" in sends(5, reward="no_such", secret=PIN)
    assert counter.balance(tamura) == before - 450


def test_a_card_that_was_moved_gets_nothing_of_much_worth_by_a_look_either(
    counter: Counter,
) -> None:
    tamura = has(counter, counter.joins())
    with counter.club.store.begin() as uow:
        members.set_held_until(uow, tamura.id, counter.club.now() + timedelta(days=7))
    assert DEAR not in {r["id"] for r in counter.scans(tamura)["member"]["rewards"]}
    held = hands(counter, tamura, DEAR, secret=PIN)
    assert (held["result"], held["refusal"]) == ("refused", "reward_held")
    assert hands(counter, tamura, CHEAP)["result"] == "redeemed"


def set_aside(counter: Counter, member: Member, reward: str) -> datetime:
    """A till does, for a quarter of an hour; gives until when, by the shop's clock."""
    till = ApiClient(1, "レジ", "ekimae")
    with counter.club.work(till, key=till.key("sale")) as work:
        assert reserve(work, ReserveRequest(member.id, RewardUse(reward), "ekimae")).refused is None
        return work.programme.shop.local(work.now + timedelta(minutes=15))


def test_who_hands_out_what_a_till_has_set_aside_meanwhile_is_told_until_when(
    counter: Counter,
) -> None:
    tamura, browser = has(counter, counter.joins(), points=90), counter.browser
    path = f"/staff/members/{tamura.number}/use"
    assert "100円引き" in browser.get(f"{path}?reward={CHEAP}").text
    until = set_aside(counter, tamura, CHEAP)
    said = f"きょうの{until:%-H:%M}からお渡しできます"
    key = "3f0c5a52-0000-4000-8000-000000000001"
    assert said in browser.get(browser.post(path, key=key, reward=CHEAP).location).text
    assert said in hands(counter, tamura, CHEAP)["next"]


def test_a_second_visit_from_the_members_page_is_told_from_when_on_it_counts(
    counter: Counter,
) -> None:
    tamura, browser = counter.joins(), counter.browser
    path = f"/staff/members/{tamura.number}/visit"
    for key in (1, 2):
        answer = browser.post(path, key=f"3f0c5a52-0000-4000-8000-00000000000{key}")
        page = browser.get(answer.location).text
    assert "あすから記録できます" in page
    assert "あとで記録できます" not in page
