"""What is on today, in words: 「本日開催中：雨の日ポイント（駅前店）」."""

from collections.abc import Iterable

from ..outlook.on_today import RunningCampaign
from .words import Words


def running_line(words: Words, found: Iterable[RunningCampaign]) -> str:
    """All of it in one line; empty for nothing."""
    names = [running_name(words, each) for each in found]
    return words.say("today.line", names=words.say("today.join").join(names)) if names else ""


def running_name(words: Words, running: RunningCampaign) -> str:
    """What a campaign is called, and where it is on, if not everywhere."""
    name, everywhere = words.name(running.campaign.name), words.programme.stores
    if not running.stores or len(running.stores) == len(everywhere):
        return name
    return words.say("today.where", name=name, stores=words.stores(running.stores))
