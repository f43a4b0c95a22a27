"""Taking back at the counter: the last actions of this device, one tap."""

import re
from typing import Any
from uuid import uuid4

import pytest

from bot.codes import RewardUse
from handlers.actions.counter.redeem import redeem
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.counters import Counter, Json, counter_of, of


@pytest.fixture
def counter(desks: Desks) -> Counter:
    return counter_of(desks)


@pytest.fixture
def boss(desks: Desks) -> Counter:
    return counter_of(desks, who="boss", role="manager")


def undo_of(answer: Json, **more: Any) -> Json:
    number = answer["member"]["number"]
    return {"action": answer["action"], "undoId": str(uuid4()), "memberNumber": number} | more


def listed(counter: Counter) -> list[Json]:
    found: list[Json] = of(counter.browser.client.get("/staff/api/recent"))["actions"]
    return found


def test_a_scan_with_all_that_came_with_it_is_taken_back_at_one_tap(boss: Counter) -> None:
    member = boss.joins("さくら")
    before = boss.balance(member)
    scan = boss.scans(member, amount=1_000, eco=["own_bag"])
    [action] = listed(boss)
    assert (action["action"], action["name"]) == (scan["action"], "さくら様")
    assert action["line"] == "ご来店・1,000円・マイバッグ +25"
    assert scan["undoes"] == "ご来店・1,000円・マイバッグ"
    assert (action["undoable"], action["undone"]) == (True, False)
    undo = undo_of(scan, reason="別の方でした")
    undone = of(boss.posts("undo", undo))
    assert (undone["result"], undone["line"], undone["tone"]) == (
        "undone",
        "取り消しました",
        "good",
    )
    assert undone["next"] == "ご来店・1,000円・マイバッグ（ポイント -25）。"
    assert undone["member"]["points"] == before == boss.balance(member)
    assert boss.visits(member) == 0
    assert of(boss.posts("undo", undo)) == undone
    assert [a["undone"] for a in listed(boss)] == [True]


def test_after_an_undo_the_card_can_be_scanned_again(boss: Counter) -> None:
    member = boss.joins()
    boss.posts("undo", undo_of(boss.scans(member), reason="練習"))
    assert boss.scans(member)["result"] == "checked_in"


def test_what_was_added_is_taken_back_by_itself(boss: Counter) -> None:
    member = boss.joins()
    boss.scans(member)
    before = boss.balance(member)
    add = {"addId": str(uuid4()), "memberNumber": member.number, "amount": 12_000}
    added = of(boss.posts("add", add))
    assert [a["line"] for a in listed(boss)] == ["12,000円 +220", "ご来店 +10"]
    assert (added["line"], added["undoes"]) == ("12,000円を付けました（+220ポイント）", "12,000円")
    boss.posts("undo", undo_of(added, reason="金額ちがい"))
    assert boss.balance(member) == before
    assert boss.visits(member) == 1


def test_one_store_undoes_nothing_of_another_and_takes_no_goods_back_for_it(
    desks: Desks, counter: Counter
) -> None:
    there = counter_of(desks, store="kawabe", who="ken", role="manager")
    member = counter.joins("さくら")
    done = counter.scans(member, amount=1_200)
    visits, balance = counter.visits(member), counter.balance(member)
    page = f"/staff/members/{member.number}"
    seqs = (2, 3)

    def forms(browser: Browser) -> tuple[bool, bool]:
        shown = browser.get(page).text
        return '/undo"' in shown, '/return"' in shown

    # By the counter's door, forced or not; by the page's; and goods that were bought elsewhere.
    for more in ({}, {"force": True}):
        no = of(there.posts("undo", undo_of(done, reason="まちがい", **more)))
        assert (no["result"], no["refusal"], no["insist"]) == ("refused", "undo_elsewhere", None)
    for seq in seqs:
        key = str(uuid4())
        sent = {"seq": str(seq), "reason": "まちがい", "force": "1", "key": key}
        assert "no=undo_elsewhere" in there.browser.post(f"{page}/undo", **sent).location
    back = {"seq": str(seqs[1]), "key": str(uuid4())}
    assert "no=return_elsewhere" in there.browser.post(f"{page}/return", **back).location
    assert forms(there.browser) == (False, False)
    assert (counter.visits(member), counter.balance(member)) == (visits, balance)
    # Whoever works at every store may, and so may its own manager.
    everywhere = desks.signed_in("oya", "owner", None)
    assert forms(everywhere) == (True, True)
    assert "done=" in everywhere.post(f"{page}/return", **back | {"key": str(uuid4())}).location
    own = counter_of(desks, who="boss", role="manager")
    assert of(own.posts("undo", undo_of(done, reason="まちがい")))["result"] == "undone"
    assert counter.visits(member) == 0


def test_a_refusal_says_why_and_what_to_do(boss: Counter) -> None:
    answer = boss.scans(boss.joins())
    boss.posts("undo", undo_of(answer, reason="練習"))
    again = of(boss.posts("undo", undo_of(answer, reason="練習")))
    assert (again["result"], again["refusal"]) == ("refused", "undo_again")
    assert again["line"] == "この操作は、もう取り消されています"
    assert again["next"]


def test_staff_on_no_registered_device_need_a_manager(counter: Counter) -> None:
    answer = counter.scans(counter.joins())
    assert [a["undoable"] for a in listed(counter)] == [False]
    refused = of(counter.posts("undo", undo_of(answer)))
    assert refused["refusal"] == "undo_managers"


def test_points_spent_since_are_made_up_for_by_a_manager_alone(
    desks: Desks, counter: Counter, boss: Counter
) -> None:
    member = boss.joins("さくら")
    answer = boss.scans(member, amount=20_000, sure=20_000)
    with desks.club.work("staff", key="r") as work:
        paid = redeem(
            work, member.id, RewardUse("off_100", None), at=desks.club.now(), store="ekimae"
        )
    assert paid.done
    plain = of(boss.posts("undo", undo_of(answer)))
    assert (plain["refusal"], plain["insist"], plain["missing"]) == ("undo_spent", "force", 50)
    unsaid = of(boss.posts("undo", undo_of(answer, force=True)))
    assert (unsaid["refusal"], unsaid["insist"]) == ("undo_reason", "reason")
    theirs = of(counter.posts("undo", undo_of(answer, force=True, reason="練習")))
    assert (theirs["refusal"], theirs["insist"]) == ("undo_managers", None)
    done = of(boss.posts("undo", undo_of(answer, force=True, reason="打ち間違い")))
    assert (done["result"], done["insist"], done["missing"]) == ("undone", None, 50)
    assert boss.balance(member) == 0
    [undone] = [line for line in desks.logged() if line.action == "undo"]
    assert (undone.details["shortfall"], "reason" in undone.details) == (50, False)


@pytest.mark.parametrize(
    "change",
    [{"action": ""}, {"action": "x" * 201}, {"action": "ス"}, {"memberNumber": "1"},
     {"reason": "x" * 201}, {"force": 1}, {"undoId": "1"}],
)  # fmt: skip
def test_an_undo_that_is_wrong_is_told_so(boss: Counter, change: Json) -> None:
    answer = boss.scans(boss.joins())
    assert boss.posts("undo", undo_of(answer) | change).status_code == 400


def test_the_log_says_why_nothing_counted_and_what_was_taken_back(boss: Counter) -> None:
    member = boss.joins("さくら")
    scan = boss.scans(member, amount=1_000, receipt="7")
    boss.scans(member, amount=900, receipt="7")
    boss.scans(None, code="hello")
    boss.posts("undo", undo_of(scan, reason="別の方でした"))
    told = re.sub(r"<[^>]+>", "", boss.browser.get("/staff/log").text.partition("<tbody>")[2])
    for words in (
        "ご来店の記録（会計1,000円）",
        "読み取り（ご来店の記録なし）（本日のご来店は記録済みです）（このレシートには、もう",
        "読み取り（ご来店の記録なし）（会員証のコードではありません）",
        "取り消し（ご来店・1,000円）",
    ):
        assert words in told, told
