"""A broadcast as an owner writes it: to whom, in which words, and what comes with it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from ..base import Id, Impossible, Lang, LocalText, Strict
from ..journeys.parts import JourneyOffer
from ..journeys.risk import Risk
from ..journeys.words import names_in
from ..sending.policy import Topic

#: What a member says no to who wants none of them.
TOPIC: Topic = "news"
#: Behind every journey of the programme, before the newsletter.
PRIORITY = 7
#: The arm of everybody's message where nothing is tried.
ONE_ARM = "a"
#: What may stand in the words, and is filled in for each.
PLACEHOLDERS = ("name", "shop", "visit", "points")

Month = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]


class LongText(LocalText):
    """Several sentences, Japanese first; English falls back to it."""

    ja: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    en: Annotated[str, StringConstraints(max_length=1_000)] = ""


class ButtonLabel(LocalText):
    """A few words, as they have room on a button."""

    ja: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    en: Annotated[str, StringConstraints(max_length=20)] = ""


class Whom(Strict):
    """Who it is for: all that is named holds for each of them; nothing named is everybody."""

    ranks: tuple[Id, ...] = ()
    #: Where they came most often in the last `MOSTLY_DAYS` days.
    stores: tuple[Id, ...] = ()
    risks: tuple[Risk, ...] = ()
    languages: tuple[Lang, ...] = ()
    birth_months: tuple[Month, ...] = ()
    #: From this day on.
    joined_since: date | None = None
    #: Who came on this day or later.
    visited_since: date | None = None
    #: Who came, but not on this day or later.
    visited_before: date | None = None
    #: Who wants all of these.
    topics: tuple[Topic, ...] = ()

    @model_validator(mode="after")
    def _somebody(self) -> "Whom":
        since, before = self.visited_since, self.visited_before
        if since and before and since >= before:
            raise Impossible("visited_nobody")
        return self

    @property
    def is_everybody(self) -> bool:
        return self == Whom()


#: For so long back counts where somebody came most.
MOSTLY_DAYS = 90


#: Where a button leads: to a page of the shop's choice, to where one books, or to what the chat
#: answers.
Leads = Literal["link", "booking", "menu", "card", "rewards", "earn", "today"]


class BroadcastButton(Strict):
    """A button below the words."""

    label: ButtonLabel
    leads: Leads = "link"
    link: Annotated[str, StringConstraints(pattern=r"^https://[!-~]{1,500}$")] | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "BroadcastButton":
        if (self.leads == "link") != (self.link is not None):
            raise Impossible("button_link")
        return self


class Broadcast(Strict):
    """One broadcast."""

    #: What the shop calls it; members don't read it.
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    title: LocalText
    body: LongText | None = None
    whom: Whom = Whom()
    button: BroadcastButton | None = None
    #: Kept at the next visit, as a journey's is.
    offer: JourneyOffer | None = None
    #: It quotes members who got something for it, so that it says PR.
    quotes_members: bool = False
    #: For so many days it is of use; whom there was no room to write by then isn't.
    good_days: Annotated[int, Field(ge=1, le=14)] = 3

    @field_validator("title", "body")
    @classmethod
    def _placeholders_are_known(cls, text: LocalText | None) -> LocalText | None:
        for words in (text.ja, text.en) if text else ():
            _check(words)
        return text


def _check(words: str) -> None:
    try:
        unknown = [name for name in names_in(words) if name not in PLACEHOLDERS]
    except ValueError:
        raise Impossible("braces") from None
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise Impossible("placeholder", name=f"{{{unknown[0]}}}", allowed=known)


def queued_as(broadcast_id: int) -> str:
    """The outbox's name for it."""
    return f"broadcast:{broadcast_id}"


def id_of(journey: str) -> int | None:
    """The broadcast that the outbox calls so; None for anything else."""
    kind, _, number = journey.partition(":")
    return int(number) if kind == "broadcast" and number.isdecimal() else None


def named_parts(whom: Whom, offer: JourneyOffer | None) -> Iterator[tuple[str, str]]:
    """What of the programme it names: which list, and the id."""
    yield from (("rank", each) for each in whom.ranks)
    yield from (("store", each) for each in whom.stores)
    if offer and offer.reward:
        yield "reward", offer.reward
