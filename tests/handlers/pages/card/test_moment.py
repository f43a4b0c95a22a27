"""The moment after a scan, as the open page is told it."""

import base64
import re
from typing import Any

from flask.testing import FlaskClient

from bot.store.history import history
from handlers.actions.recording.record import Request, record
from rules.activity import Purchase
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.card.conftest import SAKURA, comes_in


def opened(browser: FlaskClient) -> str:
    """The mark that a page holds that is opened now."""
    return str(re.findall(r'data-mark="([^"]+)"', browser.get("/card").text)[0])


def asked(browser: FlaskClient, mark: str) -> Any:
    return browser.get("/card/state", query_string={"mark": mark}).get_json()


def buys(cafe: SmallClub, member_id: int, yen: int) -> None:
    with cafe.work() as work:
        what = Request(member_id, Purchase(yen), work.now, "ekimae")
        assert record(work.acting("staff").under(cafe.key()), what).done


def test_a_visit_with_its_amount_is_one_moment_and_told_once(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = cafe.joins(SAKURA)
    comes_in(cafe, browser, member_id)
    mark = opened(browser)
    # It stands in an address that logs keep.
    told = b"".join(
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in mark.split(".")
    )
    assert cafe.member(member_id).number.encode() not in told
    assert asked(browser, mark)["moment"] is None
    cafe.visits(member_id)
    visit = asked(browser, mark)["moment"]
    assert visit["points"] == "+20"
    buys(cafe, member_id, 2_400)
    told = asked(browser, mark)
    assert told["moment"]["points"] == f"+{cafe.balance(member_id) - 50}"
    assert told["points"] == str(cafe.balance(member_id))
    # Closed, the page holds the newer mark; and so does one that is opened now.
    assert asked(browser, told["mark"])["moment"] is None
    assert asked(browser, opened(browser))["moment"] is None


def test_what_is_taken_back_is_in_no_moment(cafe: SmallClub, browser: FlaskClient) -> None:
    member_id = cafe.joins(SAKURA)
    comes_in(cafe, browser, member_id)
    mark = opened(browser)
    cafe.visits(member_id)
    with cafe.store.read() as uow:
        [visit] = history.latest(uow, member_id, limit=1)
        key = history.key_of(uow, member_id, visit.seq)
    assert cafe.undoes(member_id, key).done
    assert asked(browser, mark)["moment"] is None


def test_a_rank_and_badges_that_were_reached_are_told(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = cafe.joins(SAKURA)
    comes_in(cafe, browser, member_id)
    moments = []
    for _ in range(5):
        mark = opened(browser)
        cafe.visits(member_id, at=cafe.passes(days=1))
        moments.append(asked(browser, mark)["moment"])
    assert any("昇格" in each["title"] for each in moments)
    assert sum("昇格" in each["title"] for each in moments) < 5
    assert any("バッジ" in line for each in moments for line in each["lines"])


def test_a_mark_that_is_not_of_this_card_says_nothing(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id, other = cafe.joins(SAKURA), cafe.joins("U" + "2" * 32)
    comes_in(cafe, browser, other)
    foreign = opened(browser)
    comes_in(cafe, browser, member_id)
    cafe.visits(member_id)
    for mark in ("", "made up", foreign):
        assert asked(browser, mark)["moment"] is None
