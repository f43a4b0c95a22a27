"""Reviews as staff read them: confirmed by their words, taken down for what harms somebody."""

import re
from uuid import uuid4

from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from bot.store.members import members
from bot.store.messages.inbox import ChatText
from handlers.actions.heard.reviewing import (
    ShowingChoice,
    choose_stars,
    decide_showing,
    tell_review,
)
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.actor import Actor
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counter.test_today import USER, joins, queued
from tests.handlers.pages.staff.counters import counter_of, of

BAD = "待ち時間が長かったです"


def tells(desks: Desks, member: int, stars: int = 1) -> Review:
    """A review that its writer lets be shown, which waits for staff as the café has it."""
    with desks.club.work("member", key=f"line:{stars}") as work:
        assert choose_stars(work, member, stars) is None
        assert tell_review(work, member, ChatText(BAD, USER, work.now)).done
        told = reviews.get(work.uow, member, 1)
        assert told is not None
        decide_showing(work, told, ShowingChoice("さくら", "載せます", work.now))
    return seen(desks, member)


def seen(desks: Desks, member: int) -> Review:
    with desks.club.store.read() as uow:
        told = reviews.get(uow, member, 1)
    assert told is not None
    return told


def balance(desks: Desks, member: int) -> int:
    with desks.club.store.read() as uow:
        card = members.get(uow, member)
    assert card is not None
    return card.facts.balance


def test_staff_confirm_the_words_before_they_see_the_stars(desks: Desks) -> None:
    browser, member = desks.signed_in("sato"), joins(desks.club)
    told, before = tells(desks, member), balance(desks, member)
    waiting = browser.get("/staff/voices").text
    assert BAD in waiting
    assert "確認待ち（1）" in waiting
    assert not re.search("★★|★☆", waiting)
    path = f"/staff/voices/{_card(desks, member)}/{told.n}/confirm"
    assert browser.post(path, key="a1").headers["Location"].endswith("done=confirmed")
    assert balance(desks, member) == before + 20
    assert (seen(desks, member).status, seen(desks, member).rewarded) == ("counted", True)
    assert "★☆☆☆☆" in browser.get("/staff/voices?all=1").text
    # A low one is a case from then on: read with its stars, and answered in the chat.
    listed = browser.get("/staff/inbox").text
    assert "低い評価" in listed
    assert "期限 " in listed
    case = f"/staff/inbox/{_card(desks, member)}/1"
    page = browser.get(case).text
    assert f"★☆☆☆☆\n{BAD}" in page
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    browser.post(case, how="send", text="申し訳ありません。", seen=found[1], key="c1")
    assert queued(desks.club) == ["answer"]
    # Twice, by a form sent again or from another page, it earns nothing more.
    assert browser.post(path, key="a1").headers["Location"].endswith("done=confirmed")
    assert browser.post(path, key="a2").headers["Location"].endswith("no=review_gone")
    assert balance(desks, member) == before + 20


def test_it_goes_off_the_page_only_for_a_reason_that_is_noted(desks: Desks) -> None:
    browser, member = desks.signed_in("sato"), joins(desks.club)
    told = tells(desks, member)
    path = f"/staff/voices/{_card(desks, member)}/{told.n}"
    browser.post(f"{path}/confirm", key="a1")
    for odd in ("", "stars", "low"):
        refused = browser.post(f"{path}/take-down", reason=odd, key=f"b{odd}")
        assert "no=review_reason" in refused.headers["Location"]
    with desks.club.store.read() as uow:
        assert len(reviews.shown(uow, after=0, limit=9)) == 1
    down = browser.post(f"{path}/take-down", reason="personal", key="b1")
    assert "done=taken_down" in down.headers["Location"]
    with desks.club.store.read() as uow:
        assert reviews.shown(uow, after=0, limit=9) == []
    noted = [(each.action, dict(each.details)) for each in desks.logged()]
    assert ("review_taken_down", {"why": "personal"}) in noted
    page = browser.get("/staff/voices?all=1").text
    assert "掲載を見合わせ：個人の情報が含まれる" in page
    assert "put-back" not in page
    # Only who manages puts it back.
    assert browser.post(f"{path}/put-back", key="c1").status_code == 403
    manager = desks.signed_in("tanaka", "manager")
    assert "done=put_back" in manager.post(f"{path}/put-back", key="c2").headers["Location"]
    with desks.club.store.read() as uow:
        assert len(reviews.shown(uow, after=0, limit=9)) == 1


def test_only_what_may_be_shown_can_be_taken_off_the_page(desks: Desks) -> None:
    browser, member = desks.signed_in("sato"), joins(desks.club)
    told = tells(desks, member)
    page = browser.get("/staff/voices").text
    assert "公開ページから外す" in page
    # Who told the shop no name is called as everywhere: as LINE calls them.
    assert "さくら様" in page
    with desks.club.work("member", key="line:no") as work:
        decide_showing(work, told, ShowingChoice(None, "載せません", work.now))
    page = browser.get("/staff/voices").text
    assert BAD in page
    assert "掲載の同意なし" in page
    assert "公開ページから外す" not in page


def test_what_was_taken_down_is_not_confirmed_and_nobodys_review_is_a_404(desks: Desks) -> None:
    browser, member = desks.signed_in("sato"), joins(desks.club)
    told, before = tells(desks, member), balance(desks, member)
    path = f"/staff/voices/{_card(desks, member)}"
    browser.post(f"{path}/{told.n}/take-down", reason="abuse", key="a1")
    late = browser.post(f"{path}/{told.n}/confirm", key="a2")
    assert late.headers["Location"].endswith("no=review_gone")
    assert balance(desks, member) == before
    assert browser.post(f"{path}/99/confirm", key="a3").status_code == 404


def test_a_tap_at_the_counter_counts_the_one_that_waits(desks: Desks) -> None:
    counter, member = counter_of(desks), joins(desks.club)
    told, before = tells(desks, member), balance(desks, member)
    assert counter.scans(counter.member(member), confirm=["review"])["result"] == "checked_in"
    assert seen(desks, member).status == "counted"
    assert balance(desks, member) == before + 10 + 20
    late = counter.browser.post(f"/staff/voices/{_card(desks, member)}/{told.n}/confirm", key="a1")
    assert late.headers["Location"].endswith("no=review_gone")
    assert balance(desks, member) == before + 10 + 20


def test_a_tap_for_whom_two_cards_became_one_counts_the_one_that_waits_on_either(
    desks: Desks,
) -> None:
    counter, keep = counter_of(desks), joins(desks.club)
    other = counter.joins().id
    told = tells(desks, other)
    boss = desks.hires("suzuki", "owner", None)
    who = Actor(boss.id, boss.name, boss.role, "ekimae")
    with desks.club.work(who, key="merge") as work:
        assert merge(work, MergeRequest(keep, other)).done
    before = balance(desks, keep)
    assert counter.scans(counter.member(keep), confirm=["review"])["result"] == "checked_in"
    assert balance(desks, keep) == before + 10 + 20
    assert seen(desks, other).status == "counted"
    path = f"/staff/voices/{_card(desks, other)}/{told.n}/confirm"
    assert counter.browser.post(path, key="a1").headers["Location"].endswith("no=review_gone")
    assert balance(desks, keep) == before + 10 + 20


def _card(desks: Desks, member: int) -> str:
    with desks.club.store.read() as uow:
        card = members.get(uow, member)
    assert card is not None
    return card.number


def test_what_was_taken_down_waits_for_nobody_until_it_is_put_back(desks: Desks) -> None:
    browser, member = desks.signed_in("tanaka", "manager"), joins(desks.club)
    told = tells(desks, member)
    path = f"/staff/voices/{_card(desks, member)}/{told.n}"
    browser.post(f"{path}/take-down", reason="abuse", key="a1")
    assert "確認待ち（0）" in browser.get("/staff/voices").text
    browser.post(f"{path}/put-back", key="a2")
    assert "確認待ち（1）" in browser.get("/staff/voices").text


def test_what_was_undone_is_marked_as_rewarded_no_more(desks: Desks) -> None:
    counter, member = counter_of(desks), joins(desks.club)
    tells(desks, member)
    before = balance(desks, member)
    scanned = counter.scans(counter.member(member), confirm=["review"])
    page, marked = counter.browser.get("/voices").text, ">特典つき<"
    assert BAD in page
    assert marked in page
    number, manager = counter.member(member).number, counter_of(desks, who="tencho", role="manager")
    undo = {"action": scanned["action"], "undoId": str(uuid4()), "memberNumber": number,
            "reason": "まちがい"}  # fmt: skip
    assert of(manager.posts("undo", undo))["result"] == "undone"
    page = counter.browser.get("/voices").text
    assert balance(desks, member) == before
    assert BAD in page
    assert marked not in page
