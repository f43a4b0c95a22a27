"""Closed for once: at once, by whom it may be, undone, and kept by what is written or waits."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.store.history import drafts, programs
from bot.store.history.programs import NOTICE
from bot.store.staff import audit_pages
from bot.store.staff.audit_pages import AuditQuery
from handlers.actions.programme.closing import Closing, close, open_again
from handlers.actions.programme.drafting import PartChange, change_part
from handlers.actions.programme.publishing import publish_draft
from handlers.actions.recording.actor import Actor
from rules.editing.parts import Part, mark_of, values_of
from rules.outlook.opening import opening
from tests.handlers.clubs import SmallClub

OWNER = Actor(1, "オーナー", "owner", "ekimae", everywhere=True)
MANAGER = Actor(2, "店長", "manager", "ekimae")
VISITS = Part("visits")
DAY = timedelta(days=1)


def _closes(cafe: SmallClub, by: Actor = OWNER, key: str = "", **more: Any) -> str | None:
    with cafe.work(by, key=key or cafe.key()) as work:
        closing = replace(Closing(None, work.day, work.day), **more)
        no = close(work, closing).refused
    _knows(cafe)
    return no


def _opens(cafe: SmallClub, by: Actor = OWNER, **more: Any) -> str | None:
    with cafe.work(by, key=cafe.key()) as work:
        no = open_again(work, replace(Closing(None, work.day, work.day), **more)).refused
    _knows(cafe)
    return no


def _knows(cafe: SmallClub) -> None:
    cafe.passes(seconds=NOTICE.total_seconds())
    cafe.club.programmes.forget()


def _today(cafe: SmallClub) -> date:
    return cafe.timeline.at(cafe.now).programme.shop.business_date(cafe.now)


def _is_open(cafe: SmallClub, store: str = "ekimae") -> bool:
    return cafe.timeline.at(cafe.now).programme.is_open(store, _today(cafe))


def test_today_is_closed_within_seconds_and_open_again_the_same_day(cafe: SmallClub) -> None:
    before = cafe.now
    assert _closes(cafe) is None
    assert not _is_open(cafe)
    shop = cafe.timeline.at(cafe.now).programme.shop
    assert shop.is_specially_closed(_today(cafe))
    assert cafe.timeline.at(before).programme.shop.is_open(_today(cafe)), "as it was then"
    assert _closes(cafe) == "closing_known"
    assert _opens(cafe) is None
    assert _is_open(cafe)
    assert _opens(cafe) == "closing_gone"
    with cafe.store.read() as uow:
        lines = audit_pages.page(uow, AuditQuery(), before=None, limit=9)
        text = programs.newest(uow).text
    done = [each.action for each in lines if each.action != "refused"]
    assert done == ["shop_opened", "shop_closed"]
    assert "# one visit a day counts" in text, "comments stay"


def test_the_same_tap_twice_closes_once(cafe: SmallClub) -> None:
    assert _closes(cafe, key="tap") is None
    number = cafe.timeline.latest.number
    cafe.clock.set(cafe.now - NOTICE)
    assert _closes(cafe, key="tap") is None
    assert cafe.timeline.latest.number == number


def test_what_cannot_be_closed_is_refused(cafe: SmallClub) -> None:
    today = _today(cafe)
    assert _closes(cafe, first=today - DAY) == "closing_past"
    assert _closes(cafe, last=today - DAY) == "closing_order"
    assert _closes(cafe, last=today + 800 * DAY) == "closing_far"
    assert _closes(cafe, store="nowhere") == "store_unknown"
    assert cafe.timeline.latest.number == 1


def test_a_manager_closes_their_own_branch_alone(cafe: SmallClub) -> None:
    assert _closes(cafe, MANAGER) == "not_allowed"
    assert _closes(cafe, MANAGER, store="kawabe") == "not_allowed"
    assert _closes(cafe, replace(MANAGER, role="staff"), store="ekimae") == "not_allowed"
    assert _closes(cafe, MANAGER, store="ekimae") is None
    assert not _is_open(cafe, "ekimae")
    assert _is_open(cafe, "kawabe")
    programme = cafe.timeline.at(cafe.now).programme
    assert programme.shop.is_open(_today(cafe)), "members may go to the other one"
    assert programme.open_for("ekimae", cafe.now) is None
    found = opening(programme, "ekimae", cafe.now)
    assert found is not None
    assert (found.is_open, found.is_open_day) == (False, False)
    assert _closes(cafe, store="kawabe") == "closing_all"
    assert _opens(cafe, MANAGER, store="ekimae") is None
    assert _is_open(cafe, "ekimae")


def test_days_that_began_are_over_and_the_rest_is_taken_back(cafe: SmallClub) -> None:
    first = _today(cafe)
    assert _closes(cafe, last=first + 3 * DAY) is None
    cafe.passes(days=2)
    assert _opens(cafe, first=first, last=first + 3 * DAY) is None
    shop = cafe.timeline.latest.programme.shop
    assert [shop.is_open(first + n * DAY) for n in range(4)] == [False, False, True, True]


def _drafts(cafe: SmallClub) -> None:
    with cafe.work(OWNER, key=cafe.key()) as work:
        there = values_of(tomllib.loads(programs.newest(work.uow).text), VISITS)
        changed = PartChange(VISITS, {**(there or {}), "per_day_max": 3}, mark_of(there))
        change_part(work, changed)


def test_the_draft_goes_on_with_it(cafe: SmallClub) -> None:
    _drafts(cafe)
    assert _closes(cafe) is None
    with cafe.store.read() as uow:
        draft = drafts.find(uow)
    assert draft is not None
    assert (draft.base, draft.revision) == (2, 2)
    with cafe.work(OWNER, key=cafe.key()) as work:
        publish_draft(work, draft.revision)
    _knows(cafe)
    assert cafe.timeline.latest.programme.visits.per_day_max == 3
    assert not _is_open(cafe), "what was published doesn't take it back"


def test_what_waits_for_its_moment_keeps_it_too(cafe: SmallClub) -> None:
    _drafts(cafe)
    at = cafe.now + timedelta(hours=2)
    with cafe.work(OWNER, key=cafe.key()) as work:
        publish_draft(work, 1, at)
    assert _closes(cafe) is None
    assert not _is_open(cafe)
    versions = cafe.timeline.versions
    assert [each.number for each in versions] == [1, 2, 3]
    assert versions[-1].since == at
    assert versions[1].programme.visits.per_day_max != 3
    assert versions[-1].programme.visits.per_day_max == 3
    assert not versions[-1].programme.shop.is_open(_today(cafe))
