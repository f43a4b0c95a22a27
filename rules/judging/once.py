"""What one person gets once, however many cards they had: the welcome, each step of the profile,
each birthday, each year of membership."""

from collections.abc import Iterable

from ..activity import Anniversary, BirthdayTold, Occasion, ProfileTold, Registration
from .recorded import RecordedActivity
from .replay import as_it_counts


def once(history: Iterable[RecordedActivity]) -> dict[str, int]:
    """What of it a history holds, each with the number of the first activity that brought it."""
    found: dict[str, int] = {}
    for recorded in as_it_counts(history):
        what = _name(recorded)
        if what is not None:
            found.setdefault(what, recorded.seq)
    return found


def _name(recorded: RecordedActivity) -> str | None:
    match recorded.activity.what:
        case Registration(again=False):
            return "welcome"
        case BirthdayTold(again=False):
            return "profile"
        case ProfileTold(step=step, again=False):
            return f"profile {step}"
        case Occasion(trigger="birthday"):
            return f"birthday {recorded.activity.day.year}"
        case Anniversary(years=years):
            return f"anniversary {years}"
        case _:
            return None
