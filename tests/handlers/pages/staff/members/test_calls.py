"""The list of whom to telephone, as staff see it."""

import re

import pytest

from bot.store.members import members, profiles
from bot.store.members.profiles import Profile
from bot.store.messages.inbox import ChatText
from handlers.actions.heard.hearing import Heard, hear
from handlers.actions.heard.refusing import WayChoice, choose_way
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.staff.deciding import note_decision
from handlers.showing.call_list import waiting_for_a_call
from rules.journeys.deciding import JourneyDecision
from tests.handlers.calling import stays_away, switch_on
from tests.handlers.pages.staff.conftest import Browser, Desks


def _waits(desks: Desks, profile: Profile | None = None) -> str:
    """Somebody to call; gives their id."""
    switch_on(desks.club)
    member = stays_away(desks.club, "さくら", days=15)
    with desks.club.store.begin() as uow:
        if profile:
            profiles.put(uow, member, profile, at=desks.club.now())
    return str(member)


def _notes(browser: Browser, how: str, words: str = "") -> str:
    page = browser.get("/staff/calls").text
    path = re.search(r'action="(/staff/calls/[\w-]+)"', page)
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert path
    assert key
    answer = browser.post(path[1], key=key[1], how=how, words=words)
    assert answer.status_code == 303
    return str(browser.get(answer.headers["Location"]).text)


def test_without_the_journey_the_page_tells_how_to_switch_it_on(desks: Desks) -> None:
    owner = desks.signed_in("mori", "owner")
    way = "/owner/programme/new/journeys?kind=ask_why"
    assert f'href="{way}"' in owner.get("/staff/calls").text
    assert "お声を聞かせてください" in owner.get(way).text
    for browser in (desks.signed_in("kato", "manager"), desks.signed_in("sato")):
        page = browser.get("/staff/calls").text
        assert "まだ使われていません" in page
        assert "オーナーにご相談ください" in page
        assert "/owner/" not in page


def test_an_empty_list_tells_who_would_stand_in_it(desks: Desks) -> None:
    switch_on(desks.club)
    page = desks.signed_in("sato").get("/staff/calls").text
    assert "いま、お電話する方はいません" in page
    assert "2回以上お越しの方が14日お見えにならないと、それから7日のあいだ" in page


def test_a_call_is_one_tap_with_all_that_is_good_to_know(desks: Desks) -> None:
    profile = Profile("高橋 花", "たかはし はな", "+819012345678", "窓ぎわがお好き")
    member_id = int(_waits(desks, profile))
    with desks.club.store.read() as uow:
        member = members.get(uow, member_id)
    assert member is not None
    page = desks.signed_in("sato").get("/staff/calls").text
    for shown in (
        "高橋 花様", "たかはし はな", 'href="tel:+819012345678"', "090-1234-5678", "窓ぎわがお好き",
        # Some days bring more.
        "ご来店2回", f"{member.facts.balance}ポイント", "最後は",
    ):  # fmt: skip
        assert shown in page


def test_without_a_number_there_is_nothing_to_tap(desks: Desks) -> None:
    _waits(desks)
    page = desks.signed_in("sato").get("/staff/calls").text
    assert "さくら様" in page
    assert "tel:" not in page
    assert "電話番号をうかがっていません" in page


def _has_an_old_card(desks: Desks, *, refuses_calls: bool = False) -> str:
    """Somebody to call, whose old card had a case and was put together with the one they have.
    Gives the path of that case."""
    keeper, old = int(_waits(desks)), stays_away(desks.club, "さくらの前のカード", days=60)
    with desks.club.work() as work:
        said = ChatText("席は予約できますか", None, work.now)
        hear(work.under("l1"), Heard(old, said, "message", "question"))
        if refuses_calls:
            choose_way(work.acting("member").under("w1"), old, WayChoice("phone", False, work.now))
        assert merge(work.acting("staff").under("m1"), MergeRequest(keeper, old)).done
        card = members.get(work.uow, old)
    assert card is not None
    return f"/staff/inbox/{card.number}/1"


@pytest.mark.parametrize("kind", ["called", "spoken"])
def test_who_was_spoken_with_about_an_old_cards_case_is_not_called(desks: Desks, kind: str) -> None:
    browser, case = desks.signed_in("sato"), _has_an_old_card(desks)
    assert "さくら様" in browser.get("/staff/calls").text
    assert browser.post(f"{case}/contact", kind=kind, key="c1").status_code == 303
    assert "さくら様" not in browser.get("/staff/calls").text


def test_who_wants_no_calls_by_an_old_card_is_not_called(desks: Desks) -> None:
    _has_an_old_card(desks, refuses_calls=True)
    assert "さくら様" not in desks.signed_in("sato").get("/staff/calls").text


def test_who_answered_is_gone_from_the_list(desks: Desks) -> None:
    _waits(desks)
    page = _notes(desks.signed_in("sato"), "spoke", "出張が続いている")
    assert "お話しできたことを記録しました" in page
    assert "さくら様" not in page
    assert [line.action for line in desks.logged()][-1] == "called"


def test_who_did_not_answer_is_still_there_with_what_was_noted(desks: Desks) -> None:
    _waits(desks)
    page = _notes(desks.signed_in("sato"), "missed", "<b>夜がよさそう")
    assert "時間をおいて" in page
    assert "出られず" in page
    assert "お電話（出られなかった）：&lt;b&gt;夜がよさそう" in page
    assert [line.action for line in desks.logged()][-1] == "called_no_answer"


def test_words_too_long_note_nothing(desks: Desks) -> None:
    _waits(desks)
    before = len(desks.logged())
    browser = desks.signed_in("sato")
    assert "120文字まで" in _notes(browser, "spoke", "あ" * 121)
    assert [line.action for line in desks.logged()[before:]] == ["sign_in", "calls_seen"]


def test_nobody_is_called_without_signing_in_or_without_the_pages_token(desks: Desks) -> None:
    member = _waits(desks)
    assert desks.browser().get("/staff/calls").status_code in (302, 303, 401)
    browser = desks.signed_in("sato")
    browser.csrf = "wrong"
    assert browser.post(f"/staff/calls/{member}", how="spoke").status_code == 400


def test_a_card_that_nobody_has_is_not_found(desks: Desks) -> None:
    assert desks.signed_in("sato").post("/staff/calls/0000000000").status_code == 404


def test_everybody_finds_the_list_and_managers_see_how_many_wait(desks: Desks) -> None:
    _waits(desks)
    counted = "お電話する方が1人います"
    manager = desks.signed_in("mori", "manager").get("/staff/more").text
    staff = desks.signed_in("sato").get("/staff/more").text
    assert counted in manager
    assert counted not in staff
    assert 'href="/staff/calls"' in staff


def test_who_was_held_back_may_be_called_once_the_test_is_ended(desks: Desks) -> None:
    switch_on(desks.club, holdout=0.5)
    people = {stays_away(desks.club, f"さくら{n}", days=15) for n in range(12)}
    before = {each.member.id for each in waiting_for_a_call(desks.club)}
    assert before < people
    with desks.club.work() as work:
        decision = JourneyDecision("ask_why", 1, 1, work.now, "decided", "owner", word="works")
        assert note_decision(work, decision)
    after = {each.member.id for each in waiting_for_a_call(desks.club)}
    assert before < after <= people
