"""What keeps a rank's promise: which event, reward or campaign an invitation or being first is."""

from ..first import FirstFor
from ..programme.campaigns import Campaign
from ..programme.ranks import Perk, PerkKind
from ..programme.rewards import Reward
from .event import GuestList, ShopEvent

#: Perks that are kept by what comes, and lead there.
LEADING: tuple[PerkKind, ...] = ("event", "presale", "early_access")


def keeps_by_event(perk: Perk, rank: str, event: ShopEvent) -> bool:
    """Whether the event is what the perk promises to whoever holds `rank`, while it comes."""
    if not _is_for(event, rank):
        return False
    opens_first = event.first is not None and _is_for(event.first, rank)
    match perk.kind:
        case "event":
            return event.kind != "presale"
        case "presale":
            return event.kind == "presale" and (opens_first or is_for_ranks_alone(event))
        case "early_access":
            return opens_first
        case _:
            return False


def is_for_ranks_alone(event: ShopEvent) -> bool:
    """Whether it is for ranks that it names, and so theirs by what they hold."""
    return event.guests == "ranks"


def _is_for(those: GuestList, rank: str) -> bool:
    return those.guests == "all" or rank in those.ranks


def keeps_by_reward(perk: Perk, rank: str, reward: Reward) -> bool:
    """Whether the reward is what is to be had before others, while it is."""
    is_meant = perk.reward in (None, reward.id)
    return perk.kind in ("presale", "early_access") and is_meant and _opens(reward.first, rank)


def keeps_by_campaign(perk: Perk, rank: str, campaign: Campaign) -> bool:
    """Whether the campaign is what begins before it does for others, while it does."""
    return perk.kind == "early_access" and perk.reward is None and _opens(campaign.first, rank)


def _opens(first: FirstFor | None, rank: str) -> bool:
    return first is not None and rank in first.ranks
