"""Rewards: what is in hand, what points are for and what is missing to each, with a button to use
what is ready; and giving to a good cause at once."""

from bot.codes import RewardUse
from bot.line.messages import Button, Row, UriAction
from handlers.actions.counter.redeem import redeem
from handlers.showing.card_links import use_link
from rules.programme.rewards import Reward, check_redemption
from rules.wording.card import (
    PromisedView,
    RewardView,
    VoucherView,
    promised_views,
    reward_views,
    voucher_views,
)
from rules.wording.texts import show

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("rewards")
def rewards(turn: Turn, _params: Params) -> Answer:
    programme, facts, day, lang = turn.programme, turn.facts, turn.day, turn.lang
    held = voucher_views(programme, facts, day=day, lang=lang, withheld=turn.withheld)
    promised = promised_views(programme, facts, day=day, lang=lang)
    views = reward_views(programme, facts, day=day, lang=lang, withheld=turn.withheld)
    message = parts.listing(
        turn,
        title=turn.say("rewards.title"),
        big=show(turn.lang, turn.facts.balance) if views or held else "",
        big_caption=turn.say("points.caption"),
        rows=(
            *(_held(turn, view) for view in held),
            *(_promised(turn, view) for view in promised),
            *(_row(turn, view) for view in views),
        ),
        empty=turn.say("rewards.none"),
        more=turn.say("rewards.more"),
        hint=turn.say("rewards.at_counter") if views or held else "",
        then=("points", "earn", "card"),
    )
    return parts.answer_of(message)


def _held(turn: Turn, view: VoucherView) -> Row:
    """A voucher: why it is theirs, its last day, and the button that opens its page."""
    note = turn.say("rewards.held", why=view.why, until=view.until)
    if view.missing:
        return Row(left=view.name, note=f"{note}\n{view.missing}", muted=True)
    return Row(left=view.name, note=note, action=_use(turn, RewardUse(view.reward, view.n)))


def _promised(turn: Turn, view: PromisedView) -> Row:
    return Row(left=view.gift, note=turn.say("rewards.promised", until=view.until))


def _use(turn: Turn, use: RewardUse) -> UriAction:
    return UriAction(turn.say("button.use"), use_link(turn.club, turn.member, use))


def _row(turn: Turn, view: RewardView) -> Row:
    reward = turn.programme.reward(view.id)
    cost = turn.amount(view.cost) if view.cost else ""
    if not view.ready:
        return Row(
            left=view.name, right=cost, note=view.missing, progress=view.fraction, muted=True
        )
    if reward and reward.is_for_others:
        give = parts.button(turn, "give", "give", reward=view.id)
        return Row(left=view.name, right=cost, note=turn.say("rewards.give_now"), action=give)
    note = reward.note.in_(turn.lang) if reward and reward.note else turn.say("rewards.ready")
    return Row(left=view.name, right=cost, note=note, action=_use(turn, RewardUse(view.id)))


@conversation("give")
def give(turn: Turn, params: Params) -> Answer:
    """A charity reward: asked about once, then given. A second tap on "yes" gives nothing more."""
    reward = turn.programme.reward(params.get("reward", ""))
    if reward is None or not reward.is_for_others:
        return rewards(turn, params)
    if "yes" not in params:
        return _ask(turn, reward)
    if not turn.was_asked("give"):
        return parts.answer_of(
            parts.text(turn, parts.refusal(turn, "ask_over"), then=("rewards", "card"))
        )
    return _give(turn, reward)


def _ask(turn: Turn, reward: Reward) -> Answer:
    if no := check_redemption(reward, turn.facts, turn.day, withheld=turn.withheld):
        return parts.answer_of(
            parts.text(turn, parts.refusal(turn, no.code), then=("rewards", "earn"))
        )
    cost = reward.cost or 0
    turn.ask("give")
    question = parts.notice(
        turn,
        title=turn.say("rewards.ask_title", reward=reward.name.in_(turn.lang)),
        body=turn.say("rewards.ask_body", count=cost, left=turn.facts.balance - cost),
        buttons=(
            Button(parts.button(turn, "give_yes", "give", reward=reward.id, yes=1)),
            parts.no(turn, "rewards"),
        ),
    )
    return parts.answer_of(question)


def _give(turn: Turn, reward: Reward) -> Answer:
    turn.ask(None)
    outcome = redeem(turn.under("redeem"), turn.member.id, RewardUse(reward.id, None), at=turn.at)
    if outcome.refused:
        no = parts.refusal(turn, outcome.refused, outcome.again_at)
        return parts.answer_of(parts.text(turn, no, then=("rewards", "earn")), must_reach=True)
    thanks = parts.notice(
        turn,
        title=turn.say("rewards.given_title"),
        body=turn.say("rewards.given_body", reward=reward.name.in_(turn.lang)),
        note=turn.say("rewards.left", count=outcome.balance),
        then=("rewards", "points", "card"),
    )
    return parts.answer_of(thanks, must_reach=True)
