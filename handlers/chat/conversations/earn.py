"""How to earn: every way that is still open to this member, as the programme explains it."""

from collections.abc import Mapping
from typing import Final

from bot.line.actions import UriAction
from bot.line.messages import Button, Row
from rules.activity import Trigger
from rules.explaining.explain import EarningWay, ways_to_earn

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number

#: Nobody reads fifteen rules at once; the everyday ones come first.
PAGE = 6
#: Where each way begins: what the chat does for it, or what to show at the counter.
LEADS: Final[Mapping[Trigger, str]] = {
    "registration": "card",
    "visit": "check_in_how",
    "purchase": "card",
    "profile": "profile",
    "birthday": "profile",
    "review": "review",
    "share": "share",
    "referral": "referral",
    "referred": "card",
    "anniversary": "profile",
    "spend": "history",
    "eco": "eco",
    "feedback": "feedback",
    "adopted": "feedback",
    "newsletter": "newsletter",
    "deed": "card",
    "delivery": "card",
    "event": "events",
    "streak": "history",
}


def leads_to(way: Trigger | None, *, here: str = "") -> tuple[str, ...]:
    """The intent by which a way to earn begins, where there is one, and it isn't `here`."""
    lead = LEADS[way] if way else here
    return () if lead == here else (lead,)


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
        rows=tuple(_row(turn, way) for way in page),
        empty=turn.say("earn.none"),
        buttons=(*more, whole),
        then=("today", "points", "rewards", "referral"),
    )
    return parts.answer_of(message)


def _row(turn: Turn, way: EarningWay) -> Row:
    intent = LEADS[way.on]
    return Row(
        left=way.name,
        right=way.points_label,
        note=way.sentence,
        opens=parts.button(turn, intent, intent),
    )
