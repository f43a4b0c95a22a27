"""Who somebody is, as LINE says: asked before the turn of those who are new, come back, or may have
changed their name, while others have theirs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.line import limits
from bot.line.errors import LineError
from bot.line.people import UserProfile
from rules.base import Lang

log = structlog.get_logger(__name__)

_NAME_MAX = 100
#: How long a name is taken for theirs: LINE tells nobody that it was changed. And how long after a
#: failure it is asked for again.
_HOLDS, _ASK_AGAIN = timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Introduction:
    """What LINE says of a person; a failure only costs the name."""

    display_name: str = ""
    language: Lang = "ja"
    #: Whether it did answer.
    fresh: bool = False

    def due_at(self, now: datetime) -> datetime:
        """From when on LINE is asked again, after it was `now`."""
        return now + (_HOLDS if self.fresh else _ASK_AGAIN)


def introduction(said: UserProfile | LineError | None) -> Introduction:
    """What follows from LINE's answer; None: it shows no profile of theirs."""
    if isinstance(said, LineError):
        log.warning("profile_unknown", kind=type(said).__name__)
    if not isinstance(said, UserProfile):
        return Introduction()
    name = limits.cut(said.display_name, _NAME_MAX, ellipsis="")
    return Introduction(name, _language(said), fresh=True)


def _language(profile: UserProfile) -> Lang:
    language = (profile.language or "ja").lower()
    return "ja" if language.startswith("ja") else "en"
