"""The page of what happened: the month's stamps, the weeks in a row, visits with yen and points."""

from flask.testing import FlaskClient

from handlers.actions.counter.purchase import purchase
from handlers.actions.recording.record import Request, record
from handlers.pages.card.sections.history import SHOWN
from rules.activity import Adjustment, Eco, Purchase
from rules.orders.lines import ReceiptLine, bought_lines
from rules.programme.purchases import PurchasePolicy
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.sections.conftest import is_in, read


def test_a_visit_is_one_line_with_its_yen_and_all_its_points(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    cafe.passes(days=1)
    cafe.visits(member_id)
    with cafe.work() as work:
        for what in (Purchase(1_250), Eco("own_bag")):
            bought = Request(member_id, what, work.now, "ekimae")
            assert record(work.acting("staff").under(cafe.key()), bought).done
    said = read(browser.get("/card/history"))
    brought = cafe.balance(member_id) - 50
    assert f"ご来店・1,250円・マイバッグ 1月6日 ・ 駅前店 +{brought}" in said
    assert "ご入会 1月5日 +50" in said
    assert "1,250円 これまでのお買い上げ" in said
    assert "今月は1回、ありがとうございます（マイバッグ 1回）" in said
    assert "みなさまで、今月1回になりました" in said


def test_what_was_bought_stands_below_the_purchase(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = is_in(cafe, browser)
    cafe.passes(days=1)
    line = ReceiptLine(name="深煎り豆", quantity=2, yen=1_480)
    with cafe.work() as work:
        lines = bought_lines(PurchasePolicy(), [line])
        request = Request(member_id, Purchase(1_480), work.now, "ekimae", lines=lines)
        assert purchase(work.acting("staff").under(cafe.key()), request).done
    said = read(browser.get("/card/history"))
    assert "1,480円 1月6日 ・ 駅前店 深煎り豆×2 1,480円" in said


def test_the_month_is_stamped_and_others_are_a_tap_away(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    cafe.visits(member_id)
    cafe.passes(days=30)
    for _ in range(2):
        cafe.visits(member_id)
        cafe.passes(days=7)
    answer = browser.get("/card/history")
    said = read(answer)
    assert "‹ 2026年2月 2 回のご来店" in said
    assert "4 （ご来店 1回）" in said
    assert "今月のスタンプ 2 / 3" in said
    assert 'href="/card/history?month=2026-01"' in answer.text
    assert "month=2026-03" not in answer.text
    before = browser.get("/card/history?month=2026-01")
    assert "2026年1月 › 1 回のご来店" in read(before)
    assert "month=2025-12" not in before.text
    # An address that somebody typed leads to a month that there is.
    for typed in ("1999-01", "2026-13", "9999-12", "x", "2026-1", "0000-01"):
        assert "2026年" in read(browser.get(f"/card/history?month={typed}"))


def test_weeks_in_a_row_are_told_with_the_weeks_off_and_how_this_one_goes(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    for _ in range(4):
        cafe.visits(member_id)
        cafe.passes(days=7)
    said = read(browser.get("/card/history"))
    assert "週1カフェ 今週 0 / 1回 4週連続 お休み券 1枚" in said
    cafe.passes(days=21)
    assert "週1カフェ 今週 0 / 1回 ・ これまでの最長 4週 0週連続" in read(
        browser.get("/card/history")
    )


def test_a_long_history_is_turned_page_by_page_and_a_visit_never_torn(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    days = SHOWN // 2 + 5
    for _ in range(days):
        cafe.passes(days=1)
        cafe.visits(member_id)
        with cafe.work() as work:
            bought = Request(member_id, Purchase(1_000), work.now, "ekimae")
            record(work.acting("staff").under(cafe.key()), bought)
    with cafe.work() as work:
        # So that a page of so many would end between a visit and what was bought.
        given = Request(member_id, Adjustment(5), work.now)
        record(work.acting("staff").under(cafe.key()), given)
    seen, path = [], "/card/history"
    while path:
        answer = browser.get(path)
        seen += [part for part in answer.text.split("<li>") if "ご来店・1,000円" in part]
        _, _, rest = answer.text.partition('href="/card/history?before=')
        path = f"/card/history?before={rest.partition(chr(34))[0]}" if rest else ""
    assert len(seen) == days
    assert "これより前の履歴はありません" in read(browser.get("/card/history?before=1"))
    assert "ご来店・1,000円" in read(browser.get("/card/history?before=99999999999999"))
