"""Points put on later: the code of a slip that staff gave, sent by the member."""

from bot.line.messages import Row
from handlers.actions.orders.slips import claim_slip
from rules.wording.highlights import lines, rule_name

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("slip", by_tap=False)
def slip(turn: Turn, params: Params) -> Answer:
    """「ポイント XXX-XXX-XXX」: what the slip is worth is recorded as of when it happened."""
    outcome = claim_slip(turn.under("slip"), turn.member.id, params.get("code", ""))
    if outcome.refused:
        said = parts.refusal(turn, outcome.refused, outcome.again_at)
        return parts.answer_of(parts.text(turn, said, then=("card", "points")))
    turn = turn.again()
    view, brought = turn.card(), turn.brought()
    done = parts.notice(
        turn,
        title=turn.say("slip.title"),
        body=turn.say("slip.done"),
        big=f"+{outcome.points:,}" if outcome.points else "",
        big_caption=turn.say("total", total=turn.amount(outcome.balance)),
        celebrations=lines(turn.words, brought),
        rows=tuple(
            Row(left=rule_name(turn.words, grant.rule), right=f"+{grant.points:,}")
            for grant in outcome.grants
        ),
        next_step=view.step_text,
        progress=view.progress,
        progress_caption=view.progress_caption,
        then=("card", "rewards", "rank"),
    )
    return parts.answer_of(done, must_reach=True)
