"""A draft of the programme is tried on what was, before it is published."""

import html

from handlers.showing.trying import TrialSoFar, begin, go_on
from rules.editing.parts import Part
from rules.wording.texts import say
from tests.handlers.pages.owner.test_programme import saves
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody


def test_a_draft_is_tried_on_what_was_before_it_is_published(desks: Desks, owner: Browser) -> None:
    number = somebody(desks)
    saves(desks, owner, Part("earning", "welcome"), **{"award.points": "20"})
    page = owner.post("/owner/draft/trial").text
    told = html.unescape(page)
    assert say("ja", "owner.trial.sums") in told
    assert "<td>50</td><td>20</td><td>-30</td>" in told
    assert number in told.replace(" ", ""), "who would have got less is named"
    assert say("ja", "refusal.draft_changed.why") in owner.post(
        "/owner/draft/trial", so_far=_begun_with(desks, revision=7)
    ).text  # fmt: skip
    assert owner.post("/owner/draft/trial", so_far="made up").status_code == 200


def _begun_with(desks: Desks, *, revision: int) -> str:
    so_far = TrialSoFar(revision, step=1, members=1)
    return desks.club.codes.seal("trial", so_far.dumped())


def test_a_trial_goes_on_where_it_was_left(desks: Desks, owner: Browser) -> None:
    for name in ("さくら", "もも", "あん"):
        somebody(desks, name=name)
    programme = desks.club.timeline().latest.programme
    so_far, looks = begin(desks.club, 1), 0
    while not so_far.is_over:
        so_far = go_on(desks.club, programme, so_far, is_time=iter((False, True)).__next__)
        so_far, looks = TrialSoFar.loaded(so_far.dumped()), looks + 1
    assert (so_far.tried, looks) == (3, 1)
    assert so_far.was == so_far.would
    assert so_far.losers == ()
