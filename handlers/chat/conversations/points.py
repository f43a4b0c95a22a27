"""Points: how many, and which of them go when."""

from datetime import timedelta

from bot.line.messages import Row
from handlers.actions.telling.warnings import note_shown
from rules.programme.points import ByInactivity, NoExpiry
from rules.wording.card import ExpiringPoints, expiring
from rules.wording.texts import long_date, show

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("points")
def points(turn: Turn, _params: Params) -> Answer:
    policy, lots = turn.programme.points, turn.lots()
    rows = tuple(_row(turn, part) for part in expiring(policy, turn.facts, lots, day=turn.day))
    note_shown(turn.work, turn.member, lots)
    balance = turn.facts.balance
    message = parts.listing(
        turn,
        title=turn.say("points.title"),
        big=show(turn.lang, balance),
        big_caption=turn.say("points.caption"),
        rows=rows,
        empty=turn.say("points.stay" if balance else "points.none"),
        more=turn.say("points.later"),
        hint=_hint(turn),
        then=("rewards", "earn", "history", "card"),
    )
    return parts.answer_of(message)


def _row(turn: Turn, part: ExpiringPoints) -> Row:
    last = long_date(turn.lang, part.on - timedelta(days=1))
    return Row(left=turn.say("points.until", day=last), right=turn.amount(part.points))


def _hint(turn: Turn) -> str:
    expiry = turn.programme.points.expiry
    if isinstance(expiry, ByInactivity):
        return turn.say("points.by_inactivity", count=expiry.months)
    if isinstance(expiry, NoExpiry) or not turn.facts.balance:
        return ""
    return turn.say("points.oldest_first")
