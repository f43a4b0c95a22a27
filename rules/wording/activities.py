"""What things that happened are called, in a member's history and in the staff's, which of them
make one line there, and what was bought."""

from collections.abc import Sequence

from ..activity import Activity, Visit
from ..judging.replay import RecordedActivity
from ..orders.lines import BoughtLine
from ..programme.subscriptions import perk_named
from .words import Words


def activity_name(words: Words, activity: Activity) -> str:
    """What the activity is called: 「ご来店」, 「特典「コーヒー1杯」」."""
    what = activity.what
    values = dict(what.values)
    if "reward" in values:
        reward = words.programme.reward(str(values["reward"]))
        values["reward"] = words.name(reward.name) if reward else ""
    if "perk" in values:
        programme, key = words.programme, str(values["perk"])
        perk = perk_named(programme.ranks, programme.subscriptions, key)
        values["perk"] = words.name(perk.name) if perk else ""
    if "subscription" in values:
        found = words.programme.subscription(str(values["subscription"]))
        values["subscription"] = words.name(found.name) if found else ""
    return words.say(f"activity.{what.text}.history", **values)


def whole_visits(found: Sequence[RecordedActivity], shown: int) -> int:
    """How many of the activities found, newest first, make about `shown` of them and whole
    visits."""
    length = min(shown, len(found))
    while 0 < length < len(found) and found[length - 1].activity.what.with_a_visit:
        length += 1
    return length


def visits_together(page: Sequence[RecordedActivity]) -> list[list[RecordedActivity]]:
    """The activities, oldest first, each visit with what came with it."""
    lines: list[list[RecordedActivity]] = []
    visit: list[RecordedActivity] | None = None
    for recorded in page:
        activity = recorded.activity
        if visit is not None and _is_of(activity, visit[0].activity):
            visit.append(recorded)
            continue
        lines.append([recorded])
        if isinstance(activity.what, Visit):
            visit = lines[-1]
    return lines


def _is_of(activity: Activity, visit: Activity) -> bool:
    is_there = (activity.day, activity.store) == (visit.day, visit.store)
    return activity.what.with_a_visit and is_there


def goods_name(words: Words, bought: BoughtLine) -> str:
    """What the goods are called: by name, by code, by what they belong to."""
    line = bought.line
    return line.name or line.item or line.category or words.say("activity.bought.unnamed")


def line_words(words: Words, bought: BoughtLine) -> str:
    """「コーヒー豆 × 2　1,480円（1点は返品）」."""
    said = words.say(
        "activity.bought.line",
        goods=goods_name(words, bought),
        count=bought.line.quantity,
        yen=bought.line.yen,
    )
    if not bought.returned:
        return said
    back = words.say("activity.bought.returned", count=bought.returned)
    return words.say("activity.bought.with", line=said, more=back)
