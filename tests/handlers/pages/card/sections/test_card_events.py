"""Events on the member's own page: signed up for with two taps, given up, and offers answered."""

from flask.testing import FlaskClient

from handlers.actions.recording.record import Request, carry_out
from handlers.jobs.events.upkeep import run_if_due
from rules.activity import Subscribed
from tests.handlers.actions.events.occasions import (
    gives_up,
    opened,
    place_of,
    signs_up,
    sitting_at,
    steps_on,
)
from tests.handlers.actions.events.test_signing_up import user
from tests.handlers.clubs import DAY, SmallClub
from tests.handlers.pages.card.sections.conftest import form, is_in, read, sends
from tests.rules.examples import BEANS, CAFE


def test_a_place_is_taken_and_given_up(cafe: SmallClub, browser: FlaskClient) -> None:
    me = is_in(cafe, browser)
    event = opened(cafe, sitting_at(cafe.now + 14 * DAY, places=1))
    page = browser.get("/card/events")
    assert "残り1席" in read(page)
    for _ in range(2):
        said = read(sends(browser, page.text, "/card/events/join"))
        assert "お席をご用意しました" in said
    assert place_of(cafe, me, event).via == "card"
    asked = sends(browser, browser.get("/card/events").text, "/card/events/leave")
    assert "キャンセルしますか" in read(asked)
    assert place_of(cafe, me, event).state == "taken"
    assert "取り消しました" in read(sends(browser, asked.text, "/card/events/leave"))
    assert place_of(cafe, me, event).state == "declined"


def test_an_offer_is_answered_and_what_is_off_says_so(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    me, other = is_in(cafe, browser), cafe.joins(user(5))
    event = opened(cafe, sitting_at(cafe.now + 14 * DAY, places=1))
    signs_up(cafe, other, event)
    page = browser.get("/card/events").text
    assert "キャンセル待ちをする" in page
    assert "キャンセル待ちを承りました" in read(sends(browser, page, "/card/events/join"))
    gives_up(cafe, other, event)
    run_if_due(cafe.club)
    page = browser.get("/card/events").text
    assert "お席が空きました" in page
    taken = browser.post(
        "/card/events/offer", data=form(page, "/card/events/offer") | {"yes": "1"},
        follow_redirects=True,
    )  # fmt: skip
    assert "お席をご用意しています" in read(taken)
    steps_on(cafe, event, "cancel")
    run_if_due(cafe.club)
    assert "中止になりました" in read(browser.get("/card/events"))
    assert me != other


def test_what_is_not_for_them_is_not_shown_and_odd_forms_are_told_why(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    is_in(cafe, browser)
    opened(cafe, guests="lapsed")
    assert "いまご案内できるイベントはありません" in read(browser.get("/card/events"))
    opened(cafe)
    page = browser.get("/card/events").text
    said = sends(browser, page, "/card/events/join", event="abc")
    assert "ご案内を終えました" in read(said)


def test_who_comes_later_sees_until_when_they_wait(cafe: SmallClub, browser: FlaskClient) -> None:
    is_in(cafe, browser)
    first = {"guests": "ranks", "ranks": ["bronze"], "until": cafe.now + DAY}
    opened(cafe, first=first)
    page = browser.get("/card/events")
    assert "1月6日(火) 12:00までは、ブロンズファンの方の先行受付です。" in read(page)
    assert "あすの12:00からお申し込みいただけます" in read(page)
    assert "/card/events/join" not in page.text
    cafe.passes(days=1)
    page = browser.get("/card/events")
    assert "先行受付" not in read(page)
    assert "お席をご用意しました" in read(sends(browser, page.text, "/card/events/join"))


def test_a_perk_leads_to_the_event_that_it_is(cafe: SmallClub, browser: FlaskClient) -> None:
    me = is_in(cafe, browser)
    assert "ご利用いただける特典" not in read(browser.get("/card/rewards"))
    for _ in range(6):
        cafe.visits(me)
        cafe.passes(days=1)
    page = read(browser.get("/card/rewards"))
    assert "新しい豆をひとくち味見 カードをお見せください・月に1回" in page
    assert "試作メニューの試食会にご招待" in page
    assert "ただいまの予定はありません" in page
    event = opened(cafe, guests="ranks", ranks=["silver", "gold"])
    page = browser.get("/card/rewards").text
    assert f'href="/card/events#event-{event}"' in page
    assert f'id="event-{event}"' in browser.get("/card/events").text
    assert "ただいまの予定はありません" not in page


def test_what_a_subscription_brings_is_among_the_perks_while_it_runs(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    cafe.publishes(CAFE + BEANS)
    me = is_in(cafe, browser)
    with cafe.work("staff", key="test:begun") as work:
        begun = Subscribed("beans", until=work.day)
        assert carry_out(work, Request(me, begun, cafe.now)).done
    page = read(browser.get("/card/rewards"))
    assert "ご利用いただける特典" in page
    assert "豆の定期便：定期の方の価格 レジで10%引き" in page
    cafe.passes(days=1)
    assert "定期の方の価格" not in read(browser.get("/card/rewards"))
