"""What an activity holds of a member whose history another one took over."""

from dataclasses import replace
from datetime import date, timedelta

from pydantic import TypeAdapter

from ..activity import Absorbed, BroughtAlong
from ..facts import STAMPS_MOVED, VISITS_KEPT, Facts, changed, faded
from ..programme.earning import Grant

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)

#: What stands for a rule where points came over from another card: this and a number.
CARRIED = "merged:"


def facts_json(facts: Facts) -> str:
    """Facts as an activity holds them."""
    return _FACTS.dump_json(facts).decode()


def facts_in(absorbed: Absorbed) -> Facts:
    """What was known of the other member when they were merged."""
    facts = _FACTS.validate_json(absorbed.facts)
    return facts if facts.visit_day_count else _with_days_counted(facts)


def _with_days_counted(facts: Facts) -> Facts:
    """Facts of before days with a visit were counted: those still known by name, and where there
    were more, one for each visit."""
    days, count = facts.visit_days, len(facts.visit_days)
    if count == VISITS_KEPT:
        count = max(count, facts.visits)
    recent = sum(faded(1, (days[-1] - day).days) for day in days)
    return changed(facts, visit_day_count=count, recent=recent)


def forgetting(absorbed: Absorbed) -> Absorbed:
    """Without the day and the year of birth: the month, by which points came, stays."""
    facts = facts_in(absorbed)
    if facts.birthday is None:
        return absorbed
    born = replace(facts.birthday, day=1, year=None)
    return replace(absorbed, facts=facts_json(changed(facts, birthday=born)))


def grants(absorbed: Absorbed) -> tuple[Grant, ...]:
    """The points that came over: one grant for each lot, in their order, so that each keeps its own
    end and can be taken back by itself."""
    return tuple(Grant(f"{CARRIED}{n}", lot.points) for n, lot in enumerate(absorbed.lots, 1))


def with_brought(facts: Facts, brought: BroughtAlong, day: date) -> Facts:
    """`facts` with what somebody brought on that day from elsewhere: all of it but the points."""
    if brought.stamps:
        moved = facts.counts.get(STAMPS_MOVED, 0) + brought.stamps
        facts = changed(facts, counts={**facts.counts, STAMPS_MOVED: moved})
    if brought.visits:
        facts = changed(facts, visits=facts.visits + brought.visits)
        # A visit of this very day is still to come.
        facts = facts.on_day(day - timedelta(days=1), visits=brought.visits)
    return facts
