"""Who gets a place, whatever people do: a sitting in memory, by the rules alone."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.events.event import EventState, ShopEvent, Sitting
from rules.events.places import (
    CONCERNED,
    Occupancy,
    PlaceState,
    offers_due,
    refuse_sign_up,
    sign_up_gives,
)
from tests.chance import examples

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)

Deed = Literal["sign_up", "give_up", "take", "pass", "move_up"]
_deeds = st.lists(
    st.tuples(st.sampled_from(get_args(Deed)), st.integers(0, 11)), min_size=1, max_size=60
)


@dataclass
class Evening:
    """A sitting: how each stands, in the order in which they signed up."""

    places: int
    stands: dict[int, PlaceState] = field(default_factory=dict)
    #: To whom a place was offered, in order.
    offered: list[int] = field(default_factory=list)
    #: Who signed up when there was one to be had at once.
    at_once: list[int] = field(default_factory=list)

    def now(self) -> Occupancy:
        counted = [list(self.stands.values()).count(state) for state in CONCERNED]
        taken, waiting, offered = counted
        return Occupancy(self.places, taken, offered, waiting)

    def waiting(self) -> list[int]:
        return [who for who, state in self.stands.items() if state == "waiting"]

    def does(self, deed: Deed, who: int) -> None:
        state = self.stands.get(who)
        match deed:
            case "sign_up" if state not in CONCERNED:
                given = sign_up_gives(self.now())
                if given == "taken":
                    self.at_once.append(who)
                # Who comes again stands behind the others.
                self.stands.pop(who, None)
                self.stands[who] = given
            case "give_up" if state in CONCERNED:
                self.stands[who] = "declined"
            case "take" if state == "offered":
                self.stands[who] = "taken"
            case "pass" if state == "offered":
                self.stands[who] = "passed"
            case "move_up":
                while offers_due(self.now()):
                    first = self.waiting()[0]
                    self.stands[first] = "offered"
                    self.offered.append(first)


@settings(max_examples=examples(200))
@given(places=st.integers(1, 5), deeds=_deeds)
def test_no_place_is_somebodys_twice_and_nobody_goes_before_who_waits(
    places: int, deeds: list[tuple[Deed, int]]
) -> None:
    evening = Evening(places)
    for deed, who in deeds:
        waited, free = evening.waiting(), evening.now().free
        offers, had_at_once = len(evening.offered), len(evening.at_once)
        evening.does(deed, who)
        stands = evening.now()
        assert stands.taken + stands.offered <= places
        # Who comes later than somebody who waits gets nothing before them.
        assert not (waited and len(evening.at_once) > had_at_once)
        # Each free place was offered to one, in the order in which they wait.
        new = evening.offered[offers:]
        assert new == waited[: len(new)]
        assert len(new) <= free
        # The others stand in the order in which they stood.
        assert [who for who in waited if who in evening.waiting()] == [
            who for who in evening.waiting() if who in waited
        ]


@settings(max_examples=examples(100))
@given(places=st.integers(1, 5), deeds=_deeds)
def test_once_the_list_moved_up_no_place_is_free_while_somebody_waits(
    places: int, deeds: list[tuple[Deed, int]]
) -> None:
    evening = Evening(places)
    for deed, who in deeds:
        evening.does(deed, who)
    evening.does("move_up", 0)
    stands = evening.now()
    assert not (stands.free and stands.waiting)
    assert offers_due(stands) == 0
    before = list(evening.offered)
    evening.does("move_up", 0)
    assert evening.offered == before, "an offer is made once"


@given(
    places=st.integers(1, 9), taken=st.integers(0, 9), offered=st.integers(0, 9),
    waiting=st.integers(0, 9),
)  # fmt: skip
def test_what_is_left_is_nobodys_also_after_places_were_taken_away(
    places: int, taken: int, offered: int, waiting: int
) -> None:
    stands = Occupancy(places, taken, offered, waiting)
    assert stands.left in (0, stands.free)
    assert stands.free == max(0, places - taken - offered)
    assert (sign_up_gives(stands) == "taken") == (stands.left > 0)
    assert 0 <= offers_due(stands) <= min(stands.free, waiting)


def _event() -> tuple[ShopEvent, Sitting]:
    said = {
        "kind": "tasting", "title": {"ja": "試食会"}, "about": {"ja": "新しい豆を。"},
        "opens_at": NOW, "closes_at": NOW + 10 * HOUR,
    }  # fmt: skip
    starts = NOW + 8 * HOUR
    return ShopEvent.model_validate(said), Sitting(1, starts, starts + HOUR, 3)


@given(
    hours=st.floats(-5, 20), state=st.sampled_from(get_args(EventState)),
)  # fmt: skip
def test_one_signs_up_while_it_is_open_and_not_begun_and_at_no_other_time(
    hours: float, state: EventState
) -> None:
    event, sitting = _event()
    now = NOW + hours * HOUR
    no = refuse_sign_up(event, state, sitting, now)
    may = state == "open" and event.opens_at <= now < min(event.closes_at, sitting.starts_at)
    assert (no is None) == may
    if no is not None and no.code == "event_not_yet":
        assert refuse_sign_up(event, state, sitting, no.again_at or NOW) is None
    # A draft says of itself that there is none, whatever the hour.
    assert getattr(refuse_sign_up(event, "draft", sitting, now), "code", "") == "event_gone"


def test_an_event_that_closes_late_closes_when_it_begins() -> None:
    event, sitting = _event()
    late = replace(sitting, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    no = refuse_sign_up(event, "open", late, NOW + HOUR)
    assert no is not None
    assert no.code == "event_over"
