"""The shop's own art that was handed in from a browser, by a name that follows from what it is."""

import hashlib
import re
from datetime import datetime

from sqlalchemy import select

from ..engine.db import UnitOfWork
from ..tables import arts

_OURS = re.compile(r"up-[0-9a-f]{24}\.png")


def name_of_art(data: bytes) -> str:
    """As the programme calls it: whatever else is handed in later, its name stays its own."""
    return f"up-{hashlib.sha256(data).hexdigest()[:24]}.png"


def is_stored_name(name: str) -> bool:
    """Whether it can be one of those names, and no file's that somebody chose."""
    return _OURS.fullmatch(name) is not None


def add(uow: UnitOfWork, data: bytes, *, at: datetime) -> bool:
    """Keeps it for good, as versions of the programme do; False where it was there."""
    row = {"name": name_of_art(data), "data": data, "added_at": at}
    return bool(uow.insert_new(arts, [row]))


def read(uow: UnitOfWork, name: str) -> bytes | None:
    """The PNG of that name; None where there is none."""
    return uow.run(select(arts.c.data).where(arts.c.name == name)).scalar()
