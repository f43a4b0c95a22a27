"""An event as its owner wrote it, and the sittings at which it takes place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from ..base import Count, Id, Impossible, LocalText, Strict, Yen
from ..programme.theme import ArtFile

EventKind = Literal["tasting", "seminar", "visit", "interview", "talk", "presale", "gathering"]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
#: all: every member. ranks: who holds one of the named ranks. segments: who is in one of the named
#: segments. lapsed: who has stayed away. subscribers: who subscribes to something (定期).
Guests = Literal["all", "ranks", "segments", "lapsed", "subscribers"]
GUESTS: tuple[Guests, ...] = get_args(Guests)
#: draft: nobody sees it yet. closed: nobody else may sign up. cancelled: it will not take place.
EventState = Literal["draft", "open", "closed", "cancelled"]

#: More than these on one evening are no event but a fair.
PLACES_MAX = 500
#: So many dates one event has at the most.
SITTINGS_MAX = 10
TITLE_MAX = 60

Title = Annotated[str, StringConstraints(min_length=1, max_length=TITLE_MAX)]


class EventTitle(Strict):
    """What an event is called, Japanese first."""

    ja: Title
    en: Annotated[str, StringConstraints(max_length=TITLE_MAX)] = ""

    def in_(self, lang: str) -> str:
        return (self.en or self.ja) if lang == "en" else self.ja


class GuestList(Strict):
    """Which members something is for: all that is named holds for each of them."""

    guests: Guests = "all"
    #: Those that count where `guests` says ranks.
    ranks: tuple[Id, ...] = ()
    #: The owner's saved segments that count where it says segments, or beside ranks.
    segments: tuple[Id, ...] = ()
    #: Whether who has stayed away is meant, too, whatever their rank.
    lapsed_too: bool = False
    #: So many visits at least.
    visits_min: Count | None = None

    @model_validator(mode="after")
    def _ranks_are_named(self) -> "GuestList":
        if self.guests == "ranks" and not self.ranks:
            raise Impossible("event_ranks")
        if self.guests == "segments" and not self.segments:
            raise Impossible("event_segments")
        return self


class FirstGuests(GuestList):
    """For whom, of those who may come, sign-up opens before it does for the others."""

    #: From then on it is open to all who may come, by itself.
    until: AwareDatetime


class ShopEvent(GuestList):
    """All that an owner says of an event but its sittings."""

    kind: EventKind
    title: EventTitle
    about: LocalText
    #: Where one meets; None: at the branch.
    place: LocalText | None = None
    #: The branch's id; None: it belongs to no one branch.
    store: Id | None = None
    #: Paid at the counter, tax included; 0 for nothing.
    price_yen: Yen = 0
    #: Sign-up is from here …
    opens_at: AwareDatetime
    #: … up to here.
    closes_at: AwareDatetime
    #: To these first, and later to all whom it is for.
    first: FirstGuests | None = None
    #: So long a place that became free is kept for who it is offered to, counted in hours in which
    #: messages may go out.
    offer_hours: Annotated[int, Field(ge=1, le=72)] = 12
    #: Whether those who came are asked two questions.
    asks: bool = True
    #: A photograph that was handed in, shown with the event; and one that the thanks show.
    picture: ArtFile | None = None
    thanks_picture: ArtFile | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> "ShopEvent":
        if self.closes_at <= self.opens_at:
            raise Impossible("ends_before", last="closes_at", first="opens_at")
        if self.first and not self.opens_at < self.first.until < self.closes_at:
            raise Impossible("event_first_until")
        return self

    @property
    def segments_asked(self) -> tuple[str, ...]:
        """The segments by which it is judged whom it is for, and for whom it is first."""
        return (*self.segments, *(self.first.segments if self.first else ()))

    def is_early(self, now: datetime) -> bool:
        """Whether only those may sign up at `now` for whom it is first."""
        return self.first is not None and now < self.first.until


@dataclass(frozen=True, slots=True)
class Sitting:
    """One time at which an event takes place."""

    n: int
    starts_at: datetime
    ends_at: datetime
    places: int

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at or not 1 <= self.places <= PLACES_MAX:
            raise ValueError("no such sitting")


#: Between the last offer of a place and the beginning lies at least so much time.
LAST_MINUTES = timedelta(hours=1)


def may_move_up(sitting: Sitting, now: datetime) -> bool:
    """Whether a place that becomes free at `now` is still offered to anybody."""
    return now < sitting.starts_at - LAST_MINUTES
