"""By which poster, flyer or sign a member came. The first that brought them counts, and stays.

Adding the account joins somebody before they can send the code that the link typed in for them, so
that it is taken for a day after joining. A friend who brought them was there first.
"""

from datetime import datetime, timedelta

from bot.store.members import members, sources
from bot.store.members.sources import How, MemberSource, SourceCredit
from handlers.actions.recording.work import Work

#: How long after joining a code may still be brought.
CODE_LIFE = timedelta(days=1)


def come_by(work: Work, member_id: int, code: str, *, at: datetime) -> bool:
    """Notes that a member came by the source with that code, if they have just joined; whether it
    was noted. A poster that hangs still counts, also where the source was closed or taken off the
    list."""
    source = sources.by_code(work.uow, code)
    return source is not None and _credit(work, member_id, source, "chat", at)


def come_by_counter(work: Work, member_id: int, source_id: int) -> bool:
    """The same of who joins at the counter, as staff entered it."""
    source = sources.get(work.uow, source_id)
    return source is not None and _credit(work, member_id, source, "counter", work.now)


def _credit(work: Work, member_id: int, source: MemberSource, how: How, at: datetime) -> bool:
    member = members.lock(work.uow, member_id)
    is_new = member.erased_at is None and at - member.joined_at <= CODE_LIFE
    if not is_new or member.referred_by is not None:
        return False
    credit = SourceCredit(member.id, source.id, member.facts.joined_on, at, how)
    return sources.credit(work.uow, credit)
