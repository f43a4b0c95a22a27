"""A draft is changed part by part, is always fit to be published, and nobody loses anything."""

import tomllib

import pytest

from bot.store.history import drafts, programs
from bot.store.history.drafts import ProgrammeDraft
from handlers.actions.programme.drafting import (
    CHANGED,
    CaughtUp,
    PartChange,
    begin_with,
    catch_up,
    change_part,
    discard,
    draft_of,
)
from handlers.actions.recording.actor import Actor
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme
from rules.editing.parts import Part, mark_of, values_of
from tests.handlers.clubs import SmallClub
from tests.rules.examples import CAFE, changed

OWNER = Actor(1, "オーナー", "owner", "ekimae", everywhere=True)
VISITS, VISIT = Part("visits"), Part("earning", "visit")


def _change(cafe: SmallClub, part: Part, seen: str | None = None, **values: object) -> object:
    with cafe.work(OWNER) as work:
        there = values_of(tomllib.loads(draft_of(work).text), part) or {}
        mark = mark_of(there or None) if seen is None else seen
        return change_part(work, PartChange(part, {**there, **values}, mark))


def _draft(cafe: SmallClub) -> ProgrammeDraft:
    with cafe.store.read() as uow:
        return drafts.find(uow) or ProgrammeDraft("", 0)


def test_the_first_change_begins_it_and_the_next_goes_on(cafe: SmallClub) -> None:
    assert isinstance(_change(cafe, VISITS, per_day_max=2), ProgrammeDraft)
    assert isinstance(_change(cafe, VISIT, needs_staff=True), ProgrammeDraft)
    draft = _draft(cafe)
    assert (draft.base, draft.revision, draft.written_by) == (1, 2, OWNER.staff_id)
    said = tomllib.loads(draft.text)
    assert said["visits"]["per_day_max"] == 2
    assert "# one visit a day counts" in draft.text, "comments stay"
    with cafe.store.read() as uow:
        assert programs.newest(uow).text == CAFE, "nothing is published by it"


def test_what_cannot_be_is_told_and_kept_nowhere(cafe: SmallClub) -> None:
    done = _change(cafe, VISITS, per_day_max=0)
    assert isinstance(done, InvalidProgramme)
    assert _draft(cafe).revision == 0


def test_of_two_who_open_the_same_part_the_second_is_told(cafe: SmallClub) -> None:
    seen = mark_of(values_of(tomllib.loads(CAFE), VISITS))
    assert isinstance(_change(cafe, VISITS, seen, per_day_max=2), ProgrammeDraft)
    assert _change(cafe, VISITS, seen, per_day_max=3) == Refusal("part_changed")
    assert isinstance(_change(cafe, VISITS, seen, per_day_max=2), ProgrammeDraft), (
        "the same once more"
    )
    assert _draft(cafe).revision == 1
    other = mark_of(values_of(tomllib.loads(CAFE), VISIT))
    assert isinstance(_change(cafe, VISIT, other, needs_staff=True), ProgrammeDraft), "another part"


def test_a_part_is_taken_out_unless_others_need_it(cafe: SmallClub) -> None:
    with cafe.work(OWNER) as work:
        data = tomllib.loads(draft_of(work).text)
        gone = change_part(work, PartChange(VISIT, None, mark_of(values_of(data, VISIT))))
        assert isinstance(gone, ProgrammeDraft)
        ranks = mark_of(values_of(data, Part("ranks")))
        assert isinstance(
            change_part(work, PartChange(Part("ranks"), None, ranks)), InvalidProgramme
        )
    said = tomllib.loads(_draft(cafe).text)
    assert "visit" not in [rule["id"] for rule in said["earning"]]
    assert "ranks" in said


def test_it_is_thrown_away_as_it_was_seen(cafe: SmallClub) -> None:
    _change(cafe, VISITS, per_day_max=2)
    with cafe.work(OWNER) as work:
        assert discard(work, 2) == CHANGED
        assert discard(work, 1) is None
        assert discard(work, 1) == CHANGED
    assert _draft(cafe).revision == 0


def _publish(cafe: SmallClub, text: str) -> None:
    with cafe.store.begin() as uow:
        programs.publish(uow, text, since=cafe.now)


@pytest.mark.parametrize("both", [False, True])
def test_changes_are_put_onto_what_was_published_meanwhile(cafe: SmallClub, both: bool) -> None:
    _change(cafe, VISITS, per_day_max=2)
    theirs = "per_day_max = %d   " if both else "grace_periods = %d"
    _publish(cafe, changed(CAFE, (theirs % 1, theirs % (3 if both else 2))))
    with cafe.work(OWNER) as work:
        done = catch_up(work)
    assert isinstance(done, CaughtUp)
    assert done.lost == ((VISITS,) if both else ())
    said = tomllib.loads(_draft(cafe).text)
    assert _draft(cafe).base == 2
    assert said["visits"]["per_day_max"] == (3 if both else 2)
    assert said["ranks"]["grace_periods"] == (1 if both else 2)


def test_changes_that_do_not_fit_any_more_stay_as_they_are(cafe: SmallClub) -> None:
    _change(cafe, VISIT, ranks=["bronze"])
    text = changed(CAFE, ('id = "bronze"', 'id = "copper"'))
    _publish(cafe, text)
    with cafe.work(OWNER) as work:
        assert isinstance(catch_up(work), InvalidProgramme)
    assert (_draft(cafe).base, _draft(cafe).revision) == (1, 1)


def test_an_old_text_becomes_the_draft_only_in_place_of_what_was_seen(cafe: SmallClub) -> None:
    old = changed(CAFE, ("per_day_max = 1   ", "per_day_max = 3   "))
    with cafe.work(OWNER) as work:
        assert isinstance(begin_with(work, old, 0), ProgrammeDraft)
        assert begin_with(work, CAFE, 0) == CHANGED
        assert isinstance(begin_with(work, CAFE, 1), ProgrammeDraft)
    assert _draft(cafe).text == CAFE
