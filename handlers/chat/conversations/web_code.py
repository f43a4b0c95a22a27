"""A code for the shop's web shop: asked about once, then handed over to be copied."""

from bot.codes import RewardUse
from bot.line.messages import Button, ClipboardAction
from handlers.actions.counter.redeem import redeem
from handlers.showing.web_codes import codes_taken
from rules.base import Refusal
from rules.programme.rewards import Reward, check_redemption

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number
from .rewards import rewards


@conversation("code")
def code(turn: Turn, params: Params) -> Answer:
    """A second tap on "yes" hands over nothing more; the code stays among the rewards."""
    reward = turn.programme.reward(params.get("reward", ""))
    if reward is None or reward.codes is None:
        return rewards(turn, params)
    use = RewardUse(reward.id, whole_number(params, "voucher") or None)
    if "yes" not in params:
        return _ask(turn, reward, use)
    if not turn.was_asked("code"):
        return rewards(turn, {})
    return _hand_over(turn, use)


def _ask(turn: Turn, reward: Reward, use: RewardUse) -> Answer:
    no = check_redemption(
        reward, turn.facts, turn.day, voucher_n=use.voucher, withheld=turn.withheld
    )
    if no is not None:
        return _refused(turn, no)
    turn.ask("code")
    cost = (reward.cost or 0) if use.voucher is None else 0
    body = "rewards.code_ask_points" if cost else "rewards.code_ask_body"
    yes = parts.button(turn, "code_yes", "code", reward=reward.id, voucher=use.voucher or 0, yes=1)
    question = parts.notice(
        turn,
        title=turn.say("rewards.code_ask_title", reward=reward.name.in_(turn.lang)),
        body=turn.say(body, count=cost, left=turn.facts.balance - cost),
        buttons=(Button(yes), parts.no(turn, "rewards")),
    )
    return parts.answer_of(question)


def _refused(turn: Turn, no: Refusal) -> Answer:
    said = parts.refusal(turn, no.code, no.again_at)
    return parts.answer_of(parts.text(turn, said, then=("rewards", "earn")))


def _hand_over(turn: Turn, use: RewardUse) -> Answer:
    turn.ask(None)
    outcome = redeem(turn.under("redeem"), turn.member.id, use, at=turn.at)
    if outcome.refused:
        return _refused(turn, Refusal(outcome.refused, outcome.again_at))
    newest = codes_taken(turn.club, turn.uow, turn.member.id, turn.words)[0]
    # Whom the answer doesn't reach finds the code among the rewards: it waits in no queue.
    given = parts.notice(
        turn,
        title=turn.say("rewards.code_title", reward=newest.name),
        body=newest.code,
        note=turn.say("rewards.code_how"),
        buttons=(Button(ClipboardAction(turn.say("button.copy"), newest.code)),),
        then=("rewards", "points", "card"),
    )
    return parts.answer_of(given)
