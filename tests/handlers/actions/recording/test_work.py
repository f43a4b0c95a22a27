"""One transaction at one moment, by one actor, under one key."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.store.members import members
from rules.facts import Facts
from rules.judging.decide import advance
from rules.programme.timeline import Timeline
from tests.handlers.clubs import DESK, SmallClub


def test_it_knows_the_programme_and_the_business_day_of_its_moment(cafe: SmallClub) -> None:
    with cafe.work() as work:
        assert work.programme is cafe.timeline.at(work.now).programme
        assert work.day == work.programme.shop.business_date(work.now)
        later = work.moment(work.now + timedelta(days=1))
        assert later.day == work.day + timedelta(days=1)
        assert later.uow is work.uow


def test_it_says_who_does_it(cafe: SmallClub) -> None:
    with cafe.work(DESK, key="staff:1") as work:
        assert (work.actor, work.staff, work.made_by) == (DESK, DESK, "staff")
        chat = work.acting("member").under("line:1")
        assert (chat.actor, chat.made_by, chat.key, work.key) == (
            None,
            "member",
            "line:1",
            "staff:1",
        )
        with pytest.raises(LookupError):
            _ = chat.staff
        assert work.acting(None).made_by == "system"


def test_what_is_recorded_in_it_is_seen_from_all_its_views(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(days=1)
    with cafe.work() as work:
        assert work.under("x").recorded is work.acting("staff").recorded is work.recorded
        known = members.lock(work.uow, member)
        assert work.settled(known) is work.moment(work.now).settled(known)


def test_a_member_is_brought_up_to_a_day_once(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = cafe.joins()
    cafe.passes(days=40)
    calls: list[date] = []

    def counted(timeline: Timeline, facts: Facts, day: date) -> Any:
        calls.append(day)
        return advance(timeline, facts, day)

    monkeypatch.setattr("handlers.actions.recording.work.advance", counted)
    with cafe.work() as work:
        known = members.lock(work.uow, member)
        assert work.settled(known) is work.settled(known)
        assert work.settled_to(known, work.day)[0] is work.settled(known)
    assert len(calls) == 1


def test_other_facts_under_the_same_number_are_brought_up_to_the_day_anew(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(days=40)
    with cafe.work() as work:
        known = members.lock(work.uow, member)
        work.settled(known)
        other = replace(known, facts=replace(known.facts, balance=known.facts.balance + 7))
        assert work.settled(other).balance == known.facts.balance + 7
