"""What an activity brings about, by what is known of the member: each of it is looked at by the
earning rules of its trigger.

All that follows from something else is decided here, where a replay sees it: the profile that its
last step completes, the referral that a friend's first visit makes count, the gift for a
birthday or for years of membership. What it follows from may be undone, or come late.
"""

from ..activity import (
    Activity,
    Anniversary,
    BirthdayTold,
    Delivered,
    Invited,
    Occasion,
    ProfileTold,
    Purchase,
    StepId,
    Trigger,
    Visit,
)
from ..activity import trigger_of as own_trigger
from ..facts import Facts
from ..profile.steps import told
from ..programme import streaks
from ..programme.badges import full_years
from ..programme.earning import Occurrence, occurrence_count
from ..programme.programme import Programme


def triggers(programme: Programme, facts: Facts, activity: Activity) -> tuple[Trigger, ...]:
    """The triggers of `activity`, in their order, for a member of whom `facts` were known before
    it; none where nothing can be earned."""
    match activity.what:
        case BirthdayTold() | ProfileTold():
            return ("profile",) if _completes(programme, facts, activity) else ()
        case Invited() if programme.referral.counts_at == "registration":
            return _referred(facts)
        case Visit() if facts.invited and programme.referral.counts_at != "first_purchase":
            # Also where the programme counted it at joining later on, or no more.
            return ("visit", *_referred(facts))
        case Purchase() if facts.invited and programme.referral.counts_at == "first_purchase":
            return ("purchase", *_referred(facts))
        case Occasion(trigger="birthday") if not _is_birth_month(facts, activity):
            return ()
        case Anniversary(years=years) if years > full_years(facts.joined_on, activity.day):
            return ()
        case Delivered(subscription=subscription, on=on):
            mark = facts.subscriptions.get(subscription)
            return ("delivery",) if mark and mark.holds_on(on) else ()
        case what:
            trigger = own_trigger(what)
            return (trigger,) if trigger else ()


def step_told(facts: Facts, activity: Activity) -> StepId | None:
    """The step of the profile that `activity` is, for a member of whom `facts` were known before
    it; None where it is none, or none that they tell for the first time."""
    match activity.what:
        case BirthdayTold(again=False):
            step: StepId = "birthday"
        case ProfileTold(step=step, again=False):
            pass
        case _:
            return None
    return None if step in told(facts) else step


def _completes(programme: Programme, facts: Facts, activity: Activity) -> bool:
    step = step_told(facts, activity)
    if step is None or facts.counts.get("profile"):
        return False
    missing = set(programme.profile.asked) - told(facts)
    return missing == {step}


def _referred(facts: Facts) -> tuple[Trigger, ...]:
    return () if facts.counts.get("referred") else ("referred",)


def _is_birth_month(facts: Facts, activity: Activity) -> bool:
    """Whether the gift's month is that of the birthday. Which day of it is celebrated the programme
    says to whoever gives it; of who is erased only the month stays known."""
    return facts.birthday is not None and facts.birthday.month == activity.day.month


def occurrences(
    programme: Programme,
    before: Facts,
    facts: Facts,
    activity: Activity,
    found: tuple[Trigger, ...],
) -> tuple[Facts, list[Occurrence]]:
    """Everything in `activity` that rules can look at: its triggers, a step of the profile, a
    streak kept, spend added up."""
    spent_now = facts.spend - before.spend
    looked_at = [
        Occurrence(trigger, occurrence_count(facts, activity, trigger), activity, amount=spent_now)
        for trigger in found
    ]
    if spent_now:
        n = occurrence_count(facts, activity, "purchase")
        looked_at.append(
            Occurrence("spend", n, activity, amount_before=before.spend, amount=facts.spend)
        )
    step, what = step_told(before, activity), activity.what
    if step is not None and not (isinstance(what, ProfileTold) and what.shared):
        looked_at.append(Occurrence("profile", 1, activity, step=step))
    if isinstance(activity.what, Visit):
        for streak in programme.streaks:
            facts, weeks = streaks.count_visit(streak, facts, activity.day)
            if weeks is not None:
                looked_at.append(Occurrence("streak", weeks, activity, streak=streak.id))
    return facts, looked_at
