"""Who gets a place, who waits, and who may not come."""

from datetime import timedelta

from bot.store.events import places
from handlers.actions.events.making import WrittenEvent, change
from handlers.actions.events.signing_up import OfferAnswer, answer_offer
from handlers.actions.members.membership import change_membership, erase
from handlers.jobs.events.upkeep import run_if_due
from tests.handlers.actions.events.occasions import (
    event_at,
    gives_up,
    opened,
    place_of,
    signs_up,
    sitting_at,
    states,
    steps_on,
)
from tests.handlers.clubs import DAY, MANAGER, SmallClub


def user(n: int) -> str:
    return f"U{n:032x}"


def people(cafe: SmallClub, count: int) -> list[int]:
    return [cafe.joins(user(n)) for n in range(count)]


def test_who_comes_first_has_a_place_and_who_comes_later_waits_in_order(cafe: SmallClub) -> None:
    a, b, c, d = people(cafe, 4)
    event = opened(cafe, sitting_at(cafe.now + 14 * DAY, places=2))
    outcomes = [signs_up(cafe, each, event) for each in (a, b, c, d)]
    assert [each.state for each in outcomes] == ["taken", "taken", "waiting", "waiting"]
    assert [each.ahead for each in outcomes] == [0, 0, 0, 1]
    again = signs_up(cafe, d, event)
    assert (again.state, again.ahead) == ("waiting", 1), "a second tap changes nothing"
    assert states(cafe, event) == {a: "taken", b: "taken", c: "waiting", d: "waiting"}


def test_nobody_who_comes_new_goes_before_those_who_wait(cafe: SmallClub) -> None:
    a, b, c = people(cafe, 3)
    event = opened(cafe, sitting_at(cafe.now + 14 * DAY, places=1))
    for each in (a, b):
        signs_up(cafe, each, event)
    assert gives_up(cafe, a, event).state == "declined"
    assert signs_up(cafe, c, event).state == "waiting"
    assert signs_up(cafe, a, event).state == "waiting", "who comes back stands at the end"
    with cafe.store.read() as uow:
        assert places.ahead(uow, place_of(cafe, a, event)) == 2


def test_what_is_not_open_takes_nobody_and_says_why(cafe: SmallClub) -> None:
    [a] = people(cafe, 1)
    draft = opened(cafe, steps=())
    assert signs_up(cafe, a, draft).refused == "event_gone"
    early = opened(cafe, opens_at=cafe.now + DAY)
    refused = signs_up(cafe, a, early)
    assert (refused.refused, refused.again_at) == ("event_not_yet", cafe.now + DAY)
    closed = opened(cafe, steps=("open", "close"))
    assert signs_up(cafe, a, closed).refused == "event_closed"
    late = opened(cafe)
    cafe.passes(days=11)
    assert signs_up(cafe, a, late).refused == "event_closed"
    cafe.passes(days=3)
    assert signs_up(cafe, a, late).refused == "event_over"
    assert signs_up(cafe, a, 999).refused == "event_gone"
    assert signs_up(cafe, a, late, n=7).refused == "event_gone"


def test_an_event_is_for_whom_it_says(cafe: SmallClub) -> None:
    regular, lapsed = people(cafe, 2)
    cafe.visits(lapsed)
    cafe.passes(days=90)
    cafe.visits(regular)
    silver = opened(cafe, guests="ranks", ranks=("silver",))
    assert signs_up(cafe, regular, silver).refused == "event_rank"
    away = opened(cafe, guests="lapsed")
    assert signs_up(cafe, regular, away).refused == "event_lapsed"
    assert signs_up(cafe, lapsed, away).state == "taken"
    both = opened(cafe, guests="ranks", ranks=("silver",), lapsed_too=True)
    assert signs_up(cafe, lapsed, both).state == "taken", "whatever their rank"
    often = opened(cafe, visits_min=2)
    assert signs_up(cafe, regular, often).refused == "event_visits"
    cafe.passes(days=1)
    cafe.visits(regular)
    assert signs_up(cafe, regular, often).state == "taken"


def test_one_person_has_one_date_of_an_event(cafe: SmallClub) -> None:
    [a] = people(cafe, 1)
    first, second = (sitting_at(cafe.now + d * DAY, n=d) for d in (11, 12))
    event = opened(cafe, first, second)
    assert signs_up(cafe, a, event, n=11).state == "taken"
    assert signs_up(cafe, a, event, n=12).refused == "event_twice"
    gives_up(cafe, a, event)
    assert signs_up(cafe, a, event, n=12).state == "taken"


def test_what_has_begun_is_not_given_up_any_more(cafe: SmallClub) -> None:
    a, b = people(cafe, 2)
    event = opened(cafe)
    signs_up(cafe, a, event)
    cafe.passes(days=14)
    assert gives_up(cafe, a, event).refused == "event_over"
    assert gives_up(cafe, b, event).refused == "event_none"
    assert states(cafe, event) == {a: "taken"}


def test_what_is_off_is_nobodys_to_give_up(cafe: SmallClub) -> None:
    [a] = people(cafe, 1)
    event = opened(cafe)
    signs_up(cafe, a, event)
    steps_on(cafe, event, "cancel")
    for _ in range(2):
        assert gives_up(cafe, a, event).refused == "event_cancelled"
        run_if_due(cafe.club)
    assert states(cafe, event) == {a: "off"}


def test_who_leaves_or_is_erased_leaves_their_place_to_others(cafe: SmallClub) -> None:
    a, b, c = people(cafe, 3)
    event = opened(cafe)
    for each in (a, b, c):
        signs_up(cafe, each, event)
    with cafe.work("member", key=cafe.key()) as work:
        change_membership(work, a, "left", at=cafe.now)
    with cafe.work("member", key=cafe.key()) as work:
        erase(work, b)
    with cafe.work("member", key=cafe.key()) as work:
        change_membership(work, c, "paused", at=cafe.now)
    assert states(cafe, event) == {a: "declined", c: "taken"}, "who pauses comes all the same"
    assert signs_up(cafe, a, event).refused == "left"


def test_an_event_changes_but_no_date_that_is_somebodys(cafe: SmallClub) -> None:
    a, b = people(cafe, 2)
    starts = cafe.now + 14 * DAY
    event = opened(cafe, sitting_at(starts, places=5))
    for each in (a, b):
        signs_up(cafe, each, event)

    def changes(*sittings: object, revision: int = 2) -> str | None:
        written = WrittenEvent(event_at(cafe.now, price_yen=500), sittings)  # type: ignore[arg-type]
        with cafe.work(MANAGER, key=cafe.key()) as work:
            no = change(work, event, revision, written)
        return no.code if no else None

    assert changes(sitting_at(starts + DAY)) == "event_date_taken"
    assert changes(sitting_at(starts, n=2)) == "event_date_taken"
    assert changes(sitting_at(starts, places=1)) == "event_places_taken"
    assert changes(sitting_at(starts), revision=1) == "event_changed"
    assert changes(sitting_at(starts, places=2), sitting_at(starts + DAY, n=2)) is None
    assert changes(sitting_at(starts, places=2), revision=2) == "event_changed"
    assert changes(sitting_at(starts, places=2), revision=3) is None, "nobody had the second date"
    assert steps_on(cafe, event, "cancel") is None
    assert changes(sitting_at(starts, places=2), revision=5) == "event_cancelled"
    assert steps_on(cafe, event, "open") == "event_cancelled"


def test_an_old_offer_is_answered_no_more(cafe: SmallClub) -> None:
    [a] = people(cafe, 1)
    event = opened(cafe)
    signs_up(cafe, a, event)
    with cafe.work("member", key=cafe.key()) as work:
        answer = OfferAnswer(a, event, 1, wanted=True)
        assert answer_offer(work, answer).state == "taken", "it is theirs already"
    with cafe.work("member", key=cafe.key()) as work:
        assert answer_offer(work, OfferAnswer(a, event, 9, True)).refused == "event_offer_over"
    assert place_of(cafe, a, event).at == cafe.now
    assert cafe.passes(hours=1) - timedelta(hours=1) == place_of(cafe, a, event).at
