"""What members are written by themselves: travelled to, read on the phone, tapped."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.passwords import hashed
from bot.store.finding.results import journey_counts
from bot.store.members import profiles
from bot.store.members.profiles import Profile
from bot.store.staff import staff
from handlers.actions.heard.contacting import Deed, note_contact
from handlers.actions.members.membership import change_membership
from handlers.actions.members.sms_consent import SmsConsent, agree_to_sms
from handlers.showing.call_list import waiting_for_a_call
from rules.activity import Membership
from rules.shop import next_month
from tests.handlers.clubs import DESK
from tests.handlers.letters import unanswered
from tests.handlers.pages.staff.conftest import PASSWORD, Browser
from tests.journeys.town import Customer, Said, Town, town
from tests.rules.examples import CAFE

GIFT = "おかえりなさいの焼き菓子"


@pytest.fixture
def cafe(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café that ships, which holds nobody back; on the first of a month."""
    text = CAFE.replace("[[journeys]]\nkind", "[[journeys]]\nholdout = 0\nkind")
    path = tmp_path / "program.toml"
    path.write_text(text, encoding="utf-8")
    with town(database_url, tmp_path, programme=str(path)) as running:
        running.opens()
        yield running


def regular(town: Town, name: str = "さくら", language: str = "ja") -> Customer:
    """Somebody who has a card and came once, today."""
    someone = town.newcomer(name, language)
    someone.follows()
    someone.opens(town.counter_link())
    return someone


def picture_on(town: Town, said: Said) -> tuple[str, str]:
    """The picture on top of what came, fetched: its kind, and what it is of."""
    url = said.messages[0]["contents"]["hero"]["url"]
    kind, token = url.removesuffix(".jpg").split("/")[-2:]
    what = town.club.codes.read_picture(kind, token)
    assert what is not None
    assert town.http.get(urlsplit(url).path).content_type == "image/jpeg"
    return what.kind, what.detail.split()[0]


def test_two_months_away_the_gift_is_promised_once_and_given_at_the_next_scan(cafe: Town) -> None:
    sakura = regular(cafe)
    cafe.skips(days=57)
    cafe.travels(days=10)
    said = sakura.reads()
    assert said.text.count(GIFT) >= 1
    assert len(said.messages) == 1
    assert picture_on(cafe, said) == ("greeting", "comeback")
    assert sakura.taps(said.data("do=card")).messages
    cafe.travels(days=6)
    assert sakura.reads().messages == []
    assert GIFT in sakura.opens(cafe.counter_link())
    assert [voucher.reward for voucher in sakura.member.facts.vouchers] == ["welcome_back"]
    cafe.travels(days=1)
    assert GIFT not in sakura.opens(cafe.counter_link())
    assert cafe.adds_up()


def test_the_birth_month_is_wished_once_and_its_pudding_is_there(cafe: Town) -> None:
    sakura = regular(cafe)
    month = next_month(next_month(cafe.today()))
    sakura.writes("誕生日")
    told = sakura.writes(f"{month.month}月12日")
    sakura.taps(told.data("do=birthday&save"))
    assert sakura.member.facts.birthday is not None
    cafe.skips_to_day(month - timedelta(days=3))
    cafe.travels_to_day(month - timedelta(days=1))
    assert "お誕生月" not in sakura.reads()
    cafe.travels_to_day(month + timedelta(days=3))
    said = sakura.reads()
    assert sum("お誕生月" in str(message) for message in said.messages) == 1
    assert picture_on(cafe, said) == ("greeting", "birthday")
    for brought in ("おめでとうございます", "100ポイント", "お誕生月の焼きプリン", "2倍"):
        assert brought in said
    assert "お誕生月の焼きプリン" in sakura.taps(said.data("do=rewards"))
    cafe.skips_to_day(month + timedelta(days=16))
    cafe.travels_to_day(month + timedelta(days=27))
    # The pudding is remembered once before it goes; the wish is not repeated.
    later = sakura.reads()
    assert "おめでとう" not in later
    assert sum("お誕生月の焼きプリン" in str(message) for message in later.messages) == 1
    assert cafe.adds_up()


def test_after_the_first_visit_a_word_comes_in_english_too(cafe: Town) -> None:
    emma = regular(cafe, "Emma", "en")
    cafe.travels(days=6)
    said = emma.reads()
    assert len(said.messages) == 1
    assert not any("ぁ" <= letter <= "ん" for letter in said.text)
    assert emma.taps(said.data("do=card")).messages


def test_who_came_again_is_not_told_of_a_first_visit(cafe: Town) -> None:
    sakura = regular(cafe)
    cafe.travels(days=2)
    sakura.opens(cafe.counter_link())
    cafe.travels(days=5)
    assert sakura.reads().messages == []


def test_who_pauses_left_blocked_us_or_the_topic_hears_nothing(cafe: Town) -> None:
    pausing, gone, deaf, silent = (regular(cafe, name) for name in ("あ", "い", "う", "え"))
    now = cafe.club.now()
    states: tuple[tuple[Customer, Membership], ...] = ((pausing, "paused"), (gone, "left"))
    for who, state in states:
        with cafe.club.work("staff", key=f"m:{state}") as work:
            change_membership(work, who.member.id, state, at=now)
    deaf.blocks()
    for topic in ("comeback", "visits"):
        silent.taps(f"do=topics&topic={topic}&on=0")
    cafe.skips(days=57)
    cafe.travels(days=10)
    for who in (pausing, gone, deaf, silent):
        assert GIFT not in who.reads()


def test_an_sms_reaches_who_blocked_us_and_agreed_and_its_link_stops_them(cafe: Town) -> None:
    sakura = regular(cafe)
    member, now = sakura.member.id, cafe.club.now()
    phone = cafe.simulator.phone_number(sakura.user_id)
    with cafe.club.work() as work:
        profiles.put(work.uow, member, Profile(phone=phone), at=now)
        agree_to_sms(work, member, SmsConsent(work.now, "counter", "SMSでも"))
    sakura.blocks()
    cafe.skips(days=57)
    cafe.travels(days=10)
    texts = [line for line in cafe.simulator.lines(sakura.user_id) if line.via == "sms"]
    assert len(texts) == 1
    words = str(texts[0].body["text"])
    assert GIFT in words
    assert cafe.club.timeline().latest.programme.shop.legal_name in words
    link = next(word for word in words.split() if "/s/" in word)
    path = urlsplit(link).path
    assert "停止しますか" in cafe.http.get(path).text
    assert "停止しました" in cafe.http.post(path).text
    cafe.skips(days=20)
    cafe.travels(days=10)
    later = [line for line in cafe.simulator.lines(sakura.user_id) if line.via == "sms"]
    assert len(later) == 1
    assert cafe.adds_up()


def test_at_the_end_of_a_month_one_more_visit_is_pointed_out_once_in_time(cafe: Town) -> None:
    sakura = regular(cafe)
    cafe.travels(days=1)
    sakura.opens(cafe.counter_link())
    assert sakura.member.facts.visits == 2
    ends = next_month(cafe.today())
    cafe.travels_to_day(ends - timedelta(days=12))
    sakura.reads()
    cafe.travels_to_day(ends - timedelta(days=2))
    said = sakura.reads()
    assert [("あと1回" in str(message)) for message in said.messages] == [True]
    assert "do=rank" in said.data("do=rank")
    assert "ブロンズ" in sakura.opens(cafe.counter_link())
    cafe.travels(days=1)
    assert "あと1回で" not in sakura.reads()
    assert cafe.adds_up()


ASK_WHY = """
[[journeys]]
kind = "ask_why"
holdout = 0
days = 40
call_days = 7
visits_min = 2
"""


@pytest.fixture
def asking(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café that asks those who stay away, and is otherwise quiet."""
    path = tmp_path / "program.toml"
    quiet = "".join(
        f'[[journeys]]\nkind = "{kind}"\noff = true\n'
        for kind in ("birthday", "lapsed", "one_short", "first_visit")
    )
    path.write_text(CAFE.partition("\n[[journeys]]")[0] + ASK_WHY + quiet, encoding="utf-8")
    with town(database_url, tmp_path, programme=str(path)) as running:
        running.opens()
        yield running


def hires(town: Town) -> None:
    with town.club.store.begin() as uow:
        person = staff.add(
            uow, login="mori", name="森", role="staff", store="ekimae", language="ja",
            at=datetime.now(UTC),
        )  # fmt: skip
        assert person is not None
        staff.change(uow, person.id, password_hash=hashed(PASSWORD))


def test_who_stays_away_is_called_then_asked_and_what_was_amiss_reaches_the_staff(
    asking: Town,
) -> None:
    sakura = regular(asking)
    asking.travels(days=1)
    sakura.opens(asking.counter_link())
    assert waiting_for_a_call(asking.club) == []
    # New Year's holidays may be among them, which don't count.
    asking.skips(days=38)
    asking.travels(days=7)
    sakura.reads()
    assert [each.member.id for each in waiting_for_a_call(asking.club)] == [sakura.member.id]
    asking.travels(days=9)
    said = sakura.reads()
    assert len(said.messages) == 1
    question = sakura.taps(said.data("do=survey"))
    points = sakura.member.facts.balance
    sorry = sakura.taps(question.data("do=survey&reason=service"))
    assert "申し訳ありません" in sorry
    sakura.writes("珈琲がぬるい日がつづきました")
    with asking.club.store.read() as uow:
        letters = unanswered(uow)
    assert {(letter.kind, letter.complaint) for letter in letters} == {("survey", True)}
    assert [letter.text for letter in letters] == [
        "商品・サービスが気になる", "珈琲がぬるい日がつづきました",
    ]  # fmt: skip
    desk = Browser(asking.http.application.test_client())
    hires(asking)
    assert desk.logs_in("mori").status_code == 303
    page = desk.get("/staff/inbox").text
    assert "珈琲がぬるい日がつづきました" in page
    assert "苦情" in page
    assert sakura.member.facts.balance == points
    assert waiting_for_a_call(asking.club) == []
    asking.skips(days=50)
    asking.travels(days=10)
    assert "お聞かせください" not in sakura.reads()
    assert asking.adds_up()


def test_who_was_spoken_with_is_not_asked(asking: Town) -> None:
    sakura = regular(asking)
    asking.travels(days=1)
    sakura.opens(asking.counter_link())
    asking.skips(days=38)
    asking.travels(days=7)
    sakura.reads()
    assert [each.member.id for each in waiting_for_a_call(asking.club)] == [sakura.member.id]
    with asking.club.work(DESK, key="call") as work:
        note_contact(work, Deed(sakura.member.id, "called"))
    assert waiting_for_a_call(asking.club) == []
    sakura.opens(asking.counter_link())
    asking.travels(days=9)
    assert "お聞かせください" not in sakura.reads()
    # Whom the call brought counts on the side that was called.
    asking.skips(days=58)
    with asking.club.store.read() as uow:
        now, window = asking.club.now(), timedelta(days=60)
        name = "journey:ask_why"
        (side,) = journey_counts(uow, name, window=window, since=None, now=now).sides
    assert (side.arm in {"a", "b"}, side.sent) == (True, 0)
    assert (side.sums.episodes, side.sums.came) == (1, 1)
