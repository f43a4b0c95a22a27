"""Events to try actions and jobs on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.store.events import events, places
from bot.store.events.places import EventPlace
from bot.store.tables import outbox
from handlers.actions.events.making import EventStep, WrittenEvent, make, take_step
from handlers.actions.events.signing_up import PlaceOutcome, Wish, give_up, sign_up
from rules.events.event import ShopEvent, Sitting
from tests.handlers.clubs import DAY, MANAGER, SmallClub


def event_at(now: datetime, **more: Any) -> ShopEvent:
    """A tasting for everybody, whose sign-up is open for ten days."""
    said = {
        "kind": "tasting",
        "title": {"ja": "春の豆の試食会", "en": "Spring tasting"},
        "about": {"ja": "新しい豆を、いちばんに。", "en": "The new beans first."},
        "opens_at": now - DAY,
        "closes_at": now + 10 * DAY,
    }
    return ShopEvent.model_validate(said | more)


def sitting_at(starts_at: datetime, *, places: int = 20, n: int = 1) -> Sitting:
    return Sitting(n, starts_at, starts_at + timedelta(minutes=90), places)


def opened(
    cafe: SmallClub, *sittings: Sitting, steps: Sequence[EventStep] = ("open",), **more: Any
) -> int:
    """An event that members can sign up for; gives its id."""
    shown = sittings or (sitting_at(cafe.now + 14 * DAY),)
    with cafe.work(MANAGER, key=cafe.key()) as work:
        event_id = make(work, WrittenEvent(event_at(cafe.now, **more), shown))
    for step in steps:
        steps_on(cafe, event_id, step)
    return event_id


def steps_on(cafe: SmallClub, event_id: int, step: EventStep) -> str | None:
    """What is done to the event; the refusal's code."""
    with cafe.work(MANAGER, key=cafe.key()) as work:
        stored = events.get(work.uow, event_id)
        assert stored is not None
        no = take_step(work, event_id, stored.revision, step)
    return no.code if no else None


def signs_up(cafe: SmallClub, member_id: int, event_id: int, n: int = 1) -> PlaceOutcome:
    with cafe.work("member", key=cafe.key()) as work:
        return sign_up(work, Wish(member_id, event_id, n, "chat"))


def gives_up(cafe: SmallClub, member_id: int, event_id: int) -> PlaceOutcome:
    with cafe.work("member", key=cafe.key()) as work:
        return give_up(work, member_id, event_id)


def place_of(cafe: SmallClub, member_id: int, event_id: int) -> EventPlace:
    with cafe.store.read() as uow:
        found = places.get(uow, member_id, event_id)
    assert found is not None
    return found


def states(cafe: SmallClub, event_id: int) -> dict[int, str]:
    """How the places of the event stand, by member, in order."""
    with cafe.store.read() as uow:
        return {each.member_id: each.state for each in places.of_event(uow, event_id)}


def queued(cafe: SmallClub, journey: str) -> list[tuple[int, str]]:
    """Whom a message of that kind was queued for, each with its period, in order."""
    asked = select(outbox.c.member_id, outbox.c.period).where(outbox.c.journey == journey)
    with cafe.store.read() as uow:
        order = (outbox.c.queued_at, outbox.c.member_id)
        return [(row.member_id, row.period) for row in uow.run(asked.order_by(*order))]
