"""What journeys are made of: texts, gifts, steps, and the sides of a test."""

from math import inf
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from ..base import Id, Impossible, Lang, LocalText, Points, Strict
from ..facts import Facts
from ..first import is_in_one

Channel = Literal["line", "sms"]
#: What may stand above a message, as far as the member has one: their card, a badge, the banner of
#: a rank, the month's calendar, last month's with what it brought, or a greeting.
PictureKind = Literal[
    "none", "card", "badge", "rank", "calendar", "month", "birthday", "comeback", "new_year",
]  # fmt: skip
#: The two texts of a message.
TextPart = Literal["title", "body"]
TEXT_PARTS: tuple[TextPart, ...] = ("title", "body")
OwnText = LocalText | None
Days = Annotated[int, Field(ge=1, le=366)]
VisitsMin = Annotated[int, Field(ge=0, le=10_000)]
VisitsMax = Annotated[int, Field(ge=0, le=10_000)] | None
UsefulHours = Annotated[int, Field(ge=12, le=1_440)]
RestDays = Annotated[int, Field(ge=0, le=366)]
MeasureDays = Annotated[int, Field(ge=1, le=180)]
#: A share of all members; never more than half of them are held back.
HoldoutShare = Annotated[float, Field(ge=0, le=0.5)]
#: What becomes of a test whose winner is known: the owner decides, or it is rolled out by itself.
Promotion = Literal["none", "winner"]
#: Shorter than other ids: the outbox names a journey by it, with a word before it.
JourneyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
#: 1 goes first when a cap or the month's quota leaves no room for all.
Priority = Annotated[int, Field(ge=1, le=9)]


class JourneyOffer(Strict):
    """What is given at the next visit within `valid_days` of the message: points, or a reward."""

    points: Points | None = None
    reward: Id | None = None
    valid_days: Annotated[int, Field(ge=1, le=180)] = 30

    @model_validator(mode="after")
    def _one_of_both(self) -> "JourneyOffer":
        if (self.points is None) == (self.reward is None):
            raise Impossible("one_of_two", first="points", second="reward")
        return self


class RankText(Strict):
    """Words for members who hold one of `ranks`, in place of the journey's own."""

    ranks: Annotated[tuple[Id, ...], Field(min_length=1)]
    title: OwnText = None
    body: OwnText = None


class JourneyStep(Strict):
    """One step of a journey that has several, with words and an offer of its own if it has any."""

    title: OwnText = None
    body: OwnText = None
    offer: JourneyOffer | None = None


class Audience(Strict):
    """For members who hold one of these ranks, are in one of these segments, read one of these
    languages (all, where none is named) and came so often."""

    ranks: tuple[Id, ...] = ()
    #: The owner's saved segments, by what the file calls them.
    segments: tuple[Id, ...] = ()
    languages: tuple[Lang, ...] = ()
    visits_min: VisitsMin = 0
    visits_max: VisitsMax = None

    def leaves_out(self, facts: Facts, language: Lang) -> str | None:
        """Why somebody like them is not among it; None when they are."""
        if self.ranks and facts.rank.id not in self.ranks:
            return "other_rank"
        if self.segments and not is_in_one(facts, self.segments):
            return "other_segment"
        if self.languages and language not in self.languages:
            return "other_language"
        if facts.visits < self.visits_min:
            return "few_visits"
        too_many = self.visits_max is not None and facts.visits > self.visits_max
        return "many_visits" if too_many else None

    def meets(self, other: "Audience") -> bool:
        """Whether somebody may be among both."""
        for mine, theirs in ((self.ranks, other.ranks), (self.languages, other.languages)):
            if mine and theirs and not set(mine) & set(theirs):
                return False
        most = [each.visits_max for each in (self, other) if each.visits_max is not None]
        return max(self.visits_min, other.visits_min) <= min(most, default=inf)


class Arm(Audience):
    """One side of a test: other words, another gift, or another audience. What it leaves out is as
    in the journey; `weight` is its share of the episodes against the others'. Whoever is drawn to
    it and is not of its audience at that moment gets nothing, and counts on its side."""

    id: Id
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    title: OwnText = None
    body: OwnText = None
    offer: JourneyOffer | None = None


#: What our own two versions are called.
OUR_ARMS = (Arm(id="a"), Arm(id="b"))
