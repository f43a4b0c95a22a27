"""The sections of the member's page: what they have, what they did, who they are, their data."""

from . import (
    badges,
    circle,
    data,
    downloads,
    events,
    history,
    leaving,
    me,
    points,
    profile,
    rewards,
)

__all__ = [
    "badges",
    "circle",
    "data",
    "downloads",
    "events",
    "history",
    "leaving",
    "me",
    "points",
    "profile",
    "rewards",
]
