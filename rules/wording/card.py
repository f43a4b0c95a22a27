"""The card: everything that any view of a member shows, in one language, as finished strings."""

from dataclasses import dataclass
from datetime import date, timedelta

from ..base import Lang, Refusal
from ..facts import Facts
from ..outlook.next_step import NextStep, month_visits, next_step
from ..programme import badges
from ..programme.points import Lot, NoExpiry, PointsPolicy, expiry_of, goes_on
from ..programme.programme import Programme
from ..programme.rewards import (
    NOTHING_WITHHELD,
    Reward,
    RewardStanding,
    Withheld,
    in_hand,
    on_offer,
    standing,
)
from .explain_rewards import given_label
from .steps import rank_caption, step_bar, step_text
from .texts import say
from .words import Words


@dataclass(frozen=True, slots=True)
class CardHolder:
    """Who the card is of."""

    number: str
    #: As it may be shown: with its 様 or さん, or empty.
    name: str


@dataclass(frozen=True, slots=True)
class ExpiringPoints:
    """Points that go on `on`, the first day without them."""

    points: int
    on: date


@dataclass(frozen=True, slots=True)
class BadgeView:
    """How near a badge is."""

    id: str
    icon: str
    name: str
    #: So many of `needed`.
    had: int
    needed: int
    #: None while it is locked. A hidden one is not shown until earned.
    earned_on: date | None


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A reward in hand."""

    reward: str
    n: int
    name: str
    #: Why it was given, in a few words.
    why: str
    #: Its last day.
    until: date
    #: In words why it isn't handed out now; empty where it is.
    missing: str


@dataclass(frozen=True, slots=True)
class PromisedView:
    """A gift that the next visit brings."""

    gift: str
    #: The last open day of it.
    until: date


@dataclass(frozen=True, slots=True)
class RewardView:
    """How near a reward is."""

    id: str
    name: str
    cost: int | None
    ready: bool
    #: In words what is missing, or how a reward without a `cost` is come by; empty when it is
    #: ready.
    missing: str
    #: How many of its points are there (0 to 1), where points are what is missing.
    fraction: float | None


@dataclass(frozen=True, slots=True)
class CardView:
    """What a card shows."""

    shop: str
    number: str
    name: str
    points: int
    points_name: str
    rank: str
    colours: tuple[str, str]
    #: How far the next step is (0 to 1); None where that says nothing.
    progress: float | None
    progress_caption: str
    #: How far the next rank is.
    rank_caption: str
    step: NextStep
    step_text: str
    visits: int
    visits_month: int
    badges_earned: int
    rewards_ready: int
    vouchers: int
    #: Points that go soon.
    expiring: ExpiringPoints | None


#: Points that go later than this are no news, unless the programme warns of them already.
EXPIRY_SHOWN = timedelta(days=62)
#: What a card without a rank is drawn in.
PLAIN_COLOURS = ("#6B7280", "#4B5563")


def card_view(
    programme: Programme,
    facts: Facts,
    person: CardHolder,
    lots: tuple[Lot, ...],
    *,
    day: date,
    lang: Lang,
    withheld: Withheld = NOTHING_WITHHELD,
) -> CardView:
    """The card of one member on business day `day`. `facts` are settled up to it; `withheld` is
    what isn't handed out to them."""
    ladder = programme.ranks
    rank = ladder.get(facts.rank.id) if ladder else None
    step = next_step(programme, facts, day, withheld)
    progress, caption = step_bar(programme, facts, step, day, lang)
    return CardView(
        shop=programme.shop.name.in_(lang),
        number=person.number,
        name=person.name,
        points=facts.balance,
        points_name=programme.points.name.in_(lang),
        rank=rank.name.in_(lang) if rank else say(lang, "card.no_rank"),
        colours=rank.colours if rank else PLAIN_COLOURS,
        progress=progress,
        progress_caption=caption,
        rank_caption=rank_caption(programme, facts, day, lang),
        step=step,
        step_text=step_text(programme, step, lang),
        visits=facts.visits,
        visits_month=month_visits(facts, day),
        badges_earned=sum(badge.id in facts.badges for badge in programme.badges),
        rewards_ready=sum(
            on_offer(reward, day) and standing(reward, facts, withheld).ready
            for reward in programme.rewards
        ),
        vouchers=len(voucher_views(programme, facts, day=day, lang=lang)),
        expiring=going_soon(programme.points, facts, lots, day=day),
    )


def expiring(
    policy: PointsPolicy, facts: Facts, lots: tuple[Lot, ...], *, day: date | None = None
) -> tuple[ExpiringPoints, ...]:
    """Points by the day they go, soonest first; nothing for points that stay.

    Seen from `day`, if given, what was put off for a late warning is named with its later day.
    """
    by_day: dict[date, int] = {}
    for lot in lots:
        due = expiry_of(policy, lot, facts)
        if due is not None and lot.left:
            due = goes_on(policy, lot, due, day) if day else due
            by_day[due] = by_day.get(due, 0) + lot.left
    return tuple(ExpiringPoints(points, due) for due, points in sorted(by_day.items()))


def going_soon(
    policy: PointsPolicy, facts: Facts, lots: tuple[Lot, ...], *, day: date
) -> ExpiringPoints | None:
    """The points that go next, where that is worth a word on business day `day`; else None."""
    soonest = next(iter(expiring(policy, facts, lots, day=day)), None)
    if soonest is None or isinstance(policy.expiry, NoExpiry):
        return None
    shown = max(EXPIRY_SHOWN, timedelta(days=max(policy.expiry.warn_days)))
    return soonest if soonest.on - day <= shown else None


def badge_views(
    programme: Programme, facts: Facts, *, day: date, lang: Lang
) -> tuple[BadgeView, ...]:
    """Earned badges first, then what can still be earned; hidden ones only once earned."""
    views = []
    for badge in programme.badges:
        earned_on = facts.badges.get(badge.id)
        if badge.hidden and earned_on is None:
            continue
        had, needed = badges.progress(badge, facts, day)
        views.append(
            BadgeView(
                badge.id, badge.icon, badge.name.in_(lang), min(had, needed), needed, earned_on
            )
        )
    return tuple(sorted(views, key=lambda view: view.earned_on is None))


def voucher_views(
    programme: Programme,
    facts: Facts,
    *,
    day: date,
    lang: Lang,
    withheld: Withheld = NOTHING_WITHHELD,
) -> tuple[VoucherView, ...]:
    """The member's vouchers, soonest to end first; those of rewards that the programme doesn't have
    any more are left out."""
    words, views = Words(programme, lang), []
    for held in in_hand(facts, day):
        if reward := programme.reward(held.reward):
            why = words.say(f"voucher.{held.reason}")
            missing = _why_withheld(withheld.refusal(reward.id), lang)
            name = reward.name.in_(lang)
            views.append(VoucherView(reward.id, held.n, name, why, held.until, missing))
    return tuple(views)


def promised_views(
    programme: Programme, facts: Facts, *, day: date, lang: Lang
) -> tuple[PromisedView, ...]:
    """What was promised for the next visit, soonest to end first."""
    words = Words(programme, lang)
    return tuple(
        PromisedView(gift, programme.shop.last_open(offer.until, since=day))
        for offer in sorted(facts.offers, key=lambda offer: offer.until)
        if day <= offer.until
        if (gift := words.gift(points=offer.points, reward=offer.reward))
    )


def reward_views(
    programme: Programme,
    facts: Facts,
    *,
    day: date,
    lang: Lang,
    withheld: Withheld = NOTHING_WITHHELD,
) -> tuple[RewardView, ...]:
    """The rewards on offer, cheapest first and those that are given last, each with what is still
    missing in words."""
    offered = [r for r in programme.rewards if on_offer(r, day) and not _is_secret(r)]
    views = []
    for reward in sorted(offered, key=lambda r: (r.cost is None, r.cost or 0, r.id)):
        now, name = standing(reward, facts, withheld), reward.name.in_(lang)
        gone = reward.id in withheld.out_of_stock
        is_short = now.points_missing and not (gone or now.needs_rank or now.used_up)
        fraction = facts.balance / reward.cost if reward.cost and is_short else None
        missing = _why_withheld(now.withheld, lang) if gone else _missing(programme, now, lang)
        views.append(RewardView(reward.id, name, reward.cost, now.ready, missing, fraction))
    return tuple(views)


def _is_secret(reward: Reward) -> bool:
    """Whether it is nobody's to look forward to: staying away is not to be learnt from a list."""
    return reward.cost is None and reward.given is not None and reward.given.kind == "comeback"


def _missing(programme: Programme, now: RewardStanding, lang: Lang) -> str:
    """What is missing to a reward, or how it is come by; "" when nothing is."""
    words = Words(programme, lang)
    if now.is_given and now.reward.given:
        return words.say("reward.given", when=given_label(words, now.reward.given))
    if now.needs_rank:
        return words.say("reward.for_ranks", ranks=words.ranks(now.reward.ranks))
    if now.used_up:
        return words.say("reward.used_up")
    if now.points_missing:
        return words.say("reward.points_missing", count=now.points_missing)
    return _why_withheld(now.withheld, lang)


def _why_withheld(no: Refusal | None, lang: Lang) -> str:
    match no:
        case None:
            return ""
        case Refusal("reward_held"):
            return say(lang, "reward.waits")
        case _:
            return say(lang, "reward.no_stock")
