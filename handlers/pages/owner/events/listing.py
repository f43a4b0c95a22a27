"""All events, those to come first, each with how it stands."""

from dataclasses import dataclass
from datetime import datetime

from flask.typing import ResponseReturnValue

from bot.store.events import events, places
from bot.store.events.events import StoredEvent
from rules.events.places import Occupancy
from rules.explaining.event_words import day_line, guests_line, kind_word, place_line

from ...current import current_club
from ...staff.frame.access import manager_page
from ...staff.frame.forms import done_line, problem_line
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.segment_names import owner_words
from .managed import may_manage, state_now, word

layout.place(60, "owner.events")

#: Of more events nobody wants a list.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in the list."""

    id: int
    title: str
    kind: str
    #: When, of its first date; and how many there are.
    when: str
    dates: int
    where: str
    guests: str
    state: str
    taken: int
    places: int
    waiting: int

    @property
    def filled(self) -> int:
        """How full it is, in per cent."""
        return round(100 * self.taken / self.places)


@pages.get("/events", endpoint="events")
@manager_page
def show_events() -> ResponseReturnValue:
    club = current_club()
    now = club.now()
    with club.store.read() as uow:
        found = [each for each in events.every(uow, limit=_SHOWN) if may_manage(each)]
        many = {(each.id, s.n): s.places for each in found for s in each.sittings}
        stands = places.occupancies(uow, [each.id for each in found], many)
    coming = [each for each in found if each.ends_at > now]
    past = [each for each in found if each.ends_at <= now]
    coming.sort(key=lambda each: each.sittings[0].starts_at)
    return layout.page(
        "events",
        word=word,
        coming=[_line(each, stands, now) for each in coming],
        past=[_line(each, stands, now) for each in past],
        done=done_line("owner.events.done"),
        problem=problem_line(),
    )


def _line(
    stored: StoredEvent, stands: dict[tuple[int, int], Occupancy], now: datetime
) -> EventLine:
    words, event = owner_words(), stored.event
    mine = [stands[stored.id, each.n] for each in stored.sittings]
    return EventLine(
        id=stored.id,
        title=event.title.in_(words.lang),
        kind=kind_word(words, event),
        when=day_line(words, stored.sittings[0]),
        dates=len(stored.sittings),
        where=place_line(words, event),
        guests=guests_line(words, event),
        state=state_now(stored, now),
        taken=sum(each.taken for each in mine),
        places=sum(each.places for each in mine),
        waiting=sum(each.waiting + each.offered for each in mine),
    )
