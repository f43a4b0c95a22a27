"""What is queued to be said of an event."""

from datetime import datetime
from typing import Literal

from .say_kind import SayKind


class SayOfEvent(SayKind):
    """Something about an event, by its id. What it is, and whether it is still so, is looked up
    when it goes out."""

    event: int
    #: The sitting; 0 where it is about all of them.
    n: int = 0


class SayEventInvite(SayOfEvent):
    """There is an event which is for them."""

    kind: Literal["event_invite"] = "event_invite"


class SayEventOffer(SayOfEvent):
    """A place has become free, and is kept for them, the next in order (`no`), up to `until`."""

    kind: Literal["event_offer"] = "event_offer"
    no: int
    until: datetime


class SayEventReminder(SayOfEvent):
    """What they signed up for is tomorrow."""

    kind: Literal["event_reminder"] = "event_reminder"


class SayEventOff(SayOfEvent):
    """What they signed up for, or waited for, will not take place."""

    kind: Literal["event_off"] = "event_off"


class SayEventOffNow(SayOfEvent):
    """The same at once, whatever the hour: it would be today."""

    kind: Literal["event_off_now"] = "event_off_now"


class SayEventThanks(SayOfEvent):
    """They came."""

    kind: Literal["event_thanks"] = "event_thanks"
