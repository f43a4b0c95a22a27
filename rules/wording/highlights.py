"""What a visit (or anything else) brought that deserves a word: in the chat's answer, on the
counter's page, in a message when staff had scanned the card."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..facts import Facts, Voucher
from ..judging.carried import CARRIED
from ..judging.taken_back import BROUGHT, BY_HAND, RAN_OUT, SHORTFALL, STAMPS
from ..judging.vouchers import offer_rule
from ..outlook.month import MonthRecap
from ..outlook.next_step import NextStep
from ..programme.programme import Programme
from ..programme.ranks import Rank, RankChange
from ..programme.rewards import NOTHING_WITHHELD, Withheld, offered
from .steps import step_text
from .words import Words


@dataclass(frozen=True, slots=True)
class Thanks:
    """What the club thanks for unasked: a friend brought, a year of membership, an old card of
    stamps moved over."""

    what: Literal["referral", "anniversary", "stamps"]
    #: Given for it.
    points: int
    #: Of membership.
    years: int = 0
    #: On the old card.
    stamps: int = 0


@dataclass(frozen=True, slots=True)
class Highlights:
    """What is worth a word, by id."""

    #: A step up the ladder; None: none.
    rank: RankChange | None = None
    #: New ones.
    badges: tuple[str, ...] = ()
    #: Those that came into reach.
    rewards: tuple[str, ...] = ()
    #: Those that were given.
    vouchers: tuple[Voucher, ...] = ()
    #: For something they didn't do here and now.
    thanks: Thanks | None = None

    @property
    def anything(self) -> bool:
        return bool(self.rank or self.badges or self.rewards or self.vouchers or self.thanks)


def between(
    programme: Programme,
    before: Facts,
    after: Facts,
    *,
    changes: Iterable[RankChange],
    badges: Iterable[str],
    vouchers: Iterable[Voucher] = (),
    withheld: Withheld = NOTHING_WITHHELD,
    day: date,
) -> Highlights:
    """What lies between `before` and `after`, both settled up to `day`."""
    new = newly_ready(programme, before, after, withheld=withheld, day=day)
    return Highlights(step_up(changes), tuple(badges), new, tuple(vouchers))


def step_up(changes: Iterable[RankChange]) -> RankChange | None:
    """The last step up; one lost at a month's end was told of by itself."""
    ups = [change for change in changes if change.is_up]
    return ups[-1] if ups else None


def newly_ready(
    programme: Programme,
    before: Facts,
    after: Facts,
    *,
    withheld: Withheld = NOTHING_WITHHELD,
    day: date,
) -> tuple[str, ...]:
    """The rewards that could not be had `before` and can be now; none that is given away."""
    had, have = (ready(programme, facts, day, withheld) for facts in (before, after))
    new = (programme.reward(name) for name in have if name not in had)
    return tuple(reward.id for reward in new if reward and not reward.is_for_others)


def ready(
    programme: Programme, facts: Facts, day: date, withheld: Withheld = NOTHING_WITHHELD
) -> tuple[str, ...]:
    """The rewards that can be had, cheapest first."""
    found = offered(programme.rewards, facts, day, withheld)
    return tuple(now.reward.id for now in found if now.ready)


def rank_of(programme: Programme, change: RankChange | None) -> Rank | None:
    """The rank that a step leads to, if the programme still has it."""
    ladder = programme.ranks
    return ladder.get(change.after) if ladder and change else None


def rank_line(words: Words, change: RankChange | None) -> str:
    """「🎉 シルバーに昇格！」; empty without a step, or where its rank is gone."""
    rank = rank_of(words.programme, change)
    if rank is None or change is None:
        return ""
    return words.say(f"reached.rank_{change.reason}", rank=words.name(rank.name))


def kind_word(words: Words, facts: Facts) -> str:
    """Beside good news: thanks for coming, where they ever came."""
    return words.say("reached.thanks") if facts.visits else ""


def badge_lines(words: Words, badges: Iterable[str]) -> tuple[str, ...]:
    found = [words.programme.badge(badge) for badge in badges]
    return tuple(
        words.say("reached.badge", icon=badge.icon, badge=words.name(badge.name))
        for badge in found
        if badge
    )


def reward_lines(words: Words, rewards: Iterable[str]) -> tuple[str, ...]:
    found = [words.programme.reward(reward) for reward in rewards]
    return tuple(
        words.say("reached.reward", reward=words.name(reward.name)) for reward in found if reward
    )


def recap_lines(words: Words, recap: MonthRecap) -> tuple[str, ...]:
    """What a month brought beside its visits: points, and badges that the programme still has."""
    found = [words.programme.badge(badge) for badge in recap.badges]
    names = words.listed(words.name(badge.name) for badge in found if badge)
    points = words.say("recap.points", amount=words.amount(recap.points)) if recap.points else ""
    badges = words.say("recap.badges", badges=names) if names else ""
    return tuple(line for line in (points, badges) if line)


def voucher_lines(words: Words, vouchers: Iterable[Voucher]) -> tuple[str, ...]:
    found = [(words.programme.reward(voucher.reward), voucher.until) for voucher in vouchers]
    return tuple(
        words.say("reached.voucher", reward=words.name(reward.name), until=until)
        for reward, until in found
        if reward
    )


def thanks_line(words: Words, thanks: Thanks | None) -> str:
    """「🤝 お友だちのご紹介、ありがとうございます。…」; empty for nothing."""
    if thanks is None:
        return ""
    amount, count = words.amount(thanks.points), thanks.years or thanks.stamps
    said = words.say(
        f"reached.thanks_{thanks.what}", years=thanks.years, count=count, amount=amount
    )
    # What was on an old card is no present: its own sentence says what it is now.
    is_given = thanks.points and thanks.what != "stamps"
    return words.sentences(
        [said, words.say("reached.thanks_points", amount=amount) if is_given else ""]
    )


def lines(words: Words, brought: Highlights) -> tuple[str, ...]:
    """All of it, the greatest first."""
    rank = rank_line(words, brought.rank)
    thanks = thanks_line(words, brought.thanks)
    return (
        *((rank,) if rank else ()),
        *((thanks,) if thanks else ()),
        *badge_lines(words, brought.badges),
        *voucher_lines(words, brought.vouchers),
        *reward_lines(words, brought.rewards),
    )


def closing(words: Words, step: NextStep, brought: Highlights) -> str:
    """The next step as it closes a message about what was brought; empty where that has just named
    the same gift, of which an earlier one may be in hand."""
    given = {voucher.reward for voucher in brought.vouchers}
    is_said = (step.kind == "voucher" and step.target in given) or (
        step.kind == "reward_ready" and step.target in brought.rewards
    )
    return "" if is_said else step_text(words.programme, step, words.lang)


def rule_name(words: Words, rule: str) -> str:
    """What the programme calls the rule that gave points."""
    programme = words.programme
    named = [
        *((each.id, each.name) for each in programme.earning),
        *((each.rule_id, each.name) for each in programme.campaigns),
        *((each.rule_id, each.name) for each in programme.badges),
    ]
    name = next((name for rule_id, name in named if rule_id == rule), None)
    if name is not None:
        return words.name(name)
    if rule in (SHORTFALL, RAN_OUT, STAMPS):
        return words.say(f"reached.{rule}")
    if rule == BY_HAND:
        return words.say("activity.adjustment.history")
    if rule == BROUGHT:
        return words.say("activity.brought.history")
    if rule.startswith(CARRIED):
        return words.say("activity.absorbed.history")
    promised = rule.startswith(offer_rule(""))
    return words.say("reached.promised" if promised else "reached.other_rule")
