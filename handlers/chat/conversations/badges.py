"""Badges: those earned, and how far the others are."""

from bot.line.messages import Row
from handlers.showing import addresses
from rules.wording.card import BadgeView, badge_views
from rules.wording.texts import show

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("badges")
def badges(turn: Turn, _params: Params) -> Answer:
    views = badge_views(turn.programme, turn.facts, day=turn.day, lang=turn.lang)
    hidden = any(b.hidden and b.id not in turn.facts.badges for b in turn.programme.badges)
    shelf = addresses.shelf(turn.club, turn.scene, turn.member, turn.day)
    message = parts.listing(
        turn,
        title=turn.say("badges.title"),
        big=show(turn.lang, sum(view.earned_on is not None for view in views)) if views else "",
        big_caption=turn.say("badges.caption"),
        picture=parts.picture(turn, shelf) if views else None,
        rows=tuple(_row(turn, view) for view in views),
        empty=turn.say("badges.none"),
        more=turn.say("badges.more"),
        hint=turn.say("badges.hidden") if hidden else "",
        then=("card", "rank", "earn"),
    )
    return parts.answer_of(message)


def _row(turn: Turn, view: BadgeView) -> Row:
    left = f"{view.icon} {view.name}"
    if view.earned_on is not None:
        return Row(left=left, right=turn.say("badges.earned", day=view.earned_on))
    so_far = turn.say("badges.so_far", had=view.had, needed=view.needed)
    return Row(left=left, right=so_far, progress=view.had / view.needed, muted=True)
