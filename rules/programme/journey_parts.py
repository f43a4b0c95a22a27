"""What every journey has: for whom it is, what it says and gives, how it is tested."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from ..activity import Membership
from ..base import Id, Lang, LocalText, Points, Strict
from ..sending.policy import Topic

Channel = Literal["line", "sms"]
#: What may stand above a message, as far as the member has one: their card, a badge, the banner of
#: a rank, the month's calendar.
PictureKind = Literal["none", "card", "badge", "rank", "calendar"]
Text = LocalText | None
Days = Annotated[int, Field(ge=1, le=366)]
#: Shorter than other ids: the outbox names a journey by it, with a word before it.
JourneyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]

#: 1 goes first when a cap or the month's quota leaves no room for all.
Priority = Annotated[int, Field(ge=1, le=9)]


class Offer(Strict):
    """What is given at the next visit within `valid_days` of the message: points, or a reward."""

    points: Points | None = None
    reward: Id | None = None
    valid_days: Annotated[int, Field(ge=1, le=180)] = 30

    @model_validator(mode="after")
    def _one_of_both(self) -> "Offer":
        if (self.points is None) == (self.reward is None):
            raise ValueError("needs exactly one of `points` and `reward`")
        return self


class RankText(Strict):
    """Words for members who hold one of `ranks`, in place of the journey's own."""

    ranks: Annotated[tuple[Id, ...], Field(min_length=1)]
    title: Text = None
    body: Text = None


class Arm(Strict):
    """One side of a test. What it leaves out is as in the journey; `weight` is its share of the
    members against the others'."""

    id: Id
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    title: Text = None
    body: Text = None
    offer: Offer | None = None


class Message(Strict):
    """The parts that all kinds of journeys have in common.

    It is for active members unless `states` names others, who hold one of `ranks`, read one of
    `languages` and came `visits_min` times (each: all, where nothing is named). `holdout` is the
    share of them who get nothing, so that it can be seen what the message does; what counts as its
    effect are the `measure_days` after it. It is too late `useful_hours` after it became due, and
    the same member gets it again after `again_after_days` at the earliest. One that is `off` is
    not sent at all.
    """

    id: JourneyId
    off: bool = False
    ranks: tuple[Id, ...] = ()
    languages: tuple[Lang, ...] = ()
    visits_min: Annotated[int, Field(ge=0, le=10_000)] = 0
    states: Annotated[tuple[Membership, ...], Field(min_length=1)] = ("active",)
    title: Text = None
    body: Text = None
    by_rank: Annotated[tuple[RankText, ...], Field(max_length=8)] = ()
    offer: Offer | None = None
    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=2)] = ("line",)
    topic: Topic
    priority: Priority
    arms: Annotated[tuple[Arm, ...], Field(max_length=4)] = ()
    version: Annotated[int, Field(ge=1, le=1_000)] = 1
    holdout: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    measure_days: Annotated[int, Field(ge=1, le=180)] = 14
    useful_hours: Annotated[int, Field(ge=12, le=1_440)] = 72
    again_after_days: Annotated[int, Field(ge=0, le=366)] = 0
    picture: PictureKind = "none"

    @model_validator(mode="after")
    def _no_gift_for_those_who_left(self) -> "Message":
        offers = (self.offer, *(arm.offer for arm in self.arms))
        if "left" in self.states and any(offers):
            raise ValueError('an offer is given at a visit, which `states = ["left"]` can\'t make')
        return self

    @model_validator(mode="after")
    def _arms_of_their_own(self) -> "Message":
        ids = [arm.id for arm in self.arms]
        if len(set(ids)) < len(ids):
            raise ValueError("each of `arms` needs an id of its own")
        return self

    @property
    def queued_as(self) -> str:
        """What the outbox calls this journey's messages."""
        return f"journey:{self.id}"


#: What nobody chooses about a warning that is promised.
_NOT_CHOSEN = (
    "off", "ranks", "languages", "visits_min", "states", "offer", "arms", "version", "holdout",
    "measure_days", "useful_hours", "again_after_days",
)  # fmt: skip


class Promised(Message):
    """A warning that another part of the programme promises: it reaches everybody, and is sent
    whether or not the programme names it. What can be chosen are its words."""

    holdout: Annotated[float, Field(ge=0, le=0.5)] = 0

    @model_validator(mode="after")
    def _for_everybody(self) -> "Promised":
        fields = type(self).model_fields
        changed = [n for n in _NOT_CHOSEN if getattr(self, n) != fields[n].default]
        if changed:
            raise ValueError(
                "this warning is promised to every member, for when it is due: it can't have "
                + ", ".join(f"`{name}`" for name in _NOT_CHOSEN)
            )
        return self

    @property
    def queued_as(self) -> str:
        return self.id
