"""What came of what a member suggested."""

from datetime import date
from typing import Literal

from .say_kind import SayKind


class SayAdopted(SayKind):
    """What the member wrote on `asked_on` (`quote`, its beginning) was taken up, and what that
    changed (`text`, the shop's words); its period is the activity's number."""

    kind: Literal["adopted"] = "adopted"
    text: str
    quote: str
    asked_on: date
    #: What it brought; 0 for none.
    points: int = 0


class SaySuggestion(SayKind):
    """What the member suggested on `asked_on` (`quote`, its beginning) is considered, or not this
    time; `text` says so in the shop's words. Its period begins with the letter."""

    kind: Literal["suggestion"] = "suggestion"
    state: Literal["considered", "declined"]
    text: str
    quote: str
    asked_on: date
