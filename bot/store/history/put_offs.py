"""What somebody of the shop was offered and doesn't want now: since when it stays away."""

from datetime import datetime

from sqlalchemy import select, update

from ..engine.db import UnitOfWork
from ..tables import put_offs


def put_off(uow: UnitOfWork, what: str, *, at: datetime) -> None:
    """Puts `what` off anew from that moment on."""
    if not uow.insert_new(put_offs, [{"what": what, "at": at}]):
        uow.run(update(put_offs).where(put_offs.c.what == what).values(at=at))


def put_off_at(uow: UnitOfWork, what: str) -> datetime | None:
    """When it was put off last; None for never."""
    return uow.run(select(put_offs.c.at).where(put_offs.c.what == what)).scalar()
