"""Who a member is, for whoever stands at the counter."""

from bot.store import UnitOfWork
from bot.store.members import line_accounts, profiles
from bot.store.members.members import Member
from rules.wording.counter import AtCounter


def person(uow: UnitOfWork, member: Member) -> AtCounter:
    """Who a member is, as the counter shows them."""
    profile = profiles.get(uow, member.id)
    account = line_accounts.get(uow, member.line_user_id or "")
    name = profile.name or next(iter(profiles.display_names(uow, member.id)), "")
    return AtCounter(
        number=member.number,
        name=name,
        note=profile.note,
        on_line=account is not None,
        blocked=account is not None and account.blocked,
    )
