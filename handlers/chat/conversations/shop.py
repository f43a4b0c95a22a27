"""The shop and its branches: hours, map, telephone, booking, menu, parking. What the programme
doesn't tell of them is asked of people."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from operator import attrgetter
from typing import Any, Final

from bot.line.messages import (
    Button,
    Message,
    PlaceMessage,
    Row,
    UriAction,
    place_message,
    with_quick_replies,
)
from rules.base import Hours, LocalText
from rules.outlook.opening import Opening, opening
from rules.premises import Premises
from rules.shop import Branch, ClosedPeriod

from .. import parts
from ..context import Answer, Turn
from ..conversation import Conversation, Reply, conversation
from ..postbacks import Params

#: What is asked, and what of a place answers it.
FACTS: Final[dict[str, Callable[[Premises], Any]]] = {
    "hours": lambda told: told.hours,
    "place": lambda told: told.map or told.address,
    "phone": lambda told: told.phone,
    "booking": lambda told: told.booking_url,
    "menu": lambda told: told.menu_url,
    "parking": lambda told: told.parking,
}
#: More maps than these in one answer nobody looks at.
MAPS_MAX = 3
#: Other closed days are told so long before.
_AHEAD = timedelta(days=60)

#: Branches of which the same is told, and what.
Told = tuple[tuple[Branch, ...], Any]


def fact(intent: str) -> Callable[[Reply], Conversation]:
    """A conversation about one of FACTS, for whoever asks. `store` names a branch."""

    def is_told(turn: Turn, params: Params) -> bool:
        return bool(_told(turn, params, intent))

    return conversation(intent, knows=is_told, of_branch=True, is_talk=True, for_leavers=True)


@conversation("shop", is_talk=True, for_leavers=True)
def shop(turn: Turn, _params: Params) -> Answer:
    """Who the shop is, and all that is told of it, each a tap away."""
    message = parts.listing(
        turn,
        title=turn.shop,
        rows=tuple(
            Row(
                left=turn.say(f"button.{intent}"),
                note=_in_short(turn, intent),
                opens=parts.button(turn, intent, intent),
            )
            for intent in FACTS
            if _told(turn, {}, intent)
        ),
        empty=_welcome(turn, turn.programme.stores),
        hint=turn.say("shop.ask"),
        then=("card", "feedback", "help"),
    )
    story = turn.programme.voice.story
    told = [parts.text(turn, story.in_(turn.lang))] if story else []
    return parts.answer_of(*told, message)


@fact("hours")
def hours(turn: Turn, params: Params) -> Answer:
    """Today first, then every day."""
    told = _told(turn, params, "hours")
    several = len(told) > 1
    rows = (
        Row(
            left=_names(turn, stores) or turn.say("shop.open_days"),
            right=turn.words.hours(its),
            note=_today(turn, stores) if several else "",
        )
        for stores, its in told
    )
    message = parts.listing(
        turn,
        title=turn.say("button.hours"),
        subtitle="" if several else _today(turn, told[0][0]),
        rows=(*rows, *_closed(turn, _asked(turn, params))),
        hint=_others(turn, params, told),
        then=_then(turn, "hours"),
    )
    return parts.answer_of(message)


@fact("place")
def place(turn: Turn, params: Params) -> Answer:
    """The map, or where there are many, a list of places. Where a member is we don't keep."""
    asked = _asked(turn, params)
    maps = [found for store in asked if (found := _map(turn, store))]
    if len(maps) == len(asked) <= MAPS_MAX:
        last = with_quick_replies(maps[-1], parts.quick(turn, *_then(turn, "place")))
        return parts.answer_of(parts.text(turn, _welcome(turn, asked)), *maps[:-1], last)
    if not _told(turn, params, "place"):
        return parts.answer_of(parts.text(turn, _welcome(turn, asked), then=_then(turn, "place")))
    message = parts.listing(
        turn,
        title=turn.say("button.place"),
        rows=tuple(_place_row(turn, store) for store in asked),
        more=turn.say("shop.ask"),
        then=_then(turn, "place"),
    )
    return parts.answer_of(message)


@fact("phone")
def phone(turn: Turn, params: Params) -> Answer:
    return _linked(turn, params, "phone", lambda number: Premises(phone=number).phone_link)


@fact("booking")
def booking(turn: Turn, params: Params) -> Answer:
    return _linked(turn, params, "booking", str)


@fact("menu")
def menu(turn: Turn, params: Params) -> Answer:
    return _linked(turn, params, "menu", str)


@fact("parking")
def parking(turn: Turn, params: Params) -> Answer:
    told = _told(turn, params, "parking")
    message = parts.listing(
        turn,
        title=turn.say("button.parking"),
        rows=tuple(
            Row(left=_names(turn, stores) or turn.shop, note=words.in_(turn.lang))
            for stores, words in told
        ),
        hint=_others(turn, params, told),
        then=_then(turn, "parking"),
    )
    return parts.answer_of(message)


def _asked(turn: Turn, params: Params) -> tuple[Branch, ...]:
    """The branch that was named, or all."""
    named = turn.programme.store(params.get("store"))
    return (named,) if named else turn.programme.stores


def _told(turn: Turn, params: Params, intent: str) -> list[Told]:
    """What is told of one of FACTS, or of a field, and of which of the branches asked about. Of the
    hours of one that is shut today it is told apart from those of the others."""
    by_value: dict[tuple[Any, bool], list[Branch]] = {}
    pick = FACTS.get(intent) or attrgetter(intent)
    for store in _asked(turn, params):
        value = pick(turn.programme.premises(store.id))
        if value is not None:
            is_apart = intent == "hours" and store.is_shut(turn.day)
            by_value.setdefault((value, is_apart), []).append(store)
    return [(tuple(stores), value) for (value, _), stores in by_value.items()]


def _names(turn: Turn, stores: tuple[Branch, ...]) -> str:
    """The branches by name; empty where they are all there are."""
    if len(stores) == len(turn.programme.stores):
        return ""
    return turn.words.listed(store.name.in_(turn.lang) for store in stores)


def _welcome(turn: Turn, stores: tuple[Branch, ...]) -> str:
    named = turn.words.listed(store.name.in_(turn.lang) for store in stores)
    return turn.say("shop.welcome", stores=named)


def _others(turn: Turn, params: Params, told: list[Told]) -> str:
    """Whom to ask about the branches of which it isn't told."""
    known = sum(len(stores) for stores, _ in told)
    return turn.say("shop.others") if known < len(_asked(turn, params)) else ""


def _then(turn: Turn, intent: str) -> tuple[str, ...]:
    return tuple(each for each in FACTS if each != intent and _told(turn, {}, each))


def _linked(turn: Turn, params: Params, intent: str, link: Callable[[str], str]) -> Answer:
    """What a tap opens: a button where it is one for all, else a row for each."""
    told = _told(turn, params, intent)
    rows = tuple(
        Row(
            left=_names(turn, stores) or turn.shop,
            right=value if intent == "phone" else "",
            opens=_opens(turn, intent, link(value)) if len(told) > 1 else None,
        )
        for stores, value in told
    )
    only = _opens(turn, intent, link(told[0][1])) if len(told) == 1 else None
    message = parts.listing(
        turn,
        title=turn.say(f"button.{intent}"),
        rows=rows,
        buttons=(Button(only),) if only else (),
        hint=_others(turn, params, told),
        then=_then(turn, intent),
    )
    return parts.answer_of(message)


def _opens(turn: Turn, intent: str, link: str) -> UriAction:
    return UriAction(turn.say(f"shop.open.{intent}"), link)


def _map(turn: Turn, store: Branch) -> Message | None:
    told = turn.programme.premises(store.id)
    if told.map is None:
        return None
    name = store.name.in_(turn.lang)
    address = told.address.in_(turn.lang) if told.address else name
    title = name if turn.shop in name else f"{turn.shop} {name}"
    spot = {"latitude": told.map.latitude, "longitude": told.map.longitude}
    return place_message(PlaceMessage(title=title, address=address, **spot))


def _place_row(turn: Turn, store: Branch) -> Row:
    told = turn.programme.premises(store.id)
    return Row(
        left=store.name.in_(turn.lang),
        note=told.address.in_(turn.lang) if told.address else "",
        opens=parts.button(turn, "place", "place", store=store.id) if told.map else None,
    )


def _in_short(turn: Turn, intent: str) -> str:
    """The answer itself, for each branch where it isn't the same for all; empty where it would be
    an address of the web, or long."""
    told = _told(turn, {}, "address" if intent == "place" else intent)
    if not 0 < len(told) <= MAPS_MAX or intent in ("booking", "menu"):
        return ""
    if len(told) > 1 and intent == "parking":
        return ""
    lines = (f"{_names(turn, stores)} {_in_words(turn, stores, value)}" for stores, value in told)
    return "\n".join(line.strip() for line in lines)


def _in_words(turn: Turn, stores: tuple[Branch, ...], value: Any) -> str:
    match value:
        case Hours():
            is_news = not _names(turn, stores) or stores[0].is_shut(turn.day)
            return _today(turn, stores) if is_news else turn.words.hours(value)
        case LocalText():
            return value.in_(turn.lang)
        case _:
            return str(value)


def _today(turn: Turn, stores: tuple[Branch, ...]) -> str:
    """「本日は20:00まで営業しています。」"""
    found = opening(turn.programme, stores[0].id, turn.now)
    return _standing(turn, found) if found else ""


def _standing(turn: Turn, found: Opening) -> str:
    if found.is_open and found.until:
        return turn.say("shop.open_until", until=found.until.time())
    if found.until is None:
        return turn.say("shop.closed")
    if found.is_early:
        return turn.say("shop.opens_today", start=found.until.time())
    return turn.say("shop.over" if found.is_open_day else "shop.closed_until", opens=found.until)


def _closed(turn: Turn, asked: tuple[Branch, ...]) -> Iterator[Row]:
    """Weekly closed days, and others that are near: the shop's, and those of a branch alone."""
    its = turn.programme.shop
    if its.closed_weekdays:
        days = turn.say("shop.weekdays", weekdays=turn.words.weekdays(its.closed_weekdays))
        yield Row(left=turn.say("shop.weekly"), right=days)
    yield from _besides(turn, its.closed, turn.say("shop.besides"))
    for store in asked:
        yield from _besides(turn, store.closed, store.name.in_(turn.lang))


def _besides(turn: Turn, closed: tuple[ClosedPeriod, ...], left: str) -> Iterator[Row]:
    for period in closed:
        last = period.until or period.on
        if last >= turn.day and period.on <= turn.day + _AHEAD:
            said = "shop.from_to" if last > period.on else "shop.one_day"
            yield Row(left=left, right=turn.say(said, first=period.on, last=last))
