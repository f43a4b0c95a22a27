"""The month before this one: its days, what it brought, and what comes next."""

from bot.line.messages import Button
from handlers.showing import addresses
from rules.outlook.month import MonthRecap, last_month
from rules.outlook.suggestion import Suggestion
from rules.wording.highlights import recap_lines
from rules.wording.steps import suggestion_line
from rules.wording.texts import month_word

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .earn import leads_to


@conversation("recap")
def recap(turn: Turn, _params: Params) -> Answer:
    found = last_month(turn.facts, turn.day)
    month = month_word(turn.lang, found.month)
    if not found.visits:
        none = turn.words.say("recap.none", month=month)
        return parts.answer_of(parts.text(turn, none, then=("card", "history")))
    suggested = turn.suggestion()
    way = suggested.way if suggested else None
    message = parts.notice(
        turn,
        title=turn.words.say("recap.title", month=month),
        body=turn.words.say("recap.visits", month=month, count=found.visits),
        celebrations=(*recap_lines(turn.words, found), *_suggested(turn, suggested)),
        next_step=turn.card().step_text,
        picture=parts.picture(turn, _address(turn, found)),
        buttons=(Button(parts.button(turn, "history", "history"), "secondary"),),
        then=(*leads_to(way, here="recap"), "card", "badges", "rewards"),
    )
    return Answer((message,), suggested=suggested)


def _address(turn: Turn, found: MonthRecap) -> addresses.Address:
    visits = {day.on: day.visits for day in turn.facts.days if day.visits}
    return addresses.recap(turn.club, turn.scene, turn.member.number, found, visits)


def _suggested(turn: Turn, suggested: Suggestion | None) -> tuple[str, ...]:
    """The next way to earn, where it is their turn to be told of one."""
    if suggested is None or suggested.way is None:
        return ()
    line = suggestion_line(turn.words, turn.facts, suggested.way)
    return (f"🌱 {line}",) if line else ()
