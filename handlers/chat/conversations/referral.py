"""Referral: a member's code and link, and what a friend hears who brings one."""

from bot.line.limits import URI_UNITS
from bot.line.messages import Button, UriAction
from handlers.actions.members.card_numbers import referral_code
from handlers.actions.members.referral import bring
from rules.activity import Trigger
from rules.programme.earning import FirstTime, FixedPoints

from .. import parts
from ..context import SILENCE, Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("referral")
def referral(turn: Turn, _params: Params) -> Answer:
    """The member's own code, what both sides get, and an invitation ready to be forwarded."""
    code = referral_code(turn.uow, turn.member.id)
    link = turn.club.chat_link(turn.say("referral.message", code=code))
    invitation = turn.say("referral.invitation", link=link)
    explained = parts.notice(
        turn,
        title=turn.say("referral.title"),
        body=turn.say(f"referral.body_{turn.programme.referral.counts_at}"),
        celebrations=_gifts(turn),
        big=code,
        big_caption=turn.say("referral.code"),
        note=turn.say("referral.note"),
        buttons=(
            Button(UriAction(turn.say("button.send_on_line"), _share_link(turn, invitation, link))),
        ),
    )
    forwarded = parts.text(turn, invitation, then=("share", "card", "earn", "points"))
    return parts.answer_of(explained, forwarded)


def _share_link(turn: Turn, invitation: str, link: str) -> str:
    """What sends the invitation to friends; the link alone, where a shop's name is too long for the
    address of a button."""
    whole = turn.club.share_link(invitation)
    return whole if len(whole) <= URI_UNITS else turn.club.share_link(link)


def _gifts(turn: Turn) -> tuple[str, ...]:
    mine, theirs = _worth(turn, "referral"), _worth(turn, "referred")
    lines = (
        turn.say("referral.you", amount=turn.amount(mine)) if mine else "",
        turn.say("referral.friend", amount=turn.amount(theirs)) if theirs else "",
    )
    return tuple(line for line in lines if line)


def _worth(turn: Turn, trigger: Trigger) -> int:
    return sum(
        rule.award.points
        for rule in turn.programme.earning
        if rule.on == trigger and isinstance(rule.award, FixedPoints | FirstTime)
    )


@conversation("referred", by_tap=False)
def referred(turn: Turn, params: Params) -> Answer:
    """A friend's code, brought with joining (then it was noted on the way in) or soon after."""
    if turn.is_new and turn.member.referred_by is not None:
        return SILENCE
    refused = bring(
        turn.under("referral"),
        turn.member.id,
        params.get("code", ""),
        at=turn.at,
    )
    said = (
        parts.refusal(turn, refused.code)
        if refused
        else turn.say(f"referral.taken_{turn.programme.referral.counts_at}")
    )
    return parts.answer_of(
        parts.text(turn, said, then=("referral", "card")), must_reach=not refused
    )
