"""The words about events: each is looked at once more before it goes out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.line.actions import PostbackAction
from bot.line.views import Button, NoticeMessage, Row
from bot.store import UnitOfWork
from bot.store.events import events, places
from bot.store.events.events import StoredEvent
from bot.store.events.places import EventPlace
from handlers.actions.telling.event_messages import (
    SayEventInvite,
    SayEventOff,
    SayEventOffer,
    SayEventOffNow,
    SayEventReminder,
    SayEventThanks,
    SayOfEvent,
)
from handlers.showing.photos import photo_in_message
from handlers.showing.viewer import Viewer
from rules.explaining.event_questions import questions_after
from rules.explaining.event_words import (
    facts_lines,
    when_line,
    whom_line,
)


@dataclass(frozen=True, slots=True)
class EventsAtHand:
    """The events that messages speak of, and the places of who reads them, by member and event."""

    stored: dict[int, StoredEvent] = field(default_factory=dict)
    places: dict[tuple[int, int], EventPlace] = field(default_factory=dict)
    #: The moment as of which they are.
    now: datetime | None = None


def events_at_hand(
    uow: UnitOfWork, said: Iterable[tuple[int, object]], now: datetime
) -> EventsAtHand:
    """What is needed for what is said of events, each with the member it goes to."""
    spoken = [(member, say.event) for member, say in said if isinstance(say, SayOfEvent)]
    if not spoken:
        return EventsAtHand()
    ids = {event for _, event in spoken}
    theirs = places.of_members(uow, {member for member, _ in spoken}, ids)
    return EventsAtHand(events.many(uow, ids), theirs, now)


def event_notice(say: SayOfEvent, reader: Viewer, at_hand: EventsAtHand) -> NoticeMessage | None:
    """What is said of the event; None where it isn't so any more."""
    stored = at_hand.stored.get(say.event)
    place = at_hand.places.get((reader.member.id, say.event))
    if stored is None or not _is_so(say, stored, place):
        return None
    words, lang = reader.words, reader.lang
    text, title = f"push.events.{_said_as(say)}", stored.event.title.in_(lang)
    values: dict[str, object] = {"event": title}
    if isinstance(say, SayEventOffer):
        values["until"] = words.programme.shop.local(say.until)
    return NoticeMessage(
        title=words.say(f"{text}.title", **values),
        body=words.say(f"{text}.body", **values)
        if not isinstance(say, SayEventInvite)
        else words.name(stored.event.about),
        rows=tuple(_rows(say, reader, stored)),
        note=whom_line(words, stored.event, at_hand.now)
        if isinstance(say, SayEventInvite) and at_hand.now
        else "",
        picture=photo_in_message(reader, _photo(say, stored)),
        buttons=tuple(_buttons(say, reader, asks=asks_after(say, at_hand))),
        accent=reader.accent,
    )


def _photo(say: SayOfEvent, stored: StoredEvent) -> str | None:
    """Which photograph it shows: the event's, and in the thanks their own."""
    if isinstance(say, SayEventThanks):
        return stored.event.thanks_picture
    return stored.event.picture if isinstance(say, SayEventInvite) else None


def _said_as(say: SayOfEvent) -> str:
    """What its texts are called: that it is off is said in the same words at any hour."""
    return say.journey().removeprefix("event_").removesuffix("_now")


def _is_so(say: SayOfEvent, stored: StoredEvent, place: EventPlace | None) -> bool:
    match say:
        case SayEventInvite():
            return stored.state == "open" and (place is None or not place.holds)
        case SayEventOffer(no=no):
            is_theirs = place is not None and place.state == "offered" and place.no == no
            return is_theirs and stored.state != "cancelled"
        case SayEventReminder(n=n):
            has_place = place is not None and place.state == "taken" and place.n == n
            return has_place and stored.state != "cancelled"
        case SayEventThanks():
            return place is not None and place.came_at is not None
        case _:
            return stored.state == "cancelled"


def _rows(say: SayOfEvent, reader: Viewer, stored: StoredEvent) -> list[Row]:
    words, event = reader.words, stored.event
    if isinstance(say, SayEventThanks):
        return []
    sitting = stored.sitting(say.n)
    shown = [sitting] if sitting else list(stored.sittings)
    rows = [Row(left=when_line(words, each)) for each in shown]
    if isinstance(say, SayEventOff | SayEventOffNow):
        return rows
    return [*rows, *(Row(left=left, right=right) for left, right in facts_lines(words, event))]


def asks_after(say: SayOfEvent, at_hand: EventsAtHand) -> bool:
    """Whether who came is asked how it was."""
    stored = at_hand.stored.get(say.event)
    return stored is not None and stored.event.asks


def _buttons(say: SayOfEvent, reader: Viewer, *, asks: bool) -> list[Button]:
    def tap(label: str, data: str) -> PostbackAction:
        said = reader.words.say(f"chat.button.{label}")
        return PostbackAction(said, data, said)

    its = f"of={say.event}"
    match say:
        case SayEventInvite():
            return [Button(tap("event_join", f"do=events&{its}"))]
        case SayEventOffer(no=no):
            answer = f"do=event_offer&{its}&no={no}"
            return [
                Button(tap("event_take", f"{answer}&yes=1")),
                Button(tap("event_leave", f"{answer}&yes=0"), "link"),
            ]
        case SayEventReminder():
            return [Button(tap("event_give_up", f"do=event_give_up&{its}"), "link")]
        case SayEventThanks(event=event):
            number = reader.member.number
            data = f"do=questions&of={questions_after(event)}&card={number}"
            return [Button(tap("questions", data))] if asks else []
        case _:
            return [Button(tap("events", "do=events"), "secondary")]
