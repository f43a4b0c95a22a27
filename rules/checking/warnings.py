"""What is possible in a programme but unwise: the law on prizes and advertising, and habits that
drive members away. None of it is legal advice; none of it stops a programme."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from itertools import chain

from ..base import LANGS, LocalText
from ..events.event import ShopEvent
from ..journeys.samples import ClubSize
from ..programme.earning import Limit
from ..programme.points import ByInactivity, NoExpiry
from ..programme.programme import Programme
from ..programme.ranks import CalendarMonth
from ..programme.rewards import Reward
from ..sending.policy import SendingPolicy
from ..sending.quota import FREE_PLAN
from ..wording.texts import long_date
from .caution import Caution, prize_limit
from .generosity import points_of_ordinary_visit, too_generous
from .journey_cautions import journey_cautions
from .openings import open_days
from .perk_cautions import Ahead, fan_cautions, perk_cautions, subscription_cautions
from .premises_cautions import premises_cautions
from .review_cautions import review_cautions
from .schema_errors import part_path
from .surveys import survey_cautions

#: More things to remember than this, and members remember none (what makes people leave such
#: programmes: too many rules at once).
RULES_MAX = 12
#: A first reward further away than this many ordinary visits is hard to redeem.
VISITS_TO_REWARD_MAX = 30
#: The first warning of an expiry should leave this many days to come by.
WARNING_DAYS_MIN = 14
#: Nobody wants a shop's message between these.
QUIET_FROM, QUIET_UNTIL = time(22), time(8)

#: What happens to a member without anything to remember. A friend's side of a referral is the
#: same rule as the member's own.
BY_ITSELF = ("registration", "referred", "birthday", "anniversary", "spend")
#: What could be done over and over for the points alone.
_AT_WILL = ("review", "share", "referral", "eco", "feedback")


def warnings(
    programme: Programme,
    *,
    size: ClubSize | None = None,
    plan: int | None = None,
    sms: bool | None = None,
    today: date | None = None,
    events: Sequence[ShopEvent] | None = None,
) -> tuple[Caution, ...]:
    """Everything unwise in `programme`, in the order of the file.

    `size` (how many members the club has or expects) and `plan` (LINE's messages a month) let the
    quota be judged, `size` also what is tested, `sms` (whether the club can send any) the channels,
    `today` what is over, `events` (those to come that members may sign up for) what ranks invite
    to; without them that is left out, or the free plan supposed.
    """
    return tuple(
        chain(
            premises_cautions(programme),
            _visits(programme),
            _eco(programme),
            _points(programme),
            _children(programme),
            _sensitive(programme),
            _letters(programme),
            _sending(programme.sending, size.members if size else None, plan),
            _ranks(programme),
            perk_cautions(programme, Ahead(today, events)),
            fan_cautions(programme, Ahead(today, events)),
            subscription_cautions(programme, today),
            _earning(programme),
            too_generous(programme),
            _too_many(programme),
            _campaigns(programme, today),
            _rewards(programme, today),
            review_cautions(programme),
            survey_cautions(programme),
            journey_cautions(programme, size=size, sms=sms),
        )
    )


def _visits(programme: Programme) -> Iterator[Caution]:
    policy = programme.visits
    if policy.per_day_max > 1 and not policy.gap_minutes_min:
        # Two scans of one card at the till would be two visits, and two rewards for coming.
        yield Caution("visits.gap_minutes_min", "visits_no_gap", {"count": policy.per_day_max})
    some = any(store.beacons for store in programme.stores)
    if programme.visits.beacon and not some:
        yield Caution("visits.beacon", "beacon_missing")
    if some and not programme.visits.beacon:
        yield Caution("visits.beacon", "beacon_off")


def _eco(programme: Programme) -> Iterator[Caution]:
    """No problem, since one of both comes first: the action's name, or the rule that names it."""
    for place, action in enumerate(programme.counter.eco):
        if action.id not in programme.eco_actions:
            path = part_path("counter.eco", place, action.id)
            yield Caution(path, "eco_unused", {"action": action.name})


def _points(programme: Programme) -> Iterator[Caution]:
    """Points that vanish without (enough of) a warning are what members forgive least."""
    expiry = programme.points.expiry
    if isinstance(expiry, NoExpiry):
        return
    first = max(expiry.warn_days)
    path = "points.expiry.warn_days"
    if len(set(expiry.warn_days)) == 1:
        yield Caution(path, "expiry_one_warning")
    if first < WARNING_DAYS_MIN:
        yield Caution(path, "expiry_late_warning", {"count": first, "least": WARNING_DAYS_MIN})
    if isinstance(expiry, ByInactivity) and first >= expiry.months * 28:
        yield Caution(path, "expiry_always_warned", {"count": first, "months": expiry.months})


def _children(programme: Programme) -> Iterator[Caution]:
    """A child's consent to the use of personal data is given by a guardian, as a rule up to an age
    of 12 to 15 (個人情報保護委員会, ガイドラインに関するQ&A 1-62)."""
    if programme.profile.guardian_age == 0:
        yield Caution("profile.guardian_age", "children")


def _sensitive(programme: Programme) -> Iterator[Caution]:
    """What somebody is interested in may tell of their health (a gym's 腰痛改善), which is asked
    with a consent of its own (個人情報の保護に関する法律 第2条第3項・第20条第2項)."""
    for place, step in enumerate(programme.profile.steps):
        if step.id == "interests" and step.consent is None:
            yield Caution(part_path("profile.steps", place, step.id, "consent"), "interests_health")


def _letters(programme: Programme) -> Iterator[Caution]:
    """Letters go to who told their name and where they live, and for what; nobody is asked."""
    if programme.letters is None:
        return
    if programme.profile.step("address") is None:
        yield Caution("letters", "letters_unasked")
    elif programme.profile.step("name") is None:
        yield Caution("letters", "letters_nameless")


def _sending(policy: SendingPolicy, members: int | None, plan: int | None) -> Iterator[Caution]:
    if not _quiet_enough(policy):
        night = {"start": QUIET_FROM, "end": QUIET_UNTIL}
        yield Caution("sending.quiet_from", "quiet_hours", night)
    path, reserve = "sending.quota_reserve", policy.quota_reserve
    if plan is None and reserve >= FREE_PLAN:
        yield Caution(path, "quota_reserve_free", {"count": reserve, "plan": FREE_PLAN})
    if plan is None:
        return
    if reserve >= plan:
        yield Caution(path, "quota_reserve_plan", {"count": reserve, "plan": plan})
    elif members is not None and reserve < members <= plan:
        yield Caution(path, "quota_reserve", {"count": reserve, "members": members})


def _quiet_enough(policy: SendingPolicy) -> bool:
    start, end = policy.quiet_from, policy.quiet_until
    if start > end:
        return start <= QUIET_FROM and end >= QUIET_UNTIL
    # Within one day, quiet hours can't take in an evening and a morning.
    return False


def _ranks(programme: Programme) -> Iterator[Caution]:
    ladder = programme.ranks
    if ladder is None or ladder.measure != "visits":
        return
    window = 28 if isinstance(ladder.window, CalendarMonth) else ladder.window.days
    most = open_days(programme.shop, window) * programme.visits.per_day_max
    for place, rank in enumerate(ladder.steps):
        if rank.at > most:
            values = {"rank": rank.name, "at": rank.at, "count": most}
            yield Caution(part_path("ranks.steps", place, rank.id, "at"), "rank_far", values)


def _earning(programme: Programme) -> Iterator[Caution]:
    for place, rule in enumerate(programme.earning):
        if rule.on == "share" and not all("PR" in rule.name.in_(lang) for lang in LANGS):
            yield _share_unmarked(part_path("earning", place, rule.id, "name"))
        if rule.on == "newsletter" and programme.newsletter is None:
            yield _newsletter(part_path("earning", place, rule.id, "on"))
        if rule.on in _AT_WILL and rule.limit == Limit() and rule.award.kind != "first":
            yield Caution(part_path("earning", place, rule.id, "limit"), "no_limit")
        if rule.on == "eco" and not rule.needs_staff:
            yield Caution(part_path("earning", place, rule.id, "needs_staff"), "unconfirmed")
        daily, most = rule.limit.day, programme.visits.per_day_max
        if rule.on == "visit" and daily is not None and daily >= most:
            path = part_path("earning", place, rule.id, "limit", "day")
            yield Caution(path, "visits_limited_twice", {"count": most})


def _share_unmarked(path: str) -> Caution:
    """A post made for points is the shop's advertisement and has to say so (景品表示法 第5条第3号,
    一般消費者が事業者の表示であることを判別することが困難である表示, 令和5年内閣府告示第19号, in
    force since 2023-10-01)."""
    return Caution(path, "share_unmarked")


def _newsletter(path: str) -> Caution:
    """Advertising by mail needs consent given before, a record of it, the sender's name and a way
    out in each mail (特定電子メールの送信の適正化等に関する法律 第3条, 第4条)."""
    return Caution(path, "newsletter")


def to_remember(programme: Programme) -> int:
    """How many ways to earn ask something of members."""
    asking = [rule for rule in programme.earning if rule.on not in BY_ITSELF]
    return len(asking) + len(programme.campaigns)


def _too_many(programme: Programme) -> Iterator[Caution]:
    count = to_remember(programme)
    if count > RULES_MAX:
        yield Caution("earning", "too_many_rules", {"count": count, "most": RULES_MAX})


def _campaigns(programme: Programme, today: date | None) -> Iterator[Caution]:
    for place, campaign in enumerate(programme.campaigns):
        if today and campaign.ends and campaign.is_over(today):
            path = part_path("campaigns", place, campaign.id)
            yield Caution(
                path,
                "campaign_over",
                {"campaign": campaign.name, "ends": _with_year(campaign.ends)},
            )


def _with_year(day: date) -> LocalText:
    return LocalText(ja=long_date("ja", day), en=long_date("en", day))


def _rewards(programme: Programme, today: date | None) -> Iterator[Caution]:
    if not programme.rewards and (programme.earning or programme.campaigns):
        yield Caution("rewards", "no_rewards")
    for place, reward in enumerate(programme.rewards):
        path = part_path("rewards", place, reward.id)
        if today and reward.ends and reward.ends < today:
            yield Caution(
                path, "reward_over", {"reward": reward.name, "ends": _with_year(reward.ends)}
            )
        yield from _prizes(reward, path)
        yield from _given(reward, path, programme)
    yield from _far_away(programme)


def _prizes(reward: Reward, path: str) -> Iterator[Caution]:
    """What is given to everybody who comes or buys (総付景品) may be worth ¥200, or a fifth of the
    purchase it comes with from ¥1,000; a visit alone counts as ¥100, so ¥200 (景品表示法 第4条,
    一般消費者に対する景品類の提供に関する事項の制限, 昭和52年公正取引委員会告示第5号 第1項;
    消費者庁 景品に関するQ&A Q110, Q111).

    Exempt are discounts and coupons for the shop's own goods (same notice, 第2項第3号), also where
    points may be spent on prizes instead, and what the sale itself needs, such as its delivery
    (第2項第1号). Whether it is had for points or given makes no difference. A gift to charity is
    none to the member. Samples are exempt only within "normal trade practice" (第2項第2号), so they
    are measured here like gifts.
    """
    if reward.kind not in ("gift", "sample"):
        return
    limit = prize_limit(reward.min_purchase_yen)
    if reward.value_yen > limit:
        values = {"reward": reward.name, "value": reward.value_yen, "limit": limit}
        yield Caution(f"{path} .value_yen", "prize", values)


def _given(reward: Reward, path: str, programme: Programme) -> Iterator[Caution]:
    if reward.given is None or reward.valid_days is None:
        return
    if reward.stock is not None:
        values = {"reward": reward.name, "count": reward.stock}
        yield Caution(f"{path} .stock", "given_stock", values)
    by_month = reward.given.kind == "birthday" and programme.profile.birthday_is == "month"
    if by_month and reward.valid_days < 31:
        values = {"reward": reward.name, "count": reward.valid_days}
        yield Caution(f"{path} .valid_days", "given_birthday_short", values)


def _far_away(programme: Programme) -> Iterator[Caution]:
    to_all = [r for r in programme.rewards if not r.ranks and not r.is_for_others]
    for_points = [(reward.cost, reward) for reward in to_all if reward.cost]
    if not programme.rewards:
        return
    if not for_points:
        yield Caution("rewards", "rewards_by_rank_only")
        return
    cost, cheapest = min(for_points, key=lambda pair: pair[0])
    place = programme.rewards.index(cheapest)
    path = part_path("rewards", place, cheapest.id, "cost")
    per_visit = points_of_ordinary_visit(programme)
    if per_visit == 0:
        yield Caution(path, "visit_brings_nothing", {"reward": cheapest.name})
    elif cost > VISITS_TO_REWARD_MAX * per_visit:
        visits = int(-(-cost // per_visit))
        values = {"reward": cheapest.name, "count": visits, "most": VISITS_TO_REWARD_MAX}
        yield Caution(path, "reward_far", values)
