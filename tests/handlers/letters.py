"""What members wrote that nobody of the staff has answered."""

from sqlalchemy import select

from bot.store import UnitOfWork
from bot.store.messages.inbox import Letter, under_one_of
from bot.store.tables import inbox


def unanswered(uow: UnitOfWork) -> list[Letter]:
    """All of it, the oldest first."""
    keys = select(inbox.c.key).where(inbox.c.answered_at.is_(None)).order_by(inbox.c.at, inbox.c.id)
    found = [under_one_of(uow, [key]) for key in uow.run(keys).scalars().all()]
    return [letter for letter in found if letter]
