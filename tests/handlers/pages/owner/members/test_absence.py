"""Who stays away is one thing wherever it is told: on a row of the table, on their own page, by the
filter, among the best customers and on Monday."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.store.many import member_lists
from bot.store.tables import members as table
from handlers.actions.recording.record import Request, record
from handlers.jobs.night import nightly
from handlers.pages.owner.members import table as page_of_members
from handlers.pages.owner.monday import people
from rules.activity import Purchase
from rules.wording.words import Words
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.owner.monday.week import regular, text, told
from tests.handlers.pages.owner.shops import kept
from tests.handlers.pages.staff.conftest import Browser
from tests.rules.examples import CAFE, programme

WORDS = Words(programme(CAFE), "ja")
ABSENT = "?risks=rhythm&risks=lapsed"
_MARKS = {risk: WORDS.say(f"staff.members.risk.{risk}") for risk in ("rhythm", "lapsed")}


def buys(shop: SmallClub, member: int, yen: int) -> None:
    with shop.work("staff", key=f"{member}:{yen}") as work:
        record(work, Request(member, Purchase(yen), shop.now, "ekimae"))


def crowd(shop: SmallClub) -> list[int]:
    """People who came in many ways, up to one night: daily, weekly, once, long ago and today."""
    end = shop.now + timedelta(days=200)
    found = []
    for every, times, ago in (
        (2, 30, 1), (2, 30, 12), (2, 30, 40), (2, 30, 63), (7, 12, 8), (7, 12, 38), (7, 12, 100),
        (30, 4, 20), (30, 4, 70), (1, 1, 10), (1, 1, 50), (1, 1, 90), (3, 2, 45),
    ):  # fmt: skip
        shop.clock.set(end - timedelta(days=ago + every * (times - 1)))
        found.append(regular(shop, every=every, times=times))
    shop.clock.set(end)
    nightly.run_if_due(shop.club)
    kept(shop)
    return found


def rows(owner: Browser, at: str) -> dict[str, str]:
    """The rows of a table, by the number that stands in them."""
    page = html.unescape(owner.get(at).text)
    cells = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    found = [(re.search(r"\d{3} \d{3} \d{4}", each), each) for each in cells]
    return {number[0].replace(" ", ""): each for number, each in found if number}


def numbers_on(monday: str) -> list[str]:
    """Who stays away, as Monday has them before the way to all."""
    section = monday[monday.index('id="away"') :].partition('class="acts"')[0]
    return [each.replace(" ", "") for each in re.findall(r"\d{3} \d{3} \d{4}", section)]


def mark(part: str) -> str | None:
    """How somebody stays away, by what stands there of them."""
    return next((risk for risk, said in _MARKS.items() if said in part), None)


def test_row_page_filter_core_and_monday_agree_on_everybody(
    shop: SmallClub, owner: Browser
) -> None:
    numbers = [shop.member(each).number for each in crowd(shop)]
    whole, core = rows(owner, "/owner/members"), rows(owner, "/owner/figures/core")
    found = {risk: rows(owner, f"/owner/members?risks={risk}") for risk in _MARKS}
    seen = set()
    for number in numbers:
        [own] = re.findall(r'href="(/owner/members/[^"]+)"', whole[number])
        page = html.unescape(owner.get(own).text)
        marks = page[page.index('class="marks"') :].partition("</p>")[0]
        said = mark(marks)
        assert mark(whole[number]) == said
        assert number not in core or mark(core[number]) == said
        assert {risk for risk, each in found.items() if number in each} == {said} - {None}
        seen.add(said)
    assert seen == {None, "rhythm", "lapsed"}
    absent = rows(owner, f"/owner/members{ABSENT}")
    assert {*absent} == {*found["rhythm"], *found["lapsed"]}
    assert f"{len(absent)}人" in owner.get(f"/owner/members/count{ABSENT}").text
    monday = told(owner)
    assert text("to_drifting", all=f"{len(absent)}人") in monday
    assert numbers_on(monday)[:8] == list(absent)[:8]


def test_who_came_once_is_never_away_for_longer_than_usual(shop: SmallClub, owner: Browser) -> None:
    came = crowd(shop)
    once = {shop.member(each).number for each in came if shop.member(each).facts.visits == 1}
    assert not once & {*rows(owner, "/owner/members?risks=rhythm")}
    assert once & {*rows(owner, "/owner/members?risks=lapsed")}


def test_who_matters_most_stands_first_whichever_way_they_stay_away(
    shop: SmallClub, owner: Browser
) -> None:
    end = shop.now + timedelta(days=100)
    bought = {}
    for ago, yen in ((20, 9_000), (70, 60_000), (25, 30_000)):
        shop.clock.set(end - timedelta(days=ago + 2 * 9))
        member = regular(shop, every=2, times=10)
        buys(shop, member, yen)
        bought[shop.member(member).number] = yen
    shop.clock.set(end)
    nightly.run_if_due(shop.club)
    kept(shop)
    dear = sorted(bought, key=lambda each: -bought[each])
    assert list(rows(owner, f"/owner/members{ABSENT}")) == dear
    assert list(rows(owner, "/owner/members?sort=yen")) == dear
    monday = told(owner)
    assert "60,000円" in monday
    assert numbers_on(monday)[:3] == dear


def test_who_brings_others_and_stays_away_is_told_of_on_monday_whatever_they_bought(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "DRIFTING_MAX", 1)
    end = shop.now + timedelta(days=100)
    numbers = []
    for yen in (50_000, 100):
        shop.clock.set(end - timedelta(days=70 + 2 * 9))
        member = regular(shop, every=2, times=10)
        buys(shop, member, yen)
        numbers.append(shop.member(member).number)
    friends = [shop.joins() for _ in range(2)]
    with shop.store.begin() as uow:
        uow.run(update(table).where(table.c.id.in_(friends)).values(referred_by=member))
    shop.clock.set(end)
    nightly.run_if_due(shop.club)
    kept(shop)
    monday = told(owner)
    assert numbers_on(monday) == numbers
    assert text("brought", count=2) in monday


def test_who_is_new_among_them_this_week_is_marked(shop: SmallClub, owner: Browser) -> None:
    old = regular(shop)
    shop.passes(days=30)
    late = regular(shop)
    drift_on = shop.club.foresight().drift_on(shop.member(late).facts)
    assert drift_on
    shop.passes(days=(drift_on - shop.now.date()).days + 1)
    nightly.run_if_due(shop.club)
    new = WORDS.say("owner.members.new")
    found = rows(owner, f"/owner/members{ABSENT}")
    assert new in found[shop.member(late).number]
    assert new not in found[shop.member(old).number]
    page = told(owner)
    assert new in page
    # Just these, by the button of what matters and by the count in the card.
    ways = re.findall(r'href="(/owner/members\?drifting_since[^"]*)"', page)
    assert len(ways) == 2
    for way in ways:
        assert list(rows(owner, way)) == [shop.member(late).number]
        assert "1人" in owner.get(way.replace("members?", "members/count?")).text


def test_who_is_no_longer_expected_is_marked_in_the_list_as_on_monday(
    shop: SmallClub, owner: Browser
) -> None:
    crowd(shop)
    found = rows(owner, f"/owner/members{ABSENT}")
    marked = {number for number, each in found.items() if text("gone") in each}
    section = told(owner).partition('id="away"')[2].partition("</section>")[0].replace(" ", "")
    lines = [each.partition("</li>")[0] for each in section.split("<li>")[1:]]
    monday = {
        number for number in found for line in lines if number in line and text("gone") in line
    }
    assert marked == monday
    assert marked
    assert marked != set(found)


def test_from_who_stays_away_one_comes_to_a_message_to_just_these(
    shop: SmallClub, owner: Browser
) -> None:
    crowd(shop)
    count = len(rows(owner, f"/owner/members{ABSENT}"))
    at = f"/owner/broadcasts/new{ABSENT}"
    for page in (told(owner), html.unescape(owner.get(f"/owner/members{ABSENT}").text)):
        assert f'href="{at}"' in page
    form = html.unescape(owner.get(at).text)
    assert f"（いま{count}人）" in form
    for risk in ("rhythm", "lapsed"):
        assert re.search(rf'name="whom\.risks" value="{risk}" checked', form)
    assert not re.search(r'name="whom\.risks" value="rank" checked', form)
    plain = html.unescape(owner.get("/owner/broadcasts/new").text)
    assert 'value="lapsed" checked' not in plain


@pytest.mark.parametrize("few", [1, 2_000])
def test_the_order_of_the_year_goes_on_page_by_page_and_ends_with_who_never_came(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(page_of_members, "SHOWN", 2)
    monkeypatch.setattr(member_lists, "_FEW", few)
    came = [shop.joins() for _ in range(4)]
    for times, member in zip((1, 3, 3, 2), came, strict=True):
        for n in range(times):
            shop.passes(days=1)
            shop.visits(member)
            buys(shop, member, 1_000 * times + n)
    never = [shop.joins() for _ in range(2)]
    kept(shop)
    expected = [shop.member(came[n]).number for n in (2, 1, 3, 0)]
    expected += [shop.member(each).number for each in reversed(never)]
    for order in ("year", "yen"):
        found: list[str] = []
        at = f"/owner/members?sort={order}"
        while at:
            page = html.unescape(owner.get(at).text)
            found += rows(owner, at)
            more = re.search(r'class="main-button" href="(/owner/members\?[^"]*after=[^"]*)"', page)
            at = more[1] if more else ""
        assert found == expected
