"""The page of badges."""

from flask.testing import FlaskClient

from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.sections.conftest import is_in, read, sends
from tests.rules.examples import LEAST, WELCOME


def test_badges_say_when_they_were_earned_or_what_earns_them_and_which_is_nearest(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    cafe.visits(member_id)
    for _ in range(8):
        cafe.passes(days=1)
        cafe.visits(member_id)
    answer = browser.get("/card/badges")
    said = read(answer)
    nearest = said.partition("つぎのバッジ ")[2]
    assert nearest.startswith("🎉 10杯めの乾杯 ご来店10回 9 / 10")
    assert "はじめの一杯 はじめてのご来店 1月5日" in said
    assert "いつもの席 ご来店50回 9 / 50" in said
    assert "ひみつのバッジもあります" in said
    [shelf] = {
        part.partition('"')[0] for part in answer.text.split('src="') if "/images/" in part[:9]
    }
    assert shelf.startswith("/images/badges/")
    cafe.passes(days=1)
    cafe.visits(member_id)
    assert "10杯めの乾杯 ご来店10回 1月14日" in read(browser.get("/card/badges"))


def test_a_club_without_badges_and_rewards_says_so(cafe: SmallClub, browser: FlaskClient) -> None:
    cafe.publishes(LEAST + WELCOME)
    is_in(cafe, browser)
    assert "バッジはこれから始まります" in read(browser.get("/card/badges"))
    assert "いまは特典のご用意がありません" in read(browser.get("/card/rewards"))
    assert "お買い上げ" not in read(browser.get("/card/history"))


def test_the_fan_steps_are_begun_and_left_on_the_page(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    assert (
        "ファン認定ステップ" not in read(browser.get("/card/badges")).partition("つぎのバッジ")[0]
    )
    for _ in range(3):
        cafe.visits(member_id)
        cafe.passes(days=1)
    page = browser.get("/card/badges")
    assert "ご自由にどうぞ" in read(page)
    assert "ステップ開始後のご来店 プロフィールのご登録" in read(page), "before they begin, too"
    for _ in range(2):
        said = read(sends(browser, page.text, "/card/badges/fan-steps", begin="1"))
        assert "ファン認定ステップをはじめました" in said
    assert "ファンの認定まで、あと3つです" in said
    assert "⬜ ステップ開始後のご来店 これから" in said
    assert "ファン認定ステップ 0/3" in read(browser.get("/card"))
    cafe.visits(member_id)
    page = browser.get("/card/badges")
    assert "✅ ステップ開始後のご来店 済み" in read(page)
    left = read(sends(browser, page.text, "/card/badges/fan-steps", begin="0"))
    assert "いつでもここから始められます" in left
    assert "ファン認定ステップ 1/3" not in read(browser.get("/card"))
