"""The counter's JSON, as its page asks it: from the scan to what staff read."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from bot.selections import packed, selection_name
from bot.store.members.members import Member
from handlers.actions.recording.record import Request, record
from handlers.pages.staff.counter import scanning
from rules.activity import Adjustment
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counters import Counter, counter_of, of
from tests.rules.examples import changed


@pytest.fixture
def counter(desks: Desks) -> Counter:
    return counter_of(desks)


def test_a_scan_checks_in_and_says_who_it_is(counter: Counter) -> None:
    member = counter.joins("さくら")
    answer = counter.scans(member)
    assert answer["result"] == "checked_in"
    assert answer["line"] == "チェックインしました"
    assert (answer["tone"], answer["undoable"], answer["marks"]) == ("good", True, ["old_code"])
    shown = answer["member"]
    assert shown["name"] == "さくら様"
    assert shown["number"] == member.number
    assert shown["points"] == counter.balance(member)
    assert "ご来店 +10" in shown["today"]
    assert "☕ バッジ「はじめの一杯」を獲得！" in shown["today"]
    assert shown["say"] == "「はじめてのご来店、ありがとうございます！」"
    assert [(reward["id"], reward["cost"]) for reward in shown["rewards"]] == [("donation", 50)]
    assert answer["action"] == f"scan:{answer['scanId']}"


def test_what_a_scanner_adds_to_a_code_is_forgiven(counter: Counter) -> None:
    club = counter.club
    for make in ("]Q1{}", "]C1{0}]C1{0}", "{0}{0}", "{0}\r\n{0}\n"):
        member = counter.joins()
        code = make.format(club.codes.card_code(member.number, member.issue))
        assert counter.scans(None, code=code, via="keyboard")["result"] == "checked_in"
    member = counter.joins()
    assert counter.scans(None, code=member.number * 2)["marks"] == ["by_number"]


def test_three_scans_in_three_seconds_are_one_visit(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where somebody may come several times a day."""
    club = counter.club
    with_programme(club, changed(CAFE, ("per_day_max = 1 ", "per_day_max = 3 ")))
    club.programmes.forget()
    member = counter.joins()
    assert counter.scans(member)["result"] == "checked_in"
    for _ in range(2):
        again = counter.scans(member)
        assert (again["result"], again["tone"]) == ("not_counted", "info")
        assert again["line"] == "同じ会員証を、続けて読み取りました"
        assert "ご来店の記録は1回です" in again["next"]
    assert counter.scans(member, amount=500)["added"][0]["done"]
    assert counter.visits(member) == 1
    monkeypatch.setattr(scanning, "_MOMENT", timedelta(0))
    assert counter.scans(member)["result"] == "checked_in"
    assert counter.visits(member) == 2


def test_a_repeat_gets_the_same_answer_and_counts_once(counter: Counter) -> None:
    member = counter.joins()
    scan = counter.scan_of(member, amount=1_200)
    first = counter.posts("scan", scan).json
    assert counter.posts("scan", scan).json == first
    assert counter.visits(member) == 1


def test_one_id_for_two_things_is_an_error(counter: Counter) -> None:
    scan = counter.scan_of(counter.joins())
    counter.posts("scan", scan)
    other = counter.posts("scan", scan | {"amount": 500})
    assert (other.status_code, of(other)["error"]) == (409, "key_reused")


def next_day(counter: Counter) -> str:
    """When the next business day begins, said now: by the clock it may be today."""
    now, shop = counter.club.now(), counter.club.timeline().latest.programme.shop
    begins = shop.local(shop.opens(shop.business_date(now) + timedelta(days=1)))
    return "あす" if begins.date() > shop.local(now).date() else "きょうの4:00"


def test_the_second_scan_of_a_day_says_where_and_when_the_first_was(counter: Counter) -> None:
    member = counter.joins()
    counter.scans(member)
    again = counter.scans(member)
    assert (again["result"], again["refusal"]) == ("not_counted", "visited_today")
    assert again["line"].startswith("本日のご来店は記録済みです（駅前店 ")
    assert f"{next_day(counter)}から記録できます" in again["next"]
    assert again["undoable"] is False
    assert again["action"] is None


def test_the_amount_of_a_second_purchase_counts_without_a_second_visit(counter: Counter) -> None:
    member = counter.joins()
    counter.scans(member)
    before = counter.balance(member)
    again = counter.scans(member, amount=1_000, visitors=3, eco=["own_bag", "own_cup"])
    assert again["result"] == "not_counted"
    assert again["undoable"] is True
    assert [(a["kind"], a["done"]) for a in again["added"]] == [
        ("purchase", True), ("visitors", True), ("eco", True), ("eco", True),
    ]  # fmt: skip
    # Told in yen, with what it brought, what a limit kept away, and what one tap takes back.
    assert again["brought"] == (
        "1,000円・3名さま・マイバッグ・マイカップを付けました（+15ポイント）"
    )
    assert again["limits"] == [
        "「マイバッグ・マイカップ」は上限までつきました（1日1回まで）。",
    ]
    assert again["undoes"] == "1,000円・3名さま・マイバッグ・マイカップ"
    assert counter.balance(member) > before
    assert counter.visits(member) == 1


def test_a_typed_number_works_and_is_marked(counter: Counter) -> None:
    member = counter.joins()
    typed = f" {member.number[:3]}－{member.number[3:6]} {member.number[6:]}"
    answer = counter.scans(member, code=typed.translate(WIDE), via="typed")
    assert answer["result"] == "checked_in"
    assert answer["marks"] == ["by_number"]
    assert "お名前で確かめて" in answer["next"]


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("9000000019", "no_member"),
        ("1234567890", "mistyped"),
        ("https://example.com/", "link"),
        ("カネコ", "input_method"),
        ("hello", "unreadable"),
        ("x" * 2_000, "unreadable"),
        ("\u0000\u202e", "unreadable"),
    ],
)
def test_what_is_no_card_is_told_kindly(counter: Counter, code: str, reason: str) -> None:
    answer = counter.scans(None, code=code)
    assert (answer["result"], answer["refusal"]) == ("unknown", reason)
    assert answer["line"]
    assert answer["next"]
    assert answer["member"] is None


def test_what_is_added_later_needs_no_second_scan(counter: Counter) -> None:
    member = counter.joins()
    scan = counter.scans(member)
    before = counter.balance(member)
    add = {"scanId": scan["scanId"], "addId": str(uuid4()), "memberNumber": member.number}
    answer = of(counter.posts("add", add | {"amount": 2_000, "confirm": ["review"]}))
    assert answer["result"] == "added"
    assert [a["done"] for a in answer["added"]] == [True, True]
    assert counter.balance(member) - before == sum(a["points"] for a in answer["added"])
    assert counter.posts("add", add | {"amount": 2_000, "confirm": ["review"]}).json == answer
    assert answer["action"] == f"staff:{add['addId']}"


def test_an_addition_of_nothing_is_no_request(counter: Counter) -> None:
    member = counter.joins()
    add = {"addId": str(uuid4()), "memberNumber": member.number}
    assert counter.posts("add", add).status_code == 400


def test_a_receipt_that_has_earned_is_said_and_the_visit_counts(counter: Counter) -> None:
    first, second = counter.joins(), counter.joins()
    counter.scans(first, amount=900, receipt="0007")
    answer = counter.scans(second, amount=900, receipt="0007")
    assert answer["result"] == "checked_in"
    assert answer["tone"] == "warn"
    assert (
        answer["next"]
        == "このレシートには、もうポイントがついています。このまま次へお進みください。"
    )
    assert counter.visits(second) == 1


def test_the_page_is_told_what_it_needs_offline(counter: Counter) -> None:
    told: Any = counter.browser.get("/staff/api/programme").json
    assert [store["id"] for store in told["stores"]] == ["ekimae", "kawabe"]
    assert {"id": "own_bag", "name": "マイバッグ"} in told["eco"]
    assert {c["id"] for c in told["confirm"]} == {"review", "share"}
    assert told["limits"]["offlineHoursMax"] == 72
    assert told["purchase"] == {
        "amount": "tax_included", "pointsUsed": True, "excluded": "ギフトカード",
    }  # fmt: skip


def gives(counter: Counter, member: Member, points: int) -> None:
    with counter.club.work() as work:
        given = Request(member.id, Adjustment(points), work.now)
        record(work.acting("staff").under(f"test:{uuid4()}"), given)


def selected_code(counter: Counter, member: Member, *uses: tuple[str, int | None]) -> str:
    club = counter.club
    selection = packed(selection_name(club.now()), uses)
    member = counter.member(member.id)
    return club.codes.live_card(member.number, member.issue, club.now(), selection)


def test_what_the_member_selected_is_told_one_by_one_and_undone_with_the_visit(
    desks: Desks,
) -> None:
    counter = counter_of(desks, who="mina", role="manager")
    member = counter.joins("さくら")
    gives(counter, member, 270)
    uses = [("cookie", None), ("off_100", None), ("off_500", None)]
    code = selected_code(counter, member, *uses)
    answer = counter.scans(None, code=code, amount=1_500)
    assert (answer["result"], answer["line"]) == ("checked_in", "チェックインしました")
    # What couldn't be handed out is to be heard.
    assert answer["tone"] == "warn"
    assert [(each["done"], each["line"]) for each in answer["selected"]] == [
        (True, "「本日の焼き菓子」をお渡しください"),
        (True, "レジで100円お値引きします"),
        (False, "ポイントが足りません"),
    ]
    assert all(each["next"] for each in answer["selected"] if not each["done"])
    assert "1,500円（うちポイント払い100円）" in answer["brought"]
    assert answer["undoes"] == (
        "ご来店・1,500円（うちポイント払い100円）・本日の焼き菓子・100円引き"
    )
    # Sent again it is answered the same; and one undo takes all of it back.
    undo = {"action": answer["action"], "undoId": str(uuid4()), "memberNumber": member.number}
    recent = of(counter.browser.client.get("/staff/api/recent"))["actions"]
    assert [each["action"] for each in recent] == [answer["action"]]
    assert "本日の焼き菓子" in recent[0]["line"]
    log = counter.browser.get("/staff/log").text
    assert "いっしょに使った特典「本日の焼き菓子・100円引き」" in log
    assert of(counter.posts("undo", undo))["result"] == "undone"
    assert (counter.visits(member), counter.balance(member)) == (0, 320)


def test_a_selection_in_english_says_what_to_do(counter: Counter) -> None:
    assert counter.browser.post("/staff/language", language="en").status_code == 303
    member = counter.joins("Mika")
    gives(counter, member, 900)
    code = selected_code(counter, member, ("off_500", None), ("shipping", None))
    told = counter.scans(None, code=code, amount=500)["selected"]
    assert [each["done"] for each in told] == [False, False]
    assert "PIN" in told[0]["line"]
    assert "¥3,000" in told[1]["line"]
