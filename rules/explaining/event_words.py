"""Events in words: when, where, for whom, and how many places are left."""

from datetime import datetime

from ..base import WEEKDAYS
from ..events.event import FirstGuests, ShopEvent, Sitting
from ..events.places import Occupancy
from ..wording.words import Words


def day_line(words: Words, sitting: Sitting) -> str:
    """The day and the hour at which it begins: 「12月5日(土) 14:00」."""
    here = words.programme.shop.local(sitting.starts_at)
    weekday = words.say(f"explain.weekday.{WEEKDAYS[here.weekday()]}")
    return words.say("event.begins", day=here.date(), weekday=weekday, time=here.time())


def when_line(words: Words, sitting: Sitting) -> str:
    """From when to when: 「12月5日(土) 14:00〜15:30」."""
    there = words.programme.shop.local(sitting.ends_at)
    return words.say("event.when", begins=day_line(words, sitting), end=there.time())


def place_line(words: Words, event: ShopEvent) -> str:
    """Where one meets: the place that is named, else the branch, else the shop."""
    if event.place is not None:
        return words.name(event.place)
    store = words.programme.store(event.store)
    return words.name(store.name if store else words.programme.shop.name)


def price_line(words: Words, event: ShopEvent) -> str:
    if not event.price_yen:
        return words.say("event.free")
    return words.say("event.price", yen=event.price_yen)


def facts_lines(words: Words, event: ShopEvent) -> tuple[tuple[str, str], ...]:
    """What stands below its dates, each with what it is: where one meets, and what it costs."""
    return (
        (words.say("chat.events.where"), place_line(words, event)),
        (words.say("chat.events.price"), price_line(words, event)),
    )


def guests_line(words: Words, event: ShopEvent) -> str:
    """Whom it is for; empty where that is everybody."""
    said = []
    if event.guests == "ranks":
        said.append(words.say("event.for_ranks", ranks=words.ranks(event.ranks)))
    elif event.guests == "segments":
        said.append(words.say("event.for_segments", who=words.segments(event.segments)))
    elif event.guests == "lapsed":
        said.append(words.say("event.for_lapsed"))
    elif event.guests == "subscribers":
        said.append(words.say("event.for_subscribers"))
    if event.visits_min is not None:
        said.append(words.say("event.for_visits", count=event.visits_min))
    if event.lapsed_too and said:
        said.append(words.say("event.lapsed_too"))
    return words.sentences(said)


def first_line(words: Words, event: ShopEvent, now: datetime) -> str:
    """To whom it is open before the others, and until when; empty where it is open to all."""
    first = event.first
    if first is None or not event.is_early(now):
        return ""
    return words.say("event.first", who=_first_ones(words, first), until=_moment(words, first))


def whom_line(words: Words, event: ShopEvent, now: datetime) -> str:
    """Whom it is for, and who of them may sign up before the others."""
    return words.sentences([guests_line(words, event), first_line(words, event, now)])


def _first_ones(words: Words, first: FirstGuests) -> str:
    """Those to whom it opens first, in a few words."""
    named = words.who(first.ranks, first.segments)
    if count := first.visits_min:
        which = "both" if named else "visits"
        named = words.say(f"event.first_ones.{which}", who=named, count=count)
    away = first.guests == "lapsed" or first.lapsed_too
    others = words.say("event.first_ones.lapsed") if away else ""
    if named and others:
        return words.say("event.first_ones.either", who=named, others=others)
    return named or others


def _moment(words: Words, first: FirstGuests) -> str:
    here = words.programme.shop.local(first.until)
    weekday = words.say(f"explain.weekday.{WEEKDAYS[here.weekday()]}")
    return words.say("event.begins", day=here.date(), weekday=weekday, time=here.time())


def places_line(words: Words, stands: Occupancy) -> str:
    """How many places are left, or how many wait: as it is at this moment."""
    if stands.left:
        return words.say("event.left", count=stands.left)
    if stands.waiting or stands.offered:
        return words.say("event.full_waiting", count=stands.waiting)
    return words.say("event.full")


def kind_word(words: Words, event: ShopEvent) -> str:
    """What sort of event it is: 「試食会」."""
    return words.say(f"event.kind.{event.kind}")
