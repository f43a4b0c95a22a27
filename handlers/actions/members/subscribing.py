"""Subscriptions (定期) of a member: begun, put right and ended by staff, a file or LINE's own
membership; and what was delivered by them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.store.history import history
from bot.store.members import line_plans, members, mergers
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.activity import Delivered, Subscribed, Unsubscribed
from rules.base import Refusal
from rules.facts import Facts
from rules.programme.subscriptions import first_day, of_line

from ..recording.idempotency import once
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, asked_of, carry_out

#: What LINE tells of its membership.
Told = Literal["joined", "left", "renewed"]
#: What is noted of a subscription.
SubscriptionNews = Subscribed | Unsubscribed | Delivered


@dataclass(frozen=True, slots=True)
class MembershipNews:
    """What LINE told of an account's membership, and when that was."""

    user_id: str
    #: LINE's number of the plan.
    plan: int
    told: Told
    at: datetime


def subscribe(work: Work, member_id: int, wanted: Subscribed) -> Outcome:
    """Notes that they subscribe from a day, to a day or until it is ended; what was known of the
    same subscription is replaced.

    Refused with subscription_unknown, subscription_days (the last day is before the first), or
    subscription_same where it is known so already.
    """
    return _once(work, member_id, wanted)


def unsubscribe(work: Work, member_id: int, subscription: str) -> Outcome:
    """Ends it at once. Refused with subscription_unknown, or with subscription_over where none is
    running or to come."""
    return _once(work, member_id, Unsubscribed(subscription))


def note_delivery(work: Work, member_id: int, delivered: Delivered) -> Outcome:
    """Notes a delivery, which counts. Refused with subscription_unknown, delivery_day (it is yet to
    come), delivery_unsubscribed (they didn't subscribe on that day) or delivery_again (of that day
    it is noted already)."""
    return _once(work, member_id, delivered)


def hear_membership(work: Work, member_id: int, news: MembershipNews) -> Outcome | None:
    """Takes over what LINE says of its own membership, as of when that happened: of several news
    the newest counts, whichever comes first. None where the plan stands for nothing here; that is
    noted for the owner.

    The account may have several cards: what is known of one of them stays with that one.
    """
    line_plans.note(work.uow, news.user_id, news.plan, news.told, at=news.at)
    found = of_line(work.programme.subscriptions, news.plan)
    if found is None:
        return None
    what = Unsubscribed(found.id) if news.told == "left" else Subscribed(found.id)
    request = Request(_card_with(work, member_id, news.user_id, found.id), what, news.at)
    return once(work, asked_of(work, request), lambda: carry_out(work, request))


def _card_with(work: Work, member_id: int, user_id: str, subscription: str) -> int:
    for card in members.cards(work.uow, user_id):
        mark = members.lock(work.uow, card).facts.subscriptions.get(subscription)
        if mark is not None and mark.by == "member":
            return card
    return member_id


def _once(work: Work, member_id: int, what: SubscriptionNews) -> Outcome:
    request = Request(member_id, what, work.now)

    def act() -> Outcome:
        refusal = why_not(work, members.lock(work.uow, member_id), what)
        if refusal is not None:
            return outcome_of_refusal(member_id, refusal)
        outcome = carry_out(work, request)
        if outcome.done and work.actor is not None:
            _note(work, member_id, what)
        return outcome

    return once(work, asked_of(work, request), act)


def _note(work: Work, member_id: int, what: SubscriptionNews) -> None:
    match what:
        case Subscribed(subscription=of, since=since, until=until):
            days = {"first": since, "last_day": until}
            shown = {name: day.isoformat() for name, day in days.items() if day}
            note(work, "subscribed", member_id=member_id, subscription=of, **shown)
        case Unsubscribed(subscription=of):
            note(work, "unsubscribed", member_id=member_id, subscription=of)
        case Delivered(subscription=of, on=on):
            note(work, "delivered", member_id=member_id, subscription=of, on=on.isoformat())


def why_not(work: Work, member: Member, what: SubscriptionNews) -> Refusal | None:
    """Why it isn't noted of them; None where it would be."""
    facts, member_id = member.facts, member.id
    if member.erased_at:
        return Refusal("erased")
    match what:
        case Subscribed(subscription=of) | Unsubscribed(subscription=of):
            known = facts.subscriptions.get(of)
        case Delivered(subscription=of, on=on):
            return _refuse_delivery(work, facts, member_id, of, on)
    if work.programme.subscription(of) is None and not isinstance(what, Unsubscribed):
        return Refusal("subscription_unknown")
    match what:
        case Subscribed(since=since, until=until):
            since = since or first_day(known, work.day)
            if until and until < since:
                return Refusal("subscription_days")
            is_same = known is not None and (known.since, known.until) == (since, until)
            return Refusal("subscription_same") if is_same else None
        case Unsubscribed() if known is None or _is_over(known.since, known.until, work.day):
            return Refusal("subscription_over")
        case _:
            return None


def _is_over(since: date, until: date | None, day: date) -> bool:
    return until is not None and (until < day or until < since)


def _refuse_delivery(work: Work, facts: Facts, member_id: int, of: str, on: date) -> Refusal | None:
    if work.programme.subscription(of) is None:
        return Refusal("subscription_unknown")
    if on > work.day:
        return Refusal("delivery_day")
    mark = facts.subscriptions.get(of)
    if mark is None or not mark.holds_on(on):
        return Refusal("delivery_unsubscribed")
    cards = mergers.with_absorbed(work.uow, member_id)
    noted = (history.standing(work.uow, card, Delivered(of, on)) for card in cards)
    return Refusal("delivery_again") if any(noted) else None
