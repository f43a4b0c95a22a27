"""Where a member stands, as staff can tell them: what they can have, what is near, what ends."""

from dataclasses import dataclass
from datetime import date

from bot.store import UnitOfWork
from bot.store.finding.funnel import way_of
from bot.store.history import ledger, stock
from bot.store.members.members import Member
from handlers.showing.viewer import Viewer, viewer_as_known, viewer_of
from rules.explaining.explain_funnel import stage_word
from rules.explaining.explain_perks import CounterPerk, counter_perks
from rules.explaining.explain_returning import returning_sentences, visits_sentence
from rules.explaining.explain_subscriptions import delivered_line
from rules.explaining.fan_words import FanView, fan_view
from rules.facts import SubscriptionMark
from rules.outlook.funnel import stage_of
from rules.outlook.next_step import next_step
from rules.programme.points import refuse_stamp_card
from rules.programme.rewards import Withheld
from rules.wording.card import badge_views, expiring
from rules.wording.counter import ReadyReward, ready_rewards
from rules.wording.reward_views import promised_views, reward_views, voucher_views
from rules.wording.steps import step_text
from rules.wording.texts import long_date

from ...current import current_club
from ..frame import layout
from ..frame.access import language
from ..frame.words import words_now
from .member_views import counter_identity

#: Who has points that end on more days than these hears of the first.
_ENDS_MAX = 3


@dataclass(frozen=True, slots=True)
class NearReward:
    """A reward that can't be had yet, and in words why."""

    name: str
    missing: str


@dataclass(frozen=True, slots=True)
class EarnedBadge:
    name: str
    on: str


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """`stage` says how far they have come on the way to a regular; `returning` how their visits go
    on and `expected` how many come, empty where there is nothing to say; `ends` which points go
    when; `step` what comes next, empty for nothing; `promised` what the next visit brings.
    """

    stage: str
    returning: str
    expected: str
    spend: str
    ends: tuple[str, ...]
    step: str
    ready: tuple[ReadyReward, ...]
    near: tuple[NearReward, ...]
    #: What staff do for them by their rank.
    perks: tuple[CounterPerk, ...]
    promised: tuple[NearReward, ...]
    badges: tuple[EarnedBadge, ...]
    #: How many badges there are that anybody may know of.
    badges_all: int
    #: The fan steps; None where the club has none.
    fan: FanView | None
    #: Whether an old card of stamps can be moved onto theirs.
    moves_stamps: bool


def member_standing(uow: UnitOfWork, member: Member) -> MemberStanding:
    """Where the member stands now."""
    viewer, lang = viewer_of(current_club(), member), language()
    programme, facts, day = viewer.programme, viewer.facts, viewer.day
    withheld = _withheld(uow, viewer)
    badges = badge_views(programme, facts, day=day, lang=lang)
    step = next_step(programme, facts, day, withheld)
    beginning = way_of(uow, member.id, programme.shop.business_date)
    return MemberStanding(
        stage=stage_word(words_now(), stage_of(programme, beginning)) if beginning else "",
        returning=returning_sentences(words_now(), viewer.models, facts, day),
        expected=visits_sentence(words_now(), viewer.models, facts, day),
        spend=layout.words("staff.members.spent", yen=facts.spend) if programme.purchase else "",
        ends=_ends(uow, viewer),
        step=step_text(programme, step, lang),
        ready=_ready(uow, viewer, withheld),
        near=tuple(_near(viewer, withheld)),
        perks=counter_perks(words_now(), facts, day),
        promised=tuple(
            NearReward(each.gift, layout.words("staff.members.until", day=each.until))
            for each in promised_views(programme, facts, day=day, lang=lang)
        ),
        badges=tuple(
            EarnedBadge(badge.name, long_date(lang, badge.earned_on))
            for badge in badges
            if badge.earned_on
        ),
        badges_all=len(badges),
        fan=fan_view(words_now(), facts, day),
        moves_stamps=refuse_stamp_card(programme.stamp_cards, facts, day) is None,
    )


def rewards_in_reach(uow: UnitOfWork, member: Member) -> tuple[ReadyReward, ...]:
    """What can be handed out to the member now."""
    viewer = viewer_of(current_club(), member)
    return _ready(uow, viewer, _withheld(uow, viewer))


def _withheld(uow: UnitOfWork, viewer: Viewer) -> Withheld:
    now = current_club().now()
    return stock.withheld(uow, viewer.programme, viewer.member, now=now)


def _ready(uow: UnitOfWork, viewer: Viewer, withheld: Withheld) -> tuple[ReadyReward, ...]:
    if viewer.facts.membership == "left":
        return ()
    person = counter_identity(uow, viewer.member)
    return ready_rewards(
        viewer.programme, viewer.facts, person, withheld, day=viewer.day, lang=language()
    )


def _near(viewer: Viewer, withheld: Withheld) -> list[NearReward]:
    """What is in hand and waits, then what is still to be come by."""
    programme, facts, day, lang = viewer.programme, viewer.facts, viewer.day, language()
    held = voucher_views(programme, facts, day=day, lang=lang, withheld=withheld)
    views = reward_views(programme, facts, day=day, lang=lang, withheld=withheld)
    missing = [(each.name, each.missing) for each in held]
    missing += [(each.name, each.missing) for each in views]
    return [NearReward(name, why) for name, why in missing if why]


def _ends(uow: UnitOfWork, viewer: Viewer) -> tuple[str, ...]:
    """Which points go when, soonest first: "300ポイント（12月31日まで）"."""
    lots = ledger.open_lots(uow, viewer.member.id)
    going = expiring(viewer.programme.points, viewer.facts, lots, day=viewer.day)
    return tuple(
        layout.words(
            "staff.members.ends",
            amount=words_now().amount(each.points),
            day=long_date(language(), each.on - each.on.resolution),
        )
        for each in going[:_ENDS_MAX]
    )


@dataclass(frozen=True, slots=True)
class MemberSubscription:
    """One that the programme has, and what is known of it."""

    id: str
    name: str
    #: Since when and until when, and who said so; empty where nothing is known.
    days: str
    told: str
    is_running: bool
    #: It can be ended: it runs, or is to begin.
    is_open: bool
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class MemberSubscriptions:
    """`delivered` says how often something was; `today` is the day on which it may be noted."""

    each: tuple[MemberSubscription, ...]
    delivered: str
    today: date


def member_subscriptions(who: Member) -> MemberSubscriptions:
    """All that the programme has, as the member has them."""
    viewer = viewer_as_known(current_club(), who)
    found = tuple(
        _shown(each.id, viewer.facts.subscriptions.get(each.id), viewer.day)
        for each in viewer.programme.subscriptions
    )
    return MemberSubscriptions(found, delivered_line(words_now(), viewer.facts), viewer.day)


def _shown(subscription: str, mark: SubscriptionMark | None, day: date) -> MemberSubscription:
    words = words_now()
    found = words.programme.subscription(subscription)
    name = words.name(found.name) if found else subscription
    never = mark is None or (mark.until is not None and mark.until < mark.since)
    if mark is None or never:
        return MemberSubscription(subscription, name, "", "", False, False, None, None)
    return MemberSubscription(
        subscription,
        name,
        days=words.dates(mark.since, mark.until),
        told=layout.words(f"staff.subscriptions.by.{mark.by}"),
        is_running=mark.holds_on(day),
        is_open=mark.until is None or mark.until >= day,
        since=mark.since,
        until=mark.until,
    )
