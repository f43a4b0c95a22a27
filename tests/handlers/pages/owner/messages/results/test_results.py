"""What messages brought: the picture, the sentence, and the table."""

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.store.messages import journey_counts as kept
from handlers.actions.broadcasts.leading import send
from handlers.jobs.journeys.counting import JourneyCounting
from handlers.showing.journey_audience import journeys_to_queue
from handlers.showing.journey_counts import counted
from rules.journeys.counts import CountedJourney
from tests.handlers.broadcasting import OWNER, writes
from tests.handlers.clubs import SmallClub
from tests.handlers.commands.messages import Messages
from tests.handlers.pages.owner.messages.results.two_versions import JOURNEY, TWO, counts_all, read
from tests.handlers.pages.staff.conftest import Browser
from tests.journeys.counting import counting


def glance(page: str) -> list[str]:
    """What stands in the first row of the table."""
    part = page.partition('id="glance"')[2]
    row = part[part.index('<tr><th scope="row">') :].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    return [re.sub(r"<(a|small)\b.*?</\1>|<[^>]+>", "", each).strip() for each in cells]


def test_each_test_has_its_picture_and_says_what_the_command_says(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    first = read(owner.get("/owner/results").text)
    assert "件のお知らせを数えています" in first
    assert counts_all(shop) > 1
    page = read(owner.get("/owner/results").text)
    assert "数えています" not in page
    assert "横の線" in page
    told = messages.run("results", "--lang", "ja", "--journey", JOURNEY)
    sentences = [line.strip() for line in told.splitlines() if "100通につき" in line]
    assert sentences
    for sentence in sentences:
        assert sentence in page
    label = re.search(r'id="journey-first_visit".*?aria-label="(100通あたり[^"]*)"', page, re.S)
    assert label is not None
    low, high = re.findall(r"(\d+(?:\.\d)?)人", label[1])[1:]
    assert f"100通で{low}人増から{high}人増" in told


def test_versions_are_known_by_how_they_begin_and_what_they_cost_is_one_tap_away(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    assert "「b：またどうぞ」を全員に送る" in page
    assert 'href="/owner/costs">費用とポイントの残高を見る' in page


def test_at_a_glance_each_message_has_how_many_came_of_both_sides(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    # Of 40 held back and 40 that got a, ten came each; of 40 that got b, 35.
    assert glance(page)[:3] == ["効いています", "80回中45回（56%）", "40回中10回（25%）"]
    assert "ご来店をふやしたと分かっているのは、「はじめてのご来店のあと」です。" in page
    answer = owner.get("/owner/results/table.csv")
    assert answer.headers["Content-Disposition"].endswith("results.csv")
    head, row, *more = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert head[:4] == ["お知らせ", "効き目", "数える日数", "送る機会"]
    assert row[1:7] == ["効いています", "14", "80", "45", "40", "10"]
    about, low, high, sent, yen = map(float, row[7:])
    assert 0 < low < about < high
    assert (sent, yen) == (80, 240)
    assert not more


def test_as_long_as_nothing_is_known_who_came_is_counted_plainly_and_called_no_proof(
    shop: SmallClub, owner: Browser
) -> None:
    early = Messages(shop)
    early.people(9)
    early.fall_due([(arm, 0.3, n > 0) for arm in (None, "a", "b") for n in range(3)])
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    said = "「送る」になった6回のうち4回、「送らない」になった3回のうち2回です。"
    card = page.partition(f'id="journey-{JOURNEY}"')[2].partition("</section>")[0]
    [line] = re.findall(rf"<li>([^<]*{said}[^<]*)</li>", card)
    assert "お知らせのおかげとも、そうでないとも言えません" in line
    row = ["まだ何も言えません", "6回中4回（67%）", "3回中2回（67%）", "–", "6通で18円。"]
    assert glance(page) == row


def test_of_two_versions_of_which_one_was_never_drawn_nobody_hears_that_there_is_none(
    shop: SmallClub, owner: Browser
) -> None:
    shop.publishes(TWO.replace("measure_days", "holdout = 0\nmeasure_days"))
    alone = Messages(shop)
    alone.people(4)
    alone.fall_due([("a", 0.5, True)] * 4, share=0.0)
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    assert "文面2通りを比べますが、いままでにお送りしたのは、まだそのうちの1通りだけです。" in page
    assert "比べる相手がありません" not in page


def test_where_nothing_is_known_yet_nothing_is_explained_or_offered_by_it(
    shop: SmallClub, owner: Browser
) -> None:
    early = Messages(shop)
    early.people(6)
    early.fall_due([(arm, 0.3, True) for arm in (None, "a", "b") for _ in range(2)])
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    assert f'id="journey-{JOURNEY}"' in page
    assert "横の線" not in page
    assert "点線" not in page
    assert "を全員に送る" not in page


def test_what_was_counted_is_counted_again_the_next_day_alone(
    shop: SmallClub, messages: Messages
) -> None:
    first = counts_all(shop)
    assert counts_all(shop) == 0
    shop.passes(days=1)
    assert counts_all(shop) == first


def test_one_that_cannot_be_counted_keeps_no_other_from_it(
    shop: SmallClub, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_for_one(*args: Any, **more: Any) -> Iterator[CountedJourney]:
        if args[2][0].id == first:
            raise ZeroDivisionError
        return counted(*args, **more)

    journeys = journeys_to_queue(shop.club.timeline().at(shop.now).programme)
    first, ticks = journeys[0].id, JourneyCounting(shop.club)
    monkeypatch.setattr("handlers.jobs.journeys.counting.counted", fails_for_one)
    count = 0
    while ticks.count_next():
        count += 1
        assert count < 50, "it is tried again and again"
    with shop.store.read() as uow:
        assert len(kept.of(uow, journeys)) == len(journeys) - 1
    monkeypatch.undo()
    shop.clock.set(shop.now + timedelta(hours=2))
    assert ticks.count_next()
    with shop.store.read() as uow:
        assert len(kept.of(uow, journeys)) == len(journeys)


def test_what_a_clock_that_was_ahead_counted_is_counted_again(
    shop: SmallClub, messages: Messages
) -> None:
    today = shop.now
    shop.clock.set(today + timedelta(days=20))
    first = counts_all(shop)
    shop.clock.set(today)
    assert counts_all(shop) == first


def test_drafts_do_not_hide_what_was_sent(shop: SmallClub, owner: Browser) -> None:
    shop.joins("U1")
    made = writes(shop, name="送ったもの")
    with shop.work(OWNER, key=shop.key()) as work:
        assert send(work, made, revision=1) is None
    for number in range(9):
        writes(shop, name=f"下書き{number}")
    page = read(owner.get("/owner/results").text)
    assert "送ったもの" in page
    assert "下書き" not in page


def test_the_page_says_of_which_day_its_figures_are(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    assert "に数えました" not in read(owner.get("/owner/results").text)
    counts_all(shop)
    day = shop.club.timeline().at(shop.now).programme.shop.business_date(shop.now)
    before, _ = read(owner.get("/owner/results").text).split("に数えました")
    assert f"{day.month}月{day.day}日" in before[-40:]


def test_a_count_that_another_kayoi_wrote_is_counted_anew(
    shop: SmallClub, messages: Messages
) -> None:
    from bot.store.tables import journey_counts as table

    first = counts_all(shop)
    with shop.store.begin() as uow:
        uow.run(table.update().where(table.c.journey == JOURNEY).values(sides='{"old": 1}'))
    assert counts_all(shop) == 1 < first
    with shop.store.read() as uow:
        journeys = journeys_to_queue(shop.club.timeline().at(shop.now).programme)
        assert len(kept.of(uow, journeys)) == first


def test_the_page_reads_what_was_counted_and_no_message(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    owner.get("/owner/results")
    with counting(shop.store) as counted:
        owner.get("/owner/results")
    assert [each.sql for each in counted.statements if "outbox" in each.sql] == []
    assert len(counted.statements) < 20


def test_what_messages_cost_stands_beside_what_they_brought(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    assert glance(page)[-1] == "80通で240円。", "at 3 yen each"
    assert re.search(r"お一人ふえるのに、およそ[\d,]+円（[\d,]+円〜[\d,]+円）。", page)
    assert 'href="/owner/costs"' in page


def test_the_versions_number_is_not_told(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    assert "第1版" not in page
    [since] = re.findall(r'id="title-first_visit">はじめてのご来店のあと（(.*?)から）', page)
    assert since.startswith(f"{shop.now.year}年")
