"""Who somebody is, as LINE says: asked before the turn of those who are new or come back, while
others have theirs."""

from dataclasses import dataclass

import structlog

from bot.line import limits
from bot.line.errors import LineError
from bot.line.people import UserProfile
from rules.base import Lang

log = structlog.get_logger(__name__)

_NAME_MAX = 100


@dataclass(frozen=True, slots=True)
class Introduction:
    """What LINE says of a person; a failure only costs the name."""

    display_name: str = ""
    language: Lang = "ja"
    #: Whether it did answer.
    fresh: bool = False


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
