"""What a member subscribes to, on their page and at the till: begun, ended, delivered."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from bot.store.history import history
from bot.store.members import members
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.members.subscribing import subscribe
from handlers.jobs.night.audit import audit_member
from handlers.showing.exported import export
from handlers.showing.viewer import viewer_of
from rules.activity import Delivered, Subscribed
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counters import Counter, counter_of
from tests.journeys.test_card_back import BOSS
from tests.rules.examples import BEANS, THIRD


@pytest.fixture
def counter(desks: Desks) -> Counter:
    with_programme(desks.club, CAFE + BEANS + THIRD)
    desks.club.programmes.forget()
    return counter_of(desks, who="mai", role="manager")


def today(counter: Counter) -> date:
    club = counter.club
    return club.timeline().at(club.now()).programme.shop.business_date(club.now())


class Page:
    """One member's page, as staff use it."""

    def __init__(self, counter: Counter, number: str) -> None:
        self.browser, self.path = counter.browser, f"/staff/members/{number}"

    @property
    def text(self) -> str:
        return self.browser.get(self.path).text

    def does(self, how: str, key: str = "", **fields: str) -> str:
        asked = {"subscription": "beans", "key": key or str(uuid4()), "how": how, **fields}
        answer = self.browser.post(f"{self.path}/subscription", **asked)
        assert answer.status_code == 303, answer.text
        return self.browser.get(answer.location).text


@pytest.fixture
def page(counter: Counter) -> Page:
    member = counter.joins("さくら")
    return Page(counter, member.number)


def member_of(counter: Counter, page: Page) -> int:
    with counter.club.store.read() as uow:
        return members.by_code(uow, "number", page.path.rsplit("/", 1)[-1]) or 0


def perks(counter: Counter, page: Page) -> list[tuple[str, str]]:
    member = counter.member(member_of(counter, page))
    shown = counter.scans(member)["member"]
    return [(each["name"], each["how"]) for each in shown["perks"]]


def test_begun_by_staff_it_is_said_at_the_till_with_its_price(counter: Counter, page: Page) -> None:
    assert "豆の定期便" in page.text
    day = today(counter)
    said = page.does("keep", since=f"{day - timedelta(days=30)}")
    assert "定期のご利用を登録しました。" in said
    assert "登録：スタッフ" in said
    member = counter.member(member_of(counter, page))
    shown = counter.scans(member)["member"]
    assert any(line.startswith("定期：豆の定期便（") for line in shown["today"])
    assert [(each["name"], each["how"]) for each in shown["perks"]] == [
        ("豆の定期便：定期の方の価格", "レジで10%引き")
    ]


def test_sent_twice_it_is_done_once(counter: Counter, page: Page) -> None:
    key = str(uuid4())
    assert "登録しました。" in page.does("keep", key)
    assert "登録しました。" in page.does("keep", key)
    with counter.club.store.read() as uow:
        found = history.of(uow, member_of(counter, page))
    assert sum(isinstance(each.activity.what, Subscribed) for each in found) == 1


def test_ended_it_is_gone_at_once_from_everywhere(counter: Counter, page: Page) -> None:
    page.does("keep")
    assert perks(counter, page)
    assert "定期のご利用を終えました。" in page.does("end")
    assert perks(counter, page) == []
    assert "ご利用中ではありません" in page.does("end")


def test_a_wrong_day_is_put_right_and_a_wrong_last_day_refused(
    counter: Counter, page: Page
) -> None:
    day = today(counter)
    page.does("keep", since=f"{day - timedelta(days=9)}")
    page.does("keep", since=f"{day - timedelta(days=90)}", until=f"{day - timedelta(days=1)}")
    assert perks(counter, page) == []
    assert "最後の日が、はじめの日より前です" in page.does(
        "keep", since=f"{day}", until=f"{day - timedelta(days=1)}"
    )
    assert "日付を読み取れませんでした" in page.does("keep", since="soon")
    same = {"since": f"{day - timedelta(days=90)}", "until": f"{day - timedelta(days=1)}"}
    assert "同じ内容で登録されています" in page.does("keep", **same)


def test_what_the_programme_has_not_is_refused(page: Page) -> None:
    assert "いまの会員プログラムにありません" in page.does("keep", subscription="tea")


def test_deliveries_count_while_it_runs_and_bring_what_is_given_at_the_third(
    counter: Counter, page: Page
) -> None:
    day = today(counter)
    assert "その日は、定期のご利用中ではありません" in page.does("delivered")
    page.does("keep", since=f"{day - timedelta(days=60)}")
    for back in (40, 20):
        page.does("delivered", on=f"{day - timedelta(days=back)}")
    assert "その日のお届けは、記録してあります" in page.does(
        "delivered", on=f"{day - timedelta(days=20)}"
    )
    assert "お届けの日が、まだ先です" in page.does("delivered", on=f"{day + timedelta(days=2)}")
    said = page.does("delivered")
    assert "お届けを記録しました。" in said
    assert "これまでのお届け 3回" in said
    member = counter.member(member_of(counter, page))
    assert [each.reward for each in member.facts.vouchers] == ["third"]


def test_an_undone_delivery_takes_its_reward_back(counter: Counter, page: Page) -> None:
    day = today(counter)
    page.does("keep", since=f"{day - timedelta(days=60)}")
    for back in (40, 20, 0):
        page.does("delivered", on=f"{day - timedelta(days=back)}")
    member_id = member_of(counter, page)
    with counter.club.store.read() as uow:
        last = [r for r in history.of(uow, member_id) if isinstance(r.activity.what, Delivered)][-1]
    undone = counter.browser.post(f"{page.path}/undo", key=str(uuid4()), seq=str(last.seq))
    assert "done=undone" in undone.location
    facts = counter.member(member_id).facts
    assert (facts.vouchers, facts.counts["delivery"]) == ((), 2)
    # The same day may be noted again.
    assert "お届けを記録しました。" in page.does("delivered")
    with counter.club.store.read() as uow:
        club = counter.club
        assert audit_member(uow, club.timeline(), club.foresight(), member_id) == []


def test_whoever_left_has_no_price_and_is_erased_with_their_days_told_before(
    counter: Counter, page: Page
) -> None:
    page.does("keep")
    member_id, club = member_of(counter, page), counter.club
    with club.store.read() as uow:
        viewer = viewer_of(club, counter.member(member_id))
        told = export(uow, viewer, account="", shares=False).data["subscriptions"]
    assert [(each["name"], each["last_day"], each["by"]) for each in told] == [
        ("豆の定期便", None, "staff")
    ]
    with club.work("staff", key="test:left") as work:
        change_membership(work, member_id, "left", at=work.now)
    assert "豆の定期便：定期の方の価格" not in page.text
    with club.work("staff", key="test:gone") as work:
        erase(work, member_id)
    with club.work("staff", key="test:after") as work:
        assert subscribe(work, member_id, Subscribed("beans")).refused == "erased"


def test_cards_put_together_keep_what_was_said_last_and_taken_apart_each_its_own(
    counter: Counter, page: Page
) -> None:
    day = today(counter)
    paper = counter.joins("")
    other = Page(counter, paper.number)
    page.does("keep", since=f"{day - timedelta(days=9)}", until=f"{day - timedelta(days=1)}")
    other.does("keep", since=f"{day - timedelta(days=90)}")
    for back in (40, 20):
        other.does("delivered", on=f"{day - timedelta(days=back)}")
    assert perks(counter, other)

    keeper = member_of(counter, page)
    with counter.club.work(BOSS, key="test:merge") as work:
        assert merge(work, MergeRequest(keeper, paper.id)).done
    assert perks(counter, page) == [("豆の定期便：定期の方の価格", "レジで10%引き")]
    assert "その日のお届けは、記録してあります" in page.does(
        "delivered", on=f"{day - timedelta(days=20)}"
    )
    page.does("delivered")
    member = counter.member(keeper)
    assert [each.reward for each in member.facts.vouchers] == ["third"]
    with counter.club.store.read() as uow:
        club = counter.club
        assert audit_member(uow, club.timeline(), club.foresight(), keeper) == []

    # Taken apart, each card has what was said of it.
    with counter.club.work(BOSS, key="test:apart") as work:
        assert undo(work, UndoRequest(keeper, "test:merge", "別の方でした")).done
    assert (perks(counter, page), perks(counter, other)) == (
        [], [("豆の定期便：定期の方の価格", "レジで10%引き")],
    )  # fmt: skip
    assert counter.member(keeper).facts.vouchers == ()
    assert counter.member(paper.id).facts.counts["delivery"] == 2
