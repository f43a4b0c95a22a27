"""The kinds of journeys: a closed list of triggers, each with what can be set about it."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..base import Strict
from ..sending.policy import Topic
from .journey_parts import Days, JourneyId, Message, Offer, PictureKind, Priority, Promised, Text

_Count = Annotated[int, Field(ge=0, le=10_000)]
_Hours = Annotated[int, Field(ge=12, le=1_440)]
_Rest = Annotated[int, Field(ge=0, le=366)]
_Share = Annotated[float, Field(ge=0, le=0.5)]
_Measure = Annotated[int, Field(ge=1, le=180)]
_MONTH_HOURS = 24 * 31


class Birthday(Message):
    """In the birth month or on the birthday (`when`; None: what the programme celebrates), or so
    many days before. Once a year, however often the date is corrected."""

    kind: Literal["birthday"]
    id: JourneyId = "birthday"
    when: Literal["month", "day"] | None = None
    days_before: Annotated[int, Field(ge=0, le=60)] = 0
    topic: Topic = "birthday"
    priority: Priority = 1
    holdout: _Share = 0
    measure_days: _Measure = 31
    useful_hours: _Hours = _MONTH_HOURS
    # From a December birthday corrected to a January one, there would be two within weeks.
    again_after_days: _Rest = 180
    picture: PictureKind = "card"


class LapsedStep(Strict):
    """After `days` without a visit, with words and an offer of its own if it has any."""

    days: Annotated[int, Field(ge=7, le=730)]
    title: Text = None
    body: Text = None
    offer: Offer | None = None


class Lapsed(Message):
    """Away for so many days: in steps, and after the last one nothing more."""

    kind: Literal["lapsed"]
    id: JourneyId = "lapsed"
    steps: Annotated[tuple[LapsedStep, ...], Field(min_length=1, max_length=5)] = (
        LapsedStep(days=60),
        LapsedStep(days=90),
        LapsedStep(days=150),
    )
    visits_min: _Count = 1
    topic: Topic = "comeback"
    priority: Priority = 1
    measure_days: _Measure = 30
    useful_hours: _Hours = 24 * 14
    picture: PictureKind = "card"

    @model_validator(mode="after")
    def _steps_rise(self) -> "Lapsed":
        days = [step.days for step in self.steps]
        if days != sorted(set(days)):
            raise ValueError("`steps` must rise: each needs more `days` than the one before")
        if "left" in self.states and any(step.offer for step in self.steps):
            raise ValueError('an offer is given at a visit, which `states = ["left"]` can\'t make')
        return self


class Rhythm(Message):
    """Away for `times` the member's own usual gap, from `days_min` to `days_max` days."""

    kind: Literal["rhythm"]
    id: JourneyId = "rhythm"
    times: Annotated[Decimal, Field(ge=1.5, le=5, decimal_places=1)] = Decimal(2)
    days_min: Days = 7
    days_max: Days = 59
    visits_min: _Count = 5
    topic: Topic = "comeback"
    priority: Priority = 3
    useful_hours: _Hours = 24 * 5
    again_after_days: _Rest = 30
    picture: PictureKind = "calendar"

    @model_validator(mode="after")
    def _some_days(self) -> "Rhythm":
        if self.days_max < self.days_min:
            raise ValueError("`days_max` must not be less than `days_min`")
        return self


class OneShort(Message):
    """One visit short of a rank, in the last `days_left_max` days it can be made in, or of a badge;
    `wait_days` after the last visit, which told them itself."""

    kind: Literal["one_short"]
    id: JourneyId = "one_short"
    to: Annotated[tuple[Literal["rank", "badge"], ...], Field(min_length=1)] = ("rank", "badge")
    days_left_max: Annotated[int, Field(ge=1, le=62)] = 10
    wait_days: Annotated[int, Field(ge=1, le=30)] = 3
    visits_min: _Count = 1
    topic: Topic = "ranks"
    priority: Priority = 4
    useful_hours: _Hours = 24 * 5
    again_after_days: _Rest = 20


class RankAtRisk(Promised):
    """The rank goes at the month's end unless more comes: in its last `ranks.warn_days` days."""

    kind: Literal["rank_at_risk"]
    id: Literal["rank_at_risk"] = "rank_at_risk"
    topic: Topic = "ranks"
    priority: Priority = 3
    useful_hours: _Hours = 24 * 28
    picture: PictureKind = "rank"


class RankLost(Message):
    """`after_days` after a rank was lost, while it can still be revived."""

    kind: Literal["rank_lost"]
    id: JourneyId = "rank_lost"
    after_days: Annotated[int, Field(ge=0, le=60)] = 7
    topic: Topic = "ranks"
    priority: Priority = 1
    useful_hours: _Hours = 24 * 7
    picture: PictureKind = "rank"


class BadgeMissed(Message):
    """The season of a badge is over, and one visit was missing."""

    kind: Literal["badge_missed"]
    id: JourneyId = "badge_missed"
    visits_min: _Count = 1
    topic: Topic = "ranks"
    priority: Priority = 6
    useful_hours: _Hours = 24 * 4
    picture: PictureKind = "badge"


class PointsExpiring(Promised):
    """The warnings that `points.expiry.warn_days` promises."""

    kind: Literal["points_expiring"]
    id: Literal["points_expiring"] = "points_expiring"
    topic: Topic = "points"
    priority: Priority = 1
    useful_hours: _Hours = 24 * 5


class Anniversary(Message):
    """Each full year of membership."""

    kind: Literal["anniversary"]
    id: JourneyId = "anniversary"
    topic: Topic = "birthday"
    priority: Priority = 5
    holdout: _Share = 0
    measure_days: _Measure = 30
    useful_hours: _Hours = 24 * 7
    picture: PictureKind = "card"


class Spend(Message):
    """All purchases together passed another full `every_yen`."""

    kind: Literal["spend"]
    id: JourneyId = "spend"
    every_yen: Annotated[int, Field(ge=1_000, le=10_000_000)] = 50_000
    topic: Topic = "birthday"
    priority: Priority = 7
    holdout: _Share = 0
    measure_days: _Measure = 30
    useful_hours: _Hours = 24 * 5


class FanSteps(Message):
    """The invitation to the fan steps, for those who were not told by an answer in the chat."""

    kind: Literal["fan_steps"]
    id: JourneyId = "fan_steps"
    topic: Topic = "ranks"
    priority: Priority = 5
    holdout: _Share = 0
    measure_days: _Measure = 30
    useful_hours: _Hours = 24 * 3
    picture: PictureKind = "card"


class FirstVisit(Message):
    """`after_days` after the first visit, as long as no second one came."""

    kind: Literal["first_visit"]
    id: JourneyId = "first_visit"
    after_days: Annotated[int, Field(ge=1, le=30)] = 3
    topic: Topic = "visits"
    priority: Priority = 4
    measure_days: _Measure = 30
    useful_hours: _Hours = 24 * 4
    picture: PictureKind = "card"


class AfterVisit(Message):
    """Thanks, and how was it: `after_days` after a visit, now and then."""

    kind: Literal["after_visit"]
    id: JourneyId = "after_visit"
    after_days: Annotated[int, Field(ge=1, le=30)] = 1
    visits_min: _Count = 2
    topic: Topic = "visits"
    priority: Priority = 8
    useful_hours: _Hours = 24 * 2
    again_after_days: _Rest = 90


class RewardReady(Message):
    """Points for a reward are there, and for `after_days` nothing was earned or taken."""

    kind: Literal["reward_ready"]
    id: JourneyId = "reward_ready"
    after_days: Annotated[int, Field(ge=1, le=180)] = 21
    topic: Topic = "points"
    priority: Priority = 7
    useful_hours: _Hours = 24 * 5
    again_after_days: _Rest = 60


class RewardExpiring(Message):
    """A reward in hand, or a promised one, can be used for `days_before` days more."""

    kind: Literal["reward_expiring"]
    id: JourneyId = "reward_expiring"
    days_before: Annotated[int, Field(ge=1, le=60)] = 7
    topic: Topic = "points"
    priority: Priority = 3
    holdout: _Share = 0
    useful_hours: _Hours = 24 * 5


class AskWhy(Message):
    """A good customer stayed away: asked why, once. Staff have `call_days` to telephone first;
    nobody who was reached is asked again by a message."""

    kind: Literal["ask_why"]
    id: JourneyId = "ask_why"
    days: Annotated[int, Field(ge=14, le=730)] = 70
    call_days: Annotated[int, Field(ge=0, le=60)] = 7
    visits_min: _Count = 10
    topic: Topic = "comeback"
    priority: Priority = 2
    measure_days: _Measure = 60
    useful_hours: _Hours = 24 * 7
    again_after_days: _Rest = 180


Journey = Annotated[
    Birthday | Lapsed | Rhythm | OneShort | RankAtRisk | RankLost | BadgeMissed | PointsExpiring
    | Anniversary | Spend | FanSteps | FirstVisit | AfterVisit | RewardReady | RewardExpiring
    | AskWhy,
    Field(discriminator="kind"),
]  # fmt: skip

#: What every club does, as long as it doesn't say otherwise of that kind, or wants no journeys at
#: all (`journeys = []`). The points' warnings come of themselves.
DEFAULTS: tuple[Journey, ...] = (
    Birthday(kind="birthday"),
    Lapsed(kind="lapsed"),
    OneShort(kind="one_short"),
    PointsExpiring(kind="points_expiring"),
    FirstVisit(kind="first_visit"),
)

#: Warnings that other parts of the programme promise: sent whether or not they are named.
PROMISED: tuple[Journey, ...] = (
    PointsExpiring(kind="points_expiring"),
    RankAtRisk(kind="rank_at_risk"),
)


def all_sent(named: tuple[Journey, ...]) -> tuple[Journey, ...]:
    """The journeys of a club that names those, the one that goes first leading: they themselves, of
    the five that are on everywhere those it says nothing of, and the warnings that are promised."""
    kinds, ids = {journey.kind for journey in named}, {journey.id for journey in named}
    silent = [
        journey
        for journey in (*(DEFAULTS if named else ()), *PROMISED)
        if journey.kind not in kinds and journey.id not in ids
    ]
    sent = {journey.id: journey for journey in (*named, *silent) if not journey.off}
    return tuple(sorted(sent.values(), key=lambda journey: journey.priority))
