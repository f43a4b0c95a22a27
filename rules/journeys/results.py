"""What journeys brought: how many more come of those they were due to than of those held back; and
what may be believed of it.

By intention to treat: every episode counts on the side that was drawn for it, whatever became of
the message. What is told for a hundred messages is the same for as many episodes as sent them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal, NamedTuple

from ..programme.programme import Programme
from ..science.difference import (
    EPISODES_MIN,
    OUTCOMES_MIN,
    Estimate,
    SideSums,
    both_sides,
    can_tell,
    counts,
    difference,
    pooled,
)
from ..science.interval import always_valid
from ..science.samples import MONTHS_MAX, Trial
from ..science.shrinkage import shrunk
from .costs import Costs, Gifts, costs_of
from .counts import CountedJourney, SideCounts, SidePair, summed
from .journey import Journey
from .samples import Outlook, outlook
from .words import arms_of

#: What is planned for all messages together, and where a kind says nothing.
_LIFT, _BASE = 0.08, 0.3
#: Our guess of a share counts as so many episodes beside the club's own.
_GUESS_WORTH = 10
#: From so many episodes on, it is reckoned with that chances take out some of what is left to luck.
_SAVED_FROM = 30
#: As long as nobody knows what a visit earns, a message that brings not even one visitor in a
#: hundred is taken for one that does nothing.
_WORTHWHILE = 1.0
#: More leave because of a message: so many more of a hundred would be much.
_LEAVING_LIFT = 0.02
_DAYS_A_MONTH = 365.25 / 12

#: What the range says of a message, in a word: that it brings more visitors than silence, that it
#: brings none worth it, or neither yet.
Word = Literal["works", "unknown", "fails"]


@dataclass(frozen=True, slots=True)
class Effect:
    """How many more visitors a hundred messages bring."""

    #: The likeliest figure of this message alone.
    about: float
    #: The range that holds on all days together.
    low: float
    high: float
    word: Word
    #: For a hundred episodes: the difference and its standard error, as shares of 1.
    estimate: Estimate
    #: So many messages an episode sends.
    messages: float = 1.0
    #: The likeliest figure, seeing what the club's other messages bring; None without any.
    likely: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One side of a test against another."""

    #: None: all arms together.
    arm: str | None
    #: None: those held back.
    against: str | None
    mine: SideCounts
    other: SideCounts
    #: None while nothing is to be said.
    effect: Effect | None
    #: So many more visitors pay for a hundred messages; None where nobody knows what a visit earns.
    break_even: float | None = None
    gifts: Gifts = "none"
    #: About how many months it takes yet until something can be said; None where that is not known.
    months: int | None = None


class PlainCounts(NamedTuple):
    """How many of both sides came, as it was counted: what anybody may see, and no proof."""

    #: Within so many days.
    days: int
    #: Of so many to whom it was due, so many came.
    drawn: int
    came: int
    #: Of so many held back, so many came.
    held_back: int
    came_other: int


@dataclass(frozen=True, slots=True)
class JourneyResult:
    """What one journey's present version brought."""

    counted: CountedJourney
    #: All arms together against those held back; None where nobody is.
    whole: Comparison | None
    #: Of several arms each against those held back; none without these.
    arms: tuple[Comparison, ...] = ()
    #: Of several arms each but the first against the first.
    between: tuple[Comparison, ...] = ()
    #: The arm that surely brings more than silence and than each other arm; None for none.
    winner: str | None = None
    #: The arms because of which more leave.
    leavers: tuple[str, ...] = ()
    outlook: Outlook | None = None

    @property
    def journey(self) -> Journey:
        return self.counted.journey

    @property
    def is_clear(self) -> bool:
        """Whether it is known of this journey by itself what it does."""
        effect = self.whole.effect if self.whole else None
        return effect is not None and effect.word != "unknown"

    @property
    def plain(self) -> PlainCounts | None:
        """None where nobody is held back, and while one side's days aren't over for anybody."""
        if self.whole is None:
            return None
        mine, other = self.whole.mine.sums, self.whole.other.sums
        if not (mine.episodes and other.episodes):
            return None
        days = self.journey.measure_days
        return PlainCounts(days, mine.episodes, mine.came, other.episodes, other.came)


@dataclass(frozen=True, slots=True)
class ClubResults:
    """What the club's messages brought."""

    #: All that hold somebody back; None for none.
    together: Comparison | None
    outlook: Outlook | None
    journeys: tuple[JourneyResult, ...]


def club_results(programme: Programme, counted: Sequence[CountedJourney]) -> ClubResults:
    """What all these journeys brought, together and one by one."""
    found = [_journey_result(programme, each) for each in counted]
    measured = [each.counted for each in found if each.whole is not None]
    likely = _shrunk(found)
    return ClubResults(
        _together(programme, measured),
        _outlook(measured),
        tuple(replace(each, whole=likely.get(each.journey.id, each.whole)) for each in found),
    )


def _shrunk(found: Sequence[JourneyResult]) -> dict[str, Comparison]:
    """Of several journeys of which something is known, each with what is likely, seeing all."""
    known = [
        (each.journey.id, each.whole, each.whole.effect)
        for each in found
        if each.whole and each.whole.effect and each.whole.effect.estimate.error > 0
    ]
    if len(known) < 2:
        return {}
    drawn = shrunk([effect.estimate for _, _, effect in known])
    return {
        journey: replace(
            whole, effect=replace(effect, likely=100 * towards.points / effect.messages)
        )
        for (journey, whole, effect), towards in zip(known, drawn, strict=True)
    }


def _journey_result(programme: Programme, counted: CountedJourney) -> JourneyResult:
    held = counted.against_silence()
    whole = None
    if held or counted.share:
        whole = _against_silence(programme, [counted], [held], lift=_lift([counted]))
    arms = counted.arms
    drawn = [arm for arm in arms if any(side.arm == arm for side in counted.sides)]
    several = drawn if len(drawn) > 1 else []
    return JourneyResult(
        counted,
        whole,
        tuple(_of_arm(programme, counted, arm) for arm in several) if whole else (),
        tuple(_of_two(counted, arm, several[0]) for arm in several[1:]),
        _winner(counted),
        tuple(arm for arm in arms if whole and _more_leave(counted.against(arm, None))),
        _outlook([counted]) if whole else None,
    )


def _together(programme: Programme, measured: Sequence[CountedJourney]) -> Comparison | None:
    if not measured:
        return None
    pairs = [each.against_silence() for each in measured]
    # The same whatever falls due meanwhile: a range holds for all days only if none moved it.
    return _against_silence(programme, measured, pairs, lift=_LIFT)


def _against_silence(
    programme: Programme,
    counted: Sequence[CountedJourney],
    pairs: Sequence[list[SidePair]],
    *,
    lift: float,
) -> Comparison:
    """What these journeys bring against sending nothing."""
    every = [pair for of_one in pairs for pair in of_one]
    mine, other = summed(every)
    costs = costs_of(programme, counted)
    effect = _effect(every, lift=lift, bar=_bar(costs), sent=mine.sent)
    months = None if effect else _months(counted, mine, other)
    return _compared(None, (mine, other), effect, costs, months)


def _of_arm(programme: Programme, counted: CountedJourney, arm: str) -> Comparison:
    """One arm against sending nothing."""
    pairs = counted.against(arm, None)
    costs = costs_of(programme, [counted], arm)
    sides = summed(pairs)
    effect = _effect(pairs, lift=_lift([counted]), bar=_bar(costs), sent=sides.mine.sent)
    return _compared(arm, sides, effect, costs)


def _of_two(counted: CountedJourney, arm: str, against: str) -> Comparison:
    """One arm against another, for a hundred episodes."""
    pairs = counted.against(arm, against)
    effect = _effect(pairs, lift=_lift([counted]), bar=0.0)
    return Comparison(arm, against, *summed(pairs), effect)


def _compared(
    arm: str | None,
    sides: tuple[SideCounts, SideCounts],
    effect: Effect | None,
    costs: Costs | None,
    months: int | None = None,
) -> Comparison:
    if costs is None:
        return Comparison(arm, None, *sides, effect, months=months)
    return Comparison(arm, None, *sides, effect, costs.break_even, costs.gifts, months)


def _bar(costs: Costs | None) -> float:
    """What a message brings that is worth it."""
    return _WORTHWHILE if costs is None else costs.break_even


def _effect(
    pairs: Sequence[SidePair], *, lift: float, bar: float, sent: int | None = None
) -> Effect | None:
    """The difference for a hundred messages, of which `sent` went out (None: for a hundred
    episodes); None while there is too little for anything to be said."""
    usable = [pair.stratum for pair in pairs if counts(pair.stratum)]
    mine, other = both_sides(usable)
    estimate = pooled(usable)
    if estimate is None or not can_tell(mine, other):
        return None
    each = sent / mine.episodes if sent else 1.0
    interval = always_valid(estimate, lift)
    low, about, high = (
        max(-100.0, min(100.0, 100 * points / each))
        for points in (interval.low, estimate.points, interval.high)
    )
    return Effect(about, low, high, _word(low, high, bar), estimate, each)


def _word(low: float, high: float, bar: float) -> Word:
    if low > 0:
        return "works"
    return "fails" if high < bar else "unknown"


def _lift(counted: Sequence[CountedJourney]) -> float:
    """What these tests are planned to find, by how much each has drawn."""
    guesses = [(each.journey.guess, _drawn(each)) for each in counted]
    total = sum(drawn for _, drawn in guesses)
    if not total:
        return _LIFT
    return sum(drawn * (guess.lift if guess else _LIFT) for guess, drawn in guesses) / total


def _drawn(counted: CountedJourney) -> int:
    return sum(side.drawn for side in counted.sides)


# ── What is surer than that ──


def _winner(counted: CountedJourney) -> str | None:
    """The arm of the programme that surely brings more than each of its others, and than silence
    where somebody is held back."""
    arms = [arm.id for arm in arms_of(counted.journey)]
    held: list[str | None] = [None] if counted.against_silence() or counted.share else []
    for arm in arms:
        others = [*held, *(other for other in arms if other != arm)]
        if others and all(_is_better(counted, arm, other) for other in others):
            return arm
    return None


def _is_better(counted: CountedJourney, arm: str, other: str | None) -> bool:
    effect = _effect(counted.against(arm, other), lift=_lift([counted]), bar=0.0)
    return effect is not None and effect.word == "works"


def _more_leave(pairs: Sequence[SidePair]) -> bool:
    """Whether more leave of those written to. Few do, so that one who left and one who stayed are
    added on each side: A. Agresti and B. Caffo, "Simple and effective confidence intervals for
    proportions", The American Statistician 54 (2000), 280-288."""
    mine, other = (SideSums(side.sums.episodes + 2, came=side.left + 1) for side in summed(pairs))
    found = difference(mine, other)
    return found is not None and always_valid(found, _LEAVING_LIFT).low > 0


# ── What a test can find ──


def _base(counted: Sequence[CountedJourney], side: SideCounts) -> float:
    """The share of a side who come: the club's own, with our guess beside it, so that hardly
    anything is read out of a few."""
    guesses = [each.journey.guess for each in counted]
    known = [guess.base for guess in guesses if guess] or [_BASE]
    guessed = _GUESS_WORTH * sum(known) / len(known)
    share = (side.sums.came + guessed) / (side.sums.episodes + _GUESS_WORTH)
    return max(0.01, min(0.99, share))


def _share(counted: Sequence[CountedJourney]) -> float:
    """The share that is held back of all of them now."""
    total = sum(each.a_year() for each in counted)
    if not total:
        return counted[0].share if counted else 0.0
    return sum(each.share * each.a_year() for each in counted) / total


def _measure_days(counted: Sequence[CountedJourney]) -> int:
    return max(each.journey.measure_days for each in counted)


def _months(counted: Sequence[CountedJourney], mine: SideCounts, other: SideCounts) -> int | None:
    """About when there will be enough to say anything, if as many go on falling due."""
    a_month, share = sum(each.a_year() for each in counted) / 12, _share(counted)
    waits = []
    for side, part in ((mine, 1 - share), (other, share)):
        missing = _missing(side, _base(counted, side))
        if missing and not part * a_month:
            return None
        waits.append(missing / (part * a_month) if missing else 0.0)
    months = max(1, ceil(max(waits) + _measure_days(counted) / _DAYS_A_MONTH))
    return months if months <= MONTHS_MAX else None


def _missing(side: SideCounts, base: float) -> float:
    """How many more episodes this side needs before anything is said: for their number, and for
    either outcome, of which the rarer takes longest."""
    came, stayed = side.sums.came, side.sums.episodes - side.sums.came
    waits = [
        (OUTCOMES_MIN - known) / share - side.still_open
        for known, share in ((came, base), (stayed, 1 - base))
        if known < OUTCOMES_MIN
    ]
    return max(0.0, EPISODES_MIN - side.drawn, *waits)


def _outlook(counted: Sequence[CountedJourney]) -> Outlook | None:
    """What a year shows of these journeys; None while none fell due, or nobody is held back now."""
    a_year, share = sum(each.a_year() for each in counted), _share(counted)
    if not a_year or not share:
        return None
    pairs = [pair for each in counted for pair in each.against_silence()]
    mine, other = summed(pairs)
    trial = Trial(
        a_year, 1 - share, share, _base(counted, other), _lift(counted),
        saved=_saved(pairs), measure_days=_measure_days(counted),
    )  # fmt: skip
    each = mine.sent / mine.sums.episodes if mine.sent and mine.sums.episodes else 1.0
    return outlook(trial, messages=each)


def _saved(pairs: Sequence[SidePair]) -> float:
    """The share of the variance that the foretold chances take out: the square of their correlation
    with what came."""
    sums = summed(pairs)
    both = sums.mine.sums + sums.other.sums
    n = both.episodes
    if n < _SAVED_FROM:
        return 0.0
    spread_x, spread_y = both.xx - both.x**2 / n, both.came * (1 - both.came / n)
    if spread_x <= 0 or spread_y <= 0:
        return 0.0
    return float(min(0.95, (both.xy - both.x * both.came / n) ** 2 / spread_x / spread_y))
