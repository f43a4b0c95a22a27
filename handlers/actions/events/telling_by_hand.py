"""Whom LINE doesn't reach is told by staff that a place is kept for them, that it is off, or that
it is tomorrow; and what there is of what the inner circle tries."""

from dataclasses import replace
from datetime import datetime

from bot.store.events import events, guests, places, trial_parts, trials
from bot.store.events.trials import StoredTrial
from bot.store.heard import contacts
from bot.store.heard.contacts import NotedContact
from bot.store.members import members
from rules.base import Lang
from rules.events.moments import offer_ends
from rules.events.trial import TrialNews, is_over

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from ..recording.work import Work
from .trials import TOLD_WITHIN

_TO_TELL = ("taken", "offered", "off")
#: Nobody is to be told of more at once.
_LOOKED_MAX = 50


def note_told(work: Work, member_id: int, event_id: int, lang: Lang) -> Acknowledgement:
    """Notes that the member was told, among what was done for them, too, with the event's name in
    that language. From now on the time of an offer runs to whom nothing else told of it. Told
    twice, it changes nothing.

    Refused with event_none where there is nothing to tell any more.
    """

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        place = places.get(work.uow, member.id, event_id)
        stored = events.get(work.uow, event_id)
        if place is None or stored is None or place.state not in _TO_TELL:
            return Acknowledgement("event_none")
        due = guests.untold(work.uow, work.now, limit=_LOOKED_MAX, of=member.id)
        if (member.id, event_id) not in due:
            if place.told_at is not None:
                return Acknowledgement()
            if place.state == "taken":
                return Acknowledgement("event_none")
        until, sitting = place.until, stored.sitting(place.n)
        if place.state == "offered" and member.line_user_id is None and sitting is not None:
            policy, shop = work.programme.sending, work.programme.shop
            hours = stored.event.offer_hours
            until = offer_ends(policy, shop, sitting, hours=hours, now=work.now)
        places.change(work.uow, place, told_at=work.now, until=until)
        title = stored.event.title.in_(lang)
        done = NotedContact(work.now, "spoken", title, work.staff.staff_id, None)
        contacts.add(work.uow, member.id, done)
        note(work, "spoken", member_id=member.id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"event_told {member_id} {event_id}", act)


def news_now(stored: StoredTrial, now: datetime) -> TrialNews | None:
    """What members are to hear of the trial at this moment; None for nothing."""
    if stored.state == "cancelled":
        return "off" if stored.off_at and now < stored.off_at + TOLD_WITHIN else None
    if stored.outcome_at is not None:
        return "outcome" if now < stored.outcome_at + TOLD_WITHIN else None
    is_over_now = is_over(stored.trial, stored.state, now)
    is_said = stored.state == "open" and stored.invited_at is not None
    return "invite" if is_said and not is_over_now else None


def note_trial_told(
    work: Work, member_id: int, trial_id: int, news: TrialNews, lang: Lang
) -> Acknowledgement:
    """Notes that the member was told that, among what was done for them, too, with the trial's name
    in that language. Told twice, it changes nothing.

    Refused with news_over where that is no news any more.
    """

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        stored = trials.get(work.uow, trial_id)
        if stored is None or news_now(stored, work.now) != news:
            return Acknowledgement("news_over")
        part = trial_parts.get(work.uow, member.id, trial_id)
        if part.told == news:
            return Acknowledgement()
        trial_parts.put(work.uow, replace(part, told=news, told_at=work.now))
        title = stored.trial.title.in_(lang)
        done = NotedContact(work.now, "spoken", title, work.staff.staff_id, None)
        contacts.add(work.uow, member.id, done)
        note(work, "spoken", member_id=member.id)
        return Acknowledgement()

    asked = f"trial_told {member_id} {trial_id} {news}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)
