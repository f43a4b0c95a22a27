"""What was recorded is told in one place, whichever door it came by.

Who is looking at an answer is told by it; everybody else by one message for all that the work
brought them.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.store.history import stock
from bot.store.members import members
from bot.store.messages import outbox_by_member
from bot.store.messages.outbox_by_member import AND
from rules.journeys.programme import whole
from rules.wording.highlights import Highlights, between
from rules.wording.news import news, priority_of, thanks_for, together, topic_of, unseen

from ..recording.work import Recording, Work
from .messages import NEWS, SayReached, read, tell
from .moved import tell_moves

#: What tells of more than these letters name is told by another message.
_PERIOD_MAX = 100


def highlights_of(work: Work, member_id: int) -> Highlights:
    """What everything that was recorded of the member in this work brought them."""
    return _brought(work, [each for each in work.recorded if each.before.id == member_id])


def tell_news(work: Work) -> None:
    """Queues the news of what the work recorded, one message for each member who doesn't hear it
    at once. A member without LINE can't be told. Whose card was moved is told by itself."""
    tell_moves(work)
    for member_id in dict.fromkeys(each.before.id for each in work.recorded):
        news = untold(work, member_id)
        member = members.lock(work.uow, member_id) if news else None
        if news is None or member is None or member.line_user_id is None:
            continue
        seqs = [each.outcome.seq for each in work.recorded if each.before.id == member_id]
        news, period = _with_unsent(work, member_id, news, AND.join(map(str, seqs)))
        if "ranks" in member.topics_left:
            # They want to hear of the rest.
            news = replace(news, rank=None)
        if not news.anything:
            continue
        tell(
            work,
            member,
            SayReached.of(news),
            period=period,
            topic=topic_of(news),
            useful=NEWS,
            priority=priority_of(news),
        )


def _with_unsent(
    work: Work, member_id: int, news: Highlights, period: str
) -> tuple[Highlights, str]:
    """`news`, and what it tells of, with what was to be told before and hasn't left: a receipt that
    is brought an hour after the visit is no second message."""
    journey = SayReached.journey()
    for earlier, data in outbox_by_member.queued(work.uow, member_id, journey):
        said = read(data)
        both = together(said.news, news) if isinstance(said, SayReached) else None
        if both is not None and len(earlier + AND + period) <= _PERIOD_MAX:
            outbox_by_member.withdraw(work.uow, member_id, journey, earlier)
            news, period = both, earlier + AND + period
    return news, period


def untold(work: Work, member_id: int) -> Highlights | None:
    """The news of this work for the member; None for none, or where they have heard it."""
    recorded = [each for each in work.recorded if each.before.id == member_id]
    if not recorded or member_id in work.answered:
        return None
    member = members.lock(work.uow, member_id)
    sent = {journey.kind for journey in whole(work.programme).journeys_sent}
    thanks = [thanks_for(each.what, each.outcome.points) for each in recorded]
    brought = replace(_brought(work, recorded), thanks=next(filter(None, thanks), None))
    return news(recorded[0].what, brought, member.facts, journeys=sent)


def _brought(work: Work, recorded: Sequence[Recording]) -> Highlights:
    if not recorded:
        return Highlights()
    outcomes = [each.outcome for each in recorded]
    member = members.lock(work.uow, recorded[0].before.id)
    brought = between(
        work.programme,
        work.settled(recorded[0].before),
        work.settled(member),
        changes=[change for outcome in outcomes for change in outcome.rank_changes],
        badges=[badge for outcome in outcomes for badge in outcome.badges],
        vouchers=[voucher for outcome in outcomes for voucher in outcome.vouchers],
        withheld=stock.withheld(work.uow, work.programme, member, now=work.now),
        day=work.day,
    )
    return unseen([each.what for each in recorded], brought)
