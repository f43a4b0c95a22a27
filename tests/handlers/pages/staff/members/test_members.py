"""Members' pages: search, a card for somebody new, and everything that is done on one's page."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from bot.store.members import line_accounts, members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.record import Request
from handlers.jobs.night.audit import audit_member
from rules.activity import Visit
from rules.base import Lang
from rules.facts import Birthday
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.rules.examples import changed

from ..conftest import Browser, Desks

KEY = "3f0c5a52-0000-4000-8000-00000000000{}"


def somebody(
    desks: Desks, user_id: str | None = None, name: str = "", *, lang: Lang = "ja", visits: int = 0
) -> str:
    """A member; gives the card's number."""
    club, now = desks.club, desks.club.now()
    with club.work() as work:
        if user_id:
            line_accounts.ensure(work.uow, user_id, display_name="さくら", language=lang, at=now)
        key = f"test:{user_id}:{name}"
        joining = JoinRequest(now, lang, "ポイントのため", line_user_id=user_id)
        outcome = join(work.acting("member").under(key), joining)
        if name:
            profiles.put(work.uow, outcome.member_id, Profile(name), at=now)
        for n in range(visits):
            visit = Request(outcome.member_id, Visit("staff"), now, "ekimae")
            check_in(work.acting("staff").under(f"{key}:{n}"), visit)
        found = members.get(work.uow, outcome.member_id)
    assert found is not None
    return found.number


def searches(browser: Browser, query: str) -> TestResponse:
    """What is typed into the search, then the page it leads to."""
    answer = browser.post("/staff/members", q=query)
    assert answer.status_code == 303
    return browser.get(answer.location)


def found_by(browser: Browser, query: str) -> object:
    """What the counter's page is answered."""
    token = {"X-CSRFToken": browser.csrf}
    return browser.client.post("/staff/api/members", json={"q": query}, headers=token).json


def card(desks: Desks, number: str) -> members.Member:
    with desks.club.store.read() as uow:
        member_id = members.by_code(uow, "number", number)
        found = members.get(uow, member_id) if member_id else None
    assert found is not None
    return found


def sends(browser: Browser, path: str, n: int = 1, **fields: str) -> TestResponse:
    """A form, then the page it leads to."""
    answer = browser.post(path, key=KEY.format(n), **fields)
    assert answer.status_code == 303, answer.text
    return browser.get(answer.location)


def test_nobody_sees_members_without_signing_in(desks: Desks) -> None:
    number = somebody(desks, "U1")
    browser = desks.browser()
    for path in ("", f"/{number}", "/new", f"/{number}/card.pdf", f"/{number}/merge"):
        assert browser.get(f"/staff/members{path}").status_code == 303
    browser.get("/staff/login")
    assert browser.post("/staff/api/members").status_code == 401
    assert browser.post("/staff/cards/sheet.pdf").status_code == 303
    assert browser.get("/staff/slips").status_code == 303


def test_a_change_needs_the_pages_token(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    for what in ("profile", "membership", "reissue", "code", "merge", "transfer", "slip"):
        answer = staff.client.post(
            staff.address(f"/staff/members/{number}/{what}"), data={"state": "left"}
        )
        assert answer.status_code == 400
    assert card(desks, number).membership == "active"


def test_somebody_is_found_and_shown_with_no_more_than_is_needed(
    desks: Desks, staff: Browser
) -> None:
    number = somebody(desks, "U-of-LINE", "髙橋 花子")
    sends(staff, f"/staff/members/{number}/profile", name="髙橋 花子", kana="タカハシ ハナコ",
          phone="090-1234-5678", note="窓ぎわの席がお好き")  # fmt: skip
    listed = searches(staff, "高橋").text
    assert "髙橋 花子様" in listed
    found = found_by(staff, "5678")
    assert found == {"members": [{
        "number": number, "name": "髙橋 花子様", "kana": "タカハシ ハナコ", "phone": "···5678",
        "rank": None, "last": "", "left": False, "born": "",
    }]}  # fmt: skip
    page = staff.get(f"/staff/members/{number}").text
    assert "髙橋 花子様" in page
    assert "窓ぎわの席がお好き" in page
    assert "12345678" not in page
    assert "+8190" not in page
    assert "U-of-LINE" not in page
    assert found_by(staff, "だれでもない") == {"members": []}
    assert "見つかりませんでした" in searches(staff, "だれでもない").text


def test_two_of_one_name_are_told_apart_and_one_on_line_is_found_by_a_reading(
    desks: Desks, staff: Browser
) -> None:
    tamura, namesake = somebody(desks, name="田村 和子", visits=1), somebody(desks, name="田村和子")
    with desks.club.work() as work:
        for n, (number, month) in enumerate(((tamura, 5), (namesake, 11))):
            born = ToldBirthday(card(desks, number).id, Birthday(month, 3, 1950), work.now)
            tell_birthday(work.acting("staff").under(f"test:born:{n}"), born)
    for typed in ("田村和子様", "和子　田村", "田村和子"):
        found = of_json(found_by(staff, typed))
        assert [each["number"] for each in found] == [tamura, namesake]
        assert [each["born"] for each in found] == ["5月生まれ", "11月生まれ"]
        assert [bool(each["last"]) for each in found] == [True, False]
    page = searches(staff, "田村").text
    assert "5月生まれ" in page
    assert "1950" not in page
    # Who is alone of that name is shown without it.
    assert [each["born"] for each in of_json(found_by(staff, f"田村 {tamura[-4:]}"))] == [""]
    on_line = somebody(desks, "U1")
    sends(staff, f"/staff/members/{on_line}/profile", name="", kana="おうの さくら")
    [found_one] = of_json(found_by(staff, "サクラ おうの様"))
    assert (found_one["number"], found_one["name"]) == (on_line, "さくら様")


def of_json(answer: object) -> list[dict[str, object]]:
    """Who was found."""
    assert isinstance(answer, dict)
    return list(answer["members"])


def test_a_number_is_kept_unless_another_is_typed_or_it_is_removed(
    desks: Desks, staff: Browser
) -> None:
    number = somebody(desks, "U1")
    path = f"/staff/members/{number}/profile"
    sends(staff, path, name="花子", phone="090-1234-5678")
    assert "···5678" in sends(staff, path, 2, name="花子", phone="").text
    assert "···4321" in sends(staff, path, 3, name="花子", phone="090-1234-4321").text
    assert "···" not in sends(staff, path, 4, name="花子", phone="", phone_gone="1").text


def test_what_is_typed_is_never_taken_for_the_pages_own(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    evil = '"><script>alert(1)</script>'
    sends(staff, f"/staff/members/{number}/profile", name=evil, note=evil)
    for path in (
        f"/{number}",
        f"/{number}?no={evil}&done={evil}&count=x&force={evil}",
    ):
        assert "<script>alert" not in staff.get(f"/staff/members{path}").text
    assert "&lt;script&gt;" in searches(staff, evil).text


@pytest.mark.parametrize(
    "path",
    ["members/4820117736", "members/4820117736/card.pdf", "members/x/card.pdf"],
)
def test_what_is_not_there_is_not_found(staff: Browser, path: str) -> None:
    assert staff.get(f"/staff/{path}").status_code == 404
    assert staff.post("/staff/cards/sheet.pdf").status_code == 404
    assert staff.post("/staff/cards/sheet.pdf", n="4820117736").status_code == 404


def test_a_membership_pauses_and_a_card_is_issued_anew(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    assert "変えました" in sends(staff, f"/staff/members/{number}/membership", state="paused").text
    assert card(desks, number).membership == "paused"
    assert staff.post(f"/staff/members/{number}/membership", state="gone").status_code == 400
    assert "再発行" in sends(staff, f"/staff/members/{number}/reissue", 2).text
    sends(staff, f"/staff/members/{number}/reissue", 2)
    assert card(desks, number).issue == 2


def test_a_receipt_is_brought_later_and_earns_once(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    yesterday = (desks.club.now() - timedelta(days=1)).date().isoformat()
    path = f"/staff/members/{number}/receipt"
    brought = {"on": yesterday, "receipt": "0042", "yen": "1500"}
    assert "つけました" in sends(staff, path, 1, **brought).text
    assert "もうポイントがついています" in sends(staff, path, 2, **brought).text
    assert card(desks, number).facts.spend == 1_500
    old = brought | {"on": "2020-01-01", "receipt": "0043"}
    assert "期間を過ぎて" in sends(staff, path, 3, **old).text
    assert "金額" in sends(staff, path, 4, **(brought | {"receipt": "1", "yen": "x"})).text


def test_goods_are_brought_back_by_anybody_of_the_staff_once(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1", visits=1)
    path = f"/staff/members/{number}"
    yesterday = (desks.club.now() - timedelta(days=1)).date().isoformat()
    before = card(desks, number).facts
    sends(staff, f"{path}/receipt", on=yesterday, receipt="0042", yen="5000")
    bought = str(card(desks, number).seq)
    page = staff.get(path).text
    assert f'action="{staff.address(path)}/return"' in page
    assert "返品の金額（残り5,000円。全部なら空けておく）" in page
    part = sends(staff, f"{path}/return", 2, seq=bought, yen="２，０００").text
    assert "返品を記録しました" in part
    assert "ご返品 2,000円" in part
    assert "残り3,000円" in part
    # Tapped twice, it is one return.
    sends(staff, f"{path}/return", 2, seq=bought, yen="２，０００")
    facts = card(desks, number).facts
    assert (facts.spend, facts.balance) == (3_000, before.balance + 30)
    assert "残りと合いません" in sends(staff, f"{path}/return", 3, seq=bought, yen="3001").text
    assert "残りと合いません" in sends(staff, f"{path}/return", 4, seq=bought, yen="x").text
    manager = desks.signed_in("tencho", "manager")
    points = str(card(desks, number).facts.balance)
    sends(manager, f"{path}/adjust", 5, points=points, reason="交換", how="take")
    short = sends(staff, f"{path}/return", 6, seq=bought).text
    assert "つぎのお買い物から差し引きます" in short
    assert "つぎのお買い物から差し引くポイント" in short
    facts = card(desks, number).facts
    assert (facts.spend, facts.balance, facts.shortfall, facts.visits) == (0, 0, 30, 1)
    assert f'action="{staff.address(path)}/return"' not in staff.get(path).text
    assert "もうすべて返品" in sends(staff, f"{path}/return", 7, seq=bought).text
    assert "見つからない" in sends(staff, f"{path}/return", 8, seq="2").text


def test_only_managers_adjust_and_undo(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1", visits=1)
    before = card(desks, number).facts.balance
    page = staff.get(f"/staff/members/{number}").text
    assert "/adjust" not in page
    assert "/undo" not in page
    assert staff.post(f"/staff/members/{number}/adjust", points="5").status_code == 403
    assert staff.post(f"/staff/members/{number}/undo", seq="2").status_code == 403
    manager = desks.signed_in("tencho", "manager")
    page = manager.get(f"/staff/members/{number}").text
    assert 'name="seq" value="2"' in page
    assert 'name="seq" value="1"' not in page
    path = f"/staff/members/{number}"
    assert (
        "調整しました"
        in sends(manager, f"{path}/adjust", points="5", reason="お詫び", how="give").text
    )
    assert card(desks, number).facts.balance == before + 5
    assert "理由" in sends(manager, f"{path}/adjust", 2, points="5", how="take").text
    assert "取り消しました" in sends(manager, f"{path}/undo", 3, seq="2", reason="別の方").text
    assert card(desks, number).facts.visits == 0
    assert "見つかりません" in sends(manager, f"{path}/undo", 4, seq="99", reason="x").text


#: A café where points make ranks, and gold brings something into the hand.
BY_POINTS = changed(
    CAFE,
    ('measure = "visits"', 'measure = "points"'),
    ("at = 3\n", "at = 150\n"),
    ("at = 6\n", "at = 180\n"),
    ("at = 10\n", "at = 200\n"),
)


def test_points_by_hand_and_a_forced_undo_make_nobody_gold(desks: Desks) -> None:
    with_programme(desks.club, BY_POINTS)
    desks.club.programmes.forget()
    number = somebody(desks, "U1", visits=1)
    before = card(desks, number).facts
    manager = desks.signed_in("tencho", "manager")
    path = f"/staff/members/{number}"
    sends(manager, f"{path}/adjust", points="499", reason="桁の間違い", how="give")
    sends(manager, f"{path}/adjust", 2, points="499", reason="桁の間違い", how="take")
    facts = card(desks, number).facts
    assert (facts.rank, facts.vouchers) == (before.rank, ())
    assert (facts.balance, facts.earned) == (before.balance, before.earned)
    brought = {"on": desks.club.now().date().isoformat(), "receipt": "7", "yen": "19000"}
    sends(manager, f"{path}/receipt", 3, **brought)
    facts = card(desks, number).facts
    assert (facts.rank.id, len(facts.vouchers)) == ("gold", 1)
    sends(manager, f"{path}/adjust", 4, points=str(facts.balance), reason="交換", how="take")
    sends(manager, f"{path}/undo", 5, seq="5", reason="別の方", force="1")
    # What is put in its place was spent, not earned.
    facts = card(desks, number).facts
    assert (facts.spend, facts.balance) == (0, 0)
    assert (facts.rank, facts.vouchers, facts.earned) == (before.rank, (), before.earned)
    with desks.club.store.read() as uow:
        mine = members.by_code(uow, "number", number)
        assert mine is not None
        assert audit_member(uow, desks.club.timeline(), desks.club.foresight(), mine) == []


def test_spent_points_are_made_up_for_only_when_a_manager_says_so(desks: Desks) -> None:
    number = somebody(desks, "U1", visits=1)
    manager = desks.signed_in("tencho", "manager")
    path, points = f"/staff/members/{number}", card(desks, number).facts.balance
    sends(manager, f"{path}/adjust", points=str(points), reason="交換", how="take")
    page = sends(manager, f"{path}/undo", 2, seq="2", reason="別の方").text
    assert 'name="force"' in page
    assert card(desks, number).facts.visits == 1
    assert (
        "取り消しました" in sends(manager, f"{path}/undo", 3, seq="2", reason="x", force="1").text
    )
    assert card(desks, number).facts.visits == 0


def test_a_code_is_shown_for_the_chat(desks: Desks, staff: Browser) -> None:
    paper, line = somebody(desks, name="花子"), somebody(desks, "U1")
    shown = staff.post(f"/staff/members/{paper}/code", key=KEY.format(1)).text
    again = staff.post(f"/staff/members/{paper}/code", key=KEY.format(1)).text
    code = re.search(r'class="big-code">([2-9B-Z-]{11})<', shown)
    assert code is not None
    assert code[1] in again
    assert f"カード連携 {code[1]}" in shown
    assert "<svg" in shown
    assert "共有" in staff.post(f"/staff/members/{line}/code", key=KEY.format(2)).text


def test_a_slip_is_made_printed_claimed_and_another_cancelled(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    made = staff.post("/staff/slips", key=KEY.format(1), visit="1", yen="1200")
    assert made.status_code == 303
    page = staff.get(made.location).text
    assert "1,200円" in page
    assert "<svg" in page
    assert staff.client.get(f"{made.location}.pdf").data.startswith(b"%PDF-")
    assert staff.client.get(f"{made.location}.png").data.startswith(b"\x89PNG")
    code = made.location.rsplit("/", 1)[1]
    claimed = sends(staff, f"/staff/members/{number}/slip", 9, code=code)
    assert "伝票のポイントをつけました" in claimed.text
    assert card(desks, number).facts.spend == 1_200
    assert staff.get(made.location).status_code == 404
    other = staff.post("/staff/slips", key=KEY.format(2), visit="1").location
    assert "取り消しました" in sends(staff, f"{other}/cancel", 3).text
    assert staff.get(other).status_code == 404
    assert "どちらか" in sends(staff, "/staff/slips", 4).text


def test_a_form_that_was_sent_is_not_taken_for_another(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    sends(staff, f"/staff/members/{number}/profile", name="花子")
    again = staff.post(f"/staff/members/{number}/profile", key=KEY.format(1), name="太郎")
    assert again.status_code == 409
    assert "すでに送信" in again.text
    assert "花子様" in staff.get(f"/staff/members/{number}").text


def test_everything_is_there_in_english(desks: Desks) -> None:
    number = somebody(desks, "U1", "Hanako", lang="en", visits=1)
    browser = desks.signed_in("midori", "manager")
    browser.post("/staff/language", language="en", next="/staff/members")
    for path in ("/staff/members", f"/staff/members/{number}", "/staff/members/new",
                 f"/staff/members/{number}/merge", f"/staff/members/{number}/transfer",
                 "/staff/slips"):  # fmt: skip
        page = browser.get(path)
        assert page.status_code == 200
        assert 'lang="en"' in page.text


def test_what_was_done_for_a_member_stands_on_their_page(desks: Desks) -> None:
    number = somebody(desks, "U1", visits=1)
    browser, path = desks.signed_in("sato"), f"/staff/members/{number}"
    assert "まだ記録がありません" in browser.get(path).text
    browser.post(path + "/contact", kind="mailed", words="お詫びの手紙", key="c1")
    browser.post(path + "/way", way="mail", wanted="0", key="w1")
    page = browser.get(path).text
    assert "お手紙を送った" in page
    assert "お詫びの手紙" in page
    assert '<p class="mark">お手紙・DMは不要</p>' in page
    assert "「お手紙・DMは不要」を取り消す" in page
    browser.post(path + "/way", way="mail", wanted="1", key="w2")
    assert '<p class="mark">お手紙' not in browser.get(path).text
    assert browser.post(path + "/way", way="fax", wanted="0", key="w3").status_code == 404
    assert browser.post(path + "/contact", kind="answered", key="c2").status_code == 404
