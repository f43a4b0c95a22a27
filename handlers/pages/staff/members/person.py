"""Who a member is, for whoever stands at the counter."""

from bot.store import UnitOfWork
from bot.store.members import profiles
from bot.store.members.members import Member
from rules.wording.counter import CounterIdentity


def person(uow: UnitOfWork, member: Member) -> CounterIdentity:
    """Who a member is, as the counter shows them."""
    known = profiles.contact(uow, member)
    return CounterIdentity(
        number=member.number,
        name=known.name,
        note=known.profile.note,
        on_line=known.on_line,
        blocked=known.blocked,
    )
