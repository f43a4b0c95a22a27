"""What things that happened are called, in a member's history and in the staff's."""

from ..activity import Activity
from .words import Words


def activity_name(words: Words, activity: Activity) -> str:
    """What the activity is called: 「ご来店」, 「特典「コーヒー1杯」」."""
    what = activity.what
    values = dict(what.values)
    if "reward" in values:
        reward = words.programme.reward(str(values["reward"]))
        values["reward"] = words.name(reward.name) if reward else ""
    return words.say(f"activity.{what.text}.history", **values)
