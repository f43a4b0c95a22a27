"""Rewards: what a member may have now and for how much, handed out, and taken back."""

from datetime import date
from typing import get_args

from pydantic import Field

from bot.codes import RewardUse
from bot.store.history import history, stock
from handlers.actions.counter.redeem import redeem, redeem_shown, use_key
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.work import Work
from rules.activity import Redemption
from rules.base import Refusal
from rules.characters import as_scanned
from rules.facts import Facts
from rules.programme.rewards import (
    Reward,
    RewardKind,
    Withheld,
    check_redemption,
    in_hand,
    on_offer,
    standing,
)

from ..frame.came import WhatCame, done, what_came
from ..frame.current import api_work, reading
from ..frame.doors import does, reads
from ..frame.models import (
    PLACE_MAX,
    AnswerPart,
    CardNumber,
    CodeText,
    Moment,
    Name,
    RequestPart,
)
from ..frame.problems import Trouble, on_the_clock
from ..frame.subjects import member_with, store_of
from ..frame.undoing import NOT_UNDONE, ActionNamed, TakenAway, take_back, taken_away

_REFUSALS = (
    "reward_gone", "reward_rank", "reward_early", "reward_used_up", "reward_points",
    "reward_stock", "reward_held", "reward_reserved", "voucher_gone",
)  # fmt: skip


class RewardQuote(AnswerPart):
    """A reward, and whether this member may have it now."""

    reward: Name
    voucher: int | None = Field(description="The voucher in hand; null where it is for points.")
    name: str
    kind: str = Field(description=f"One of {', '.join(get_args(RewardKind))}; others may come.")
    points: int = Field(description="What it costs them: 0 by a voucher.")
    value_yen: int = Field(description="What it is worth.")
    min_purchase_yen: int = Field(
        description="The purchase that it needs, 0 for none: that there is one is yours to see."
    )
    until: str | None = Field(description="The last day of a voucher (YYYY-MM-DD).")
    may: bool = Field(description="Whether they may have it now.")
    refusal: str | None = Field(description="Why not, by the code of the refusal.")
    again_at: Moment | None = Field(description="When they may, where that is known.")
    points_missing: int


class RewardQuotes(AnswerPart):
    """What a member may have."""

    rewards: list[RewardQuote]


class RedemptionAsked(RequestPart):
    """A reward to hand out."""

    card_number: CardNumber
    reward: Name
    voucher: int | None = Field(
        None, ge=1, le=PLACE_MAX, description="By which voucher; for points if left away."
    )
    store: Name | None = Field(
        None, description="Where; the key's own store, or the only one, if left away."
    )


class PageShown(RequestPart):
    """The page of a reward that somebody is about to use."""

    code: CodeText = Field(description="What it shows, as the scanner gives it.")
    store: Name | None = Field(
        None, description="Where; the key's own store, or the only one, if left away."
    )


class RedeemedPage(WhatCame):
    """What was handed out for a page."""

    card_number: CardNumber


@reads("/members/<number>/rewards", RewardQuotes, "rewards", found=True)
def quote_rewards(number: str) -> RewardQuotes:
    """Quote what a member may have now: by vouchers in hand, then for points.

    Nothing is kept for them: whether they still may is judged when it is handed out.
    """
    with reading() as work:
        member = member_with(work.uow, number)
        facts, programme, day = work.settled(member), work.programme, work.day
        withheld = stock.withheld(work.uow, programme, member, now=work.now)
        by_voucher = [
            _quote(reward, facts, day, withheld, (each.n, each.until))
            for each in in_hand(facts, day)
            if (reward := programme.reward(each.reward)) is not None
        ]
        for_points = [
            _quote(each, facts, day, withheld, None)
            for each in programme.rewards
            if each.cost is not None and on_offer(each, day)
        ]
        return RewardQuotes(rewards=[*by_voucher, *for_points])


def _quote(
    reward: Reward, facts: Facts, day: date, withheld: Withheld, held: tuple[int, date] | None
) -> RewardQuote:
    n, until = held or (None, None)
    no = check_redemption(reward, facts, day, voucher_n=n, withheld=withheld)
    if facts.membership == "left":
        # As it would be refused when it is handed out.
        no = Refusal("left")
    missing = 0 if held else standing(reward, facts, day, withheld).points_missing
    return RewardQuote(
        reward=reward.id,
        voucher=n,
        name=reward.name.ja,
        kind=reward.kind,
        points=0 if held else reward.cost or 0,
        value_yen=reward.value_yen,
        min_purchase_yen=reward.min_purchase_yen,
        until=until.isoformat() if until else None,
        may=no is None,
        refusal=no.code if no else None,
        again_at=on_the_clock(no.again_at) if no else None,
        points_missing=missing,
    )


@does(
    "/redemptions", WhatCame, "rewards",
    *_REFUSALS, "left", "erased", "merged", "store_missing", "store_unknown",
    status=201,
)  # fmt: skip
def redeem_reward(json: RedemptionAsked) -> WhatCame:
    """Hand a reward out: for points, those first that run out first, or by a voucher in hand.

    At a till it is had at once; take it back where the sale comes to nothing.
    """
    with api_work() as work:
        store = store_of(work, json.store)
        member = member_with(work.uow, json.card_number)
        use = RewardUse(json.reward, json.voucher)
        outcome = redeem(work, member.id, use, at=work.now, store=store)
        cost = _cost(work, outcome, work.key)
    return what_came(done(outcome), work.key, points=-cost)


def _cost(work: Work, outcome: Outcome, action: str) -> int:
    """What was taken for it then, whatever it costs now."""
    recorded = history.under(work.uow, outcome.member_id, action)
    whats = (each.recorded.activity.what for each in recorded)
    return sum(what.points for what in whats if isinstance(what, Redemption))


@does(
    "/redemptions/shown", RedeemedPage, "rewards",
    *_REFUSALS, "use_expired", "use_again", "use_cancelled", "use_none", "card_closed", "left",
    "erased", "store_missing", "store_unknown",
    status=201, found=False,
)  # fmt: skip
def redeem_shown_page(json: PageShown) -> RedeemedPage:
    """Hand out what a reward's page asks for that a member shows (a code of the kind `use`).

    Once for each page, whoever scans it; the page itself says so. It is taken back as any other.
    """
    with api_work() as work:
        store = store_of(work, json.store)
        live = work.codes.open_live(as_scanned(json.code), work.now)
        if live is None or live.use is None:
            raise Trouble(409, "use_none")
        action = use_key(live.nonce)
        outcome = redeem_shown(work, live, store=store)
        cost = _cost(work, outcome, action)
    came = what_came(done(outcome), action, points=-cost)
    return RedeemedPage(card_number=live.number, **came.model_dump())


@does("/redemptions/cancel", TakenAway, "rewards", *NOT_UNDONE)
def cancel_redemption(json: ActionNamed) -> TakenAway:
    """Take a reward back that this system handed out.

    Its points, or its voucher, are the member's again, with their old days.
    """
    with api_work() as work:
        outcome = take_back(work, json, Redemption)
    return taken_away(outcome)
