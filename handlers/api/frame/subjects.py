"""Of whom and of which store a request speaks."""

from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.base import Refusal

from .current import asking
from .problems import Trouble, refuse


def member_with(uow: UnitOfWork, number: str) -> Member:
    """Whoever stands for the card now: the keeper of one that was merged. 404 for nobody."""
    holder = members.by_code(uow, "number", number)
    member = members.get(uow, members.keeper(uow, holder)) if holder is not None else None
    if member is None or member.erased_at is not None:
        raise Trouble(404, "not_found")
    return member


def holder_of(uow: UnitOfWork, number: str) -> Member:
    """Whose card that is, also where another one stands for it now. 404 for nobody."""
    holder = members.by_code(uow, "number", number)
    member = members.get(uow, holder) if holder is not None else None
    if member is None or member.erased_at is not None:
        raise Trouble(404, "not_found")
    return member


def number_of(uow: UnitOfWork, member_id: int) -> str:
    """The number on a member's card; LookupError for nobody."""
    member = members.get(uow, member_id)
    if member is None:
        raise LookupError("no such member")
    return member.number


def store_of(work: Work, named: str | None) -> str:
    """The store at which something is done: the key's own; else the one that is named, which may be
    left away where there is but one. 403 for another one than the key's."""
    stores = [branch.id for branch in work.programme.stores]
    own = asking().store
    if own is not None:
        if named not in (None, own):
            raise Trouble(403, "other_store")
        named = own
    elif named is None and len(stores) == 1:
        named = stores[0]
    if named is None:
        raise Trouble(409, "store_missing")
    if named not in stores:
        raise refuse(Refusal("store_unknown"))
    return named
