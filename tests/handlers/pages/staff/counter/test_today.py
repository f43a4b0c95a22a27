"""The shift view and the inbox, as staff see them."""

import json
import re
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from bot.store.history import history
from bot.store.members import line_accounts, members
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ArrivedEvent
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from bot.store.tables import outbox
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.record import Request
from handlers.club import Club
from handlers.jobs.delivery.quota import tell_owner
from rules.activity import Visit
from rules.programme.counter import Flag
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counters import Counter, counter_of, of

USER = "U" + "1" * 32


def joins(club: Club, name: str = "さくら", user: str = USER, *, days_ago: int = 0) -> int:
    at = club.now() - timedelta(days=days_ago)
    with club.work() as work:
        line_accounts.ensure(work.uow, user, display_name=name, language="ja", at=at)
        joining = JoinRequest(at, "ja", "ポイントのため", line_user_id=user)
        return join(work.moment(at).acting("member").under(f"j:{user}"), joining).member_id


def _comes(club: Club, member: int, *, store: str = "ekimae", days_ago: int = 0) -> None:
    at = club.now() - timedelta(days=days_ago)
    with club.work() as work:
        visit = Request(member, Visit("staff"), at, store)
        assert check_in(
            work.moment(at).acting("staff").under(f"v:{member}:{days_ago}:{store}"), visit
        ).done


def queued(club: Club) -> list[str]:
    with club.store.read() as uow:
        told = [row.journey for row in uow.run(select(outbox.c.journey))]
        return [journey for journey in told if journey != "reached"]


def test_an_alarm_that_is_over_goes_and_names_what_waits_in_words(desks: Desks) -> None:
    boss, club = desks.signed_in("tencho", "manager"), desks.club
    short = Flag("quota_short", "quota:x", details={"count": 3, "journeys": "reached praise"})
    with club.store.begin() as uow:
        flags.add(uow, [short], Sighting(club.now(), club.now().date(), None, None, None))
    page = boss.get("/staff/today").text
    assert "昇格・バッジ・特典のお知らせ" in page
    assert "スタッフからのひとこと" in page
    assert "reached" not in page
    tell_owner(club, club.now())
    assert "昇格" not in boss.get("/staff/today").text
    seen = boss.get("/staff/flags").text
    assert "解決しました" in seen
    assert "確認した</button>" not in seen


def _field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, f"no field {name}"
    return found[1]


def test_todays_visits_stand_in_the_list_with_what_to_notice(desks: Desks) -> None:
    browser = desks.signed_in("sato")
    assert "まだどなたも" in browser.get("/staff/today").text
    _comes(desks.club, joins(desks.club))
    page = browser.get("/staff/today").text
    assert "さくら様" in page
    assert "はじめてのご来店" in page
    assert "はじめの一杯" in page
    assert "ひとこと送る" not in page
    assert "さくら様" in browser.get("/staff/today/list").text


def test_visits_at_another_store_are_not_shown(desks: Desks) -> None:
    browser = desks.signed_in("sato", store="kawabe")
    _comes(desks.club, joins(desks.club), store="ekimae")
    assert "さくら様" not in browser.get("/staff/today").text


def test_who_came_back_is_praised_at_one_tap_and_only_once(desks: Desks) -> None:
    browser = desks.signed_in("sato")
    member = joins(desks.club, days_ago=200)
    _comes(desks.club, member, days_ago=90)
    _comes(desks.club, member)
    page = browser.get("/staff/today").text
    assert "90日ぶり" in page
    assert "LINE 1通" in page
    number, key = _field(page, "number"), _field(page, "key")
    for _ in range(2):
        done = browser.post("/staff/today/praise", number=number, key=key)
        assert done.headers["Location"].endswith("done=praised")
    # Who looks after that sees it, and words nothing in vain; a page from before is told.
    page = browser.get("/staff/today").text
    assert ("ひとこと送信済み" in page, "ひとこと送る" in page) == (True, False)
    again = browser.post("/staff/today/praise", number=number, key=key[:-1] + "x")
    assert again.headers["Location"].endswith("no=praise_again")
    assert queued(desks.club) == ["praise"]
    assert "ひとことを送りました" in browser.get("/staff/today?done=praised").text


def test_nobody_is_praised_for_nothing(desks: Desks) -> None:
    browser = desks.signed_in("sato")
    member = joins(desks.club)
    _comes(desks.club, member)
    for number in ("0000000000", "", "x"):
        done = browser.post("/staff/today/praise", number=number, key="k")
        assert done.headers["Location"].endswith("no=praise_gone")
    assert queued(desks.club) == []


def test_a_name_cannot_bring_its_own_html(desks: Desks) -> None:
    browser = desks.signed_in("sato")
    _comes(desks.club, joins(desks.club, "<script>x</script>"))
    assert "<script>x" not in browser.get("/staff/today").text


def test_the_pages_are_for_those_who_are_signed_in_and_need_the_token(desks: Desks) -> None:
    stranger = desks.browser()
    for path in ("/staff/today", "/staff/today/list", "/staff/inbox"):
        assert "/staff/login" in stranger.get(path).headers["Location"]
    browser = desks.signed_in("sato")
    browser.csrf = "wrong"
    assert browser.post("/staff/today/praise", number="1", key="k").status_code == 400
    assert browser.post("/staff/inbox/x/1", how="close", key="k").status_code == 400


def test_who_manages_is_told_of_the_months_messages_until_somebody_has_seen_it(
    desks: Desks,
) -> None:
    now = desks.club.now()
    with desks.club.store.begin() as uow:
        place = Sighting(now, now.date(), None, None, None)
        short = Flag("quota_short", "quota:short", details={"count": 7, "journeys": "lapsed rank"})
        assert flags.add(uow, [short], place) == 1
    boss, staff = desks.signed_in("boss", "manager"), desks.signed_in("sato")
    assert "予定のお知らせに7通足りません" in boss.get("/staff/today").text
    assert "足りません" not in staff.get("/staff/today").text
    with desks.club.store.begin() as uow:
        [seen] = flags.of_the_club(uow, limit=9)
        flags.mark_seen(uow, seen.id, store="ekimae", by=1, at=now)
    assert "足りません" not in boss.get("/staff/today").text


def test_answers_that_reached_nobody_are_told_with_why(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    assert "届かなかった" not in browser.get("/staff/today").text
    ends = ("too_late", "too_late", "unknown", "ValueError")
    with club.store.begin() as uow:
        arrived = [ArrivedEvent(f"e{n}", USER, "{}") for n in range(len(ends))]
        webhook_events.store(uow, arrived, at=club.now())
        for n, why in enumerate(ends):
            webhook_events.close(uow, f"e{n}", unsaid=why)
    page = browser.get("/staff/today/list").text
    assert "届かなかったものが4件" in page
    assert "間に合わなかった：2件" in page
    assert "こちらの不具合：1件、届いたか分からない：1件" in page


def test_the_day_is_counted_whole_with_yen_rewards_and_who_took_back(desks: Desks) -> None:
    """Of the own store alone, without what was undone, and more visits than the list shows."""
    counter, far = counter_of(desks), counter_of(desks, store="kawabe", who="ken")
    boss = desks.signed_in("tencho", "manager")
    first, second, third = (counter.joins(name) for name in ("さくら", "はな", "りん"))
    counter.scans(first, amount=1_200)
    counter.scans(second, amount=800)
    far.scans(third, amount=5_000)
    undone = counter.scans(third, amount=300, code=third.number)
    back = {"action": undone["action"], "undoId": str(uuid4()), "memberNumber": third.number}
    assert of(Counter(desks, boss).posts("undo", back))["tone"] == "good"
    with counter.club.store.read() as uow:
        seq = history.latest(uow, first.id, limit=1)[0].seq
    back = {"seq": str(seq), "yen": "200", "key": str(uuid4())}
    assert boss.post(f"/staff/members/{first.number}/return", **back).status_code == 303
    page = boss.get("/staff/today").text
    told = re.findall(r"<strong[^>]*>([\d,]+)</strong>([^<]+)", page)
    figures = {what.strip(): count for count, what in told}
    assert figures["件のご来店"] == "2"
    assert figures["名がはじめて"] == "2"
    assert figures["円のお会計"] == "1,800"
    assert figures["件の特典"] == "0"
    assert figures["件の取り消し"] == "1"
    assert re.search("取り消し：.+ 1件", page)
    assert "取り消し：" not in counter.browser.get("/staff/today").text


def test_a_word_is_read_before_it_goes_and_may_be_worded_anew(desks: Desks) -> None:
    """In the member's language; also thanks for a first visit."""
    browser, club = desks.signed_in("sato"), desks.club
    member = joins(club, days_ago=200)
    _comes(club, member, days_ago=90)
    _comes(club, member)
    _comes(club, joins(club, "Hana", "U" + "2" * 32))
    page = browser.get("/staff/today").text
    assert "スタッフ一同とてもうれしかったです" in page
    assert "駅前店スタッフ一同より" in page
    assert "お礼を送る" in page
    assert "はじめてお越しくださり" in page
    numbers = re.findall(r'name="number" value="(\d+)"', page)
    first = card_at(club, member)
    other = next(number for number in numbers if number != first)
    sent = {"number": first, "text": "髪型、\r\nとてもお似合いでした。", "key": str(uuid4())}
    assert browser.post("/staff/today/praise", **sent).location.endswith("done=praised")
    assert said_to(club) == {"髪型、\nとてもお似合いでした。"}
    long = {"number": other, "text": "あ" * 301, "key": str(uuid4())}
    assert browser.post("/staff/today/praise", **long).location.endswith("no=praise_too_long")
    thanks = {"number": other, "text": "", "key": str(uuid4())}
    assert browser.post("/staff/today/praise", **thanks).location.endswith("done=praised")
    assert said_to(club) == {"髪型、\nとてもお似合いでした。", ""}


def card_at(club: Club, member_id: int) -> str:
    with club.store.read() as uow:
        member = members.get(uow, member_id)
    assert member is not None
    return member.number


def said_to(club: Club) -> set[str]:
    with club.store.read() as uow:
        praised = select(outbox.c.say).where(outbox.c.journey == "praise")
        return {json.loads(message).get("text", "") for message in uow.run(praised).scalars()}
