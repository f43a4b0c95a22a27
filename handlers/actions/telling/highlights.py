"""What a scan brought, told to the member who isn't looking at the chat while staff scan."""

from collections.abc import Iterable
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.members.members import Member
from rules.judging.decide import advance
from rules.programme.timeline import Timeline
from rules.sending.policy import Topic
from rules.wording.highlights import Reached, reached

from ..recording.outcome import Outcome
from .messages import NEWS, SayReached, tell


def tell_what_was_reached(
    uow: UnitOfWork,
    timeline: Timeline,
    before: Member,
    outcomes: Iterable[Outcome],
    *,
    now: datetime,
) -> Reached:
    """Works out what `outcomes` brought a member who was as `before`, and queues the news of a new
    rank, a badge or a reward within reach. An ordinary visit sends nothing."""
    done = [outcome for outcome in outcomes if outcome.done]
    programme = timeline.at(now).programme
    day = programme.shop.business_date(now)
    member = members.lock(uow, before.id)
    brought = reached(
        programme,
        advance(timeline, before.facts, day)[0],
        advance(timeline, member.facts, day)[0],
        changes=[change for outcome in done for change in outcome.rank_changes],
        badges=[badge for outcome in done for badge in outcome.badges],
        vouchers=[voucher for outcome in done for voucher in outcome.vouchers],
        day=day,
    )
    if brought.anything and member.membership == "active":
        said = SayReached(
            rank=brought.rank,
            badges=brought.badges,
            rewards=brought.rewards,
            vouchers=brought.vouchers,
        )
        topic: Topic = "ranks" if brought.rank else "points"
        tell(uow, member, said, period=str(member.seq), topic=topic, now=now, useful=NEWS)
    return brought
