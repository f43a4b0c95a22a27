"""Vouchers: rewards given by themselves, kept in hand until used; and promises that bring them.

All of it lives in the facts, so whatever is recorded late or undone is worked out anew.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from ..activity import Absorbed, Activity, Offered, Redemption, Sampled, Trigger, Visit
from ..base import Refusal
from ..facts import Facts, Offer, Voucher, VoucherReason, changed
from ..programme.earning import Earnings, Limit, give, join
from ..programme.programme import Programme
from ..programme.ranks import RankChange
from ..programme.rewards import (
    ByBirthday,
    ByDeliveries,
    ByPurchases,
    ByRank,
    ByVisits,
    Reward,
    on_offer,
)
from .crossing import vouchers_together

#: Nobody keeps more in hand than this: what ends soonest makes room.
VOUCHERS_MAX = 50
OFFERS_MAX = 10
#: How long a promised reward is good that is otherwise had for points, and says nothing itself.
PROMISED_DAYS = 30
#: How `facts.counts` notes how many vouchers of a reward were given.
_GIVEN = "given:"
_DAY = timedelta(days=1)


def offer_rule(journey: str) -> str:
    """How ledger entries name points that a message of `journey` had promised."""
    return f"offer:{journey}"


def check_offer(programme: Programme, what: Offered | Sampled, day: date) -> Refusal | None:
    """Why nothing of the kind can be promised, or given to be tried, on `day`; None when it can."""
    reward = programme.reward(what.reward) if what.reward else None
    if what.reward and (reward is None or reward.is_for_others):
        return Refusal("reward_gone")
    points = what.points if isinstance(what, Offered) else 0
    return Refusal("offer_empty") if what.until < day or not (what.reward or points) else None


def promise(facts: Facts, what: Offered, day: date) -> Facts:
    """`facts` with the promise, the newest of its journey."""
    good = [offer for offer in facts.offers if day <= offer.until]
    others = [offer for offer in good if offer.journey != what.journey]
    offer = Offer(what.journey, what.reward, what.points, day, what.until, what.is_comeback)
    return changed(facts, offers=(*others, offer)[-OFFERS_MAX:])


def use(facts: Facts, what: Redemption) -> Facts:
    """`facts` without the voucher that is used. Where what had given it was taken back, another of
    the kind goes, or else the next to be given is used already."""
    held = [v for v in facts.vouchers if v.reward == what.reward]
    used = next((v for v in held if v.n == what.voucher), held[0] if held else None)
    if used is None:
        owed = _owed(what.reward)
        return changed(facts, counts={**facts.counts, owed: facts.counts.get(owed, 0) + 1})
    return changed(facts, vouchers=tuple(v for v in facts.vouchers if v != used))


def _give_sample(
    programme: Programme, facts: Facts, activity: Activity
) -> tuple[Facts, tuple[Voucher, ...]]:
    """The voucher of a sample that was taken, good up to its own day; none for anything else."""
    what = activity.what
    reward = programme.reward(what.reward) if isinstance(what, Sampled) else None
    if reward is None or not isinstance(what, Sampled):
        return facts, ()
    before = facts.vouchers
    facts, new = _hand_out(facts, reward, "sample", activity.day, until=what.until)
    if facts.counts.get(_owed(reward.id)):
        return _used_before(facts, reward, before), ()
    return facts, (new,)


def keep_promises(
    programme: Programme, earned: Earnings, activity: Activity
) -> tuple[Earnings, tuple[Voucher, ...]]:
    """At a visit, every promise still good is kept, once: its points and its voucher."""
    facts = earned.facts
    if not facts.offers or not isinstance(activity.what, Visit):
        return earned, ()
    good = [offer for offer in facts.offers if activity.day <= offer.until]
    earned = Earnings(
        changed(facts, offers=()), earned.grants, earned.waiting, earned.capped, earned.base
    )
    given: list[Voucher] = []
    for offer in good:
        if offer.points:
            rule = offer_rule(offer.journey)
            earned = join(earned, give(earned.facts, rule, Limit(), offer.points, activity))
        reward = programme.reward(offer.reward or "")
        if reward:
            reason: VoucherReason = "comeback" if offer.is_comeback else "promised"
            facts, new = _hand_out(earned.facts, reward, reason, activity.day)
            earned = join(earned, Earnings(facts))
            given.append(new)
    return earned, tuple(given)


def give_vouchers(
    programme: Programme,
    facts: Facts,
    activity: Activity,
    found: tuple[Trigger, ...],
    climbed: RankChange | None,
) -> tuple[Facts, tuple[Voucher, ...]]:
    """What the programme gives into the member's hand for this activity, now that it is counted.

    `found` are its triggers; `climbed` is the step on the ladder that it brought, if it did: what
    comes back, or over from another card, is no promotion.
    """
    given: list[Voucher] = []
    for reward in programme.given_rewards:
        due = _occasions(programme, reward, facts, found, climbed)
        if isinstance(activity.what, Absorbed):
            due += [""] * vouchers_together(reward, facts, activity.what)
        for note in due:
            if reward.given is None or not _may_have(reward, facts, activity.day):
                continue
            before = facts
            facts, new = _hand_out(facts, reward, reward.given.kind, activity.day)
            facts = changed(facts, counts={**facts.counts, note: 1}) if note else facts
            if facts.counts.get(_owed(reward.id)):
                facts = _used_before(facts, reward, before.vouchers)
                continue
            given.append(new)
    facts, sample = _give_sample(programme, facts, activity)
    return facts, (*given, *sample)


def _used_before(facts: Facts, reward: Reward, held: tuple[Voucher, ...]) -> Facts:
    """`facts` with a voucher given that was used already: in hand is what was `held` before."""
    owed = facts.counts[_owed(reward.id)] - 1
    counts = {key: n for key, n in facts.counts.items() if key != _owed(reward.id)}
    return changed(
        facts, vouchers=held, counts={**counts, _owed(reward.id): owed} if owed else counts
    )


def _owed(reward: str) -> str:
    """Where `facts.counts` notes how many vouchers were used that are still to be given: what had
    given them was taken back."""
    return f"owed:{reward}"


def _occasions(
    programme: Programme,
    reward: Reward,
    facts: Facts,
    found: tuple[Trigger, ...],
    climbed: RankChange | None,
) -> list[str]:
    """One entry for each voucher of `reward` that falls due: what to note about it, or ""."""
    match reward.given:
        case ByRank(ranks=ranks) if climbed and climbed.reason == "reached":
            passed = [rank for rank in _ranks_passed(programme, climbed) if rank in ranks]
            notes = [f"{_given(reward)}:{rank}" for rank in passed]
            return [note for note in notes if note not in facts.counts]
        case ByBirthday() if "birthday" in found:
            return [""]
        case ByPurchases() as counts if "purchase" in found and counts.hits(
            facts.counts.get("purchase", 0)
        ):
            return [""]
        case ByDeliveries() as counts if "delivery" in found and counts.hits(
            facts.counts.get("delivery", 0)
        ):
            return [""]
        case ByVisits() as counts if "visit" in found and counts.hits(facts.visits):
            return [""]
        case _:
            return []


def _ranks_passed(programme: Programme, climbed: RankChange) -> list[str]:
    """The ranks from above the old one up to the new one: who jumps misses nothing."""
    order = [rank.id for rank in programme.ranks.steps] if programme.ranks else []
    first = order.index(climbed.before) + 1 if climbed.before in order else 0
    last = order.index(climbed.after) + 1 if climbed.after in order else 0
    return order[first:last]


def _may_have(reward: Reward, facts: Facts, day: date) -> bool:
    given = facts.counts.get(_given(reward), 0)
    return (
        on_offer(reward, day)
        and reward.is_for(facts, day)
        and (reward.per_member is None or given < reward.per_member)
    )


def _given(reward: Reward) -> str:
    return f"{_GIVEN}{reward.id}"


def numbers_given(facts: Facts) -> Counter[str]:
    """How many vouchers of each reward the member was ever given."""
    noted = (
        (key.removeprefix(_GIVEN), n) for key, n in facts.counts.items() if key.startswith(_GIVEN)
    )
    # What was given for a rank is noted under the rank as well.
    return Counter({reward: n for reward, n in noted if ":" not in reward})


def _hand_out(
    facts: Facts,
    reward: Reward,
    reason: VoucherReason,
    day: date,
    *,
    until: date | None = None,
) -> tuple[Facts, Voucher]:
    n = facts.counts.get(_given(reward), 0) + 1
    until = until or day + _DAY * ((reward.valid_days or PROMISED_DAYS) - 1)
    new = Voucher(n, reward.id, reason, day, until)
    counts = {**facts.counts, _given(reward): n}
    return changed(facts, vouchers=fullest_hand((*facts.vouchers, new)), counts=counts), new


def fullest_hand(held: Iterable[Voucher]) -> tuple[Voucher, ...]:
    """As many of the vouchers as somebody keeps, in the order in which they end."""
    ordered = sorted(held, key=lambda voucher: (voucher.until, voucher.given_on))
    return tuple(ordered[-VOUCHERS_MAX:])


def without_ended(facts: Facts, day: date) -> Facts:
    """`facts` without the vouchers and promises that have ended before `day`."""
    ends = [*(voucher.until for voucher in facts.vouchers), *(each.until for each in facts.offers)]
    if not ends or day <= min(ends):
        return facts
    vouchers = tuple(voucher for voucher in facts.vouchers if day <= voucher.until)
    offers = tuple(offer for offer in facts.offers if day <= offer.until)
    return changed(facts, vouchers=vouchers, offers=offers)
