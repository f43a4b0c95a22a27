"""A broadcast as it looks on a phone, in each of its versions."""

from dataclasses import dataclass

from handlers.showing.photos import photo_path
from rules.broadcasts.broadcast import Broadcast
from rules.broadcasts.view import BroadcastView, Reading, view
from rules.programme.rewards import NOTHING_WITHHELD

from ...current import current_club, current_programme
from ...staff.frame.words import words_now


@dataclass(frozen=True, slots=True)
class Phone:
    """One version; `content` is None where it can't be shown (yet), `picture` "" for none."""

    content: BroadcastView | None
    picture: str = ""


def phones(broadcast: Broadcast | None) -> dict[str, Phone]:
    """By version, as somebody reads it today, in the language of who looks."""
    if broadcast is None:
        return {"a": Phone(None)}
    words = words_now()
    day = current_programme().shop.business_date(current_club().now())
    reading = Reading(words, day, words.say("owner.broadcasts.somebody"), NOTHING_WITHHELD)
    read = {arm: broadcast.as_read(arm) for arm in broadcast.arms}
    return {
        arm: Phone(view(each, "", reading), photo_path(each.picture) if each.picture else "")
        for arm, each in read.items()
    }
