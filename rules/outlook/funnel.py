"""From following the shop to coming regularly: which steps somebody took, when, and at which stage
they stand, by what they did and never by what they were asked.

Somebody *followed* who added the LINE account, or joined at the counter without one; *joined* who
has a card; *looked* who asked for the card, for points, rewards or the programme, or opened the
card's page. The *first*, *second* and *third* are days on which they came or bought something.
*Regular* is who holds a rank, from the third such day on; in a club without ranks who did so on
`RHYTHM_DAYS` days, from which on they have a rhythm of their own.

Who took a step has taken all before it: somebody who came has looked at something, whether that is
known or not. The stage is the furthest step, in the words of marketing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, get_args

from ..facts import VISITS_TO_KNOW
from ..programme.programme import Programme

FunnelStep = Literal["followed", "joined", "looked", "first", "second", "third", "regular"]
STEPS: tuple[FunnelStep, ...] = get_args(FunnelStep)
Stage = Literal["aware", "interested", "comparing", "buying", "after"]
STAGES: tuple[Stage, ...] = get_args(Stage)
_STAGE_OF: dict[FunnelStep, Stage] = {
    "followed": "aware", "joined": "aware", "looked": "interested", "first": "comparing",
    "second": "buying", "third": "buying", "regular": "after",
}  # fmt: skip
#: On so many days somebody came or bought whose rhythm is known.
RHYTHM_DAYS = VISITS_TO_KNOW
#: Who took no further step for so long has stopped where they are, as `lapsed` reckons by itself.
STOPPED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Somebody's way so far, by the business days of their steps; None where one was not taken, or
    its day isn't known."""

    followed: date
    joined: date | None = None
    looked: date | None = None
    first: date | None = None
    second: date | None = None
    third: date | None = None
    #: The day from which on they have a rhythm.
    rhythm: date | None = None
    #: When they first held a rank.
    ranked: date | None = None
    #: Whether their membership is over.
    left: bool = False

    def days(self, *, ladder: bool) -> tuple[date | None, ...]:
        """The days of `STEPS`; `ladder`: the club has ranks."""
        took = (self.followed, self.joined, self.looked, self.first, self.second, self.third)
        if not ladder:
            return *took, self.rhythm
        return *took, max(self.third, self.ranked) if self.third and self.ranked else None


def furthest(beginning: Beginning, *, ladder: bool) -> FunnelStep:
    """The furthest step that they took."""
    taken = zip(STEPS, beginning.days(ladder=ladder), strict=True)
    return [step for step, day in taken if day is not None][-1]


def stage_of(programme: Programme, beginning: Beginning) -> Stage:
    """At which stage they stand."""
    return _STAGE_OF[furthest(beginning, ladder=programme.ranks is not None)]


@dataclass(frozen=True, slots=True)
class StepCount:
    """What became of a step, among all who began."""

    step: FunnelStep
    #: How many took it, or one beyond.
    count: int
    #: Of those who took the step before, as a share of 1; None for the first step, or where none
    #: did.
    share: float | None
    #: From the step before, of those for whom both days are known, in days; None for none.
    median_days: float | None
    #: For whom it is the last step, and was taken so long ago that no other is expected.
    stopped: int
    #: The same, and not so long ago.
    on_the_way: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """How those who began in a period went on."""

    steps: tuple[StepCount, ...]
    #: How many stand where, but who left.
    stages: dict[Stage, int]
    left: int

    @property
    def began(self) -> int:
        return self.steps[0].count


@dataclass(slots=True)
class FunnelTally:
    """What is counted of those who began, by the place of a step in `STEPS`. Tallies of different
    people add up."""

    #: For how many it is the last step; of those who stopped there; and who left.
    last: Counter[int] = field(default_factory=Counter)
    stopped: Counter[int] = field(default_factory=Counter)
    left: Counter[int] = field(default_factory=Counter)
    #: Of those for whom both days are known: how many took it so many days after the one before.
    waits: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, beginning: Beginning, day: date, *, ladder: bool) -> None:
        """Counts somebody, as they stand on business day `day`."""
        days = beginning.days(ladder=ladder)
        place = max(place for place, on in enumerate(days) if on is not None)
        ended = days[place]
        self.last[place] += 1
        self.stopped[place] += beginning.left or (ended is not None and day - ended >= STOPPED)
        self.left[place] += beginning.left
        for step in range(1, len(STEPS)):
            before, on = days[step - 1], days[step]
            if before is not None and on is not None:
                self.waits[step, max(0, (on - before).days)] += 1

    def funnel(self) -> Funnel:
        """What became of all of them."""
        stages: Counter[Stage] = Counter()
        for place, count in self.last.items():
            stages[_STAGE_OF[STEPS[place]]] += count - self.left[place]
        waits: list[Counter[int]] = [Counter() for _ in STEPS]
        for (step, days), count in self.waits.items():
            waits[step][days] += count
        return Funnel(
            tuple(_step(n, self.last, self.stopped, waits[n]) for n in range(len(STEPS))),
            {stage: stages[stage] for stage in STAGES},
            sum(self.left.values()),
        )


def funnel(programme: Programme, beginnings: Iterable[Beginning], day: date) -> Funnel:
    """What became of them by business day `day`. They may be many: only counts are kept."""
    tally = FunnelTally()
    for each in beginnings:
        tally.add(each, day, ladder=programme.ranks is not None)
    return tally.funnel()


def _step(place: int, last: Counter[int], stopped: Counter[int], waits: Counter[int]) -> StepCount:
    count = sum(n for at, n in last.items() if at >= place)
    before = count + last[place - 1]
    share = count / before if place and before else None
    # Regulars stand at the end of the way: they have not stopped.
    ended = stopped[place] if place < len(STEPS) - 1 else 0
    return StepCount(STEPS[place], count, share, _median(waits), ended, last[place] - ended)


def _median(waits: Counter[int]) -> float | None:
    """The middle of so many days, each as often as it was counted."""
    in_order = sorted(waits.items())
    total = sum(waits.values())

    def at(place: int) -> int:
        for days, count in in_order:
            if place < count:
                return days
            place -= count
        raise IndexError(place)

    return (at((total - 1) // 2) + at(total // 2)) / 2 if total else None
