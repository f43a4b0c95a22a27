"""What the club costs, gathered from what is kept: in a period, in the next ninety days, by friends
brought and by messages. Days are read, and never members or visits."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.store import UnitOfWork
from bot.store.figures import costs, reading, source_reading
from bot.store.members import sources, subscribed
from rules.figures.costs import REFERRAL, reward_of, voucher_name
from rules.figures.definitions import Summed
from rules.figures.periods import DaySpan, Period
from rules.figures.sources import SourceCost, SourceResult, cost_within, result, unnamed
from rules.figures.sums import ALL
from rules.figures.values import Sums
from rules.outlook.ahead import ExpectedCost, by_pace, discount, together, windows_before
from rules.programme.earning import FirstTime, FixedPoints
from rules.programme.programme import Programme
from rules.programme.ranks import Perk
from rules.programme.rewards import ByBirthday, worth_yen
from rules.shop import add_months

_NAMES = frozenset({"used", "outstanding", "visits", "yen", "purchases", "came_28"})


@dataclass(frozen=True, slots=True)
class PeriodCosts:
    """What some days cost, in yen, and what there was for it."""

    advertising: int
    points: int
    vouchers: int
    #: What was left out of prices; None where no price is lower for anybody.
    perks: int | None
    messages: int
    visits: int
    sales: int

    @property
    def whole(self) -> int:
        given = self.points + self.vouchers + (self.perks or 0)
        return self.advertising + given + self.messages

    @property
    def per_visit(self) -> float | None:
        return self.whole / self.visits if self.visits else None

    @property
    def share(self) -> float | None:
        """Of what was sold."""
        return self.whole / self.sales if self.sales else None


@dataclass(frozen=True, slots=True)
class FriendCosts:
    """Friends brought, and what it cost."""

    brought: SourceResult
    #: How many counted, by the rules of the programme.
    counted: int
    #: What both got for it, by the programme as it is now.
    yen: int


def period_costs(uow: UnitOfWork, programme: Programme, span: DaySpan) -> PeriodCosts | None:
    """None where the club was not there when the days began."""
    found = reading.sums(uow, _NAMES, span, store=ALL, rank=ALL)
    if not found.has_begun_by(span.first):
        return None
    return _period_costs(uow, programme, span, found)


def costs_so_far(uow: UnitOfWork, programme: Programme, of: Period) -> PeriodCosts:
    """Of the days asked for, as far as the club was there."""
    found = reading.sums(uow, _NAMES, of.whole, store=ALL, rank=ALL)
    return _period_costs(uow, programme, of.whole, found)


def _period_costs(uow: UnitOfWork, programme: Programme, span: DaySpan, found: Sums) -> PeriodCosts:
    perks = _perks(uow, programme, [span], found)
    return PeriodCosts(
        cost_within(_advertising(uow), span) or 0,
        worth_yen(programme.rewards, found.term(Summed("used"), span)),
        _vouchers_yen(programme, costs.given(uow, span)),
        round(perks[0]) if perks else None,
        round(_messages_yen(uow, programme, span)),
        found.term(Summed("visits"), span),
        found.term(Summed("yen"), span),
    )


def _advertising(uow: UnitOfWork) -> list[SourceCost]:
    return sources.costs(uow, [each.id for each in sources.every(uow)])


def _messages_yen(uow: UnitOfWork, programme: Programme, span: DaySpan) -> float:
    return sum(costs.messages_sent(uow, span).values()) * programme.sending.message_yen


def _vouchers_yen(programme: Programme, given: dict[str, int]) -> int:
    return sum(
        count * reward.value_yen
        for name, count in given.items()
        if (reward := programme.reward(reward_of(name) or "")) is not None
    )


def friend_costs(uow: UnitOfWork, programme: Programme, span: DaySpan) -> FriendCosts:
    """Of those who joined in the span because a friend asked them; who came by a poster, and then
    named a friend, came by the poster."""
    who = unnamed("referral")
    sums = source_reading.sums(uow, span, source_ids=[who]).get(who, {})
    counted = costs.given(uow, span).get(REFERRAL, 0)
    points = sum(_fixed(programme, on) for on in ("referral", "referred"))
    return FriendCosts(
        result(sums, (), span, 0), counted, worth_yen(programme.rewards, counted * points)
    )


def _fixed(programme: Programme, on: str) -> int:
    """The points that everybody gets for it."""
    return sum(
        rule.award.points
        for rule in programme.earning
        if rule.on == on and isinstance(rule.award, FixedPoints | FirstTime)
    )


# ── The next ninety days ──


@dataclass(frozen=True, slots=True)
class AheadCosts:
    """What is likely to be paid out, and what it goes by."""

    parts: tuple[ExpectedCost, ...]
    whole: ExpectedCost
    #: Points outstanding, and what they are worth.
    points: int
    points_yen: int
    #: Vouchers in hand, what they are worth, how many of these end soon, and when they were
    #: counted; None: not yet.
    vouchers: int
    vouchers_yen: int
    ends_soon: int
    counted_on: date | None
    birthdays: int


def ahead_costs(uow: UnitOfWork, programme: Programme, today: date) -> AheadCosts:
    windows = windows_before(today)
    span = DaySpan(windows[-1].first, today)
    found = reading.sums(uow, _NAMES, span, store=ALL, rank=ALL)
    known = [each for each in windows if found.has_begun_by(each.first)]
    points = found.term(Summed("outstanding", "level"), DaySpan(today, today))
    held = costs.vouchers_held(uow)
    in_hand = Counter({voucher_name(each.reward): each.in_hand for each in held})
    birthdays = costs.birthdays_within(uow, _months_ahead(today))
    perks, paid = _perks(uow, programme, known, found), _advertising(uow)
    parts = [
        by_pace("advertising", [cost_within(paid, each) or 0 for each in known]),
        by_pace(
            "points",
            [worth_yen(programme.rewards, found.term(Summed("used"), each)) for each in known],
            most=worth_yen(programme.rewards, max(0, points)),
        ),
        by_pace(
            "vouchers",
            [_vouchers_yen(programme, costs.given(uow, each)) for each in known],
            most=_vouchers_yen(programme, in_hand),
        ),
        *([] if perks is None else [by_pace("perks", perks)]),
        by_pace("messages", [_messages_yen(uow, programme, each) for each in known]),
        by_pace("birthdays", [], most=birthdays * _birthday_yen(programme), is_part=True),
    ]
    return AheadCosts(
        tuple(parts), together(parts), points, worth_yen(programme.rewards, max(0, points)),
        in_hand.total(), _vouchers_yen(programme, in_hand), sum(each.ends_soon for each in held),
        min((each.counted_on for each in held), default=None), birthdays,
    )  # fmt: skip


def _months_ahead(today: date) -> list[int]:
    return [add_months(today.replace(day=1), n).month for n in (1, 2, 3)]


def _birthday_yen(programme: Programme) -> int:
    """What a birthday brings everybody."""
    points = worth_yen(programme.rewards, _fixed(programme, "birthday"))
    gifts = (
        each.value_yen
        for each in programme.rewards
        if isinstance(each.given, ByBirthday) and not each.ranks
    )
    return points + sum(gifts)


def _perks(
    uow: UnitOfWork, programme: Programme, spans: Sequence[DaySpan], found: Sums
) -> list[float] | None:
    """What prices that are lower for ranks and subscribers left out in each of the spans, the
    newest of which is the first; None where no price is lower for anybody."""
    paid = [0.0 for _ in spans]
    ranks = programme.ranks
    priced = {
        step.id: perks
        for step in (ranks.steps if ranks else ())
        if ranks and (perks := _prices(ranks.perks_of(step.id)))
    }
    offered = {
        each.id: prices for each in programme.subscriptions if (prices := _prices(each.perks))
    }
    if not (priced or offered):
        return None
    if not spans:
        return paid
    for rank, perks in priced.items():
        whole = DaySpan(spans[-1].first, spans[0].last)
        theirs = reading.sums(uow, _NAMES, whole, store=ALL, rank=rank)
        for n, each in enumerate(spans):
            paid[n] += _left_out(perks, _of(theirs, each))
    if offered:
        count = subscribed.count(uow, spans[0].last).of_each
        for n, each in enumerate(spans):
            here = found.term(Summed("came_28", "level"), each)
            for of, prices in offered.items():
                share = min(1.0, count[of] / here) if here else 0.0
                paid[n] += share * _left_out(prices, _of(found, each))
    return paid


def _prices(perks: Sequence[Perk]) -> list[Perk]:
    return [each for each in perks if each.kind == "price"]


def _of(found: Sums, span: DaySpan) -> Callable[[str], int]:
    return lambda name: found.term(Summed(name), span)


def _left_out(perks: Sequence[Perk], of: Callable[[str], int]) -> float:
    """What the best of these prices left out of what was bought."""
    return max(
        discount(of("yen"), each.percent)
        if each.percent
        else float((each.yen_off or 0) * of("purchases"))
        for each in perks
    )
