"""Members at risk, as those who manage see them."""

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.store.messages import segments
from bot.store.tables import members
from handlers.pages.staff.members import drifting
from rules.broadcasts.broadcast import Whom
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.journeys.counting import counting
from tests.rules.examples import changed

from ..conftest import Desks
from .test_members import somebody


def flagged(desks: Desks, number: str, risk: str, *, away: int) -> None:
    """What the night would have written, so many days after they were last here."""
    since = date(2026, 5, 10) - timedelta(days=away)
    with desks.club.store.begin() as uow:
        mine = update(members).where(members.c.number == number)
        uow.run(mine.values(at_risk=risk, away_since=since))


@pytest.mark.parametrize(
    ("risk", "words"),
    [
        ("lapsed", "2か月以上お見えでない"),
        ("rhythm", "このごろお見えでない"),
        ("rank", "今月末でランクが下がりそう"),
        ("badge", "季節のバッジまであと1回"),
    ],
)
def test_a_members_page_says_what_puts_them_at_risk(desks: Desks, risk: str, words: str) -> None:
    browser = desks.signed_in("midori")
    number = somebody(desks, name="森はるか")
    assert words not in browser.get(f"/staff/members/{number}").text
    flagged(desks, number, risk, away=70)
    assert words in browser.get(f"/staff/members/{number}").text


def test_the_list_shows_those_first_who_were_here_last_and_goes_on(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = desks.signed_in("boss", role="manager")
    assert "いまは、どなたもいらっしゃいません。" in boss.get("/staff/members?at_risk=1").text
    monkeypatch.setattr(drifting, "SHOWN_MAX", 2)
    numbers = [somebody(desks, name=f"名前{n}") for n in range(4)]
    for n, number in enumerate(numbers[:3]):
        flagged(desks, number, "lapsed", away=100 - n)
    page = boss.get("/staff/members?at_risk=1").text
    assert page.index("名前2") < page.index("名前1")
    assert "名前0" not in page
    assert "名前3" not in page
    after = f"after={desks.club.codes.seal('card', numbers[1])}.2026-01-31"
    later = boss.get(f"/staff/members?at_risk=1&{after}").text
    assert after in page
    assert "名前0" in later
    assert "名前1" not in later
    assert "つづきを見る" not in later


def test_the_list_begins_with_those_really_away_and_is_filtered_by_reason(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = desks.signed_in("boss", role="manager")
    monkeypatch.setattr(drifting, "SHOWN_MAX", 2)
    away = {"badge": 3, "rank": 10, "rhythm": 20, "lapsed": 90}
    for n, (risk, days) in enumerate(away.items()):
        flagged(desks, somebody(desks, f"U{n}", name=f"名前{risk}"), risk, away=days)
    page = boss.get("/staff/members?at_risk=1").text
    assert re.findall("名前[a-z]+", page) == ["名前lapsed", "名前rhythm"]
    assert "2か月以上お見えでない 1" in page
    more = re.search(r'href="([^"]+after=[^"]+)"', page)
    assert more
    later = boss.get(html.unescape(more[1])).text
    assert re.findall("名前[a-z]+", later) == ["名前rank", "名前badge"]
    some = boss.get("/staff/members?at_risk=1&why=rank").text
    assert re.findall("名前[a-z]+", some) == ["名前rank"]
    assert "名前lapsed" in boss.get("/staff/members?at_risk=1&why=x").text


@pytest.mark.parametrize("after", ["", "1", "1.x", "9" * 99])
def test_a_place_that_is_none_is_the_first_page(desks: Desks, after: str) -> None:
    boss = desks.signed_in("boss", role="manager")
    flagged(desks, somebody(desks, name="森はるか"), "rhythm", away=20)
    assert "森はるか" in boss.get(f"/staff/members?at_risk=1&after={after}").text


def test_who_doesnt_manage_has_no_list_and_no_way_to_it(desks: Desks) -> None:
    browser = desks.signed_in("midori")
    assert browser.get("/staff/members?at_risk=1").status_code == 403
    assert "at_risk" not in browser.get("/staff/members").text


def test_whom_something_is_for_first_is_not_asked_of_each_in_a_list(desks: Desks) -> None:
    boss = desks.signed_in("boss", role="manager")
    for n in range(3):
        flagged(desks, somebody(desks, name=f"名前{n}"), "lapsed", away=100 - n)
    with desks.club.store.begin() as uow:
        segments.add(uow, "VIP", "vip", Whom(languages=("en",)), by=None, at=desks.club.now())
    first = 'id = "off_100"\nfirst = { segments = ["vip"], until = 2026-12-31 }'
    counts = []
    for programme in (CAFE, changed(CAFE, ('id = "off_100"', first))):
        with_programme(desks.club, programme)
        desks.club.programmes.forget()
        boss.get("/staff/members?at_risk=1")
        with counting(desks.club.store) as counted:
            assert "名前2" in boss.get("/staff/members?at_risk=1").text
        counts.append(counted.queries)
    assert counts[0] == counts[1]
