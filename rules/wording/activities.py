"""What things that happened are called, in a member's history and in the staff's."""

from ..activity import (
    Activity,
    Adjustment,
    Anniversary,
    Eco,
    MembershipChanged,
    Occasion,
    Redemption,
    Visitors,
)
from .words import Words


def activity_name(words: Words, activity: Activity) -> str:
    """What the activity is called: 「ご来店」, 「特典「コーヒー1杯」」."""
    match activity.what:
        case Occasion(trigger=trigger):
            return words.say(f"chat.history.what.{trigger}")
        case Anniversary(years=years):
            return words.say("chat.history.what.anniversary", count=years)
        case Eco():
            return words.say("chat.history.what.eco")
        case Visitors(count=count):
            return words.say("chat.history.what.visitors", count=count)
        case MembershipChanged(state=state):
            return words.say(f"chat.history.what.membership_{state}")
        case Redemption(reward=reward):
            known = words.programme.reward(reward)
            name = known.name.in_(words.lang) if known else ""
            return words.say("chat.history.what.redemption", reward=name)
        case Adjustment():
            return words.say("chat.history.what.adjustment")
        case what:
            return words.say(f"chat.history.what.{type(what).__name__.lower()}")
