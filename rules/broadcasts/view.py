"""A broadcast in finished sentences, as a member reads it at the moment it goes out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..activity import Offered
from ..journeys.words import fill_in
from ..programme.rewards import Withheld, on_offer
from ..wording.names import greeting
from ..wording.words import Words, shop_terms
from .broadcast import Broadcast, BroadcastButton


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads it, and when."""

    words: Words
    day: date
    #: As LINE calls them; empty where nobody knows.
    display_name: str
    withheld: Withheld


@dataclass(frozen=True, slots=True)
class BroadcastView:
    """What is said; each text is empty where there is none."""

    title: str
    body: str
    #: What the next visit brings.
    offer: str
    #: Small print: that it is PR, where it is, and that one can stop it.
    note: str
    #: The button's words.
    button: str
    #: The way out, which no broadcast is without.
    stop: str
    #: What is kept at the next visit.
    promise: Offered | None


def view(broadcast: Broadcast, name: str, reading: Reading) -> BroadcastView | None:
    """None where what it promises can't be given any more: it is what they would come for. `name`
    is the outbox's for it."""
    words, promise = reading.words, _promise(broadcast, name, reading)
    if broadcast.offer and promise is None:
        return None
    values = _values(reading)
    lang = words.lang
    title = fill_in(broadcast.title, lang, values)
    mark = words.say("broadcast.pr") if broadcast.quotes_members else ""
    return BroadcastView(
        title=f"{mark}{title}",
        body=fill_in(broadcast.body, lang, values) if broadcast.body else "",
        offer=_offered(promise, reading) if promise else "",
        note=words.say("broadcast.note", shop=words.name(words.programme.shop.name)),
        button=words.name(broadcast.button.label) if broadcast.button else "",
        stop=words.say("broadcast.stop"),
        promise=promise,
    )


def opens(button: BroadcastButton, words: Words) -> str:
    """The page that a button opens; empty for one that the chat answers."""
    shop = words.programme.shop
    pages = {"booking": shop.booking_url, "menu": shop.menu_url, "link": button.link}
    return pages.get(button.leads) or ""


def _promise(broadcast: Broadcast, name: str, reading: Reading) -> Offered | None:
    offer, programme = broadcast.offer, reading.words.programme
    if offer is None:
        return None
    if offer.reward is not None:
        reward = programme.reward(offer.reward)
        gone = reward is None or reading.withheld.is_out_of_stock(reward.id)
        if reward is None or gone or not on_offer(reward, reading.day):
            return None
    until = reading.day + timedelta(days=offer.valid_days - 1)
    return Offered(name, offer.reward, offer.points or 0, until, is_comeback=False)


def _offered(promise: Offered, reading: Reading) -> str:
    words = reading.words
    gift = words.gift(points=promise.points, reward=promise.reward)
    until = words.programme.shop.last_open(promise.until, since=reading.day)
    return words.say("journey.offer", gift=gift, gift_until=until)


def _values(reading: Reading) -> dict[str, Any]:
    words = reading.words
    programme, lang = words.programme, words.lang
    name = greeting(reading.display_name, lang) or words.say("journey.someone")
    shop = programme.shop.name.in_(lang)
    return {**shop_terms(programme, lang), "name": name, "shop": shop}
