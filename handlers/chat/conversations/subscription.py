"""LINE's own membership: what its joining, renewing and leaving mean for a subscription (定期)."""

from bot.line.messages import Button
from handlers.actions.members.subscribing import MembershipNews, Told, hear_membership
from rules.explaining.explain_perks import perk_text
from rules.explaining.explain_subscriptions import held_line
from rules.programme.subscriptions import HeldSubscription, Subscription, held_on, of_line

from .. import parts
from ..context import SILENCE, Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

_TOLD: dict[str, Told] = {"joined": "joined", "left": "left", "renewed": "renewed"}


@conversation("line_membership", by_tap=False, for_leavers=True)
def line_membership(turn: Turn, params: Params) -> Answer:
    """A plan was joined, left or renewed. A renewal, and what came late and changes nothing, says
    nothing; nor does it touch the card of somebody else whom they share it with."""
    plan, told = int(params["plan"]), _TOLD[params["told"]]
    found = of_line(turn.programme.subscriptions, plan)
    if turn.shares and found:
        return SILENCE
    before = _held(turn, found) if found else None
    news = MembershipNews(turn.account.user_id, plan, told, turn.at)
    outcome = hear_membership(turn.under("membership"), turn.member.id, news)
    if found is None or outcome is None or outcome.refused or turn.facts.membership == "left":
        return SILENCE
    now = _held(turn.again(), found)
    if now is not None and before is None:
        return _begun(turn, found, now)
    return _ended(turn, found) if before is not None and now is None else SILENCE


def _held(turn: Turn, found: Subscription) -> HeldSubscription | None:
    held = held_on(turn.programme.subscriptions, turn.facts, turn.day)
    return next((each for each in held if each.subscription.id == found.id), None)


def _begun(turn: Turn, found: Subscription, held: HeldSubscription) -> Answer:
    words = turn.words
    perks = tuple(perk_text(words, perk) for perk in found.perks)
    body = turn.say("subscription.perks") if perks else ""
    return parts.answer_of(
        parts.notice(
            turn,
            title=turn.say("subscription.begun", name=words.name(found.name)),
            body="\n".join(filter(None, (held_line(words, held), body))),
            celebrations=perks,
            buttons=(Button(parts.card_page(turn, "show_card")),),
            then=("card", "rewards"),
        ),
        must_reach=True,
    )


def _ended(turn: Turn, found: Subscription) -> Answer:
    said = turn.say("subscription.ended", name=turn.words.name(found.name))
    return parts.answer_of(parts.text(turn, said, then=("card", "rewards")), must_reach=True)
