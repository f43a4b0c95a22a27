"""What was reached, as a message celebrates it: in the chat's answer, or pushed after a scan."""

from collections.abc import Mapping
from datetime import date

from bot.line.views import Banner
from rules.program import Programme
from rules.ranks import RankChange
from rules.reached import Reached, rank_of

from . import pictures
from .club import Club
from .picture_views import Scene
from .pictures import Address


def banner(programme: Programme, change: RankChange | None) -> Banner | None:
    """The strip in the colours of a rank just reached."""
    rank = rank_of(programme, change)
    return Banner(*rank.colours) if rank else None


def picture(
    club: Club,
    scene: Scene,
    reached: Reached,
    *,
    number: str,
    name: str,
    earned: Mapping[str, date],
    day: date,
) -> Address | None:
    """What there is to celebrate: the new rank, else the first of the new badges (`earned` says on
    which day each came; `day` where it doesn't)."""
    change = reached.rank
    if change is not None and change.after is not None:
        return pictures.new_rank(club, scene, number, change.after, reason=change.reason, name=name)
    badge = next(filter(None, map(scene.programme.badge, reached.badges)), None)
    if badge is None:
        return None
    return pictures.new_badge(club, scene, number, badge, earned.get(badge.id, day))
