"""Badges: those earned, and how far the others are."""

from bot.line.messages import Row
from handlers.showing import addresses
from rules.wording.card import BadgeView, badge_views
from rules.wording.texts import day_since, show

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
        alt_text=_read_aloud(turn, views),
        empty=turn.say("badges.none"),
        more=turn.say("badges.more"),
        hint=turn.say("badges.hidden") if hidden else "",
        then=("card", "rank", "earn", *(("fan_steps",) if turn.programme.fan_steps else ())),
    )
    return parts.answer_of(message)


def _row(turn: Turn, view: BadgeView) -> Row:
    """Those still to come say what earns them; the shelf above shows how far they are."""
    left = f"{view.icon} {view.name}"
    if view.earned_on is not None:
        return Row(left=left, right=day_since(turn.lang, view.earned_on, turn.day))
    so_far = turn.say("badges.so_far", had=view.had, needed=view.needed)
    return Row(left=left, right=so_far, note=view.how)


def _read_aloud(turn: Turn, views: tuple[BadgeView, ...]) -> str:
    """What the picture of the shelf shows, for who can't see it."""
    if not views:
        return ""
    earned = [
        (view.name, day_since(turn.lang, view.earned_on, turn.day))
        for view in views
        if view.earned_on is not None
    ]
    parts = [turn.say("badges.shelf", had=len(earned), needed=len(views))]
    parts += [turn.say("badges.has", badge=name, day=day) for name, day in earned]
    parts += [
        turn.say("badges.lacks", badge=view.name, how=view.how, had=view.had, needed=view.needed)
        for view in views
        if view.earned_on is None
    ]
    return " ".join(parts)
