"""Who came after a message, by name."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.store.tables import activities, outbox
from handlers.actions.members.membership import erase
from rules.characters import spaced_number
from tests.handlers.broadcasting import OWNER
from tests.handlers.clubs import SmallClub
from tests.handlers.commands.messages import Messages
from tests.handlers.pages.owner.messages.results.two_versions import JOURNEY, counts_all, read
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting, plans


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
