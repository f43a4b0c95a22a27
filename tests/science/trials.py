"""Tests of messages in simulated clubs, watched every day: how often a range is ever wrong, how
often something is found that isn't there, and how soon what is there.

A club's members come in rhythms of their own, which drift and break off. Five journeys have
something for them, about as often, and with about as many who come anyway, as their kinds guess
(`rules/journeys/kinds`). Of a life only the episodes are played; what lies between two of them is
drawn in one go. Nobody knows a member's true chance: the model's is off in its level, and by a
factor of about two in the odds of each.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import exp, inf, lgamma, log, log1p
from operator import itemgetter
from random import Random
from typing import NamedTuple

from rules.science.difference import (
    Estimate,
    SideSums,
    Stratum,
    both_sides,
    can_tell,
    counts,
    pooled,
)
from rules.science.interval import always_valid, verdict

YEAR = 365
RHYTHM, LAPSED, FIRST_VISIT, ONE_SHORT, REWARD = JOURNEYS = tuple(range(5))
#: How many days each measures.
MEASURE_DAYS = (14, 30, 30, 14, 14)
#: The odds that somebody comes who is not written to, as logarithms: typically, and how far members
#: lie apart in them. `lapsed` has three steps, of which the later bring fewer.
ODDS = (-0.5, -2.2, -0.75, -0.7, -0.9)
ODDS_LATER = (0, -0.6, -1.0)
APART = (1.2, 0.5, 0.8, 1.1, 1.1)
#: How many come by themselves before each of these steps.
BACK_BEFORE = (0.7, 0.4, 0.2)
#: The lift that is planned, and that the first message has where there is one.
LIFT = 0.08
#: Each message of the last half year makes the next one work only so well.
TIRES, TIRED_DAYS = 0.8, 182.0
#: So many join in a month, for one who is a member at the start.
JOIN = 0.03


@dataclass(frozen=True, slots=True)
class Club:
    """What is simulated."""

    members: int
    years: int = 1
    #: What a first message brings, as a share of 1.
    lift: float = LIFT
    journeys: Sequence[int] = JOURNEYS
    held_back: float = 0.3
    #: The share held back once the test is decided; None: the same.
    decided: float | None = None
    tired_days: float = TIRED_DAYS

    @property
    def days(self) -> int:
        return self.years * YEAR


class Episode(NamedTuple):
    """A message that was due: sent, or held back."""

    #: The day on which its window is over.
    day: int
    journey: int
    held: bool
    came: bool
    #: The chance that the model gave it, and the true one of who is not written to.
    foretold: float
    chance: float
    #: What a message adds to the true chance.
    effect: float


class Member:
    """One life, from episode to episode."""

    def __init__(self, club: Club, random: Random, joins: int | None = None) -> None:
        self.club, self.random, self.is_new = club, random, joins is not None
        self.now = float(joins or 0)
        #: The days between two visits.
        self.gap = random.lognormvariate(2.4, 0.7)
        self.likes_to_come = random.gauss(0, 0.6)
        #: When they were written to.
        self.written: list[float] = []

    def episodes(self) -> Iterator[Episode]:
        is_back = self.random.random() < 0.5
        if self.is_new:
            is_back = yield from self._due(FIRST_VISIT, after=3)
        elif not is_back:
            yield from self._away(self.random.randrange(4))
        while self.now < self.club.days:
            if is_back:
                yield from self._in_rhythm()
            yield from self._away(0)
            is_back = True

    def _in_rhythm(self) -> Iterator[Episode]:
        """Until the rhythm breaks and nothing mends it."""
        came = True
        while came and self.now < self.club.days:
            self.now += self.random.expovariate(0.15 / self.gap) + self.gap
            kind = self.random.random()
            if kind < 0.25:
                self.now += self.gap
            else:
                often = 2 * log(11 / self.gap)
                came = yield from self._due(ONE_SHORT if kind < 0.75 else REWARD, odds=often)
                if came:
                    continue
            came = yield from self._due(RHYTHM)

    def _away(self, step: int) -> Iterator[Episode]:
        """From a step of `lapsed` on, until they are back."""
        random = self.random
        for each in range(step, len(ODDS_LATER)):
            self.now += 30 * random.random() + (60 if each else max(15.0, 46 - 2 * self.gap))
            if random.random() < BACK_BEFORE[each]:
                return
            if (yield from self._due(LAPSED, odds=ODDS_LATER[each])):
                return
        self.now += random.expovariate(1 / 700)

    def _due(
        self, journey: int, *, after: float = 0, odds: float = 0
    ) -> Generator[Episode, None, bool]:
        """Whether they come within the window of what `journey` has for them."""
        random, club = self.random, self.club
        self.now += after
        odds += ODDS[journey] + self.likes_to_come + random.gauss(0, APART[journey])
        chance, effect = share(odds), 0.0
        in_force = journey in club.journeys
        if in_force:
            lately = sum(on > self.now - club.tired_days for on in self.written)
            effect = min(club.lift * TIRES**lately, 1 - chance)
        held = not in_force or random.random() < club.held_back
        came = random.random() < (chance if held else chance + effect)
        window = MEASURE_DAYS[journey]
        if in_force:
            foretold = share(odds - 0.3 + random.gauss(0, 0.6))
            over = int(self.now) + window + 1
            yield Episode(over, journey, held, came, foretold, chance, effect)
        if not held:
            self.written.append(self.now)
        self.now += window * random.random() if came else window
        self.gap *= exp(random.gauss(0, 0.1))
        return came


def share(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def played(club: Club, random: Random) -> list[Episode]:
    """All that is complete within the club's days, in their order."""
    joining = round(club.members * JOIN * 12 * club.years)
    members = [Member(club, random) for _ in range(club.members)]
    members += [Member(club, random, random.randrange(club.days)) for _ in range(joining)]
    found = [each for member in members for each in member.episodes()]
    return sorted((each for each in found if each.day <= club.days), key=itemgetter(0))


@dataclass(slots=True)
class Drawn:
    """What was drawn of one journey with one share held back, and is complete."""

    share: float
    #: Of those written to and of those held back: episodes, x, xx, came, xy.
    sides: tuple[list[float], list[float]] = field(default_factory=lambda: ([0.0] * 5, [0.0] * 5))
    #: The sum of what messages do, or would have done.
    effects: float = 0.0

    @property
    def stratum(self) -> Stratum:
        mine, other = (SideSums(int(n), x, xx, int(y), xy) for n, x, xx, y, xy in self.sides)
        return Stratum(mine, other)


@dataclass(slots=True)
class Watch:
    """A test of all a club's journeys together, as its owner sees it from day to day, and what is
    true of it."""

    #: Whether the range was wrong on some day, and whether the verdict was.
    ever_wrong: bool = False
    ever_false: bool = False
    #: The first day on which it said more or fewer, and on which it said more; None for never.
    decided_on: int | None = None
    found_on: int | None = None
    #: What was found last, and what was true of it: the counted episodes' average effect.
    estimate: Estimate | None = None
    truth: float = 0.0

    def look(self, day: int, drawn: Iterable[Drawn]) -> None:
        strata = [(each.stratum, each) for each in drawn]
        counted = [each for each in strata if counts(each[0])]
        mine, other = both_sides(stratum for stratum, _ in counted)
        found = pooled(stratum for stratum, _ in strata)
        if found is None or not can_tell(mine, other):
            return
        seen = always_valid(found, LIFT)
        said = verdict(seen)
        episodes = sum(side.episodes for stratum, _ in counted for side in stratum)
        truth = sum(each.effects for _, each in counted) / episodes
        self.estimate, self.truth = found, truth
        self.ever_wrong |= not seen.low <= truth <= seen.high
        self.ever_false |= said == "fewer" or (said == "more" and truth <= 0)
        if said != "unknown":
            self.decided_on = self.decided_on or day
        if said == "more":
            self.found_on = self.found_on or day


def watched(club: Club, episodes: Sequence[Episode], anew: Random | None = None) -> Watch:
    """Their test, looked at on every day on which a window was over. With a `Random`, they are the
    same episodes with another lot: what came of one touches no other."""
    watch, share = Watch(), club.held_back
    now = [Drawn(share) for _ in JOURNEYS]
    drawn = list(now)
    for day, over in groupby(episodes, key=itemgetter(0)):
        if watch.decided_on and club.decided is not None and share != club.decided:
            share = club.decided
            now = [Drawn(share) for _ in JOURNEYS]
            drawn += now
        for _, journey, held, came, foretold, chance, effect in over:
            if anew is not None:
                held = anew.random() < share
                came = anew.random() < (chance if held else chance + effect)
            each = now[journey]
            each.effects += effect
            side = each.sides[held]
            side[0] += 1
            side[1] += foretold
            side[2] += foretold * foretold
            if came:
                side[3] += 1
                side[4] += foretold
        watch.look(day, drawn)
    return watch


class Outcome(NamedTuple):
    """What many tests in one club came to."""

    runs: int
    #: In so many the range was wrong on some day; in so many the verdict was.
    wrong: int
    false: int
    #: So many found more by the end of each year.
    found: tuple[int, ...]
    #: At the end: what was true on average, and how far what was found lies from it on average, in
    #: standard errors.
    truth: float
    off: float


def outcome(club: Club, runs: int, *, lots: int = 1) -> Outcome:
    """Of so many tests. Each life is used for so many `lots`, since a large club's takes long."""
    watches: list[Watch] = []
    while len(watches) < runs:
        random = Random(f"{club} {len(watches)}")
        episodes = played(club, random)
        watches += [
            watched(club, episodes, random if lot or club.decided is not None else None)
            for lot in range(min(lots, runs - len(watches)))
        ]
    ends = [(each.estimate, each.truth) for each in watches if each.estimate is not None]
    error = sum(found.error for found, _ in ends)
    days = [each.found_on for each in watches if each.found_on is not None]
    return Outcome(
        runs=runs,
        wrong=sum(each.ever_wrong for each in watches),
        false=sum(each.ever_false for each in watches),
        found=tuple(sum(day <= YEAR * (year + 1) for day in days) for year in range(club.years)),
        truth=sum(truth for _, truth in ends) / max(1, len(ends)),
        off=sum(found.points - truth for found, truth in ends) / error if ends else 0.0,
    )


def upper_bound(count: int, of: int) -> float:
    """The largest share of which no more than `count` are seen in one sample out of twenty: C. J.
    Clopper and E. S. Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934),
    404-413."""
    ways = [lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) for k in range(count + 1)]
    low, high = count / of, 1.0
    while high - low > 1e-5:
        p = (low + high) / 2
        seen = sum(exp(w + k * log(p) + (of - k) * log1p(-p)) for k, w in enumerate(ways))
        low, high = (p, high) if seen > 0.05 else (low, p)
    return high


class Row(NamedTuple):
    """A club of the table, with a lift and without."""

    club: Club
    with_lift: Outcome
    #: None where only the lift is asked.
    without: Outcome | None
    #: Found by the end of each year, as shares: at least.
    floors: tuple[float, ...] = ()

    @property
    def line(self) -> str:
        club, lifted, flat = self.club, self.with_lift, self.without
        wrong = _bounded(lifted.wrong, lifted.runs)
        false = _bounded(flat.false, flat.runs) if flat else "–"
        found = " / ".join(f"{100 * each / lifted.runs:.0f}" for each in lifted.found)
        floors = " / ".join(f"{100 * each:.0f}" for each in self.floors)
        return " | ".join([
            f"| {club.members:,}", "rhythm alone" if len(club.journeys) == 1 else "all five",
            _held_back(club), wrong, false, f"{found} %" + (f" (≥ {floors})" if floors else ""),
            f"{100 * lifted.truth:.1f}", f"{lifted.off:+.2f} |",
        ])  # fmt: skip


def _held_back(club: Club) -> str:
    then = "" if club.decided is None else f", {100 * club.decided:.0f} % once decided"
    tired = "" if club.tired_days < inf else ", tired for ever"
    return f"{100 * club.held_back:.0f} %{then}{tired}"


def _bounded(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} % (≤ {100 * upper_bound(count, of):.1f})"


class Asked(NamedTuple):
    """So many tests of a club, and as many without a lift where that is `flat`."""

    club: Club
    runs: int
    lots: int = 1
    floors: tuple[float, ...] = ()
    flat: bool = True


def run(runs: int = 2000) -> list[Row]:
    """The table's clubs; what is only asked beside, less often. Each processor takes some."""
    small, middle, large = Club(300, years=2), Club(2000), Club(20_000)
    fewer = max(1, runs // 4)
    asked = [
        Asked(small, runs, floors=(0.4, 0.73)),
        Asked(middle, runs, 20),
        Asked(replace(middle, journeys=(RHYTHM,)), runs, 10, (0.78,)),
        Asked(large, runs, 100),
        Asked(replace(small, decided=0.1), fewer, 10),
        Asked(replace(small, held_back=0.5), fewer, flat=False),
        Asked(replace(small, tired_days=inf), fewer, flat=False),
    ]
    with ProcessPoolExecutor() as pool:
        begun = [
            [
                pool.submit(outcome, replace(each.club, lift=lift), each.runs, lots=each.lots)
                for lift in ((LIFT, 0) if each.flat else (LIFT,))
            ]
            for each in asked
        ]
        return [
            Row(each.club, first.result(), rest[0].result() if rest else None, each.floors)
            for each, (first, *rest) in zip(asked, begun, strict=True)
        ]


def report(runs: int = 2000, rows: Sequence[Row] | None = None) -> list[str]:
    """The table in Markdown, with what it is of; of `rows` that are there already, or anew."""
    return [
        f"{runs:,} tests of each club, looked at on every day of a year (300 members: of two).",
        f"A first message brings {100 * LIFT:.0f} points; each of the last half year makes the",
        f"next one work {TIRES} times as well. In brackets: the upper 95 % bound of a share",
        "(Clopper and Pearson), or what is asked for. “Off” is how far the unshrunk effect lies",
        "from the true one at the end, on average, in standard errors.",
        "",
        "| members | journeys | held back | range ever wrong | no lift: verdict ever false "
        "| found by 12 / 24 months | true effect, points | off |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(row.line for row in rows or run(runs)),
    ]
