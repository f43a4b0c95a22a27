"""What the clock has done: marks of the periods that are finished, and how far a job has come that
takes all members a slice at a time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from ..engine.db import UnitOfWork
from ..tables import JOURNEYS_REST, claims, notes, ticks

_ACCEPTED = "accepted_day"
_COLUMNS_FILLED = "columns_filled"
_FORESEEN_BY = "foreseen_by"
#: So many days after the last night that was finished, a date is believed.
DAYS_MAX = 35


def tick_done(uow: UnitOfWork, key: str) -> bool:
    """Whether the period `key` (`tick:<job>:<period>`) was finished before."""
    return uow.run(select(ticks.c.key).where(ticks.c.key == key)).first() is not None


def mark_tick(uow: UnitOfWork, key: str, *, at: datetime) -> None:
    row: dict[str, Any] = {"key": key, "done_at": at}
    uow.insert_new(ticks, [row])


def last_tick(uow: UnitOfWork, job: str) -> str | None:
    """The newest period of `job` that was finished; periods sort by time."""
    newest = (
        select(ticks.c.key)
        .where(ticks.c.key.like(f"tick:{job}:%"))
        .order_by(ticks.c.key.desc())
        .limit(1)
    )
    key = uow.run(newest).scalar()
    return key.rsplit(":", 1)[1] if key else None


def days_missed(last: str | None, day: date) -> int:
    """How many days there are between a daily job's last period and `day`; none if it never ran."""
    return 0 if last is None else max(0, (day - date.fromisoformat(last)).days - 1)


def place(uow: UnitOfWork, job: str) -> int:
    """How far a job that takes all members a slice at a time has come: the last one's id; 0 before
    the first slice."""
    return int(_noted(uow, f"place:{job}") or 0)


def set_place(uow: UnitOfWork, job: str, member_id: int) -> None:
    _note(uow, f"place:{job}", str(member_id))


def columns_filled(uow: UnitOfWork) -> str | None:
    """What `set_columns_filled` noted last."""
    return _noted(uow, _COLUMNS_FILLED)


def set_columns_filled(uow: UnitOfWork, names: str) -> None:
    """Every member's row has these columns' values."""
    _note(uow, _COLUMNS_FILLED, names)


def foreseen_by(uow: UnitOfWork) -> str | None:
    """What `set_foreseen_by` noted last."""
    return _noted(uow, _FORESEEN_BY)


def set_foreseen_by(uow: UnitOfWork, fingerprint: str) -> None:
    """Every member's day of drifting is by the foresight of that fingerprint."""
    _note(uow, _FORESEEN_BY, fingerprint)


def journeys_rest(uow: UnitOfWork, day: date) -> bool:
    """Whether what journeys have for that day is put by: it is the first one since the club was
    brought in."""
    return _noted(uow, JOURNEYS_REST) in ("", day.isoformat())


def let_journeys_rest(uow: UnitOfWork, day: date) -> None:
    """Notes that it is that day on which they rest."""
    _note(uow, JOURNEYS_REST, day.isoformat())


def accepted_day(uow: UnitOfWork) -> date | None:
    """The last business day that an owner said to be true."""
    told = _noted(uow, _ACCEPTED)
    return date.fromisoformat(told) if told else None


def accept_day(uow: UnitOfWork, day: date) -> None:
    _note(uow, _ACCEPTED, day.isoformat())


def forget_ahead(uow: UnitOfWork, now: datetime) -> int:
    """Lets everything the clock has finished at a time that is still ahead of `now` be done again
    when it comes; gives how many periods those were."""
    uow.run(delete(claims).where(claims.c.key.like("tick:%"), claims.c.at > now))
    uow.run(delete(notes).where(notes.c.name == _ACCEPTED, notes.c.value > now.date().isoformat()))
    return int(uow.run(delete(ticks).where(ticks.c.done_at > now)).rowcount)


def _noted(uow: UnitOfWork, name: str) -> str | None:
    value: str | None = uow.run(select(notes.c.value).where(notes.c.name == name)).scalar()
    return value


def _note(uow: UnitOfWork, name: str, value: str) -> None:
    uow.put(notes, {"name": name}, {"value": value})


@dataclass(frozen=True, slots=True)
class ClockJump:
    """A business day that nobody has vouched for."""

    #: The last one whose night was finished, or that was accepted.
    last: date
    day: date

    @property
    def days(self) -> int:
        return (self.day - self.last).days


def jump_at(uow: UnitOfWork, day: date) -> ClockJump | None:
    """The jump that business day `day` would be; None for none, or where nothing has been done yet
    that could tell."""
    last = last_tick(uow, "nightly")
    if last is None:
        return None
    known = max(date.fromisoformat(last), accepted_day(uow) or date.min)
    jump = ClockJump(known, day)
    return jump if jump.days > DAYS_MAX else None
