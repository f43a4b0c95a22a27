"""A campaign that staff switch on for a day and a store (rain), and off again."""

from dataclasses import dataclass
from datetime import datetime

from bot.calendar import is_public_holiday
from bot.store import UnitOfWork
from bot.store.history import switches
from bot.store.staff import audit
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.outlook.on_today import DayAtShop, switchable
from rules.programme.programme import Programme

from ..recording.idempotency import once_for
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement

#: What the audit log calls it.
_ACTIONS = {True: "campaign_on", False: "campaign_off"}


@dataclass(frozen=True, slots=True)
class Switching:
    """A campaign switched on or off."""

    campaign: str
    store: str
    on: bool
    #: From when on; what a device kept while it had no network comes later.
    at: datetime


def switch_campaign(work: Work, wanted: Switching) -> Acknowledgement:
    """Switches it from its moment until the business day ends, or until it is switched again. A
    repeat of the key changes nothing.

    Refused with campaign_gone: none that can be switched there on that day.
    """

    def act() -> Acknowledgement:
        refusal = switch_at(work, wanted)
        return Acknowledgement(refusal.code if refusal else None)

    asked = f"switch {wanted.campaign} {wanted.store} {wanted.on}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)


def switch_at(work: Work, wanted: Switching) -> Refusal | None:
    """`switch_campaign` for a caller who has claimed the key."""
    programme = work.timeline.at(wanted.at).programme
    day = programme.shop.business_date(wanted.at)
    known = switchable(
        programme, day_at(work.uow, programme, wanted.at, wanted.store), wanted.store
    )
    if wanted.campaign not in [campaign.id for campaign in known]:
        return Refusal("campaign_gone")
    switches.switch(work.uow, wanted.store, day, wanted.campaign, to=wanted.on, at=wanted.at)
    actor = work.actor
    audit.add(
        work.uow,
        _ACTIONS[wanted.on],
        at=work.now,
        staff_id=actor.staff_id if actor else None,
        device_id=actor.device_id if actor else None,
        store=wanted.store,
        key=work.key or None,
        campaign=wanted.campaign,
        made_at=wanted.at.isoformat(),
    )
    return None


def day_at(uow: UnitOfWork, programme: Programme, at: datetime, store: str) -> DayAtShop:
    """The business day of that moment, as it is at that store."""
    day = programme.shop.business_date(at)
    on = switches.on(uow, store, day, at)
    holiday = is_public_holiday(programme.shop.country, day)
    return DayAtShop(day, holiday, dict.fromkeys(on, (store,)))
