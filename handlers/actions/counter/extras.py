"""What staff add to a visit: the amount of the till, how many came, an eco action, something they
have seen and vouch for. Together with the scan or after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.store import UnitOfWork
from bot.store.members import members
from rules.activity import Eco, Occasion, Purchase, Visitors, What
from rules.base import Refusal
from rules.programme.earning import Confirmable
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline

from ..recording.outcome import Outcome, refused
from ..recording.record import Request, carry_out
from .purchase import Receipt, record_purchase

ExtraKind = Literal["purchase", "visitors", "eco", "review", "share", "feedback", "newsletter"]


@dataclass(frozen=True, slots=True)
class Extras:
    """What is to be added. `receipt` is the number on the purchase's receipt, None where none tells
    it from others; `visitors` counts the member too."""

    purchase: Purchase | None = None
    receipt: str | None = None
    visitors: int | None = None
    eco: tuple[str, ...] = ()
    confirm: tuple[Confirmable, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.purchase or self.visitors or self.eco or self.confirm)


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one of them. `target` is the eco action."""

    kind: ExtraKind
    outcome: Outcome
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Occasioned:
    """To whom extras are added, when, where, and under which key, which the caller has claimed."""

    key: str
    member_id: int
    at: datetime
    store: str


def add_extras(
    uow: UnitOfWork, timeline: Timeline, where: Occasioned, extras: Extras, *, now: datetime
) -> tuple[Added, ...]:
    """Records each of the extras by itself: one that is refused takes nothing from the others."""
    programme = timeline.at(min(where.at, now)).programme
    added: list[Added] = []
    if extras.purchase is not None:
        receipt = Receipt(
            where.key, where.member_id, where.store, where.at, extras.purchase, "staff",
            extras.receipt,
        )  # fmt: skip
        added.append(Added("purchase", record_purchase(uow, timeline, receipt, now=now)))
    if extras.visitors is not None:
        came = _record(uow, timeline, where, Visitors(extras.visitors), now=now)
        added.append(Added("visitors", came))
    for action in dict.fromkeys(extras.eco):
        if action in programme.eco_actions:
            done = _record(uow, timeline, where, Eco(action), now=now)
        else:
            done = _no(uow, where, "eco_unknown")
        added.append(Added("eco", done, action))
    for trigger in dict.fromkeys(extras.confirm):
        if _is_confirmable(programme, trigger):
            done = _record(uow, timeline, where, Occasion(trigger), now=now)
        else:
            done = _no(uow, where, "not_confirmable")
        added.append(Added(trigger, done))
    return tuple(added)


def _is_confirmable(programme: Programme, trigger: Confirmable) -> bool:
    return any(rule.on == trigger for rule in programme.confirmable)


def _record(
    uow: UnitOfWork, timeline: Timeline, where: Occasioned, what: What, *, now: datetime
) -> Outcome:
    member = members.lock(uow, where.member_id)
    request = Request(where.key, member.id, what, where.at, "staff", where.store)
    return carry_out(uow, timeline, member, request, now=now)


def _no(uow: UnitOfWork, where: Occasioned, code: str) -> Outcome:
    member = members.lock(uow, where.member_id)
    return refused(member.id, Refusal(code), balance=member.facts.balance)
