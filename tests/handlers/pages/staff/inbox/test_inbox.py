"""`/staff/inbox`: who waits for an answer, one case, and what they are about."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from bot.store.heard import cases
from bot.store.heard.cases import CaseName
from bot.store.members import line_accounts, members, profiles
from bot.store.members.profiles import Profile
from bot.store.messages.inbox import ChatText
from handlers.actions.heard.hearing import Heard, hear
from handlers.actions.heard.helping import say_helped
from handlers.club import Club
from rules.heard.cases import CaseReason
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.counter.test_today import USER, _comes, joins, queued


def _writes(
    club: Club, member: int, text: str, reason: CaseReason = "question", *, hours_ago: int = 0
) -> str:
    """Gives the path of the case."""
    with club.work() as work:
        said = ChatText(text, USER, club.now() - timedelta(hours=hours_ago))
        hear(work.under(f"l:{text}"), Heard(member, said, "message", reason))
    with club.store.read() as uow:
        owner = members.get(uow, member)
        assert owner is not None
        return f"/staff/inbox/{owner.number}/{cases.of_members(uow, [member])[0].name.number}"


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def _send(
    browser: Browser, path: str, text: str, *, how: str = "send", **more: str
) -> TestResponse:
    return browser.post(path, how=how, text=text, **more)


def test_a_case_is_read_answered_and_closed_and_asks_whether_it_helped(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    member = joins(club)
    _comes(club, member)
    path = _writes(club, member, "珈琲がぬるい", "complaint")
    listed = browser.get("/staff/inbox").text
    assert "さくら様" in listed
    assert "苦情" in listed
    assert "期限 " in listed
    page = browser.get(path).text
    assert "珈琲がぬるい" in page
    assert re.search(r'class="tag">前回 \d+年', page)
    assert re.search(r'name="asks" value="1" checked', page)
    sent = _send(browser, path, "申し訳ありません。", key="a1", seen=_seen(page))
    assert sent.headers["Location"].endswith("done=answered")
    page = browser.get(path).text
    assert "申し訳ありません。" in page
    assert "お返事 · Sato" in page
    assert "送信待ち" in page
    assert "返信待ちのお客さまはいません" in browser.get("/staff/inbox").text
    assert "珈琲がぬるい" in browser.get("/staff/inbox?show=answered").text
    closed = _send(browser, path, "", how="close", key="a2", seen=_seen(page), asks="1")
    assert closed.headers["Location"].endswith("/staff/inbox?done=closed")
    assert queued(club) == ["answer", "answer"]
    with club.work("member") as work:
        assert say_helped(work, CaseName(member, 1), helped=False)
    assert "「まだです」" in browser.get(path).text
    assert "珈琲がぬるい" in browser.get("/staff/inbox").text


@pytest.mark.parametrize(("hour", "held"), [(12, False), (22, True)])
def test_an_answer_says_when_it_arrives_only_where_the_night_holds_it_back(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, hour: int, held: bool
) -> None:
    club = desks.club
    here = club.timeline().latest.programme.shop.local(club.now())
    ahead = timedelta(hours=hour - here.hour + 24)
    monkeypatch.setattr(club.clock, "_offset", lambda: ahead)
    browser, path = desks.signed_in("sato"), _writes(club, joins(club), "席は予約できますか")
    sent = _send(browser, path, "はい、できます。", key="a1", seen=_seen(browser.get(path).text))
    page = browser.get(sent.headers["Location"]).text
    assert "お返事を送りました。" in page
    assert page.count("10:00にお届けします") == (2 if held else 0)


def test_who_is_late_sees_what_a_colleague_wrote_and_keeps_their_own_words(desks: Desks) -> None:
    first, second, club = desks.signed_in("sato"), desks.signed_in("mori"), desks.club
    path = _writes(club, joins(club), "席は予約できますか")
    seen = _seen(second.get(path).text)
    _send(first, path, "はい、できます。", key="a1", seen=_seen(first.get(path).text))
    late = _send(second, path, "できません。", key="b1", seen=seen)
    assert late.status_code == 409
    assert "ほかのスタッフの書き込みがありました" in late.text
    assert "はい、できます。" in late.text
    assert ">できません。</textarea>" in late.text
    assert queued(club) == ["answer"]


def test_what_is_overdue_stands_first_and_is_marked(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    member = joins(club, days_ago=9)
    _writes(club, member, "席は予約できますか", hours_ago=100)
    _writes(club, member, "珈琲がぬるい", "complaint")
    page = browser.get("/staff/inbox").text
    assert page.index("席は予約") < page.index("珈琲がぬるい")
    assert page.count("期限切れ") == 1
    assert "担当している返信待ちはありません" in browser.get("/staff/inbox?show=mine").text


def test_whom_line_does_not_reach_is_called_or_written_to(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    member = joins(club)
    path = _writes(club, member, "珈琲がぬるい", "complaint")
    with club.store.begin() as uow:
        line_accounts.set_blocked(uow, USER, True)
        profiles.put(uow, member, Profile("高橋", phone="+819012345678"), at=club.now())
    page = browser.get(path).text
    assert "お電話かお手紙" in page
    assert 'href="tel:+819012345678"' in page
    assert "お返事の文" not in page
    noted = browser.post(path + "/contact", kind="called_no_answer", key="c0")
    assert noted.headers["Location"].endswith("done=noted")
    assert "返信待ち</span>" in browser.get(path).text
    browser.post(path + "/contact", kind="called_refused", words="もう電話はしないで", key="c1")
    page = browser.get(path).text
    assert "返信ずみ</span>" in page
    assert "もう電話はしないで" in page
    assert "お電話は不要とのこと" in page
    assert "tel:" not in page
    assert browser.post(path + "/contact", kind="answered", key="c2").status_code == 404


def test_a_prepared_answer_is_begun_with_in_the_members_language(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    path = _writes(club, joins(club), "珈琲がぬるい", "complaint")
    page = browser.get(path).text
    assert "with=sorry" in page
    begun = browser.get(path + "?with=sorry").text
    assert "さくら様、" in begun
    assert "のSatoです" in begun
    assert (
        "Sato" not in browser.get(path + "?with=nothing").text.split("<textarea")[1].split("</t")[0]
    )


def test_staff_take_a_case_and_who_manages_sees_the_figures(desks: Desks) -> None:
    browser, boss, club = desks.signed_in("sato"), desks.signed_in("boss", "manager"), desks.club
    path = _writes(club, joins(club), "珈琲がぬるい", "complaint")
    sato = desks.person("sato")
    browser.get(path)
    taken = browser.post(path + "/assigned", to=str(sato.id), key="t1")
    assert taken.headers["Location"].endswith("done=assigned")
    assert "担当 Sato" in boss.get("/staff/inbox").text
    assert "珈琲がぬるい" in browser.get("/staff/inbox?show=mine").text
    assert browser.get("/owner/voice").status_code == 403
    assert "/owner/voice" in boss.get("/staff/inbox").text
    assert "最初のお返事まで" in boss.get("/owner/voice").text


def test_no_other_cards_case_is_found_by_a_guess(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    path = _writes(club, joins(club), "珈琲がぬるい")
    assert browser.get(path[:-1] + "2").status_code == 404
    assert browser.get("/staff/inbox/nothing/1").status_code == 404
    assert browser.get(path[:-1] + str(1 << 62)).status_code == 404
    browser.get("/staff/inbox")
    assert browser.post(path[:-1] + "2", how="close", key="x").status_code == 404


def test_an_idea_is_taken_up_and_says_so_ever_after(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    path = _writes(club, joins(club), "お昼の席が寒いです", "suggestion")
    page = browser.get(path).text
    adopt = re.search(r'action="([^"]+/adopt/\d+)"', page)
    assert adopt
    assert browser.post(adopt[1], text=" ", key="a0").headers["Location"].endswith("no=adopt_empty")
    sent = browser.post(adopt[1], text="ひざかけを<b>置きました", key="a1")
    assert sent.headers["Location"].endswith("done=adopted")
    again = browser.post(adopt[1], text="もう一度", key="a2")
    assert again.headers["Location"].endswith("adopt_again")
    assert queued(club) == ["adopted"]
    page = browser.get(path).text
    assert "採用：ひざかけを&lt;b&gt;置きました" in page
    assert "採用する" not in page
