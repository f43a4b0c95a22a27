"""Rewards as they are shown to a member: what is in hand, what can be had and what is missing; with
what each is and its conditions, a few words each, wherever one is seen."""

from dataclasses import dataclass
from datetime import date, datetime

from ..base import Lang, Refusal
from ..facts import Facts
from ..programme.programme import Programme
from ..programme.rewards import (
    NOTHING_WITHHELD,
    Reward,
    RewardStanding,
    Withheld,
    in_hand,
    offered,
)
from .explain_rewards import given_label
from .words import Words


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A reward in hand."""

    reward: str
    n: int
    name: str
    #: What it is: the shop's note, else its kind.
    what: str
    #: Why it was given, in a few words.
    why: str
    #: Its last day.
    until: date
    #: The conditions that go with it.
    terms: tuple[str, ...]
    #: In words why it isn't handed out now; empty where it is.
    missing: str
    #: It is a code for a web shop, and nothing to be handed out at the counter.
    has_code: bool


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
    #: What it is: the shop's note, else its kind.
    what: str
    cost: int | None
    ready: bool
    #: In words what is missing, or how a reward without a `cost` is come by; empty when it is
    #: ready.
    missing: str
    #: How many of its points are there (0 to 1), where points are what is missing.
    fraction: float | None
    #: Its conditions, but for what is said to be missing.
    terms: tuple[str, ...]
    #: Its points are given away.
    is_for_others: bool
    #: It is a code for a web shop, and nothing to be handed out at the counter.
    has_code: bool


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
    words = Words(programme, lang)
    return tuple(
        VoucherView(
            reward.id,
            held.n,
            words.name(reward.name),
            what_it_is(words, reward),
            words.say(f"voucher.{held.reason}"),
            held.until,
            voucher_terms(words, reward),
            _why_withheld(words, withheld.refusal(reward.id, held.n)),
            has_code=reward.codes is not None,
        )
        for held in in_hand(facts, day)
        if (reward := programme.reward(held.reward))
    )


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
    """The rewards on offer, in their order, each with what is still missing in words."""
    words = Words(programme, lang)
    found = offered(programme.rewards, facts, day, withheld)
    return tuple(_view(words, now, day, withheld) for now in found if not _is_secret(now.reward))


def _view(words: Words, now: RewardStanding, day: date, withheld: Withheld) -> RewardView:
    reward = now.reward
    gone = withheld.is_out_of_stock(reward.id)
    is_short = now.points_missing and not (gone or now.needs_rank or now.used_up)
    missing = _why_withheld(words, now.withheld) if gone else _missing(words, now)
    terms = reward_terms(words, now, day, withheld)
    return RewardView(
        id=reward.id,
        name=words.name(reward.name),
        what=what_it_is(words, reward),
        cost=reward.cost,
        ready=now.ready,
        missing=missing,
        # Only what has a cost is short of points.
        fraction=(reward.cost - now.points_missing) / reward.cost
        if reward.cost and is_short
        else None,
        terms=tuple(term for term in terms if term != missing),
        is_for_others=reward.is_for_others,
        has_code=reward.codes is not None,
    )


def _is_secret(reward: Reward) -> bool:
    """Whether it is nobody's to look forward to: staying away is not to be learnt from a list."""
    return reward.cost is None and reward.given is not None and reward.given.kind == "comeback"


def what_it_is(words: Words, reward: Reward) -> str:
    """What a reward is, beside its name."""
    if reward.note:
        return words.name(reward.note)
    return words.say(f"reward.what.{reward.kind}", yen=reward.value_yen)


def reward_terms(
    words: Words, now: RewardStanding, day: date, withheld: Withheld
) -> tuple[str, ...]:
    """The conditions of a reward that points are given for."""
    reward, left = now.reward, withheld.left.get(now.reward.id, 0)
    ends = words.programme.shop.last_open(reward.ends, since=day) if reward.ends else None
    mine = max(0, reward.per_member - now.taken) if reward.per_member else 0
    found = (
        *voucher_terms(words, reward),
        _first_for(words, reward, reward.first.until)
        if reward.first and reward.is_early(day)
        else "",
        _for_ranks(words, reward) if reward.ranks else "",
        words.say("reward.term.until", until=ends) if ends else "",
        words.say("reward.term.per_member", count=reward.per_member, left=mine) if mine else "",
        words.say("reward.term.stock", count=reward.stock, left=left)
        if left and reward.stock
        else "",
    )
    return tuple(filter(None, found))


def voucher_terms(words: Words, reward: Reward) -> tuple[str, ...]:
    """The conditions of a reward in hand, which counts whatever else has changed since."""
    yen = reward.min_purchase_yen
    return (words.say("reward.term.min_purchase", yen=yen),) if yen else ()


def _for_ranks(words: Words, reward: Reward) -> str:
    return words.say("reward.for_ranks", ranks=words.ranks(reward.ranks))


def _first_for(words: Words, reward: Reward, until: date) -> str:
    """Who has it first, and from when on all may."""
    first = reward.first
    who = words.who(first.ranks, first.segments) if first else ""
    return words.say("reward.first_for", who=who, until=until)


def _missing(words: Words, now: RewardStanding) -> str:
    """What is missing to a reward, or how it is come by; "" when nothing is."""
    if now.is_given and now.reward.given:
        return words.say("reward.given", when=given_label(words, now.reward.given))
    if now.early_until:
        return _first_for(words, now.reward, now.early_until)
    if now.needs_rank:
        return _for_ranks(words, now.reward)
    if now.used_up:
        return words.say("reward.used_up")
    if now.points_missing:
        return words.say("reward.points_missing", count=now.points_missing)
    return _why_withheld(words, now.withheld)


def _why_withheld(words: Words, no: Refusal | None) -> str:
    match no:
        case None:
            return ""
        case Refusal("reward_held"):
            return words.say("reward.waits")
        case Refusal("reward_reserved", again_at=datetime() as until):
            return words.say("reward.reserved", time=words.programme.shop.local(until).time())
        case _:
            return words.say("reward.no_stock")
