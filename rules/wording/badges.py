"""How a badge is earned, in words."""

from typing import Any

from ..programme.badges import Badge
from .words import Words


def badge_needs(words: Words, badge: Badge) -> str:
    """What earns it: 「ご来店10回」, "10 visits"."""
    values = {name: _value(words, name, value) for name, value in badge.needs.values.items()}
    return words.say(f"explain.badge.needs.{badge.needs.text}", **values)


def badge_label(words: Words, badge: Badge) -> str:
    """The same standing alone: "Your first visit"."""
    needs = badge_needs(words, badge)
    return needs[:1].upper() + needs[1:]


def _value(words: Words, name: str, value: Any) -> Any:
    """What a badge needs, as its sentence says it; numbers and days say themselves."""
    match name:
        case "hours":
            return words.hours(value)
        case "weekdays":
            return words.weekdays(value)
        case "streak":
            return words.streak(value)
        case _:
            return value
