"""Earning rules: what gives points, how many, and how often at the most."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from ..activity import Activity, Anniversary, Eco, StepId, Trigger
from ..base import Count, Id, Impossible, LocalText, Points, Strict
from ..facts import Facts, Tally, changed

#: Who may vouch for something that a rule wants confirmed.
CONFIRMING = ("staff", "api", "import")
#: What staff can vouch for with one tap.
Confirmable = Literal["review", "share", "feedback", "newsletter", "deed"]
CONFIRMABLE: tuple[Confirmable, ...] = get_args(Confirmable)


class FixedPoints(Strict):
    """The same points each time."""

    kind: Literal["fixed"]
    points: Points


class PerAmount(Strict):
    """`points` for each full `yen`."""

    kind: Literal["per_amount"]
    points: Points
    yen: Annotated[int, Field(ge=1, le=1_000_000)]


def steps_together(step: int, mine: int, theirs: int) -> int:
    """How many full `step`s two amounts hold together that they don't hold one by one."""
    return (mine + theirs) // step - mine // step - theirs // step


class AtCounts(Strict):
    """Certain counts."""

    #: Each `every`-th time.
    every: Annotated[int, Field(ge=2, le=1_000)] | None = None
    #: These times.
    at: tuple[Count, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.every is None) == (not self.at):
            raise Impossible("one_of_two", first="every", second="at")
        return self

    def hits(self, n: int) -> bool:
        return n in self.at if self.at else self.every is not None and n % self.every == 0

    def passed_together(self, mine: int, theirs: int) -> int:
        """How many of these times two counts pass together that neither has passed by itself."""
        if self.every is not None:
            return steps_together(self.every, mine, theirs)
        return sum(max(mine, theirs) < n <= mine + theirs for n in self.at)


class NthTime(AtCounts):
    """Points at certain counts."""

    kind: Literal["nth"]
    points: Points


class FirstTime(Strict):
    """Points for the very first time."""

    kind: Literal["first"]
    points: Points


class Multiplier(Strict):
    """The points of the other rules, `times` over. Several add their extras up, not multiply."""

    kind: Literal["multiplier"]
    times: Annotated[Decimal, Field(gt=1, le=10, decimal_places=2)]


Award = Annotated[
    FixedPoints | PerAmount | NthTime | FirstTime | Multiplier, Field(discriminator="kind")
]


class Limit(Strict):
    """How often a rule gives at the most, and how many points, in a day, week, month, or ever."""

    day: Count | None = None
    week: Count | None = None
    month: Count | None = None
    ever: Count | None = None
    points_per_day: Points | None = None
    points_per_week: Points | None = None
    points_per_month: Points | None = None
    points_ever: Points | None = None

    def allows(self, tally: Tally, points: int) -> int:
        """How many of `points` may still be given on the tally's day; 0 when the limit is met."""
        if self._is_open:
            return points
        counts = (
            (self.day, tally.day), (self.week, tally.week),
            (self.month, tally.month), (self.ever, tally.ever),
        )  # fmt: skip
        if any(most is not None and had >= most for most, had in counts):
            return 0
        caps = (
            (self.points_per_day, tally.points_day), (self.points_per_week, tally.points_week),
            (self.points_per_month, tally.points_month), (self.points_ever, tally.points_ever),
        )  # fmt: skip
        return max(0, min([points, *(cap - had for cap, had in caps if cap is not None)]))

    @cached_property
    def _is_open(self) -> bool:
        return self == Limit()


class EarningRule(Strict):
    """One way to earn. A rule that is narrowed, or that staff confirm, counts its own times: the
    first visit to this store, the tenth bag of one's own, the first review that staff saw."""

    id: Id
    name: LocalText
    on: Trigger
    #: For `streak` the n of an `nth` award is the weeks in a row; for `anniversary` the years. For
    #: `spend` a `per_amount` award is paid each time the yen ever spent pass another full amount.
    award: Award
    limit: Limit = Limit()
    #: Given only when staff confirm it.
    needs_staff: bool = False
    #: For members who hold one of these only; all, where none is named.
    ranks: tuple[Id, ...] = ()
    #: At these stores only; everywhere, where none is named.
    stores: tuple[Id, ...] = ()
    #: The streak it is about.
    streak: Id | None = None
    #: The eco actions it is about.
    actions: tuple[Id, ...] = ()
    #: The step of the profile it is about; the whole of it, where none is named.
    step: StepId | None = None

    @cached_property
    def counts_itself(self) -> bool:
        """Whether the n of its award is how often this very rule applied."""
        narrowed = bool(self.ranks or self.stores or self.actions or self.needs_staff)
        given_n = self.on in ("streak", "anniversary")
        return self.award.kind in ("first", "nth") and narrowed and not given_n

    @model_validator(mode="after")
    def _fits_its_trigger(self) -> "EarningRule":
        if (self.streak is not None) != (self.on == "streak"):
            raise Impossible("streak_needed")
        if self.step is not None and self.on != "profile":
            raise Impossible("step_elsewhere")
        if self.step is not None and self.award.kind == "multiplier":
            raise Impossible("step_multiplier")
        if self.actions and self.on != "eco":
            raise Impossible("actions_elsewhere")
        if self.award.kind == "per_amount" and self.on not in ("purchase", "spend"):
            raise Impossible("per_amount_elsewhere")
        if self.on == "spend" and self.award.kind != "per_amount":
            raise Impossible("spend_award")
        if self.award.kind == "multiplier" and self.on in ("spend", "streak", "anniversary"):
            raise Impossible("multiplier_elsewhere", on=self.on)
        return self


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What the earning rules look at."""

    trigger: Trigger
    #: It is the trigger's `n`-th time.
    n: int
    activity: Activity
    streak: str | None = None
    #: The step of the profile that it is; None: the whole of it.
    step: StepId | None = None
    #: The yen ever spent before it, for `spend`; else 0.
    amount_before: int = 0
    #: The yen that count; for `spend` all that was ever spent, this included.
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """Points given by one rule (`rule` is its id, a campaign's `campaign:<id>`, `badge:<id>`)."""

    rule: str
    points: int


@dataclass(frozen=True, slots=True)
class Earnings:
    """What an occurrence brought."""

    facts: Facts
    grants: tuple[Grant, ...] = ()
    #: Rules that would have given, but for staff to confirm it.
    waiting: tuple[str, ...] = ()
    #: Rules that would have given, or given more, but for a limit.
    capped: tuple[str, ...] = ()
    #: The part of the points that multipliers look at: what the plain rules gave.
    base: int = 0


def applies(rule: EarningRule, facts: Facts, occurrence: Occurrence) -> bool:
    """Whether `rule` looks at this occurrence at all, limits and confirmation aside."""
    activity = occurrence.activity
    return (
        rule.on == occurrence.trigger
        and rule.streak == occurrence.streak
        and rule.step == occurrence.step
        and (not rule.ranks or facts.rank.id in rule.ranks)
        and (not rule.stores or activity.store in rule.stores)
        and (not rule.actions or (isinstance(activity.what, Eco)
                                  and activity.what.action in rule.actions))
    )  # fmt: skip


def points_of(award: Award, occurrence: Occurrence, base: int) -> int:
    """The points of `award` before limits. `base` is what the plain rules gave, for multipliers."""
    match award:
        case FixedPoints(points=points):
            return points
        case PerAmount(points=points, yen=yen):
            steps = occurrence.amount // yen - occurrence.amount_before // yen
            return points * max(0, steps)
        case NthTime(points=points):
            return points if award.hits(occurrence.n) else 0
        case FirstTime(points=points):
            return points if occurrence.n == 1 else 0
        case Multiplier(times=times):
            return int(base * (times - 1))


def count(facts: Facts, rule_id: str, points: int, activity: Activity) -> Facts:
    """`facts` with one more time, and its points, in the rule's tally."""
    return _counted(facts, rule_id, _tally(facts, rule_id, activity).plus(points))


def _tally(facts: Facts, rule_id: str, activity: Activity) -> Tally:
    known = facts.tallies.get(rule_id)
    return known.as_of(activity.day) if known else Tally(activity.day)


def _counted(facts: Facts, rule_id: str, tally: Tally) -> Facts:
    return changed(facts, tallies={**facts.tallies, rule_id: tally})


def give(facts: Facts, rule_id: str, limit: Limit, points: int, activity: Activity) -> Earnings:
    """Gives up to `points` under `limit`, counting them in the rule's tally."""
    tally = _tally(facts, rule_id, activity)
    allowed = limit.allows(tally, points)
    if allowed == 0:
        return Earnings(facts, capped=(rule_id,))
    counted = _counted(facts, rule_id, tally.plus(allowed))
    capped = (rule_id,) if allowed < points else ()
    return Earnings(counted, grants=(Grant(rule_id, allowed),), capped=capped)


def join(first: Earnings, then: Earnings) -> Earnings:
    """Two results in a row, the later's facts."""
    return Earnings(
        then.facts,
        first.grants + then.grants,
        first.waiting + then.waiting,
        first.capped + then.capped,
        first.base + then.base,
    )


def earn(rules: tuple[EarningRule, ...], facts: Facts, occurrence: Occurrence) -> Earnings:
    """What `rules` give for one occurrence: the plain awards first, then multipliers of them."""
    matching = [rule for rule in rules if applies(rule, facts, occurrence)]
    plain = [rule for rule in matching if rule.award.kind != "multiplier"]
    multipliers = [rule for rule in matching if rule.award.kind == "multiplier"]
    result = _earn_each(plain, Earnings(facts), occurrence, base=0)
    base = sum(grant.points for grant in result.grants)
    result = _earn_each(multipliers, result, occurrence, base=base)
    return Earnings(result.facts, result.grants, result.waiting, result.capped, base)


def _earn_each(
    rules: list[EarningRule], result: Earnings, occurrence: Occurrence, *, base: int
) -> Earnings:
    activity = occurrence.activity
    for rule in rules:
        confirmed = not rule.needs_staff or activity.by in CONFIRMING
        facts, own = _own_count(rule, result.facts, occurrence, confirmed=confirmed)
        points = points_of(rule.award, own, base)
        if points and confirmed:
            given = give(facts, rule.id, rule.limit, points, activity)
        else:
            given = Earnings(facts, waiting=(rule.id,) if points else ())
        result = join(result, given)
    return result


def _own_count(
    rule: EarningRule, facts: Facts, occurrence: Occurrence, *, confirmed: bool
) -> tuple[Facts, Occurrence]:
    if not rule.counts_itself:
        return facts, occurrence
    key = f"rule:{rule.id}"
    n = facts.counts.get(key, 0) + 1
    # What is still to be confirmed asks staff as if it counted, and counts when they have.
    if confirmed:
        facts = changed(facts, counts={**facts.counts, key: n})
    return facts, replace(occurrence, n=n)


def occurrence_count(facts: Facts, activity: Activity, trigger: Trigger) -> int:
    """The n of an activity that is about to be counted: its years, or how often it happened."""
    if isinstance(activity.what, Anniversary):
        return activity.what.years
    return facts.counts.get(trigger, 0)
