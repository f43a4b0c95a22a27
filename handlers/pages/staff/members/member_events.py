"""What a member is signed up for, on their page: staff sign up who has no LINE, and tell them what
LINE would."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import partial
from typing import get_args

from flask import redirect, request
from flask.typing import ResponseReturnValue

from bot.phones import spoken
from bot.store import UnitOfWork
from bot.store.events import events, guests, places, seats, trial_parts, trials
from bot.store.heard import contacts
from bot.store.members.members import Member
from handlers.actions.events.circle import (
    SeatAnswer,
    SeatOutcome,
    answer_seat,
    invite_to_circle,
    leave_circle,
)
from handlers.actions.events.signing_up import (
    OfferAnswer,
    PlaceOutcome,
    Wish,
    answer_offer,
    give_up,
    sign_up,
)
from handlers.actions.events.taking_part import PartWish, take_sample, vote
from handlers.actions.events.telling_by_hand import news_now, note_told, note_trial_told
from handlers.actions.recording.work import Work
from handlers.showing.event_views import EventView, event_view
from handlers.showing.events import events_for
from handlers.showing.trials import TrialView, trial_view, trials_for
from handlers.showing.viewer import viewer_as_known
from rules.characters import whole_number
from rules.events.circle import may_join
from rules.events.trial import TrialNews
from rules.explaining.event_words import when_line

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work, new_key
from ..frame.layout import when
from ..frame.words import words_now
from .member_acts import refusal_of
from .member_views import by_number

#: So many are told of events by hand; the others as soon as these are.
_CALLS_MAX = 50
#: So many trials are looked at.
_TRIALS_MAX = 10


@dataclass(frozen=True, slots=True)
class MemberEvents:
    """The events that are for them; `untold` are those of which somebody is to tell them what LINE
    can't."""

    events: list[EventView]
    untold: frozenset[int]


@dataclass(frozen=True, slots=True)
class EventCall:
    """Somebody to tell what LINE can't; `phone` is E.164, empty while it is unknown or they want no
    calls, and `spoken` the same as it is read. Which event it is of, or which `trial_news` of a
    trial of the circle."""

    number: str
    name: str
    kana: str
    phone: str
    spoken: str
    news: str
    event_id: int = 0
    trial_id: int = 0
    trial_news: TrialNews | None = None
    key: str = field(default_factory=new_key)


def member_events(uow: UnitOfWork, who: Member, *, on_line: bool) -> MemberEvents:
    """The events as they stand for the member, in the words of who reads the page."""
    viewer = viewer_as_known(current_club(), replace(who, language=language()))
    found = events_for(viewer, uow, current_club().now())
    due = [] if on_line else guests.untold(uow, current_club().now(), limit=_CALLS_MAX, of=who.id)
    untold = frozenset(event_id for _, event_id in due)
    return MemberEvents([event_view(viewer, each) for each in found], untold)


def event_calls(uow: UnitOfWork) -> list[EventCall]:
    """Whom staff are to tell of events, what begins first in front."""
    found = guests.untold(uow, current_club().now(), limit=_CALLS_MAX)
    ids, of = {member_id for member_id, _ in found}, {event_id for _, event_id in found}
    if not found:
        return []
    stored, theirs = events.many(uow, of), places.of_members(uow, ids, of)
    words, whom, told = words_now(), _to_call(uow, ids), []
    for member_id, event_id in found:
        place, event = theirs[member_id, event_id], stored[event_id]
        sitting = event.sitting(place.n)
        news = words.say(
            f"staff.events.news.{place.state}",
            event=event.event.title.in_(words.lang),
            when=when_line(words, sitting) if sitting else "",
        )
        told.append(whom[member_id](news, event_id=event_id))
    return told


def trial_calls(uow: UnitOfWork) -> list[EventCall]:
    """Whom of the circle staff are to tell of what it tries, the newest first."""
    if current_programme().circle is None:
        return []
    words, now = words_now(), current_club().now()
    told: list[EventCall] = []
    for stored in trials.newest(uow, limit=_TRIALS_MAX, drafts=False):
        news = news_now(stored, now)
        if news is None or len(told) == _CALLS_MAX:
            continue
        ids = trial_parts.untold(uow, stored.id, news, limit=_CALLS_MAX - len(told))
        said = words.say(
            f"staff.circle.news.{news}",
            trial=stored.trial.title.in_(words.lang),
            said=stored.outcome.in_(words.lang) if stored.outcome else "",
            until=when(stored.trial.ends_at),
        )
        whom = _to_call(uow, ids)
        told += [whom[each](said, trial_id=stored.id, trial_news=news) for each in ids]
    return told


def _to_call(uow: UnitOfWork, ids: Collection[int]) -> dict[int, Callable[..., EventCall]]:
    """What makes a call to each of these members of what they are to be told."""
    country, unwanted = current_programme().shop.country, contacts.refused(uow, "phone", ids)
    calls: dict[int, Callable[..., EventCall]] = {}
    for member_id, who in guests.named(uow, ids).items():
        phone = "" if member_id in unwanted else who.phone
        read = spoken(phone, country) if phone else ""
        calls[member_id] = partial(EventCall, who.number, who.name, who.kana, phone, read)
    return calls


@pages.post("/members/<card:number>/event")
@staff_page
def member_event(number: str) -> ResponseReturnValue:
    """Signs them up, gives their place up, answers an offer for them, or notes that they were told
    what LINE couldn't tell them."""
    event_id, n = _number("event"), _number("n")
    if request.form.get("how") == "told":
        return _told(number, event_id)
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = _do(work, who, event_id, n)
    done = f"event_{outcome.state}" if outcome.state else ""
    return back_to("staff.member", refusal_of(outcome), done, number=who.number)


def _told(number: str, event_id: int) -> ResponseReturnValue:
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = note_told(work, who.id, event_id, language())
    return _after_telling(who, outcome.refused)


def _after_telling(who: Member, refused: str | None) -> ResponseReturnValue:
    if refused is None and "next" in request.form:
        return redirect(layout.after(request.form["next"]), 303)
    return back_to("staff.member", refused, "event_told", number=who.number)


def _do(work: Work, who: Member, event_id: int, n: int) -> PlaceOutcome:
    how = request.form.get("how")
    if how == "join":
        return sign_up(work, Wish(who.id, event_id, n, "staff"))
    if how == "leave":
        return give_up(work, who.id, event_id)
    if how not in ("take", "pass"):
        layout.not_found()
    return answer_offer(work, OfferAnswer(who.id, event_id, n, how == "take"))


def _number(name: str) -> int:
    return whole_number(request.form.get(name, ""), 9) or 0


@dataclass(frozen=True, slots=True)
class MemberCircle:
    """How a member stands to the circle, as staff see it."""

    name: str
    about: str
    #: invited, in, declined or left; empty for whom nobody asked.
    state: str
    #: The same in words.
    told: str
    #: Since when.
    since: str
    #: Whether they may come in by their own word: their rank brings it, or they were asked.
    may_join: bool
    #: What they can take part in, or did.
    trials: list[TrialView]


def member_circle(uow: UnitOfWork, who: Member) -> MemberCircle | None:
    """None where the shop has no circle."""
    programme, lang = current_programme(), language()
    its = programme.circle
    if its is None:
        return None
    seat = seats.get(uow, who.id)
    viewer = viewer_as_known(current_club(), replace(who, language=lang))
    return MemberCircle(
        its.name.in_(lang),
        its.about.in_(lang),
        seat.state if seat else "",
        layout.words(f"seat.state.{seat.state}") if seat else "",
        layout.when(seat.at) if seat else "",
        may_join(programme, viewer.facts.rank.id, seat) is None,
        [trial_view(viewer, each) for each in trials_for(viewer, uow, current_club().now())],
    )


@pages.post("/members/<card:number>/circle")
@staff_page
def member_circle_step(number: str) -> ResponseReturnValue:
    """Asks them in, or notes what they said: yes, no, or that they leave."""
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = _seat_step(work, who, request.form.get("how", ""))
    done = f"circle_{outcome.state}" if outcome.state else ""
    return back_to("staff.member", outcome.refused, done, number=who.number)


def _seat_step(work: Work, who: Member, how: str) -> SeatOutcome:
    if how == "invite":
        return invite_to_circle(work, who.id)
    if how == "leave":
        return leave_circle(work, who.id, "staff")
    if how not in ("yes", "no"):
        layout.not_found()
    return answer_seat(work, SeatAnswer(who.id, how == "yes", "staff"))


@pages.post("/members/<card:number>/trial")
@staff_page
def member_trial(number: str) -> ResponseReturnValue:
    """Takes a sample for them, notes their vote, or that they were told what LINE couldn't."""
    if request.form.get("how") == "told":
        return _trial_told(number)
    with form_work() as work:
        who = by_number(work.uow, number)
        choice = request.form.get("choice", "")[:1] or None
        wish = PartWish(who.id, _number("trial"), "staff", choice)
        outcome = vote(work, wish) if choice else take_sample(work, wish)
    done = "trial_voted" if choice else "trial_sampled"
    return back_to("staff.member", outcome.refused, done, number=who.number)


def _trial_told(number: str) -> ResponseReturnValue:
    said = request.form.get("news")
    news: TrialNews | None = next((each for each in get_args(TrialNews) if each == said), None)
    if news is None:
        layout.not_found()
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = note_trial_told(work, who.id, _number("trial"), news, language())
    return _after_telling(who, outcome.refused)
