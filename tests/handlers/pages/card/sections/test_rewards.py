"""The page of rewards: what can be used now, what is missing, and giving to a good cause."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from bot.codes import RewardUse
from bot.store.history.reward_codes import SEALED_FOR
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.programme.reward_codes import add_codes
from handlers.actions.recording.actor import ApiClient
from handlers.actions.systems.reserving import ReserveRequest, reserve
from tests.handlers.clubs import DAY, DESK, SmallClub
from tests.handlers.pages.card.conftest import comes_in, member_with, state
from tests.handlers.pages.card.sections.conftest import form, is_in, read, sends
from tests.rules.examples import CAFE, changed

_GIVE, _CODE = "/card/rewards/give", "/card/rewards/code"


def test_what_can_be_had_leads_to_the_page_that_staff_scan(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 200)
    comes_in(cafe, browser, member_id)
    answer = browser.get("/card/rewards")
    said = read(answer)
    assert "いま200ポイントお持ちです。 レジで「使う」を押して" in said
    assert "本日の焼き菓子 プレゼント 150ポイント 使う" in said
    assert "3,000円以上のお買い物で 400ポイント あと200ポイント" in said
    assert "シルバーファン・ゴールドファン限定" in said
    uses = re.findall(r'href="(/card/tap/[^"]+)"', answer.text)
    assert len(uses) == 2
    page = browser.get(uses[1])
    assert page.status_code == 303
    assert state(browser, str(page.location)) == "ready"


def test_what_is_in_hand_and_what_was_promised_stand_first_with_their_last_day(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    for key in ("o", "p"):
        with cafe.work() as work:
            promise = Promise("lapsed", (work.now + 9 * DAY).date(), "welcome_back")
            offer(work.under(key), member_id, promise, at=work.now)
        if key == "o":
            cafe.visits(member_id, at=cafe.passes(minutes=1))
    said = read(browser.get("/card/rewards"))
    assert re.search(r"お手元の特典 .{2,30} お久しぶり.*1月18日まで 使う", said)
    assert "次のご来店でお渡しします" in said


def test_a_gift_to_others_is_asked_about_once_and_given_once(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 120)
    comes_in(cafe, browser, member_id)
    asked = sends(browser, browser.get("/card/rewards").text, _GIVE)
    assert "50ポイントを使います。残りは70ポイントになります。" in read(asked)
    assert cafe.balance(member_id) == 120
    for _ in range(2):
        given = sends(browser, asked.text, _GIVE)
        assert "お気持ちは、たしかにお届けします" in read(given)
        assert cafe.balance(member_id) == 70
    # Going back to that page with another wish in it is no second gift.
    other = form(asked.text, _GIVE) | {"reward": "cookie"}
    browser.post(_GIVE, data=other)
    assert cafe.balance(member_id) == 70


def test_a_reward_that_went_while_the_page_was_open_is_told(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 120)
    comes_in(cafe, browser, member_id)
    page = browser.get("/card/rewards").text
    asked = sends(browser, page, _GIVE).text
    cafe.publishes(changed(CAFE, ('kind = "charity"', 'kind = "charity"\nends = 2026-01-04')))
    for open_page in (page, asked):
        said = read(sends(browser, open_page, _GIVE))
        assert "お気持ちは" not in said
        assert cafe.balance(member_id) == 120
    [used] = re.findall(r'href="(/card/tap/[^"]+)"', page)
    assert browser.get(used).status_code == 303


def test_what_a_till_set_aside_while_the_page_was_open_is_to_be_had_from_a_time_on(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = member_with(cafe, 120)
    comes_in(cafe, browser, member_id)
    page = browser.get("/card/rewards").text
    asked = sends(browser, page, _GIVE).text
    till = ApiClient(1, "レジ", "ekimae")
    with cafe.club.work(till, key=till.key("sale")) as work:
        wanted = ReserveRequest(member_id, RewardUse("off_100"), "ekimae")
        assert reserve(work, wanted).refused is None
        until = work.programme.shop.local(work.now + timedelta(minutes=15))
    for open_page in (page, asked):
        said = read(sends(browser, open_page, _GIVE))
        assert f"きょうの{until:%-H:%M}からお使いいただけます" in said
    # Whoever types another time there reads nothing wild.
    odd = browser.get("/card/rewards?no=reward_reserved&again=9999-12-31T23:00:00%2B00:00")
    assert "あとでお使いいただけます" in read(odd)


def test_a_code_for_the_web_shop_is_asked_about_once_and_stands_there_to_be_copied(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    cafe.publishes(changed(CAFE, ("value_yen = 100\n", "value_yen = 100\ncodes = { low = 1 }\n")))
    with cafe.work(DESK, key="test:codes") as work:
        sealed = [cafe.club.codes.seal(SEALED_FOR, code) for code in ("SPRING-1", "SPRING-2")]
        assert add_codes(work, "off_100", sealed).refused is None
    member_id = member_with(cafe, 220)
    comes_in(cafe, browser, member_id)
    page = browser.get("/card/rewards").text
    asked = sends(browser, page, _CODE)
    assert "100ポイントを使います" in read(asked)
    for _ in range(2):
        done = sends(browser, asked.text, _CODE)
        assert "コードをお渡ししました。" in read(done)
        assert cafe.balance(member_id) == 120
    assert "SPRING-1" in read(done)
    assert "SPRING-2" not in read(done)
    assert 'data-copy="code-1"' in done.text
    # It is nothing to select for the counter.
    assert "100円引き" not in read(browser.get("/card/select"))
