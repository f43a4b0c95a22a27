"""An event for who is in a segment that its owner saved, or open to them first."""

from typing import Any

from bot.store.events import events
from bot.store.messages import segments
from handlers.actions.events.making import WrittenEvent, change
from handlers.actions.members.membership import change_membership
from handlers.jobs.events.upkeep import run_if_due
from rules.base import Refusal
from tests.handlers.actions.events.occasions import (
    event_at,
    opened,
    queued,
    signs_up,
    sitting_at,
    states,
)
from tests.handlers.actions.events.test_signing_up import user
from tests.handlers.actions.members.two_cards import merges
from tests.handlers.clubs import DAY, MANAGER, SmallClub
from tests.handlers.segments_saved import becomes, drops, english, saves


def for_segment(cafe: SmallClub, *slugs: str, **more: Any) -> int:
    return opened(cafe, guests="segments", segments=slugs, **more)


def test_only_who_is_found_signs_up_and_the_others_hear_why(cafe: SmallClub) -> None:
    vip, other = english(cafe, user(1)), cafe.joins(user(2))
    saved = saves(cafe)
    event = for_segment(cafe, saved.slug)
    assert signs_up(cafe, other, event).refused == "event_segment"
    assert signs_up(cafe, vip, event).state == "taken"


def test_one_of_several_is_enough_and_one_that_is_gone_finds_nobody(cafe: SmallClub) -> None:
    vip, other = english(cafe, user(1)), cafe.joins(user(2))
    saved, regulars = saves(cafe), saves(cafe, "常連の方", visited_since="2026-01-01")
    both = for_segment(cafe, saved.slug, regulars.slug)
    alone = for_segment(cafe, regulars.slug)
    cafe.visits(other)
    assert signs_up(cafe, vip, both).state == "taken"
    assert signs_up(cafe, other, both).state == "taken"
    with cafe.store.begin() as uow:
        # Whatever threw it away: nobody may be let in by mistake.
        segments.drop(uow, regulars.id)
    assert signs_up(cafe, other, alone).refused == "event_segment"


def test_it_goes_by_what_the_segment_says_when_they_sign_up_and_a_place_stays(
    cafe: SmallClub,
) -> None:
    vip, other = english(cafe, user(1)), cafe.joins(user(2))
    saved = saves(cafe)
    event = for_segment(cafe, saved.slug)
    assert signs_up(cafe, vip, event).state == "taken"
    becomes(cafe, saved, name="日本語の方", languages=("ja",))
    assert signs_up(cafe, other, event).state == "taken", "the name is another, the segment isn't"
    again = signs_up(cafe, vip, event)
    assert (again.refused, again.state) == (None, "taken")
    assert states(cafe, event) == {vip: "taken", other: "taken"}


def test_the_invitation_goes_to_whom_it_finds_and_who_falls_out_before_signing_up_cannot(
    cafe: SmallClub,
) -> None:
    vip, other = english(cafe, user(1)), cafe.joins(user(2))
    saved = saves(cafe)
    event = for_segment(cafe, saved.slug, steps=("open", "invite"))
    for _ in range(2):
        run_if_due(cafe.club)
    assert [who for who, _ in queued(cafe, "event_invite")] == [vip]
    becomes(cafe, saved, languages=("ja",))
    assert signs_up(cafe, vip, event).refused == "event_segment"
    assert signs_up(cafe, other, event).state == "taken"


def test_it_opens_to_a_segment_or_a_rank_first_and_then_to_all(cafe: SmallClub) -> None:
    vip, bronze, other = english(cafe, user(1)), cafe.joins(user(2)), cafe.joins(user(3))
    for _ in range(3):
        cafe.visits(bronze)
        cafe.passes(days=1)
    saved, until = saves(cafe), cafe.now + 2 * DAY
    first = {"guests": "ranks", "ranks": ["bronze"], "segments": [saved.slug], "until": until}
    event = opened(cafe, first=first, steps=("open", "invite"))
    no = signs_up(cafe, other, event)
    assert (no.refused, no.again_at) == ("event_first", until)
    run_if_due(cafe.club)
    assert [who for who, _ in queued(cafe, "event_invite")] == [vip, bronze]
    assert signs_up(cafe, bronze, event).state == "taken"
    assert signs_up(cafe, vip, event).state == "taken"
    cafe.clock.set(until)
    run_if_due(cafe.club)
    assert [who for who, _ in queued(cafe, "event_invite")] == [vip, bronze, other]
    assert signs_up(cafe, other, event).state == "taken"


def test_a_segment_in_use_is_not_thrown_away_until_the_event_is_over(cafe: SmallClub) -> None:
    saved = saves(cafe)
    starts = cafe.now + 14 * DAY
    opened(cafe, sitting_at(starts), guests="segments", segments=[saved.slug])
    assert drops(cafe, saved) == Refusal("segment_used")
    cafe.clock.set(starts + DAY)
    assert drops(cafe, saved) is None
    again = saves(cafe)
    assert again.slug != saved.slug, "what an event meant by it stays another's"


def test_an_event_is_never_for_a_segment_that_there_is_not(cafe: SmallClub) -> None:
    event = opened(cafe)
    with cafe.work(MANAGER, key=cafe.key()) as work:
        stored = events.get(work.uow, event)
        assert stored is not None
        said = event_at(cafe.now, guests="segments", segments=["vip"])
        no = change(work, event, stored.revision, WrittenEvent(said, stored.sittings))
    assert no == Refusal("segment_gone")


def test_two_cards_made_one_are_judged_as_who_keeps_them(cafe: SmallClub) -> None:
    paper, own = english(cafe), cafe.joins(user(2))
    saved = saves(cafe)
    event = for_segment(cafe, saved.slug)
    assert merges(cafe, own, paper).done
    assert signs_up(cafe, paper, event).refused == "merged"
    assert signs_up(cafe, own, event).refused == "event_segment"


def test_who_left_is_in_no_event_of_a_segment(cafe: SmallClub) -> None:
    vip = english(cafe, user(1))
    event = for_segment(cafe, saves(cafe).slug)
    with cafe.work("member", key=cafe.key()) as work:
        assert change_membership(work, vip, "left", at=work.now).done
    assert signs_up(cafe, vip, event).refused == "left"
