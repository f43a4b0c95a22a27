"""What one person may enter: asked twice, refused beyond the limit, flagged, logged."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from bot.store.members.members import Member
from bot.store.staff import flags
from bot.store.staff.staff import Role
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.counters import Counter, Json, counter_of, of
from tests.rules.examples import changed

LARGE, TOO_LARGE = 20_000, 100_001


def shown(desks: Desks) -> list[tuple[str, Any]]:
    with desks.club.store.read() as uow:
        kept = flags.page(uow, store=None, limit=9)[::-1]
    return [(flag.kind, flag.details["count"]) for flag in kept]


def logged(desks: Desks, action: str) -> list[Any]:
    return [entry.details for entry in desks.logged() if entry.action == action]


def at(desks: Desks, who: str, role: Role) -> Counter:
    return counter_of(desks, who=who, role=role)


def spend(counter: Counter, member: Member) -> int:
    return counter.member(member.id).facts.spend


def says_yes(counter: Counter, member: Member, asked: Json) -> Json:
    answer = counter.posts("add", {"memberNumber": member.number} | asked["again"])
    assert answer.status_code == 200, answer.text
    return of(answer)


def fields_of(page: TestResponse) -> dict[str, str]:
    """The form of a page that asks, as it is sent with its yes."""
    assert page.status_code == 200, page.text
    sent = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    (sure,) = re.findall(r'name="sure" value="([^"]+)"', page.text)
    return {name: value for name, value in sent if name != "csrf_token"} | {"sure": sure}


def log_of(browser: Browser) -> str:
    return browser.get("/staff/log").text


def test_a_large_amount_counts_once_somebody_has_said_that_it_is_meant(desks: Desks) -> None:
    counter, boss = at(desks, "hana", "staff"), at(desks, "boss", "manager")
    member = counter.joins()
    scan = counter.scan_of(member, amount=LARGE, pointsUsed=100, receipt="0042")
    # Sent twice too, as by a bad network.
    first, asked = (of(counter.posts("scan", scan)) for _ in range(2))
    assert first["again"] == asked["again"]
    assert (asked["result"], asked["tone"], asked["insist"]) == ("checked_in", "warn", "amount")
    assert "20,000円" in asked["next"]
    assert counter.visits(member) == 1
    assert spend(counter, member) == 0
    assert shown(desks) == []
    log = boss.browser.get("/staff/log").text
    assert "ご来店の記録（20,000円は、ふだんよりも大きな金額です）" in log
    # Tapped twice.
    done = [says_yes(counter, member, asked) for _ in range(2)]
    assert [answer["result"] for answer in done] == ["added", "added"]
    assert done[0]["insist"] is None
    assert spend(counter, member) == LARGE - 100
    assert shown(desks) == [("amount", LARGE)]
    assert [entry["yen"] for entry in logged(desks, "add")] == [LARGE]
    assert "20,000円の会計を記録" in boss.browser.get("/staff/flags").text
    assert "会計20,000円" in log_of(boss.browser)
    # An ordinary one is asked about by nobody, and stands in the log with its figure too.
    plain = counter.scans(counter.joins(), amount=LARGE - 1)
    assert (plain["tone"], plain["insist"], plain["again"]) == ("good", None, None)
    assert "来店の記録（会計19,999円）" in log_of(boss.browser)


def test_yes_is_said_to_one_figure_alone(desks: Desks) -> None:
    counter = at(desks, "hana", "staff")
    member = counter.joins()
    body = {"memberNumber": member.number, "addId": str(uuid4()), "amount": 90_000, "sure": 80_000}
    asked = of(counter.posts("add", body))
    assert (asked["result"], asked["refusal"], asked["tone"]) == (
        "refused",
        "amount_unsure",
        "warn",
    )
    assert "90,000円" in asked["line"]
    assert "90,000円" not in asked["next"]
    assert spend(counter, member) == 0


def test_what_was_cut_into_small_amounts_is_shown_to_the_owner(desks: Desks) -> None:
    counter = at(desks, "hana", "staff")
    member = counter.joins()
    counter.scans(member, amount=9_999)
    add = {"memberNumber": member.number, "amount": 9_999}
    for shows in ([], [("amount_day", 29_997)], [("amount_day", 29_997)]):
        assert of(counter.posts("add", add | {"addId": str(uuid4())}))["result"] == "added"
        assert shown(desks) == shows
    assert (
        "29,997円" in counter_of(desks, who="boss", role="owner").browser.get("/staff/flags").text
    )


def test_more_than_one_card_takes_in_a_day_is_a_managers(desks: Desks) -> None:
    counter, boss = at(desks, "hana", "staff"), at(desks, "boss", "manager")
    text = changed(CAFE, ("amounts_yen_per_day_max = 200000 ", "amounts_yen_per_day_max = 25000 "))
    desks.club.programmes.__dict__.update(with_programme(desks.club, text).programmes.__dict__)
    member, other = counter.joins(), counter.joins()
    counter.scans(member, amount=15_000)
    add = {"memberNumber": member.number, "amount": 10_001}
    no = of(counter.posts("add", add | {"addId": str(uuid4())}))
    assert (no["result"], no["refusal"]) == ("refused", "amounts_day")
    assert logged(desks, "refused_amount") == [{"yen": 25_001, "most": 25_000}]
    # A receipt by the form is counted with the rest; another card's day is its own.
    receipt = f"/staff/members/{member.number}/receipt"
    today = desks.club.timeline().latest.programme.shop.business_date(desks.club.now())
    sent = {"yen": "10001", "on": str(today), "receipt": "8", "visit": "1", "key": str(uuid4())}
    assert counter.browser.post(receipt, **sent).location.endswith("no=amounts_day")
    assert counter.scans(other, amount=15_000)["added"][0]["done"]
    assert (
        of(counter.posts("add", add | {"amount": 10_000, "addId": str(uuid4())}))["result"]
        == "added"
    )
    assert spend(counter, member) == 25_000
    assert of(boss.posts("add", add | {"addId": str(uuid4())}))["result"] == "added"
    assert spend(counter, member) == 35_001


def test_more_than_one_person_enters_in_a_day_is_a_managers_whatever_the_cards(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, boss = at(desks, "hana", "staff"), at(desks, "boss", "manager")
    ken = at(desks, "ken", "staff")
    text = changed(CAFE, ("entered_yen_per_day_max = 800000 ", "entered_yen_per_day_max = 40000 "))
    desks.club.programmes.__dict__.update(with_programme(desks.club, text).programmes.__dict__)
    member = counter.joins()
    # By a scan, an addition, a receipt and a slip, each on another card or none.
    assert counter.scans(counter.joins(), amount=9_000)["added"][0]["done"]
    add = {"memberNumber": member.number, "amount": 9_000}
    assert of(counter.posts("add", add | {"addId": str(uuid4())}))["result"] == "added"
    receipt = f"/staff/members/{member.number}/receipt"
    today = desks.club.timeline().latest.programme.shop.business_date(desks.club.now())
    bought = {"on": str(today), "receipt": "8", "visit": "1"}

    def brings(yen: int) -> str:
        return counter.browser.post(receipt, **bought, yen=str(yen), key=str(uuid4())).location

    def slip(yen: int) -> str:
        return counter.browser.post("/staff/slips", yen=str(yen), key=str(uuid4())).location

    assert brings(9_000).endswith("done=receipt")
    assert "no=" not in slip(9_000)
    # One more of any of them is too much, and shown once; what is left of the day may be entered.
    no = counter.scans(counter.joins(), amount=4_001)
    assert (no["result"], no["added"][0]["refusal"]) == ("checked_in", "amounts_person")
    assert of(counter.posts("add", add | {"addId": str(uuid4())}))["refusal"] == "amounts_person"
    bought["receipt"] = "9"
    assert brings(4_001).endswith("no=amounts_person")
    assert slip(4_001).endswith("no=amounts_person")
    assert [each for each in shown(desks) if each[0] == "entered_day"] == [("entered_day", 40_001)]
    assert logged(desks, "refused_amount")[0] == {"yen": 40_001, "most": 40_000}
    assert counter.scans(counter.joins(), amount=4_000)["added"][0]["done"]
    assert of(counter.posts("add", add | {"amount": 1, "addId": str(uuid4())}))["result"] != "added"
    # Another's day is their own; who manages goes on, and is shown too.
    assert of(ken.posts("add", add | {"addId": str(uuid4())}))["result"] == "added"
    for _ in range(5):
        assert of(boss.posts("add", add | {"addId": str(uuid4())}))["result"] == "added"
    assert ("entered_day", 45_000) in shown(desks)
    assert "1人で1日に合計45,000円" in boss.browser.get("/staff/flags").text
    monkeypatch.setattr(desks.club.clock, "_offset", lambda: timedelta(days=1))
    assert counter.scans(counter.joins(), amount=4_001)["added"][0]["done"]


def test_beyond_the_limit_a_manager_is_needed_who_is_asked_too(desks: Desks) -> None:
    counter, boss = at(desks, "hana", "staff"), at(desks, "boss", "manager")
    member = counter.joins()
    no = counter.scans(member, amount=TOO_LARGE)
    assert (no["result"], no["insist"]) == ("checked_in", None)
    assert "店長" in no["next"]
    sure = {"memberNumber": member.number, "amount": TOO_LARGE, "sure": TOO_LARGE}
    assert of(counter.posts("add", sure | {"addId": str(uuid4())}))["result"] == "refused"
    assert spend(counter, member) == 0
    assert logged(desks, "refused_amount") == [{"yen": TOO_LARGE, "most": 100_000}] * 2
    body = {"memberNumber": member.number, "amount": TOO_LARGE, "addId": str(uuid4())}
    asked = of(boss.posts("add", body))
    assert asked["insist"] == "amount"
    assert says_yes(boss, member, asked)["result"] == "added"
    assert spend(counter, member) == TOO_LARGE
    assert "100,001円・上限100,000円" in log_of(boss.browser)


def test_a_programme_that_changed_before_the_yes_holds(desks: Desks) -> None:
    counter = at(desks, "hana", "staff")
    member = counter.joins()
    asked = counter.scans(member, amount=LARGE)
    text = changed(CAFE, ("amount_yen_max = 100000 ", "amount_yen_max = 19999 "))
    club = with_programme(desks.club, text)
    desks.club.programmes.__dict__.update(club.programmes.__dict__)
    no = says_yes(counter, member, asked)
    assert (no["result"], no["refusal"]) == ("refused", "amount_managers")
    assert spend(counter, member) == 0


def test_kept_offline_the_visit_counts_and_the_amount_alone_is_refused(desks: Desks) -> None:
    counter = at(desks, "hana", "staff")
    members = [counter.joins() for _ in range(2)]
    kept = [counter.scan_of(who, amount=n) for who, n in zip(members, (LARGE, 500), strict=True)]
    first, second = of(counter.posts("sync", {"scans": kept}))["answers"]
    assert (first["result"], first["added"][0]["refusal"]) == ("checked_in", "amount_unsure")
    assert (second["result"], second["added"][0]["done"]) == ("checked_in", True)
    assert [spend(counter, who) for who in members] == [0, 500]


def test_an_amount_kept_offline_waits_for_a_second_look_and_counts_as_of_its_scan(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, boss = at(desks, "hana", "staff"), at(desks, "boss", "manager")
    members = [counter.joins() for _ in range(2)]
    kept = [
        counter.scan_of(who, amount=n) for who, n in zip(members, (LARGE, TOO_LARGE), strict=True)
    ]
    large, too_large = of(counter.posts("sync", {"scans": kept}))["answers"]
    assert (large["insist"], too_large["insist"]) == ("amount", None)
    day = desks.club.timeline().latest.programme.shop.business_date(desks.club.now())
    monkeypatch.setattr(desks.club.clock, "_offset", lambda: timedelta(days=1))

    def says(who: Counter, place: int, answer: Json) -> Json:
        named = {"memberNumber": members[place].number, "scanId": kept[place]["scanId"]}
        return of(who.posts("add", named | answer["again"]))

    # Tapped twice, and by who mayn't before who may.
    assert [says(counter, 0, large)["result"] for _ in range(2)] == ["added", "added"]
    no = says(counter, 1, too_large)
    assert (no["result"], no["refusal"]) == ("refused", "amount_managers")
    assert no["again"]["addId"] != too_large["again"]["addId"]
    assert says(boss, 1, no)["result"] == "added"
    assert [spend(counter, who) for who in members] == [LARGE, TOO_LARGE]
    for who in members:
        facts = counter.member(who.id).facts
        assert facts.totals(day, day + timedelta(days=1)).yen == facts.spend
    # Later than a scan may come it counts as of the yes.
    third = counter.joins()
    scan = counter.scan_of(third, amount=LARGE)
    [late] = of(counter.posts("sync", {"scans": [scan]}))["answers"]
    monkeypatch.setattr(desks.club.clock, "_offset", lambda: timedelta(days=9))
    named = {"memberNumber": third.number, "scanId": scan["scanId"]}
    assert of(counter.posts("add", named | late["again"]))["result"] == "added"
    on = day + timedelta(days=9)
    assert counter.member(third.id).facts.totals(on, on + timedelta(days=1)).yen == LARGE


@pytest.mark.parametrize("path", ["slips", "receipt"])
def test_forms_ask_for_a_large_amount_too(desks: Desks, path: str) -> None:
    counter = at(desks, "hana", "staff")
    member, browser, key = counter.joins(), counter.browser, str(uuid4())
    today = desks.club.timeline().latest.programme.shop.business_date(desks.club.now())
    typed = {"yen": "２０，０００", "on": str(today), "receipt": "7", "visit": "1", "key": key}
    address = "/staff/slips" if path == "slips" else f"/staff/members/{member.number}/receipt"
    page = browser.post(address, **typed)
    assert "20,000円は、ふだんよりも大きな金額です" in page.text
    assert logged(desks, "slip") + logged(desks, "receipt") == []
    done = [browser.post(address, **fields_of(page)) for _ in range(2)]
    assert done[0].location == done[1].location
    assert len(logged(desks, "slip") + logged(desks, "receipt")) == 1
    assert shown(desks) == [("amount", LARGE)]
    # Another figure under a yes that was said to this one, and one that isn't theirs to enter.
    other = fields_of(page) | {"yen": "30000", "key": str(uuid4())}
    assert fields_of(browser.post(address, **other))["yen"] == "30000"
    no = browser.post(address, **typed | {"yen": str(TOO_LARGE), "key": str(uuid4())})
    assert no.location.endswith("no=amount_managers")
    assert "店長をお呼びください" in browser.get(no.location).text


def test_points_by_hand_are_asked_twice_and_more_are_the_owners(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss, owner = at(desks, "boss", "manager"), at(desks, "shacho", "owner")
    member = boss.joins()
    address = f"/staff/members/{member.number}/adjust"

    def types(who: Counter, points: int, **more: str) -> TestResponse:
        typed = {"points": str(points), "reason": "<お詫び>", "key": str(uuid4())}
        return who.browser.post(address, **typed | more)

    assert types(boss, 499).status_code == 303
    assert shown(desks) == []
    page = types(boss, 5_000, how="give")
    assert "5,000ポイントの調整" in page.text
    assert "&lt;お詫び&gt;" in page.text
    yes = {**fields_of(page), "reason": "お詫び"}
    assert [boss.browser.post(address, **yes).status_code for _ in range(2)] == [303, 303]
    assert boss.balance(member) == 5_549
    taken = fields_of(types(boss, 4_000, how="take"))
    assert boss.browser.post(address, **taken).status_code == 303
    assert shown(desks) == [("by_hand", 5_000), ("by_hand", -4_000)]
    # A small one more, and they are as many in the day as nobody but the owner gives at once.
    assert [types(boss, 1).status_code, types(boss, 1, how="take").status_code] == [303, 303]
    assert shown(desks)[2:] == [("by_hand_day", 9_500)]
    # At once, and with what they gave and took on this day.
    assert types(boss, 5_001).location.endswith("no=points_owner")
    for _ in range(2):
        assert boss.browser.post(address, **fields_of(types(boss, 5_000))).status_code == 303
    over = fields_of(types(boss, 502))
    assert boss.browser.post(address, **over).location.endswith("no=points_day")
    assert [entry["points"] for entry in logged(desks, "refused_points")] == [5_001, 502]
    assert owner.browser.post(address, **fields_of(types(owner, 9_000))).status_code == 303
    # A page that asked yesterday asks anew; and the new day has room again.
    late = fields_of(types(boss, 700))
    monkeypatch.setattr(desks.club.clock, "_offset", lambda: timedelta(days=1))
    anew = fields_of(boss.browser.post(address, **late))
    assert anew["sure"] != late["sure"]
    assert boss.browser.post(address, **anew).location.endswith("done=adjusted")
    assert boss.balance(member) == 549 + 5_000 - 4_000 + 10_000 + 9_000 + 700


def test_slips_and_codes_have_their_fill_a_day(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = changed(
        CAFE, ("slips_per_day_max = 30", "slips_per_day_max = 1"),
        ("codes_per_day_max = 30", "codes_per_day_max = 1"),
    )  # fmt: skip
    club = with_programme(desks.club, text)
    desks.club.programmes.__dict__.update(club.programmes.__dict__)
    counter, boss = at(desks, "hana", "staff"), at(desks, "boss", "manager")
    member = counter.joins()
    slip, code = {"visit": "1", "key": str(uuid4())}, {"key": str(uuid4())}
    address = f"/staff/members/{member.number}/code"
    made = [counter.browser.post("/staff/slips", **slip).location for _ in range(2)]
    assert made[0] == made[1]
    codes = [counter.browser.post(address, **code).text for _ in range(2)]
    assert codes[0].count("-") == codes[1].count("-")
    assert shown(desks) == []
    for key in (str(uuid4()),) * 2:
        no = counter.browser.post("/staff/slips", visit="1", key=key)
        assert no.location.endswith("no=slips_day")
    for key in (str(uuid4()),) * 2:
        no = counter.browser.post(address, key=key)
        assert "no=codes_day" in no.location
        assert "店長に出してもらってください" in counter.browser.get(no.location).text
    assert shown(desks) == [("slips", 2), ("codes", 2)]
    assert logged(desks, "refused_slip") == [{"count": 2, "most": 1}]
    assert logged(desks, "refused_link_code") == [{"count": 2, "most": 1}]
    # Each person for themselves; a manager goes on, and is seen.
    for _ in range(2):
        assert "/staff/slips/" in boss.browser.post("/staff/slips", visit="1").location
    assert shown(desks) == [("slips", 2), ("codes", 2), ("slips", 2)]
    page = boss.browser.get("/staff/flags").text
    assert "1人で1日に2枚めの伝票" in page
    assert "2枚め・上限1枚" in log_of(boss.browser)
    monkeypatch.setattr(desks.club.clock, "_offset", lambda: timedelta(days=1))
    assert "/staff/slips/" in counter.browser.post("/staff/slips", visit="1").location
