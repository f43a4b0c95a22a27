"""The page of what is held, and the same as files."""

import csv
import io
import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from bot.codes import RewardUse
from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from bot.store.history.reward_codes import SEALED_FOR
from bot.store.members import line_accounts, profiles
from bot.store.members.profiles import Profile
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from handlers.actions.counter.redeem import redeem
from handlers.actions.programme.reward_codes import add_codes
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request, record
from handlers.showing.card_links import card_link
from rules.activity import Adjustment, Purchase
from tests.handlers.actions.events.occasions import opened, signs_up, sitting_at
from tests.handlers.clubs import DAY, SmallClub
from tests.handlers.pages.card.conftest import SAKURA
from tests.handlers.pages.card.sections.conftest import is_in, read
from tests.rules.examples import CAFE, changed

WITH_CODES = changed(CAFE, ("value_yen = 100\n", "value_yen = 100\ncodes = { low = 1 }\n"))
KNOWN = Profile("石井 遥", "イシイ ハルカ", "+819012345678", "窓ぎわの席がお好き")
KAEDE = "U" + "2" * 32
_FILES = ("/card/data/my-data.json", "/card/data/my-data.csv")


@pytest.fixture
def known(cafe: SmallClub, browser: FlaskClient) -> int:
    """Somebody of whom there is something of all kinds."""
    member_id = is_in(cafe, browser)
    cafe.visits(member_id)
    with cafe.work() as work:
        profiles.put(work.uow, member_id, KNOWN, at=work.now)
        bought = Request(member_id, Purchase(1_250), work.now, "ekimae")
        record(work.acting("staff").under(cafe.key()), bought)
        for n, words in enumerate(('=HYPERLINK("https://x","賞品")', "傘を忘れました\n赤い傘です")):
            told = ChatText(words, SAKURA, work.now)
            inbox.add(work.uow, told, key=f"k{n}", kind="message", member_id=member_id)
        review = Review(member_id, 1, 4, "香りがすてき", work.now, work.day, "counted")
        reviews.put(work.uow, review)
    return member_id


def test_all_that_is_held_is_shown(browser: FlaskClient, known: int) -> None:
    said = read(browser.get("/card/data"))
    for words in (
        KNOWN.name,
        KNOWN.kana,
        "090-1234-5678",
        KNOWN.note,
        "さくら",
        "ポイントのため",
        "2件",
    ):
        assert words in said
    letters = read(browser.get("/card/data/letters"))
    assert "赤い傘です" in letters
    assert "★★★★☆ 香りがすてき" in letters
    assert "もっと前" not in letters


def test_a_code_for_the_web_shop_is_taken_along(cafe: SmallClub, browser: FlaskClient) -> None:
    cafe.publishes(WITH_CODES)
    member_id = is_in(cafe, browser)
    sealed = [cafe.club.codes.seal(SEALED_FOR, "SPRING-1")]
    with cafe.work(Actor(1, "Boss", "owner", "ekimae"), key="test:codes") as work:
        add_codes(work, "off_100", sealed)
    with cafe.work("staff", key="test:rich") as work:
        record(work, Request(member_id, Adjustment(300), work.now))
    with cafe.work("member", key="test:code") as work:
        assert redeem(work, member_id, RewardUse("off_100"), at=work.now).done
    # The file has it for good, also when no page shows it any more.
    cafe.passes(days=200)
    is_in(cafe, browser)
    data, table = (browser.get(path).text for path in _FILES)
    assert json.loads(data)["codes"] == [
        {"given_on": "2026-01-05", "reward": "100円引き", "code": "SPRING-1"}
    ]
    assert ["ネットショップのコード", "2026-01-05", "100円引き", "SPRING-1"] in [
        row[:4] for row in csv.reader(io.StringIO(table))
    ]


def test_the_file_for_programs_holds_it_all_by_name(
    cafe: SmallClub, browser: FlaskClient, known: int
) -> None:
    answer = browser.get(_FILES[0])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data-2026-01-05.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    whole = json.loads(answer.data)
    assert [each["kind"] for each in whole["consents"]] == ["purpose"]
    assert whole["person"]["name"] == KNOWN.name
    assert whole["person"]["staff_note"] == KNOWN.note
    assert whole["membership"]["points"] == cafe.balance(known)
    assert sum(lot["left"] for lot in whole["points"]) == cafe.balance(known)
    assert sum(each["points"] or 0 for each in whole["history"]) == cafe.balance(known)
    assert [each["yen"] for each in whole["history"]] == [None, None, 1_250]
    assert [each["words"] for each in whole["reviews"]] == ["香りがすてき"]
    assert [each["text"] for each in whole["letters"]][1].startswith("傘を忘れました")


def test_the_files_hold_what_they_signed_up_for(
    cafe: SmallClub, browser: FlaskClient, known: int
) -> None:
    event = opened(cafe, sitting_at(cafe.now + 14 * DAY))
    signs_up(cafe, known, event)
    [told] = json.loads(browser.get(_FILES[0]).data)["events"]
    assert (told["event"], told["state"], told["by"]) == ("春の豆の試食会", "taken", "chat")
    rows = list(csv.reader(io.StringIO(browser.get(_FILES[1]).data.decode("utf-8-sig"))))
    [row] = [each for each in rows if each[0] == "イベント"]
    assert row[2] == "春の豆の試食会"
    assert "お席をご用意しています" in row[3]


def test_the_table_opens_in_a_spreadsheet_and_holds_no_formula(
    browser: FlaskClient, known: int
) -> None:
    answer = browser.get(_FILES[1])
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data-2026-01-05.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {6}
    assert [
        "ご利用",
        "2026-01-05",
        "お買い物 1,250円",
        "駅前店",
        "1250",
        rows[1 + [r[2] for r in rows[1:]].index("お買い物 1,250円")][5],
    ] in rows
    assert not [cell for row in rows for cell in row[:4] if cell.startswith(("=", "+", "-", "@"))]
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)


def test_who_shares_a_card_takes_nothing_along_of_whose_it_is(
    cafe: SmallClub, browser: FlaskClient, known: int
) -> None:
    with cafe.work() as work:
        line_accounts.ensure(work.uow, KAEDE, display_name="かえで", language="ja", at=work.now)
        line_accounts.link(work.uow, KAEDE, known)
    other = browser.application.test_client()
    link = card_link(cafe.club, cafe.member(known), account=KAEDE)
    other.get(link.removeprefix(cafe.club.base_url))
    for path in ("/card/data", "/card/data/letters", *_FILES):
        shown = other.get(path).data.decode()
        hidden = (
            KNOWN.name, KNOWN.kana, "1234-5678", KNOWN.note, "傘", "さくら", "香り",
            "利用目的のご案内", "wording",
        )  # fmt: skip
        assert not [each for each in hidden if each in shown], path
    assert "かえで" in other.get("/card/data").text


def test_lines_own_browser_which_can_save_nothing_is_led_to_the_phones(
    cafe: SmallClub, browser: FlaskClient, known: int
) -> None:
    in_line = {"User-Agent": "Mozilla/5.0 (iPhone) AppleWebKit/605 Safari Line/15.0.0"}
    page = browser.get("/card/data", headers=in_line).text
    assert "my-data" not in page
    for path in _FILES:
        assert browser.get(path, headers=in_line).location == "/card/data"
    [link] = re.findall(r'href="([^"]*openExternalBrowser=1[^"]*)"', page)
    phones = browser.application.test_client()
    opened = phones.get(unescape(link).removeprefix(cafe.club.base_url))
    assert opened.location == "/card/data"
    assert "my-data" in phones.get("/card/data").text
    assert phones.get(_FILES[0]).status_code == 200
