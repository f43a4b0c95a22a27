"""「今日」: which campaigns are on, and where."""

from bot.line.messages import Row
from rules.wording.explain_earning import campaign_label, campaign_sentence
from rules.wording.today import running_name

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("today")
def today(turn: Turn, _params: Params) -> Answer:
    rows = tuple(
        Row(
            left=running_name(turn.words, running),
            right=campaign_label(turn.words, running.campaign),
            note=campaign_sentence(turn.words, running.campaign),
        )
        for running in turn.on_today()
    )
    is_open = turn.programme.shop.is_open(turn.day)
    message = parts.listing(
        turn,
        title=turn.say("today.title"),
        rows=rows,
        empty=turn.say("today.none" if is_open else "today.closed"),
        then=("card", "earn", "points", "rewards"),
    )
    return parts.answer_of(message)
