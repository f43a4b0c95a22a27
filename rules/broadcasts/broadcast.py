"""A broadcast as an owner writes it: to whom, in which words, and what comes with it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from ..activity import Membership, Source
from ..base import Id, Impossible, Lang, LocalText, Strict
from ..journeys.parts import Audience, JourneyOffer
from ..journeys.risk import Risk
from ..journeys.words import names_in
from ..orders.lines import ITEM_MAX
from ..outlook.funnel import Stage
from ..programme.theme import ArtFile
from ..sending.policy import Topic

#: What a member says no to who wants none of them.
TOPIC: Topic = "news"
#: Behind every journey of the programme, before the newsletter.
PRIORITY = 7
#: The arm of everybody's message where nothing is tried.
ONE_ARM = "a"
#: What its versions are called.
ARMS = ("a", "b", "c")
#: What may stand in the words, and is filled in for each.
PLACEHOLDERS = ("name", "shop", "visit", "points")

#: By what somebody is reached now: a chat that isn't blocked, SMS to which they agreed; or neither.
Reach = Literal["line", "sms", "none"]
Month = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]


def _checked(text: LocalText | None) -> LocalText | None:
    for words in (text.ja, text.en) if text else ():
        try:
            unknown = [name for name in names_in(words) if name not in PLACEHOLDERS]
        except ValueError:
            raise Impossible("braces") from None
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise Impossible("placeholder", name=f"{{{unknown[0]}}}", allowed=known)
    return text


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
    #: How far they have come on the way to a regular.
    stages: tuple[Stage, ...] = ()
    #: By which way they joined.
    sources: tuple[Source, ...] = ()
    memberships: tuple[Membership, ...] = ()
    reach: tuple[Reach, ...] = ()
    languages: tuple[Lang, ...] = ()
    #: Of those who told it.
    age_bands: tuple[Id, ...] = ()
    #: Any of them, of those who told what they like.
    interests: tuple[Id, ...] = ()
    birth_months: tuple[Month, ...] = ()
    #: Who subscribes to something (定期) on the day it goes out, or who doesn't.
    subscription: Literal["subscribed", "not_subscribed"] | None = None
    #: From this day on.
    joined_since: date | None = None
    #: Who came on this day or later.
    visited_since: date | None = None
    #: Who came, but not on this day or later.
    visited_before: date | None = None
    #: Who stays away, and began to on this day or later.
    drifting_since: date | None = None
    #: Who bought something that a till or web shop calls so, by its code or what it belongs to, and
    #: kept a piece of it.
    bought: Annotated[str, StringConstraints(max_length=ITEM_MAX)] = ""
    #: In so many days up to now; None: whenever.
    bought_within: Annotated[int, Field(ge=1, le=730)] | None = None
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


class FirstWhom(Strict):
    """Who of those it is for gets it before the others: all that is named holds for each, and they
    are in one of the segments that are."""

    ranks: tuple[Id, ...] = ()
    #: The owner's saved segments, by what the programme's file calls them.
    segments: tuple[Id, ...] = ()
    stages: tuple[Stage, ...] = ()
    risks: tuple[Risk, ...] = ()
    subscription: Literal["subscribed", "not_subscribed"] | None = None
    #: The last day on which only they do; the others get it from the day after, by itself.
    until: date

    @model_validator(mode="after")
    def _not_everybody(self) -> "FirstWhom":
        if self.whom.is_everybody and not self.segments:
            raise Impossible("broadcast_first_nobody")
        return self

    @property
    def whom(self) -> Whom:
        """The same as a filter."""
        said = self.model_dump(exclude={"until", "segments"}, exclude_defaults=True)
        return Whom.model_validate(said)


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


class BroadcastArm(Audience):
    """Another version, which is tried beside the broadcast as it stands: other words, another gift,
    or for some only. What it leaves out is as in the broadcast. Whoever is drawn to it and is not
    of its audience gets nothing, and counts on its side."""

    title: LocalText | None = None
    body: LongText | None = None
    picture: ArtFile | None = None
    offer: JourneyOffer | None = None

    @property
    def is_for_everybody(self) -> bool:
        said = self.model_dump(include=set(Audience.model_fields), exclude_defaults=True)
        return not said

    @field_validator("title", "body")
    @classmethod
    def _placeholders_are_known(cls, text: LocalText | None) -> LocalText | None:
        return _checked(text)


class BroadcastTrial(Strict):
    """A part of the members goes first, in versions drawn by lot; the one that brings most goes to
    the others."""

    arms: Annotated[tuple[BroadcastArm, ...], Field(min_length=1, max_length=2)]
    #: So many of a hundred members go first.
    share_percent: Annotated[int, Field(ge=5, le=50)] = 10
    #: So many of a hundred of these get nothing, to see what a message does at all.
    holdout_percent: Annotated[int, Field(ge=0, le=50)] = 30
    #: So long is waited for each one's visit.
    days: Annotated[int, Field(ge=1, le=30)] = 7
    #: Whether the version that has surely won goes to the others by itself.
    by_itself: bool = False


class Broadcast(Strict):
    """One broadcast."""

    #: What the shop calls it; members don't read it.
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    title: LocalText
    body: LongText | None = None
    #: A photograph that was handed in.
    picture: ArtFile | None = None
    whom: Whom = Whom()
    #: The id of a filter with a name that holds besides, and what it said when the broadcast began.
    segment: int | None = None
    segment_then: Whom | None = None
    #: To these first, and to the others later.
    first: FirstWhom | None = None
    #: What the segments of those said when the broadcast began.
    first_then: tuple[Whom, ...] | None = None
    button: BroadcastButton | None = None
    #: Kept at the next visit, as a journey's is.
    offer: JourneyOffer | None = None
    #: It quotes members who got something for it, so that it says PR.
    quotes_members: bool = False
    #: For so many days it is of use; whom there was no room to write by then isn't.
    good_days: Annotated[int, Field(ge=1, le=14)] = 3

    trial: BroadcastTrial | None = None

    @model_validator(mode="after")
    def _one_part_first(self) -> "Broadcast":
        if self.first and self.trial:
            raise Impossible("broadcast_first_trial")
        return self

    def as_draft(self) -> "Broadcast":
        """The same, without what its filters with a name said when it began."""
        return self.model_copy(update={"segment_then": None, "first_then": None})

    @property
    def arms_segments(self) -> tuple[str, ...]:
        """The segments for which its versions are."""
        arms = self.trial.arms if self.trial else ()
        return tuple(each for arm in arms for each in arm.segments)

    @property
    def arms(self) -> tuple[str, ...]:
        """What its versions are called: "a" is as it stands."""
        return ARMS[: 1 + len(self.trial.arms if self.trial else ())]

    def arm(self, arm: str) -> BroadcastArm:
        """What that version says otherwise, and whom it is for."""
        others = self.trial.arms if self.trial else ()
        place = ARMS.index(arm) if arm in ARMS else 0
        return others[place - 1] if 0 < place <= len(others) else BroadcastArm()

    def as_read(self, arm: str) -> "Broadcast":
        """As that version reads."""
        own = self.arm(arm)
        said = {n: getattr(own, n) for n in ("title", "body", "picture", "offer")}
        return self.model_copy(update={name: each for name, each in said.items() if each})

    @field_validator("title", "body")
    @classmethod
    def _placeholders_are_known(cls, text: LocalText | None) -> LocalText | None:
        return _checked(text)


def queued_as(broadcast_id: int) -> str:
    """The outbox's name for it."""
    return f"broadcast:{broadcast_id}"


def id_of(journey: str) -> int | None:
    """The broadcast that the outbox calls so; None for anything else."""
    kind, _, number = journey.partition(":")
    return int(number) if kind == "broadcast" and number.isdecimal() else None


def parts_of(whom: Whom) -> Iterator[tuple[str, str]]:
    """What of the programme a filter names: which list, and the id."""
    yield from (("rank", each) for each in whom.ranks)
    yield from (("store", each) for each in whom.stores)
    yield from (("age", each) for each in whom.age_bands)
    yield from (("interest", each) for each in whom.interests)


def named_parts(broadcast: Broadcast) -> Iterator[tuple[str, str]]:
    """What of the programme it names: which list, and the id."""
    arms = broadcast.trial.arms if broadcast.trial else ()
    yield from parts_of(broadcast.whom)
    yield from parts_of(broadcast.first.whom) if broadcast.first else ()
    yield from (("rank", each) for arm in arms for each in arm.ranks)
    for offer in (broadcast.offer, *(arm.offer for arm in arms)):
        if offer and offer.reward:
            yield "reward", offer.reward
