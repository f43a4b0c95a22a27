"""Whom no message reaches is warned of points by the counter's result and by their own card: signed
webhooks, the counter's page, a browser, and the nights between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.store.history import ledger, programs
from handlers.actions.calendar.expire import UNWARNED
from handlers.showing.card_links import card_link
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.conftest import SUNDAY
from tests.journeys.town import Customer, Town, town
from tests.rules.examples import CAFE, changed

BY_LOT = '{ kind = "lot", months = 2, month_end = false, warn_days = [14] }'
#: They join on Sunday, 15 November 2037: a word is owed from 1 January, and on the 15th it is over.
OWED, ENDS, UNSEEN = 47, 61, 90


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café whose points last two months, with one warning."""
    with town(database_url, tmp_path) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        text = changed(CAFE, ('{ kind = "inactivity", months = 12, warn_days = [60, 14] }', BY_LOT))
        with running.club.store.begin() as uow:
            programs.publish(uow, text, since=running.club.now())
        running.simulator.set_offset(running.simulator.offset() + timedelta(seconds=1))
        running.club.programmes.forget()
        yield running


def lasts(shop: Town, member_id: int) -> bool:
    """Whether what they were given at joining is still there."""
    with shop.club.store.read() as uow:
        return 1 in [lot.no for lot in ledger.open_lots(uow, member_id)]


def unwarned(counter: Counter) -> int:
    return sum(entry.action == UNWARNED for entry in counter.desks.logged())


def silent(shop: Town) -> Customer:
    """Somebody who wants to hear nothing of points."""
    person = shop.newcomer()
    person.follows()
    person.taps("do=topics&topic=points&on=0")
    return person


def test_the_counters_result_is_a_warning(shop: Town, counter: Counter) -> None:
    on_paper, never_seen = counter.joins(), counter.joins()
    shop.skips(days=OWED - 1)
    assert "1月14日" in counter.scans(on_paper)["member"]["expiring"]
    shop.skips(days=1)
    assert "50ポイントの期限は1月14日です" in counter.scans(on_paper)["member"]["expiring"]
    shop.skips(days=ENDS - OWED - 1)
    shop.travels(days=0.1)
    assert lasts(shop, on_paper.id)
    shop.travels(days=1)
    assert not lasts(shop, on_paper.id)
    assert unwarned(counter) == 0
    # Nobody has told the other.
    assert lasts(shop, never_seen.id)
    shop.skips(days=UNSEEN - ENDS - 1)
    shop.travels(days=0.1)
    assert lasts(shop, never_seen.id)
    shop.travels(days=1)
    assert not lasts(shop, never_seen.id)
    assert unwarned(counter) == 1
    assert shop.adds_up()


def test_it_says_nothing_of_whoever_is_written_to(shop: Town, counter: Counter) -> None:
    member = counter.joins("さくら")
    shop.skips(days=OWED)
    assert counter.scans(member)["member"]["expiring"] == ""


def test_a_scan_that_was_kept_tells_nobody(shop: Town, counter: Counter) -> None:
    member = counter.joins()
    shop.skips(days=OWED)
    now = shop.club.now() - shop.club.clock.travelled()
    times = {"at": now - timedelta(hours=3), "sentAt": now}
    kept = {name: at.isoformat() for name, at in times.items()}
    assert counter.scans(member, offline=True, **kept)["member"]["expiring"] == ""
    shop.skips(days=ENDS - OWED)
    shop.travels(days=0.1)
    assert lasts(shop, member.id)


def test_whoever_joins_reads_the_terms(shop: Town, counter: Counter) -> None:
    for read in (
        shop.newcomer().follows().text,
        counter.browser.get("/staff/members/new").text,
    ):
        assert "差し上げた日から2か月間お使いいただけます" in read
        assert "（お届けできず、90日お会いできないときを除きます）" in read


@pytest.mark.parametrize("word", ["カード", "ポイント"])
def test_ones_own_card_in_the_chat_is_a_warning(shop: Town, word: str) -> None:
    person = silent(shop)
    shop.skips(days=OWED)
    assert "1月14日" in person.writes(word)
    shop.skips(days=ENDS - OWED)
    shop.travels(days=0.1)
    assert not lasts(shop, person.member.id)
    assert shop.adds_up()


def test_ones_own_page_is_a_warning(shop: Town) -> None:
    seen, unseen = silent(shop), silent(shop)
    shop.skips(days=OWED)
    link = urlsplit(card_link(shop.club, seen.member)).path
    page = shop.http.get(link, follow_redirects=True)
    assert "50ポイントの期限は1月14日" in page.text
    shop.skips(days=ENDS - OWED)
    shop.travels(days=0.1)
    assert not lasts(shop, seen.member.id)
    assert lasts(shop, unseen.member.id)


def test_whoever_comes_back_to_line_three_days_before_is_written_to_first(shop: Town) -> None:
    person = shop.newcomer()
    person.follows()
    person.blocks()
    shop.skips(days=UNSEEN - 3)
    shop.travels(days=0.1)
    person.follows()
    shop.travels(days=1)
    assert "有効期限は" in person.reads()
    shop.travels(days=13)
    assert lasts(shop, person.member.id)
    shop.travels(days=1)
    assert not lasts(shop, person.member.id)
