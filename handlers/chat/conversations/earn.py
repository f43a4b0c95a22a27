"""How to earn: every way that is still open to this member, as the programme explains it."""

from bot.line.actions import UriAction
from bot.line.messages import Button, Row
from rules.explaining.explain import ways_to_earn

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number

#: Nobody reads fifteen rules at once; the everyday ones come first.
PAGE = 6


@conversation("earn")
def earn(turn: Turn, params: Params) -> Answer:
    """Six ways, beginning at number `after`, and a button for the next ones."""
    ways = ways_to_earn(turn.programme, turn.lang, turn.facts, day=turn.day)
    start = whole_number(params, "after") or 0
    page = ways[start : start + PAGE] or ways[:PAGE]
    rest = len(ways) > start + PAGE
    more = (Button(parts.button(turn, "more_ways", "earn", after=start + PAGE)),) if rest else ()
    link = UriAction(turn.say("earn.whole"), turn.club.programme_link(turn.lang))
    whole = Button(link, "link")
    message = parts.listing(
        turn,
        title=turn.say("earn.title"),
        rows=tuple(Row(left=w.name, right=w.points_label, note=w.sentence) for w in page),
        empty=turn.say("earn.none"),
        buttons=(*more, whole),
        then=("today", "points", "rewards", "referral"),
    )
    return parts.answer_of(message)
