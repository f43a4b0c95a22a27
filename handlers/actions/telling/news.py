"""What was recorded is told in one place, whichever door it came by.

Who is looking at an answer is told by it; everybody else by one message for all that the work
brought them.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.store.members import members
from rules.journeys.programme import whole
from rules.wording.highlights import Highlights, between
from rules.wording.news import news, priority_of, thanks_for, topic_of, unseen

from ..recording.work import Recording, Work
from .messages import NEWS, SayReached, tell


def highlights_of(work: Work, member_id: int) -> Highlights:
    """What everything that was recorded of the member in this work brought them."""
    return _brought(work, [each for each in work.recorded if each.before.id == member_id])


def tell_news(work: Work) -> None:
    """Queues the news of what the work recorded, one message for each member who doesn't hear it
    at once. A member without LINE can't be told."""
    for member_id in dict.fromkeys(each.before.id for each in work.recorded):
        news = untold(work, member_id)
        if news is not None:
            member = members.lock(work.uow, member_id)
            say = SayReached(
                rank=news.rank,
                badges=news.badges,
                rewards=news.rewards,
                vouchers=news.vouchers,
                thanks=news.thanks,
            )
            tell(
                work,
                member,
                say,
                period=str(member.seq),
                topic=topic_of(news),
                useful=NEWS,
                priority=priority_of(news),
            )


def untold(work: Work, member_id: int) -> Highlights | None:
    """The news of this work for the member; None for none, or where they have heard it."""
    recorded = [each for each in work.recorded if each.before.id == member_id]
    if not recorded or member_id in work.answered:
        return None
    facts = members.lock(work.uow, member_id).facts
    sent = {journey.kind for journey in whole(work.programme).journeys_sent}
    thanks = [thanks_for(each.what, each.outcome.points) for each in recorded]
    brought = replace(_brought(work, recorded), thanks=next(filter(None, thanks), None))
    return news(recorded[0].what, brought, facts, journeys=sent)


def _brought(work: Work, recorded: Sequence[Recording]) -> Highlights:
    if not recorded:
        return Highlights()
    outcomes = [each.outcome for each in recorded]
    brought = between(
        work.programme,
        work.settled(recorded[0].before),
        work.settled(members.lock(work.uow, recorded[0].before.id)),
        changes=[change for outcome in outcomes for change in outcome.rank_changes],
        badges=[badge for outcome in outcomes for badge in outcome.badges],
        vouchers=[voucher for outcome in outcomes for voucher in outcome.vouchers],
        day=work.day,
    )
    return unseen([each.what for each in recorded], brought)
