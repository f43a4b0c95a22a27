"""What somebody has told so far of the club that they begin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from ..engine.db import UnitOfWork
from ..tables import first_steps

_THE_ONE = 1


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """The answers, as they stand."""

    #: The hash of what the browser has that may go on, and until when; None for no browser.
    session: str | None
    session_until: datetime | None
    template: str
    #: The programme.
    text: str
    #: The steps that were answered.
    done: frozenset[str]
    login: str | None = None
    name: str | None = None
    password_hash: str | None = None
    #: Both sealed.
    channel_secret: str | None = None
    channel_token: str | None = None
    #: What the account is called.
    channel_account: str | None = None
    #: When this very club was begun; None where it is still to be.
    begun_at: datetime | None = None

    @property
    def is_connected(self) -> bool:
        """Whether LINE's channel was told."""
        return self.channel_token is not None


def find(uow: UnitOfWork, *, locked: bool = False) -> FirstSteps | None:
    """What was told; None where nobody has begun to."""
    wanted = select(first_steps).where(first_steps.c.id == _THE_ONE)
    row = uow.run(wanted.with_for_update() if locked else wanted).mappings().one_or_none()
    if row is None:
        return None
    known = {name: row[name] for name in FirstSteps.__dataclass_fields__}
    return FirstSteps(**known | {"done": frozenset(row["done"].split())})


def put(uow: UnitOfWork, steps: FirstSteps, *, at: datetime) -> None:
    """Begins with that, in place of whatever there was."""
    row = {name: getattr(steps, name) for name in FirstSteps.__dataclass_fields__}
    row |= {"id": _THE_ONE, "done": _listed(steps.done), "written_at": at}
    uow.run(delete(first_steps).where(first_steps.c.id == _THE_ONE))
    uow.run(insert(first_steps).values(row))


def change(uow: UnitOfWork, *, at: datetime, **values: Any) -> None:
    """Sets columns by their names."""
    if "done" in values:
        values["done"] = _listed(values["done"])
    it = first_steps.c.id == _THE_ONE
    uow.run(update(first_steps).where(it).values(written_at=at, **values))


def _listed(done: frozenset[str]) -> str:
    return " ".join(sorted(done))
