"""What messages brought: the picture, the sentence, and what an owner decides of it."""

import csv
import html
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.store.history import drafts
from bot.store.messages import journey_counts as kept
from bot.store.tables import activities, journey_decisions, outbox
from handlers.actions.broadcasts.leading import send
from handlers.actions.members.membership import erase
from handlers.jobs.journeys.counting import JourneyCounting
from handlers.showing.journey_audience import journeys_to_queue
from handlers.showing.journey_counts import counted
from rules.characters import spaced_number
from rules.journeys.counts import CountedJourney
from rules.wording.texts import say
from tests.handlers.broadcasting import OWNER, writes
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.commands.messages import FIRST_VISIT, Messages
from tests.handlers.jobs.line import Line
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting, plans
from tests.rules.examples import LEAST

JOURNEY = "first_visit"
_ARMS = '[{ id = "a" }, { id = "b", title = { ja = "またどうぞ" } }]'
TWO = LEAST + FIRST_VISIT.replace('[{ id = "a" }]', _ARMS)


@pytest.fixture
def shop(database_url: str, line: Line) -> Iterator[SmallClub]:
    with club_on(database_url, TWO, line_url=line.url) as club:
        yield club


@pytest.fixture
def messages(shop: SmallClub) -> Messages:
    """Of two versions b brings nearly everybody, and a nobody who would not have come."""
    messages = Messages(shop)
    messages.people(120)
    arms = (None, "a", "b")
    messages.fall_due(
        [
            (arm, 0.3, n % 8 > 0 if arm == "b" else n % 4 == 0)
            for n in range(120)
            for arm in (arms[n % 3],)
        ]
    )
    return messages


def counts_all(shop: SmallClub) -> int:
    """What the ticks of some minutes do."""
    count, counting_now = 0, JourneyCounting(shop.club)
    while counting_now.count_next():
        count += 1
        assert count < 50
    return count


def read(answer: str) -> str:
    return html.unescape(answer)


def glance(page: str) -> list[str]:
    """What stands in the first row of the table."""
    part = page.partition('id="glance"')[2]
    row = part[part.index('<tr><th scope="row">') :].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    return [re.sub(r"<(a|small)\b.*?</\1>|<[^>]+>", "", each).strip() for each in cells]


def decided(shop: SmallClub) -> list[tuple[str, str | None, str]]:
    row = journey_decisions.c
    with shop.store.read() as uow:
        found = uow.run(select(row.step, row.arm, row.made_by).order_by(row.number)).all()
    return [(each.step, each.arm, each.made_by) for each in found]


def seen(page: str) -> str:
    """What the page of a step shows, as its form says it."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    return found[1] if found else "1 1 b works"


def takes(owner: Browser, step: str, arm: str = "") -> tuple[int, str]:
    """Reads what a step means, and takes it."""
    at = f"/owner/results/{JOURNEY}/{step}"
    page = owner.get(f"{at}?arm={arm}")
    answer = owner.post(at, arm=arm, seen=seen(page.text))
    return answer.status_code, read(page.text + answer.text)


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


def test_a_test_is_ended_once_and_taken_back(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    status, text = takes(owner, "decided")
    assert status == 303
    assert "比べるのを終えます" in text
    assert decided(shop) == [("decided", "b", "owner")]
    page = read(owner.get("/owner/results?done=decided").text)
    assert say("ja", "owner.results.done.decided") in page
    assert "に、比べるのを終えています" in page
    status, text = takes(owner, "decided")
    assert status == 409
    assert say("ja", "owner.results.moved_on") in text
    assert takes(owner, "undone")[0] == 303
    assert [step for step, *_ in decided(shop)] == ["decided", "undone"]
    assert "に、比べるのを終えています" not in read(owner.get("/owner/results").text)


def test_one_version_goes_to_everybody(shop: SmallClub, messages: Messages, owner: Browser) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    best = re.search(r'class="main-button" href="[^"]*rolled_out\?arm=(\w)"', page)
    assert best is not None
    assert best[1] == "b"
    status, text = takes(owner, "rolled_out", "a")
    assert status == 303
    # As its reader knows it: by its words.
    assert "全員に「a：さくらさん、先日はありがとうございました」をお送りします" in text
    assert decided(shop) == [("rolled_out", "a", "owner")]
    assert takes(owner, "rolled_out", "c")[0] == 409


def test_who_decides_on_what_another_has_changed_is_told_so(
    shop: SmallClub, messages: Messages, desks: Desks, owner: Browser
) -> None:
    counts_all(shop)
    other = desks.signed_in("second", "owner", None)
    at = f"/owner/results/{JOURNEY}/rolled_out"
    old = owner.get(f"{at}?arm=a")
    assert takes(other, "rolled_out", "b")[0] == 303
    late = owner.post(at, arm="a", seen=seen(old.text))
    assert late.status_code == 409
    assert say("ja", "owner.results.moved_on") in read(late.text)
    assert decided(shop) == [("rolled_out", "b", "owner")]


def test_who_decides_on_another_version_is_told_so(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    at = f"/owner/results/{JOURNEY}/rolled_out"
    old = owner.get(f"{at}?arm=a")
    shop.publishes(TWO.replace('kind = "first_visit"', 'kind = "first_visit"\nversion = 2'))
    moved_on = say("ja", "owner.results.moved_on")
    # Before it is counted, and after.
    for _ in range(2):
        late = owner.post(at, arm="a", seen=seen(old.text))
        assert late.status_code == 409
        assert moved_on in read(late.text)
        counts_all(shop)
    assert decided(shop) == []


def test_who_decides_on_figures_that_said_something_else_is_told_so(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    at = f"/owner/results/{JOURNEY}/decided"
    old = owner.get(at)
    assert "1 1 b works" in old.text
    shop.passes(days=1)
    messages.fall_due([("a" if n % 2 else "b", 0.5, n % 2 > 0) for n in range(120)], share=0)
    messages.fall_due([("a" if n % 2 else "b", 0.5, n % 2 > 0) for n in range(120)], share=0)
    counts_all(shop)
    assert owner.post(at, seen=seen(old.text)).status_code == 409
    assert decided(shop) == []


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


def test_another_version_begins_in_the_draft_and_only_once(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    owner.get("/owner/results")
    for _ in range(2):
        begun = owner.post(f"/owner/results/{JOURNEY}/version", version="1")
        assert begun.status_code == 303
        assert begun.location.endswith(f"/owner/programme/journeys/{JOURNEY}")
    with shop.store.read() as uow:
        draft = drafts.find(uow)
    assert draft is not None
    [entry] = [j for j in tomllib.loads(draft.text)["journeys"] if j["kind"] == JOURNEY]
    assert entry["version"] == 2
    assert owner.post("/owner/results/nothing/version", version="1").status_code == 409


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


def test_nobody_but_owners_sees_or_decides(shop: SmallClub, desks: Desks) -> None:
    for role in ("staff", "manager"):
        browser = desks.signed_in(f"some-{role}", role, "main")
        assert browser.get("/owner/results").status_code == 403
        at = f"/owner/results/{JOURNEY}/decided"
        assert browser.post(at, seen="1 1 b works").status_code == 403


def test_an_address_of_nothing_leads_nowhere(shop: SmallClub, owner: Browser) -> None:
    assert owner.get("/owner/results/nothing/decided").status_code == 404
    assert owner.get(f"/owner/results/{JOURNEY}/burn").status_code == 404


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


def test_each_ending_says_in_a_line_what_it_does(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    part = page[page.index(f'id="decide-{JOURNEY}"') :].partition("</ul>")[0]
    found = re.findall(r"<li><a[^>]*>(.*?)</a> <span>(.*?)</span></li>", part)
    assert [name for name, _ in found] == [
        "くらべるのを終えて、送り続ける",
        "「a：さくらさん、先日はありがとうございました」を全員に送る",
        "「b：またどうぞ」を全員に送る",
    ]
    assert "2通りをくじ引きで選びます" in found[0][1]
    assert all("この文面だけを送ります" in does for _, does in found[1:])
    assert "くじ引きで100回に10回だけは送りません" in page


def test_the_versions_number_is_not_told(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    assert "第1版" not in page
    [since] = re.findall(r'id="title-first_visit">はじめてのご来店のあと（(.*?)から）', page)
    assert since.startswith(f"{shop.now.year}年")


def test_who_came_after_a_message_stands_there_by_name(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    page = read(owner.get(f"/owner/results/{JOURNEY}/came").text)
    # Ten of a's forty, and 35 of b's; none of those held back.
    assert "新しいものから80通のうち、送ってから14日以内にご来店のあった、のべ45人です。" in page
    assert page.count('<tr><th scope="row">') == 45
    assert "表の数には入っていません" not in page
    assert owner.get("/owner/results/nothing/came").status_code == 404


def test_the_list_of_who_came_says_of_how_many_the_table_knows_nothing_yet(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    with shop.store.begin() as uow:
        young = outbox.c.member_id.in_(messages.members[1:3])
        lately = shop.now - timedelta(days=13)
        uow.run(update(outbox).where(young).values(queued_at=lately, sent_at=lately))
    page = read(owner.get(f"/owner/results/{JOURNEY}/came").text)
    assert "このうち2通は、送ってからまだ14日たっていないので" in page


def test_who_came_is_shown_page_by_page_without_anybody_twice(
    shop: SmallClub, messages: Messages, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.pages.owner.messages.came.MESSAGES", 30)
    at, shown = f"/owner/results/{JOURNEY}/came", list[str]()
    for _ in range(3):
        page = read(owner.get(at).text)
        shown += re.findall(r'<th scope="row"><a href="[^"]+">([\d ]+)<', page)
        more = re.search(r'class="quiet" href="(/owner/results/[^"]*came\?[^"]+)"', page)
        if more is None:
            break
        at = more[1]
    assert more is None
    assert len(shown) == len(set(shown)) == 45


def test_whose_visit_was_taken_back_did_not_come_and_who_was_erased_is_not_named(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    at = f"/owner/results/{JOURNEY}/came"
    undone, erased = messages.members[2], messages.members[5]
    numbers = [spaced_number(shop.member(each).number) for each in (undone, erased)]
    page = owner.get(at).text
    assert [number in page for number in numbers] == [True, True]
    with shop.store.begin() as uow:
        its = activities.c
        uow.run(update(activities).where(its.member_id == undone).values(undone_at=shop.now))
    with shop.work(OWNER, key=shop.key()) as work:
        assert erase(work, erased).done
    page = owner.get(at).text
    assert not any(number in page for number in numbers)


def test_the_list_of_who_came_reads_its_messages_by_their_index_and_no_history_whole(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    owner.get(f"/owner/results/{JOURNEY}/came")
    with counting(shop.store) as counted:
        owner.get(f"/owner/results/{JOURNEY}/came")
    asked = [each for each in counted.statements if "outbox" in each.sql]
    assert len(asked) == 1
    whole = {"SCAN outbox", "SCAN activities"}
    if shop.store.is_sqlite:
        assert not whole & set(plans(shop.store, asked))


def test_who_came_is_the_owners_to_see_and_stands_in_the_log(
    shop: SmallClub, messages: Messages, desks: Desks, owner: Browser
) -> None:
    mika = desks.signed_in("mika", "manager", "main")
    assert mika.get(f"/owner/results/{JOURNEY}/came").status_code == 403
    owner.get(f"/owner/results/{JOURNEY}/came")
    assert "figure_seen" in [line.action for line in desks.logged()]
