"""What is known of a member at a moment: what somebody reads, or a counter shows."""

from datetime import datetime

from ..facts import Facts
from ..programme.timeline import Timeline
from .decide import advance
from .placing import place


def facts_at(timeline: Timeline, facts: Facts, now: datetime) -> Facts:
    """`facts` with every period that has ended by `now` judged, on the ladder that is in force."""
    day = timeline.at(now).programme.shop.business_date(now)
    facts, _ = advance(timeline, facts, day)
    facts, _ = place(timeline, facts, now)
    return facts
