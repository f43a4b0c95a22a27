"""A member's page: where they stand, a visit from there, and a history of one line a visit."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from bot.codes import RewardUse
from bot.store.members.members import Member
from handlers.actions.counter.adjust import adjust
from handlers.actions.recording.actor import Actor, ApiClient
from handlers.actions.systems.reserving import ReserveRequest, reserve

from ..conftest import Browser, Desks
from ..counters import Counter, counter_of, of


@pytest.fixture
def counter(desks: Desks) -> Counter:
    return counter_of(desks, who="tencho", role="manager")


def page_of(counter: Counter, member: Member, browser: Browser | None = None) -> str:
    return (browser or counter.browser).get(f"/staff/members/{member.number}").text


def history_of(page: str) -> list[str]:
    """The lines of the history, without their tags."""
    section = page.split("これまでの記録")[1]
    return [
        " ".join(re.sub(r"<details.*?</details>|<[^>]+>", " ", line, flags=re.S).split())
        for line in re.findall(r"<li>(.*?)</li>", section, re.S)
    ]


def sends(counter: Counter, member: Member, what: str, key: int, **fields: str) -> str:
    path = f"/staff/members/{member.number}/{what}"
    key_of = f"3f0c5a52-0000-4000-8000-00000000000{key}"
    answer = counter.browser.post(path, key=key_of, **fields)
    return counter.browser.get(answer.location).text


def test_a_visit_is_one_line_with_all_that_came_with_it_each_to_be_undone_by_itself(
    counter: Counter, desks: Desks
) -> None:
    tamura = counter.joins()
    before = counter.balance(tamura)
    counter.scans(tamura, amount=1_200, visitors=2)
    added = counter.posts(
        "add", {"addId": str(uuid4()), "memberNumber": tamura.number, "amount": 500}
    )
    assert of(added)["result"] == "added"
    with counter.club.work(Actor(1, "Boss", "owner", "ekimae"), key="test:gives") as work:
        assert adjust(work, tamura.id, 90, reason="おわび").done
    page = page_of(counter, tamura)
    gift, visit, _ = history_of(page)
    assert "調整" in gift
    assert "ご来店・お買い物" in visit
    assert "2名さまでのご来店" in visit
    assert visit.endswith(f"+{counter.balance(tamura) - 90 - before}")
    offers = re.findall(r'name="seq" value="(\d+)" class="danger">([^<]+)<', page)
    together, later = [words for _, words in offers if words.startswith("「")]
    assert "ご来店・お買い物" in together
    assert "ご来店" not in later
    assert page.count("返品を記録する") == 2
    # Whoever doesn't manage sees the same lines; goods they take back.
    staff = desks.signed_in("midori")
    theirs = page_of(counter, tamura, staff)
    assert history_of(theirs) == history_of(page)
    assert "この記録を取り消す" not in theirs
    assert "「お買い物" not in theirs
    undone = sends(counter, tamura, "undo", 1, seq=offers[-1][0], reason="打ち間違い")
    assert "取り消しました" in undone
    assert len(history_of(undone)) == 3
    assert counter.member(tamura.id).facts.spend == 1_200


def test_the_page_says_where_somebody_stands_and_takes_a_visit_once(counter: Counter) -> None:
    tamura = counter.joins()
    page = sends(counter, tamura, "visit", 1)
    assert "ご来店を記録しました" in page
    again = sends(counter, tamura, "visit", 2)
    assert "本日のご来店は記録済みです" in again
    assert counter.visits(tamura) == 1
    counter.posts("add", {"addId": str(uuid4()), "memberNumber": tamura.number, "amount": 15_000})
    page = page_of(counter, tamura)
    for words in ("15,000円", "つぎの一歩", "はじめの一杯", "」を使う", "まだの特典"):
        assert words in page, words
    assert re.search(r"期限</dt><dd>[\d,]+ポイント：\d{4}年", page)
    recent = of(counter.browser.get("/staff/api/recent"))["actions"]
    scanned = counter.scans(tamura)
    for link in (recent[0]["page"], scanned["member"]["page"]):
        assert counter.browser.card_at(link) == tamura.number
        assert tamura.number not in link


def test_a_page_of_the_history_never_parts_a_visit(counter: Counter) -> None:
    tamura = counter.joins()
    counter.scans(tamura)
    for n in range(25):
        added = {"addId": str(uuid4()), "memberNumber": tamura.number, "amount": 100 + n}
        assert of(counter.posts("add", added))["result"] == "added"
    page = page_of(counter, tamura)
    [visit] = history_of(page)
    assert visit.startswith("ご来店・お買い物")
    assert page.count("返品を記録する") == 25
    [older] = re.findall(r'href="([^"]+)">さらに前の記録', page)
    [joined] = history_of(counter.browser.get(older).text)
    assert joined.startswith("ご入会")


def test_what_a_till_has_set_aside_is_seen_with_until_when(counter: Counter) -> None:
    tamura = counter.joins()
    with counter.club.work(Actor(1, "Boss", "owner", "ekimae"), key="test:gives") as work:
        assert adjust(work, tamura.id, 60, reason="おわび").done
    assert "お取り置き中" not in page_of(counter, tamura)
    till = ApiClient(1, "レジ", "ekimae")
    with counter.club.work(till, key=till.key("sale")) as work:
        asked = ReserveRequest(tamura.id, RewardUse("off_100"), "ekimae")
        assert reserve(work, asked).refused is None
        until = work.programme.shop.local(work.now + timedelta(minutes=15))
    page = page_of(counter, tamura)
    assert f"お支払いのためお取り置き中です（{until:%-H:%M}まで）" in page
