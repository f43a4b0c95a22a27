"""What LINE counts together of the messages that were sent, and what it has told of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Update, func, select, update

from rules.sending.units import DAYS_TOGETHER, ask_next, day_begins

from ..engine.db import UnitOfWork
from ..tables import line_units, outbox

_DAY = timedelta(days=1)
#: No message waits longer for its turn.
_WAITS_MAX = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """Messages of a journey in one version that LINE counts together."""

    unit: str
    #: LINE's days: on which the first went out, and the last so far.
    first_on: date
    last_on: date
    journey: str
    arm: str
    #: How many people opened one, and how many a link in one; None where LINE doesn't tell, as of
    #: fewer than twenty, or was not asked yet.
    opened: int | None
    tapped: int | None
    #: Up to when that is so.
    asked_on: date | None

    @property
    def ends_on(self) -> date:
        """The last day whose messages are counted with these."""
        return self.first_on + timedelta(DAYS_TOGETHER - 1)


_COLUMNS = tuple(line_units.c[name] for name in UnitPeriod.__dataclass_fields__)


def note_sending(uow: UnitOfWork, versions: Mapping[str, tuple[str, str]], *, on: date) -> None:
    """Notes that messages go out on that day: of each unit, which journey and version it is. The
    caller holds the month's quota, so that nobody else notes the same but around a month's end;
    then both take them in one order."""
    if not versions:
        return
    since = on - timedelta(DAYS_TOGETHER - 1)
    rows = uow.run(
        select(line_units.c.unit, line_units.c.first_on, line_units.c.last_on)
        .where(line_units.c.unit.in_(list(versions)), line_units.c.first_on >= since)
        .order_by(line_units.c.unit)
    )
    known = {row.unit: row for row in rows}
    for row in known.values():
        if row.last_on < on:
            its = (line_units.c.unit == row.unit, line_units.c.first_on == row.first_on)
            uow.run(update(line_units).where(*its).values(last_on=on, ask_on=on + _DAY))
    new = [
        {
            "unit": unit, "first_on": on, "journey": journey, "arm": arm, "last_on": on,
            "ask_on": on + _DAY,
        }
        for unit, (journey, arm) in sorted(versions.items()) if unit not in known
    ]  # fmt: skip
    if new:
        uow.insert_new(line_units, new)


def next_to_ask(uow: UnitOfWork, *, today: date) -> UnitPeriod | None:
    """Of which LINE is to be asked now."""
    row = uow.run(
        select(*_COLUMNS)
        .where(line_units.c.ask_on <= today)
        .order_by(line_units.c.ask_on, line_units.c.unit)
        .limit(1)
    ).first()
    return UnitPeriod(*row) if row else None


def take_turn(uow: UnitOfWork, period: UnitPeriod, *, today: date) -> bool:
    """Whether it is the caller's turn to ask LINE of it, which is the case once a day: who dies
    meanwhile leaves it to the next."""
    turn = _update(period).where(line_units.c.ask_on <= today).values(ask_on=today + _DAY)
    return uow.run(turn).rowcount == 1


def give_back(uow: UnitOfWork, period: UnitPeriod, *, today: date) -> None:
    """LINE did not answer: it is asked again today."""
    uow.run(_update(period).values(ask_on=today))


def note_told(
    uow: UnitOfWork, period: UnitPeriod, opened: int | None, tapped: int | None, *, on: date
) -> None:
    """Notes what LINE told on that day."""
    uow.run(
        _update(period).values(
            opened=opened, tapped=tapped, asked_on=on, ask_on=ask_next(period.last_on, on)
        )
    )


def _update(period: UnitPeriod) -> Update:
    return update(line_units).where(
        line_units.c.unit == period.unit, line_units.c.first_on == period.first_on
    )


def of_journey(uow: UnitOfWork, journey: str, *, limit: int) -> list[UnitPeriod]:
    """What LINE told of that journey's messages, the newest periods first."""
    rows = uow.run(
        select(*_COLUMNS)
        .where(line_units.c.journey == journey)
        .order_by(line_units.c.first_on.desc(), line_units.c.arm)
        .limit(limit)
    )
    return [UnitPeriod(*row) for row in rows]


def delivered(uow: UnitOfWork, period: UnitPeriod) -> int:
    """How many of its messages LINE took."""
    since = day_begins(period.first_on)
    found = select(func.count()).where(
        # With an arm, and by when it was queued: the index of a journey's messages has those.
        outbox.c.arm.is_not(None),
        outbox.c.journey == period.journey,
        outbox.c.queued_at >= since - _WAITS_MAX,
        outbox.c.arm == period.arm,
        outbox.c.status == "sent",
        outbox.c.channel == "line",
        outbox.c.sent_at >= since,
        outbox.c.sent_at < day_begins(period.ends_on + _DAY),
    )
    return int(uow.run(found).scalar_one())
