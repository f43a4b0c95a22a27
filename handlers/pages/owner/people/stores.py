"""The stores: where each is, when it is open, and the days on which it is closed for once. What is
said of closed days here holds at once; everything else goes through the programme's forms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from handlers.actions.programme.closing import SOON, Closing, close, open_again
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.recording.work import Work
from rules.outlook.opening import Opening, opening
from rules.premises import Premises
from rules.programme.programme import Programme
from rules.shop import Branch, ClosedPeriod
from rules.wording.texts import long_date
from rules.wording.words import Words

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.layout import store_name
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages

layout.place(75, "owner.stores")

#: What the forms call all of the stores.
_EVERY = "*"


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A branch as the page shows it."""

    branch: Branch
    premises: Premises
    hours: str
    #: What members hear who ask.
    said: str
    #: None where its hours aren't told.
    standing: Opening | None
    is_open_today: bool


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """Days that are closed, today or later: `store` "*" is all of them."""

    store: str
    name: str
    when: str
    first: str
    last: str
    is_running: bool


@pages.get("/stores", endpoint="stores")
@manager_page
def show_stores() -> ResponseReturnValue:
    return _page()


@pages.post("/stores/close", endpoint="close_days")
@manager_page
def close_days() -> ResponseReturnValue:
    """At once. A form without days means today."""
    return _done(close, "closed")


@pages.post("/stores/open", endpoint="open_days")
@manager_page
def open_days() -> ResponseReturnValue:
    return _done(open_again, "opened")


def _done(act: Callable[[Work, Closing], Acknowledgement], done: str) -> ResponseReturnValue:
    club, store = current_club(), request.form.get("store", "")
    with forms.form_work() as work:
        first = _day("first") if "first" in request.form else work.day
        last = _day("last") or first
        if first is None or last is None:
            return _page(refusal_line("closing_day"))
        closing = Closing(None if store == _EVERY else store, first, last)
        no = act(work, closing).refused
    if no is not None:
        return _page(refusal_line(no))
    club.programmes.forget()
    return redirect(url_for("owner.stores", done=done), 303)


def _day(name: str) -> date | None:
    """None for what is no day, or one of another century, which no clock can place."""
    try:
        day = date.fromisoformat(forms.field(name, 10))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _page(problem: str = "") -> ResponseReturnValue:
    club, lang = current_club(), language()
    now = club.now()
    # What was just said comes into force while the page is read.
    programme = club.timeline().at(now + SOON).programme
    today = programme.shop.business_date(now)
    seen = [each for each in programme.stores if signed().may_act_at(each.id)]
    words = Words(programme, lang)
    return layout.page(
        "stores",
        status=409 if problem else 200,
        cards=[_card(words, each, today) for each in seen],
        closings=list(_closings(words, seen, today)),
        weekly=words.weekdays(programme.shop.closed_weekdays),
        owns=signed().desk.owns,
        is_single=len(programme.stores) == 1,
        is_open_today=programme.shop.is_open(today),
        is_closed_for_once=programme.shop.is_specially_closed(today),
        every=_EVERY,
        today=today.isoformat(),
        today_is=words.say("owner.stores.today", day=today),
        typed=request.form,
        key=forms.new_key,
        problem=problem,
        done=forms.done_line("owner.stores.done"),
    )


def _card(words: Words, branch: Branch, today: date) -> PlaceCard:
    programme, hours = words.programme, words.programme.hours_of(branch.id)
    standing = opening(programme, branch.id, current_club().now())
    return PlaceCard(
        branch,
        programme.premises(branch.id),
        words.hours(hours) if hours else "",
        _said(words, standing) if standing else "",
        standing,
        programme.is_open(branch.id, today),
    )


def _said(words: Words, found: Opening) -> str:
    """What the chat answers who asks for the hours."""
    if found.is_open and found.until:
        return words.say("chat.shop.open_until", until=found.until.time())
    if found.until is None:
        return words.say("chat.shop.closed")
    if found.is_early:
        return words.say("chat.shop.opens_today", start=found.until.time())
    told = "chat.shop.over" if found.is_open_day else "chat.shop.closed_until"
    return words.say(told, opens=found.until)


def _closings(words: Words, seen: list[Branch], today: date) -> Iterator[ClosingRow]:
    programme: Programme = words.programme
    for period in programme.shop.closed:
        yield from _row(words, period, _EVERY, store_name(None), today=today)
    for branch in seen:
        for period in branch.closed:
            yield from _row(words, period, branch.id, words.name(branch.name), today=today)


def _row(
    words: Words, period: ClosedPeriod, store: str, name: str, *, today: date
) -> Iterator[ClosingRow]:
    last = period.until or period.on
    if last >= today:
        shown = [long_date(words.lang, each) for each in dict.fromkeys((period.on, last))]
        when = words.say("owner.stores.from_to", first=shown[0], last=shown[-1])
        yield ClosingRow(
            store,
            name,
            when if len(shown) > 1 else shown[0],
            period.on.isoformat(),
            last.isoformat(),
            is_running=period.on <= today,
        )
