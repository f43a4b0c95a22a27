"""A broadcast as it looks on a phone."""

from dataclasses import dataclass

from rules.broadcasts.broadcast import Broadcast
from rules.broadcasts.view import BroadcastView, Reading, view
from rules.programme.rewards import NOTHING_WITHHELD

from ...current import current_club, current_programme
from ...staff.frame.words import words_now


@dataclass(frozen=True, slots=True)
class PhonePicture:
    """What is seen; None where it can't be shown (yet)."""

    content: BroadcastView | None


def phone(broadcast: Broadcast | None) -> PhonePicture:
    """As somebody reads it today, in the language of who looks."""
    if broadcast is None:
        return PhonePicture(None)
    words = words_now()
    day = current_programme().shop.business_date(current_club().now())
    reading = Reading(words, day, words.say("owner.broadcasts.somebody"), NOTHING_WITHHELD)
    return PhonePicture(view(broadcast, "", reading))
