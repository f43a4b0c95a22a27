"""How a member's visits go on, on their page, in the list of whom to call and in that of those who
drift away."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from bot.store.staff import staff as people
from bot.store.tables import members
from rules.science.learned import LEVEL_FROM, PRIOR
from rules.science.model import HORIZONS
from rules.science.quality import Quality
from tests.handlers.calling import stays_away, switch_on
from tests.handlers.foresight import foretells
from tests.rules.science.foretelling import expecting, falling

from ..conftest import Browser, Desks
from ..counters import counter_of, of
from .test_members import somebody

#: By these somebody drifts after nine days.
MODELS = replace(
    falling(0.91, 0.52, after=19),
    fitted_on=date(2026, 5, 4),
    qualities=dict.fromkeys(HORIZONS, Quality(81, 0.876, 0.11)),
)
#: What was learned of sixty days foretold worse than what is shipped.
NOT_OF_60 = replace(MODELS, qualities={each: MODELS.qualities[each] for each in (14, 30)})
SENTENCE = (
    "ふだんはほぼ毎日お越しの方が、前回から19日いらしていません。"
    "来るペースとあいた日数が近い方100人なら、今日から14日以内にお越しになるのは52人ほどです"
    "（前回お越しになったその日には、その後14日以内に100人中91人ほどの見込みでした）。"
)
EXPECTED = "ご来店は、これからの30日でおよそ3回（1〜6回）、60日でおよそ6回（2〜11回）の見込みです。"
IN_ENGLISH = (
    "Usually comes nearly every day, but the last visit was 19 days ago. "
    "Of 100 customers with a similar habit and a similar gap, about 52 can be expected "
    "within 14 days from today "
    "(on the day of that last visit, about 91 of 100 were expected within 14 days)."
)


@pytest.fixture(autouse=True)
def _learned(desks: Desks) -> None:
    foretells(desks.club, MODELS)


def away(desks: Desks, days: int = 19, visits: int = 9) -> str:
    """Somebody who came every day and then stayed away; gives the card's number."""
    member_id = stays_away(desks.club, "さくら", days=days, visits=visits)
    with desks.club.store.read() as uow:
        return str(uow.run(select(members.c.number).where(members.c.id == member_id)).scalar_one())


def in_english(desks: Desks) -> Browser:
    browser = desks.signed_in("jo", "manager")
    with desks.club.store.begin() as uow:
        people.change(uow, desks.person("jo").id, language="en")
    return browser


def becomes(browser: Browser, number: str, state: str) -> None:
    path = f"/staff/members/{number}"
    done = browser.post(f"{path}/membership", key=f"test:{state}", state=state)
    assert "no=" not in done.location


def test_a_members_page_says_how_their_visits_go_on(desks: Desks, staff: Browser) -> None:
    number = away(desks)
    assert SENTENCE in staff.get(f"/staff/members/{number}").text
    assert IN_ENGLISH in in_english(desks).get(f"/staff/members/{number}").text


def test_a_members_page_says_how_many_visits_to_expect(desks: Desks, staff: Browser) -> None:
    page = f"/staff/members/{away(desks)}"
    foretells(desks.club, replace(MODELS, visits=expecting(0.1, spread=0.2)))
    assert EXPECTED in staff.get(page).text
    told = (
        "Expected: about 3 visits (1–6) in the next 30 days, about 6 visits (2–11) in the next 60."
    )
    english = in_english(desks)
    assert told in english.get(page).text
    # Hardly any, and none told by what other clubs saw.
    foretells(desks.club, replace(MODELS, visits=expecting(0.01)))
    assert "これからの30日で0〜1回、60日でおよそ1回（0〜2回）の見込み" in staff.get(page).text
    foretells(desks.club, replace(MODELS, visits=expecting(0.1, members=0)))
    assert "これからの" not in staff.get(page).text
    # What is known of one horizon alone is told alone.
    known, few = expecting(0.1, spread=0.2), expecting(0.1, members=49)
    foretells(desks.club, replace(MODELS, visits={**known, 60: few[60]}))
    assert "ご来店は、これからの30日でおよそ3回（1〜6回）の見込みです。" in staff.get(page).text
    foretells(desks.club, replace(MODELS, visits={**few, 60: known[60]}))
    assert "Expected: about 6 visits (2–11) in the next 60 days." in english.get(page).text


def test_without_enough_members_of_its_own_a_club_reads_no_number(
    desks: Desks, staff: Browser
) -> None:
    number = away(desks)
    few = dict.fromkeys(HORIZONS, Quality(LEVEL_FROM - 1, 0.876, 0.11))
    foretells(desks.club, replace(MODELS, qualities=few))
    page = staff.get(f"/staff/members/{number}").text
    assert (
        "今日から14日以内にお越しになる見込みは中くらいです（前回お越しになったその日には、高い見込みでした）。"
        in page
    )
    assert "「100人中何人」とまでは言えません" in page
    assert "100人中5" not in page


def test_only_what_is_foretold_within_days_that_were_refused_has_no_number(
    desks: Desks, staff: Browser
) -> None:
    daily = away(desks)
    seldom = stays_away(desks.club, "楓", days=60, visits=5, every=40)
    with desks.club.store.read() as uow:
        card = uow.run(select(members.c.number).where(members.c.id == seldom)).scalar_one()
    foretells(desks.club, NOT_OF_60)
    assert SENTENCE in staff.get(f"/staff/members/{daily}").text
    page = staff.get(f"/staff/members/{card}").text
    assert "今日から60日以内にお越しになる見込みは低いです（" in page
    assert "100人なら" not in page
    foretells(desks.club, MODELS)
    assert "今日から60日以内にお越しになるのは" in staff.get(f"/staff/members/{card}").text


def test_the_page_says_what_is_so_where_nothing_is_foretold(desks: Desks, staff: Browser) -> None:
    number = away(desks)
    foretells(desks.club, replace(MODELS, visits=expecting(0.1)))
    becomes(staff, number, "paused")
    paused = staff.get(f"/staff/members/{number}").text
    assert "から休会中です。" in paused
    becomes(staff, number, "left")
    left = staff.get(f"/staff/members/{number}").text
    assert "に退会されました。" in left
    new = staff.get(f"/staff/members/{somebody(desks, name='森はるか')}").text
    assert "ご来店のペース" not in new
    for page in (paused, left, new):
        assert "以内に" not in page
        assert "これからの" not in page


def test_who_came_today_after_long_is_greeted_for_it_and_no_more_is_said(desks: Desks) -> None:
    counter = counter_of(desks)
    members_page = f"/staff/members/{away(desks, visits=1)}"
    with desks.club.store.read() as uow:
        member_id = uow.run(select(members.c.id)).scalar_one()
    answer = counter.scans(counter.member(member_id))
    assert answer["member"]["today"][0] == "19日ぶりのご来店です"
    assert answer["member"]["say"] == "「またお越しいただけて、うれしいです！」"
    page = counter.browser.get(members_page).text
    assert "19日ぶりのご来店です" in page
    assert "以内に" not in page
    assert "19日ぶり" in counter.browser.get("/staff/today").text


def test_who_came_as_usual_is_scanned_without_a_word_of_it(desks: Desks) -> None:
    counter = counter_of(desks)
    away(desks, days=2)
    with desks.club.store.read() as uow:
        member_id = uow.run(select(members.c.id)).scalar_one()
    scanned = counter.posts("scan", counter.scan_of(counter.member(member_id)))
    assert of(scanned)["result"] == "checked_in"
    assert "ぶり" not in scanned.text
    assert "うれしい" not in scanned.text
    assert "日ぶり" not in counter.browser.get("/staff/today").text


def test_who_is_to_be_called_is_told_with_the_same_sentence(desks: Desks, staff: Browser) -> None:
    switch_on(desks.club)
    foretells(desks.club, MODELS)
    away(desks)
    assert SENTENCE in staff.get("/staff/calls").text


def test_the_list_of_those_who_drift_says_it_too(desks: Desks) -> None:
    boss, number = desks.signed_in("boss", "manager"), away(desks)
    assert "見込み" not in boss.get("/staff/members?at_risk=1").text
    with desks.club.store.begin() as uow:
        uow.run(update(members).where(members.c.number == number).values(at_risk="rhythm"))
    assert SENTENCE in boss.get("/staff/members?at_risk=1").text
    assert IN_ENGLISH in in_english(desks).get("/staff/members?at_risk=1").text


def test_the_list_says_from_what_it_was_worked_out_and_how_well_that_did(desks: Desks) -> None:
    boss, number = desks.signed_in("boss", "manager"), away(desks)
    with desks.club.store.begin() as uow:
        uow.run(update(members).where(members.c.number == number).values(at_risk="rhythm"))
    learned = boss.get("/staff/members?at_risk=1").text
    assert "会員81人のこれまでの記録から5月4日に計算しました" in learned
    assert "100組中88組で、来た方のほうに高い見込みが" in learned
    assert "見込みが88%当たるという意味ではありません" in learned
    assert "ただし" not in learned
    foretells(desks.club, NOT_OF_60)
    partly = boss.get("/staff/members?at_risk=1").text
    assert "会員81人のこれまでの記録から5月4日に計算しました" in partly
    assert "ただし、60日以内にまた来る見込みは、" in partly
    foretells(desks.club, PRIOR)
    shipped = boss.get("/staff/members?at_risk=1").text
    assert "よその記録から計算したものです" in shipped
    assert "会員50人分以上の記録から十分に分かるようになると、人数に変わります" in shipped
