"""Who may come: for all ranks, visits and absences."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.events.event import GUESTS, ShopEvent
from rules.events.guests import EventGuest, refuse_guest
from rules.facts import RankState, SubscriptionMark, changed, newcomer

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
TODAY = date(2026, 1, 5)
RANKS = ("bronze", "silver", "gold")


def event(**more: Any) -> ShopEvent:
    said = {
        "kind": "talk", "title": {"ja": "座談会"}, "about": {"ja": "お話をうかがいます。"},
        "opens_at": NOW, "closes_at": NOW + timedelta(days=9),
    }  # fmt: skip
    return ShopEvent.model_validate(said | more)


@st.composite
def events(draw: st.DrawFn) -> ShopEvent:
    guests = draw(st.sampled_from(GUESTS))
    ranks = draw(st.sets(st.sampled_from(RANKS), min_size=1)) if guests == "ranks" else set()
    return event(
        guests=guests,
        ranks=tuple(sorted(ranks)),
        segments=("vip",) if guests == "segments" else (),
        lapsed_too=draw(st.booleans()),
        visits_min=draw(st.none() | st.integers(1, 9)),
    )


#: Since a month ago.
_SUBSCRIBED = SubscriptionMark(TODAY - timedelta(days=30), None, NOW - timedelta(days=30))


@st.composite
def guests(draw: st.DrawFn) -> EventGuest:
    """Somebody who joined a year ago, with so many visits, of whom the last was some days ago."""
    joined = newcomer(TODAY - timedelta(days=365), NOW - timedelta(days=365))
    last = TODAY - timedelta(days=draw(st.integers(0, 200)))
    facts = changed(
        joined,
        rank=RankState(draw(st.sampled_from(RANKS))),
        visits=draw(st.integers(1, 12)),
        segments=("vip",) if draw(st.booleans()) else (),
        last_visit_on=last,
        subscriptions={"beans": _SUBSCRIBED} if draw(st.booleans()) else {},
    )
    drifts = draw(st.none() | st.integers(-30, 30).map(lambda days: TODAY + timedelta(days=days)))
    return EventGuest(facts, TODAY, drifts)


@given(event=events(), guest=guests())
def test_it_is_for_whom_it_says_and_for_nobody_else(event: ShopEvent, guest: EventGuest) -> None:
    no = refuse_guest(event, guest)
    facts = guest.facts
    enough = event.visits_min is None or facts.visits >= event.visits_min
    of_them = {
        "all": True,
        "ranks": facts.rank.id in event.ranks,
        "segments": "vip" in facts.segments,
        "lapsed": guest.stays_away,
        "subscribers": "beans" in facts.subscriptions,
    }[event.guests]
    assert (no is None) == ((of_them and enough) or (event.lapsed_too and guest.stays_away))
    assert no is None or no.code in (
        "event_rank",
        "event_segment",
        "event_lapsed",
        "event_subscribers",
        "event_visits",
    )


@given(guest=guests(), ranks=st.sets(st.sampled_from(RANKS), min_size=1))
def test_a_round_table_with_who_stayed_away_asks_for_no_rank(
    guest: EventGuest, ranks: set[str]
) -> None:
    """座談会 for lapsed members, whatever their rank."""
    table = event(guests="ranks", ranks=tuple(sorted(ranks)), lapsed_too=True, visits_min=12)
    if guest.stays_away:
        assert refuse_guest(table, guest) is None


@given(guest=guests())
def test_who_drifts_or_was_away_for_two_months_stays_away(guest: EventGuest) -> None:
    last = guest.facts.last_visit_on
    assert last is not None
    drifts = guest.drifts_on is not None and guest.drifts_on <= guest.day
    assert guest.stays_away or not drifts
    # Two months are 62 days at the most, and 59 at the least.
    if (guest.day - last).days > 62:
        assert guest.stays_away
    if (guest.day - last).days < 59 and not drifts:
        assert not guest.stays_away
