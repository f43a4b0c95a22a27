"""Members of whom one may be unreadable, which is nobody else's trouble."""

from collections.abc import Sequence

from ..engine.db import UnitOfWork
from . import members
from .members import Member


def many(uow: UnitOfWork, ids: Sequence[int]) -> list[Member]:
    """Those of the members that there are, in no order, without those whose row can't be read: the
    night's audit names them."""
    try:
        return members.many(uow, ids)
    except ValueError:
        return [member for each in ids for member in many(uow, [each])] if len(ids) > 1 else []
