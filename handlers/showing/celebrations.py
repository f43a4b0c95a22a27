"""What was reached, as a message celebrates it: in the chat's answer, or pushed after a scan."""

from collections.abc import Mapping
from datetime import date

from bot.line.views import Banner
from rules.programme.programme import Programme
from rules.programme.ranks import RankChange
from rules.wording.highlights import Highlights, rank_of

from ..club import Club
from . import addresses
from .addresses import Address
from .views import Scene


def banner(programme: Programme, change: RankChange | None) -> Banner | None:
    """The strip in the colours of a rank just reached."""
    rank = rank_of(programme, change)
    return Banner(*rank.colours) if rank else None


def picture(
    club: Club,
    scene: Scene,
    reached: Highlights,
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
        return addresses.new_rank(
            club, scene, number, change.after, reason=change.reason, name=name
        )
    badge = next(filter(None, map(scene.programme.badge, reached.badges)), None)
    if badge is None:
        return None
    return addresses.new_badge(club, scene, number, badge, earned.get(badge.id, day))
