"""What an activity brings about, by what is known of the member: each of it is looked at by the
earning rules of its trigger.

All that follows from something else is decided here, where a replay sees it: the profile that a
first birthday completes, the referral that a friend's first visit makes count, the gift for a
birthday or for years of membership. What it follows from may be undone, or come late.
"""

from ..activity import Activity, Anniversary, BirthdayTold, Invited, Occasion, Trigger, Visit
from ..activity import trigger_of as own_trigger
from ..facts import Facts
from ..programme.badges import full_years
from ..programme.programme import Programme


def triggers(programme: Programme, facts: Facts, activity: Activity) -> tuple[Trigger, ...]:
    """The triggers of `activity`, in their order, for a member of whom `facts` were known before
    it; none where nothing can be earned."""
    match activity.what:
        case BirthdayTold(again=False) if facts.birthday is None:
            return ("profile",)
        case Invited() if programme.referral.counts_at == "registration":
            return _referred(facts)
        case Visit() if facts.invited:
            # Also where the programme counted it at joining later on, or no more.
            return ("visit", *_referred(facts))
        case Occasion(trigger="birthday") if not _is_birth_month(facts, activity):
            return ()
        case Anniversary(years=years) if years > full_years(facts.joined_on, activity.day):
            return ()
        case what:
            trigger = own_trigger(what)
            return (trigger,) if trigger else ()


def _referred(facts: Facts) -> tuple[Trigger, ...]:
    return () if facts.counts.get("referred") else ("referred",)


def _is_birth_month(facts: Facts, activity: Activity) -> bool:
    """Whether the gift's month is that of the birthday. Which day of it is celebrated the programme
    says to whoever gives it; of who is erased only the month stays known."""
    return facts.birthday is not None and facts.birthday.month == activity.day.month
