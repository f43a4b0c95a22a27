"""What was taken back later: goods that were returned, what somebody had had by another card.

It counts as if it had not been, so whatever hung on it (spend, ranks, the n-th purchase) follows by
itself. What stood on it stands all the same, whatever the points, as it was handed out: between the
two the balance may be below zero, and what is still missing in the end is a shortfall, which later
purchases make good. So nothing is ever in the way of taking something back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..activity import (
    Activity,
    Adjustment,
    BirthdayTold,
    BroughtAlong,
    Expiry,
    Merged,
    ProfileTold,
    Purchase,
    Redemption,
    Registration,
    TakenBack,
    Trigger,
    What,
)
from ..facts import Facts, changed
from ..programme.earning import Grant
from .recorded import RecordedActivity

#: How ledger entries name what is lent for a shortfall, and what a purchase gives back of it.
SHORTFALL = "shortfall"
#: How they name what had run out before it was to be taken back: nobody pays for it.
RAN_OUT = "ran_out"
#: What stands for a rule where a manager gave or took points.
BY_HAND = "adjustment"
#: And where somebody brought them from elsewhere.
BROUGHT = "brought"
#: And where those were the stamps of an old card.
STAMPS = "stamps"


def left_over(ordered: Sequence[RecordedActivity]) -> Sequence[RecordedActivity]:
    """A history, in order, without what was taken back later; and with what came in between marked
    as standing whatever the points."""
    returned = _by_activity(ordered)
    # What was undone since can't be taken back, and lends nothing.
    known = {recorded.seq for recorded in ordered} & returned.keys() if returned else ()
    if not known:
        return ordered
    backs = (
        isinstance(r.activity.what, TakenBack) and r.activity.what.of in known for r in ordered
    )
    last = max(place for place, is_back in enumerate(backs) if is_back)
    found: list[RecordedActivity] = []
    for place, recorded in enumerate(ordered):
        activity = recorded.activity
        if recorded.seq in returned:
            what = _left(activity.what, returned[recorded.seq])
            if what is None:
                continue
            activity = replace(activity, what=what)
        found.append(RecordedActivity(recorded.seq, activity, stands=place < last))
    return found


def returns(history: Iterable[RecordedActivity]) -> dict[int, int]:
    """How many yen were returned of what, by its number; 0 where it is about no purchase."""
    found = _by_activity(history)
    return {of: sum(what.yen or 0 for what in backs) for of, backs in found.items()}


def _by_activity(history: Iterable[RecordedActivity]) -> dict[int, list[TakenBack]]:
    """What was taken back of what, by its number."""
    found: dict[int, list[TakenBack]] = {}
    for recorded in history:
        what = recorded.activity.what
        if isinstance(what, TakenBack):
            found.setdefault(what.of, []).append(what)
    return found


def _left(what: What, returned: Sequence[TakenBack]) -> What | None:
    match what:
        case Purchase():
            return _kept(what, returned)
        case Registration() | BirthdayTold() | ProfileTold():
            return replace(what, again=True)
        case _:
            return None


def _kept(bought: Purchase, returned: Iterable[TakenBack]) -> Purchase | None:
    """What is left of a purchase; None where all of it went back."""
    yen = tax = excluded = shared = 0
    for back in returned:
        if back.parts is None:
            shared += back.yen or 0
        else:
            yen += back.yen or 0
            tax, excluded = tax + back.parts[0], excluded + back.parts[1]
    left = bought.total_yen - yen - shared
    if left <= 0:
        return None
    # By lines exactly what they say went back; else, and of points used, an equal share.
    among, total = bought.total_yen - yen, bought.total_yen
    return replace(
        bought,
        total_yen=left,
        tax_yen=max(0, bought.tax_yen - tax) * left // among,
        excluded_yen=max(0, bought.excluded_yen - excluded) * left // among,
        points_used_yen=bought.points_used_yen * left // total,
    )


def lent(granted: Mapping[tuple[int, str], int]) -> int:
    """How many points were lent for shortfalls, made good since or not; `granted` is the sum of
    grants per (activity, rule)."""
    given = (points for (_, rule), points in granted.items() if rule == SHORTFALL)
    return sum(points for points in given if points > 0)


def settle(
    facts: Facts, activity: Activity, found: Sequence[Trigger], won: int
) -> tuple[Facts, tuple[Grant, ...]]:
    """`facts` with a shortfall noted or made good, and what that gives and takes: `won` points were
    earned by the activity, whose triggers are `found`."""
    match activity.what:
        case TakenBack(ran_out=ran_out):
            missing = max(0, -facts.balance - ran_out)
            facts = changed(facts, shortfall=facts.shortfall + missing)
            lent = (Grant(RAN_OUT, ran_out), Grant(SHORTFALL, missing))
            return facts, tuple(grant for grant in lent if grant.points)
        case _ if "purchase" in found and facts.shortfall and won > 0:
            paid = min(facts.shortfall, won)
            return changed(facts, shortfall=facts.shortfall - paid), (Grant(SHORTFALL, -paid),)
        case _:
            return facts, ()


def spent_by(activity: Activity) -> Grant | None:
    """The points that `activity` takes, and the rule that ledger entries name; None for none."""
    match activity.what:
        case Redemption(reward=reward, points=points) if points:
            return Grant(f"reward:{reward}", points)
        case Expiry(points=points):
            return Grant("expiry", points)
        case Adjustment(points=points) if points < 0:
            return Grant(BY_HAND, -points)
        case BroughtAlong(points=points) if points < 0:
            return Grant(BROUGHT, -points)
        case Merged(points=points) if points:
            return Grant("merged", points)
        case _:
            return None
