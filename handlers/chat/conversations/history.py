"""History: what happened, newest first, a page at a time."""

from collections.abc import Mapping

from bot.line.messages import Button, Row
from bot.store.history import history as past
from bot.store.history import ledger
from rules.judging.replay import RecordedActivity
from rules.wording.activities import activity_name
from rules.wording.texts import long_date

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number

PAGE = 10


@conversation("history")
def history(turn: Turn, params: Params) -> Answer:
    before = whole_number(params, "before")
    found = past.latest(turn.uow, turn.member.id, limit=PAGE + 1, before=before)
    page, more = found[:PAGE], len(found) > PAGE
    points = ledger.points_by_activity(turn.uow, turn.member.id, [r.seq for r in page])
    older = parts.button(turn, "older", "history", before=page[-1].seq) if more else None
    message = parts.listing(
        turn,
        title=turn.say("history.title"),
        subtitle=turn.say("history.visits", count=turn.facts.visits),
        picture=None if before else parts.month(turn),
        rows=tuple(_row(turn, recorded, points) for recorded in page),
        empty=turn.say("history.end" if before else "history.none"),
        buttons=(Button(older, "secondary"),) if older else (),
        then=("recap", "card", "points", *(("eco",) if turn.programme.eco_actions else ())),
    )
    return parts.answer_of(message)


def _row(turn: Turn, recorded: RecordedActivity, points: Mapping[int, int]) -> Row:
    activity = recorded.activity
    came_to = points.get(recorded.seq, 0)
    store = turn.programme.store(activity.store)
    day = long_date(turn.lang, activity.day)
    where = store.name.in_(turn.lang) if store else ""
    return Row(
        left=activity_name(turn.words, activity),
        right=f"{came_to:+,}" if came_to else "",
        note=turn.say("history.where", day=day, store=where) if where else day,
    )
