"""An old card of stamps moved at the counter: typed, looked at, meant, done."""

import html
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from bot.store.history.programs import publish
from bot.store.members.members import Member
from handlers.actions.members.membership import change_membership
from tests.handlers.clubs import MANAGER
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counter.test_limits import fields_of
from tests.handlers.pages.staff.counters import Counter, counter_of

STAMPS = "\n[stamp_cards]\npoints = 10\nstamps_max = 20\n"
BUTTON = "前のスタンプカードを移す"


def publishes(desks: Desks, text: str, *, minutes_ago: int = 0) -> None:
    with desks.club.store.begin() as uow:
        publish(uow, text, since=datetime.now(UTC) - timedelta(minutes=minutes_ago))
    desks.club.programmes.forget()


@pytest.fixture
def counter(desks: Desks) -> Counter:
    with_programme(desks.club, CAFE + STAMPS)
    desks.club.programmes.forget()
    return counter_of(desks)


def at(member: Member) -> str:
    return f"/staff/members/{member.number}/stamps"


def said(page: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def types(counter: Counter, member: Member, stamps: str) -> TestResponse:
    return counter.browser.post(at(member), stamps=stamps, key=str(uuid4()))


def after(counter: Counter, answer: TestResponse) -> str:
    """The page to which an answer leads."""
    assert answer.status_code == 303, answer.text
    return said(counter.browser.get(answer.location))


def test_stamps_are_typed_looked_at_and_moved_by_anybody_of_the_staff(counter: Counter) -> None:
    member = counter.joins("さくら")
    assert BUTTON in said(counter.browser.get(f"/staff/members/{member.number}"))
    form = said(counter.browser.get(at(member)))
    # What makes the old card of no use stands before the field.
    assert form.index("使い切っていただきます") < form.index("スタンプの数（20個まで）")
    assert "1個につき10ポイントです。" in form
    asked = types(counter, member, "１２")
    assert "スタンプ12個を、120ポイントに移します" in said(asked)
    assert "移したあとの残りは170ポイントです。" in said(asked)
    assert counter.balance(member) == 50
    meant = fields_of(asked)
    # Tapped twice.
    pages = [after(counter, counter.browser.post(at(member), **meant)) for _ in range(2)]
    assert all("前のスタンプカードを移しました。" in page for page in pages)
    assert counter.balance(member) == 170
    assert counter.visits(member) == 0
    # The history has its own words, the button is gone, and a page of before says why.
    assert "前のスタンプカードのお引きつぎ（12個）" in pages[1]
    assert BUTTON not in pages[1]
    assert "もう移してあります" in after(counter, counter.browser.get(at(member)))
    assert "もう移してあります" in after(counter, types(counter, member, "3"))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "スタンプの数が正しくありません"),
        ("0", "スタンプの数が正しくありません"),
        ("たくさん", "スタンプの数が正しくありません"),
        ("21", "1枚のカードに押せる数をこえています"),
        ("99999999999999999999", "スタンプの数が正しくありません"),
    ],
)
def test_what_is_no_number_of_stamps_is_said_beside_the_field(
    counter: Counter, typed: str, why: str
) -> None:
    member = counter.joins()
    answer = types(counter, member, typed)
    assert answer.status_code == 400
    assert why in said(answer)
    assert f'value="{typed}"' in answer.text
    assert counter.balance(member) == 50


def test_who_meant_another_worth_is_asked_anew(desks: Desks, counter: Counter) -> None:
    member = counter.joins()
    meant = fields_of(types(counter, member, "5"))
    publishes(desks, CAFE + STAMPS.replace("points = 10", "points = 30"))
    asked = counter.browser.post(at(member), **meant)
    assert "スタンプ5個を、150ポイントに移します" in said(asked)
    assert counter.balance(member) == 50
    assert "移しました" in after(counter, counter.browser.post(at(member), **fields_of(asked)))
    assert counter.balance(member) == 200


def test_a_page_of_yesterday_asks_anew(desks: Desks, counter: Counter) -> None:
    member = counter.joins()
    meant = fields_of(types(counter, member, "5"))
    meant["sure"] = re.sub(r"\S+$", str(desks.club.now().date() - timedelta(days=1)), meant["sure"])
    assert "スタンプ5個を、50ポイントに移します" in said(counter.browser.post(at(member), **meant))
    assert counter.balance(member) == 50


def test_where_no_old_cards_are_taken_nobody_sees_a_button(desks: Desks, counter: Counter) -> None:
    member = counter.joins()
    meant = fields_of(types(counter, member, "5"))
    assert counter.scans(member)["member"]["stamps"].endswith("/stamps")
    yesterday = desks.club.now().date() - timedelta(days=2)
    for minutes_ago, text, why in (
        (9, f"{CAFE}{STAMPS}until = {yesterday}\n", "受け付けを終えました"),
        (1, CAFE, "行っていません"),
    ):
        publishes(desks, text, minutes_ago=minutes_ago)
        page = said(counter.browser.get(f"/staff/members/{member.number}"))
        assert BUTTON not in page
        assert counter.scans(member)["member"]["stamps"] == ""
        assert why in after(counter, counter.browser.get(at(member)))
        meant["key"] = str(uuid4())
        assert why in after(counter, counter.browser.post(at(member), **meant))
    assert counter.balance(member) == 50 + 10


def test_whoever_left_has_no_button(desks: Desks, counter: Counter) -> None:
    member = counter.joins()
    with desks.club.work(MANAGER, key="test:left") as work:
        assert change_membership(work, member.id, "left", at=work.now).done
    assert BUTTON not in said(counter.browser.get(f"/staff/members/{member.number}"))
    assert "退会された方です" in after(counter, counter.browser.get(at(member)))


def test_it_stands_in_the_log_and_is_undone_from_the_history(
    desks: Desks, counter: Counter
) -> None:
    member = counter.joins()
    after(counter, counter.browser.post(at(member), **fields_of(types(counter, member, "7"))))
    boss = desks.signed_in("boss", "manager")
    assert "前のスタンプカードを引きつぎ（7個・70ポイント）" in said(boss.get("/staff/log"))
    page = boss.get(f"/staff/members/{member.number}").text
    [seq] = re.findall(r'name="seq" value="(\d+)"', page)[:1]
    gone = boss.post(f"/staff/members/{member.number}/undo", seq=seq, key=str(uuid4()))
    assert "取り消しました" in said(boss.get(gone.location))
    assert counter.balance(member) == 50
    assert BUTTON in said(boss.get(f"/staff/members/{member.number}"))
