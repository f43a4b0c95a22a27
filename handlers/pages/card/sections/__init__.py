"""The sections of the member's page: what they have, what they did, who they are, their data."""

from . import badges, data, downloads, events, history, leaving, me, points, profile, rewards

__all__ = [
    "badges",
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
