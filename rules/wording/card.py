"""The card: everything that any view of a member shows, in one language, as finished strings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..base import Lang
from ..facts import Facts
from ..outlook.next_step import NextStep, month_visits, next_step
from ..programme import badges
from ..programme.points import Lot, NoExpiry, PointsPolicy, expiry_of, goes_on
from ..programme.programme import Programme
from ..programme.ranks import CalendarMonth
from ..programme.rewards import NOTHING_WITHHELD, Withheld, in_hand, offered
from ..programme.streaks import state_of
from .badges import badge_label
from .reward_views import promised_views, voucher_views
from .steps import rank_caption, step_bar, step_text
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
    #: What earns it, in words.
    how: str


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
        rank=rank.name.in_(lang) if rank else Words(programme, lang).say("card.no_rank"),
        colours=rank.colours if rank else PLAIN_COLOURS,
        progress=progress,
        progress_caption=caption,
        rank_caption=rank_caption(programme, facts, day, lang),
        step=step,
        step_text=step_text(programme, step, lang),
        visits=facts.visits,
        visits_month=month_visits(facts, day),
        badges_earned=sum(badge.id in facts.badges for badge in programme.badges),
        rewards_ready=sum(now.ready for now in offered(programme.rewards, facts, day, withheld)),
        vouchers=sum(programme.reward(held.reward) is not None for held in in_hand(facts, day)),
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
        gone = gone_on(policy, facts, lot, day=day)
        if gone is not None and lot.left:
            by_day[gone] = by_day.get(gone, 0) + lot.left
    return tuple(ExpiringPoints(points, gone) for gone, points in sorted(by_day.items()))


def gone_on(policy: PointsPolicy, facts: Facts, lot: Lot, *, day: date | None) -> date | None:
    """The first day without the lot's points, seen from `day`, if given; None for points that
    stay."""
    due = expiry_of(policy, lot, facts)
    return due if due is None or day is None else goes_on(policy, lot, due, day)


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
    words, views = Words(programme, lang), []
    for badge in programme.badges:
        earned_on = facts.badges.get(badge.id)
        if badge.hidden and earned_on is None:
            continue
        had, needed = badges.progress(badge, facts, day)
        views.append(
            BadgeView(
                badge.id,
                badge.icon,
                words.name(badge.name),
                min(had, needed),
                needed,
                earned_on,
                badge_label(words, badge),
            )
        )
    return tuple(sorted(views, key=lambda view: view.earned_on is None))


def nearest_badge(views: Iterable[BadgeView]) -> BadgeView | None:
    """The one of them that is nearest of those still to be earned, the shop's first where several
    are; None where there is none."""
    locked = [view for view in views if view.earned_on is None]
    return max(locked, key=lambda view: view.had / view.needed, default=None)


@dataclass(frozen=True, slots=True)
class Stamps:
    """The visits of the month."""

    had: int
    #: Places for them, if a rank asks for so many a month: those of the step that the card names.
    places: int


@dataclass(frozen=True, slots=True)
class CardLine:
    """One thing, and small print below it."""

    icon: str
    text: str
    note: str = ""


def stamps(programme: Programme, facts: Facts, step: NextStep, day: date) -> Stamps:
    had, ladder = month_visits(facts, day), programme.ranks
    if ladder is None or ladder.measure != "visits":
        return Stamps(had, had)
    held, above = ladder.get(facts.rank.id), ladder.above(facts.rank.id)
    goal = held if step.kind == "keep_rank" or above is None else above
    monthly = isinstance(ladder.window, CalendarMonth)
    return Stamps(had, max(had, goal.at) if goal and monthly else had)


def streak_line(words: Words, facts: Facts, day: date) -> CardLine | None:
    """The longest run of weeks, and how many weeks off are left, if any; None below two weeks."""
    running = [(state_of(each, facts, day), each) for each in words.programme.streaks]
    state, streak = max(running, key=lambda each: each[0].weeks, default=(None, None))
    if state is None or streak is None or state.weeks < 2:
        return None
    name = words.name(streak.name)
    left = words.say("card.line.freezes", count=state.freezes) if state.freezes else ""
    return CardLine("🔥", words.say("card.line.streak", name=name, count=state.weeks), left)


@dataclass(frozen=True, slots=True)
class StreakView:
    """Weeks in a row: how many, and how this one goes."""

    name: str
    weeks: int
    best: int
    #: Weeks off that are left.
    freezes: int
    #: Of the week's `goal`.
    visits: int
    goal: int


def streak_views(words: Words, facts: Facts, day: date) -> tuple[StreakView, ...]:
    """All streaks of the programme, in its order."""
    known = [(each, state_of(each, facts, day)) for each in words.programme.streaks]
    return tuple(
        StreakView(
            words.name(streak.name),
            state.weeks,
            state.best,
            state.freezes,
            min(state.visits, streak.goal),
            streak.goal,
        )
        for streak, state in known
    )


def gift_line(
    words: Words,
    facts: Facts,
    step: NextStep,
    day: date,
    withheld: Withheld = NOTHING_WITHHELD,
) -> CardLine | None:
    """The gift that ends first, in hand or promised, but for the one that `step` names; None
    without one."""
    programme, lang = words.programme, words.lang
    held = voucher_views(programme, facts, day=day, lang=lang, withheld=withheld)
    promised = promised_views(programme, facts, day=day, lang=lang)
    named = step.target if step.kind == "voucher" else None
    found = [
        *((each.until, each.reward, each.name) for each in held if not each.missing),
        *((each.until, "", each.gift) for each in promised),
    ]
    gifts = [gift for gift in found if gift[1] != named]
    if not gifts:
        return None
    until, reward, name = min(gifts)
    key = "card.line.gift" if reward else "card.line.promised"
    more = words.say("card.line.more", count=len(gifts) - 1) if len(gifts) > 1 else ""
    return CardLine("🎁", name, words.say(key, until=until) + more)
