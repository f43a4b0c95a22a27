"""Whom to telephone (`/staff/calls`): good customers who stopped coming, before a message goes out;
and who is to be told of an event, or of what the inner circle tries, what LINE can't tell them.

The list is that of the programme's `ask_why` journeys; who was spoken with is not asked any more.
"""

from dataclasses import dataclass
from uuid import uuid4

from flask import request
from flask.typing import ResponseReturnValue

from bot.phones import spoken
from bot.store import UnitOfWork
from bot.store.events import guests
from bot.store.heard import contacts, suggestions
from bot.store.members import members, mergers, profiles
from handlers.actions.heard.contacting import WORDS_MAX, ByHand, Deed, note_contact
from handlers.actions.heard.telling_back import note_called
from handlers.showing.call_list import CALLS_MAX, CallEntry, waiting_for_a_call
from rules.explaining.explain_returning import returning_sentences
from rules.journeys.calls import journeys_with_calls

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, form_work, new_key, problem_line
from ..frame.looks import note_look
from ..frame.words import words_now
from .contact_log import ContactLine, contact_lines
from .member_events import event_calls, trial_calls
from .member_views import MemberRow, by_number, member_row


@dataclass(frozen=True, slots=True)
class CallView:
    """Somebody to call. `log` is what was done for them last; `phone` is E.164 and `spoken` the
    same as it is read, both empty while it is unknown; `returning` says how their visits go on;
    `tried` is when nobody answered last, empty if nobody tried."""

    row: MemberRow
    phone: str
    spoken: str
    note: str
    log: list[ContactLine]
    points: str
    visits: int
    returning: str
    tried: str
    key: str


#: So many are told of their suggestions at once; the others as soon as these are.
_IDEAS_MAX = 50
#: So much of what was done for them is shown.
_LINES = 3
#: How a call ended, by the buttons; without any nobody answered.
_ENDED: dict[str, ByHand] = {"spoke": "called", "refused": "called_refused"}

layout.link(70, "staff.calls", "phone")


@pages.get("/calls")
@staff_page
def calls() -> ResponseReturnValue:
    club = current_club()
    note_look(signed().desk, "calls_seen")
    found = waiting_for_a_call(club)
    with club.store.read() as uow:
        shown = [_call_view(uow, each) for each in found]
        told, tried = event_calls(uow), trial_calls(uow)
        ideas = suggestion_calls(uow)
    return layout.page(
        "calls",
        people=shown,
        events=told,
        tried=tried,
        ideas=ideas,
        is_full=len(shown) == CALLS_MAX,
        journeys=journeys_with_calls(current_programme()),
        done=done_line("staff.calls.done"),
        problem=problem_line(),
    )


@pages.post("/calls/<card:number>")
@staff_page
def call_noted(number: str) -> ResponseReturnValue:
    how = request.form.get("how", "")
    words = request.form.get("words", "").replace("\0", "").strip()
    if len(words) > WORDS_MAX:
        return back_to("staff.calls", "call_words_long", "")
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = note_contact(work, Deed(who.id, _ENDED.get(how, "called_no_answer"), words))
    return back_to("staff.calls", outcome.refused, how if how in _ENDED else "missed")


def _call_view(uow: UnitOfWork, each: CallEntry) -> CallView:
    profile = profiles.get(uow, each.member.id)
    club, shop = current_club(), current_programme().shop
    models, day = club.timeline().models, shop.business_date(club.now())
    return CallView(
        row=member_row(uow, each.member),
        phone=profile.phone,
        spoken=spoken(profile.phone, shop.country) if profile.phone else "",
        note=profile.note,
        log=contact_lines(uow, mergers.with_absorbed(uow, each.member.id), limit=_LINES),
        points=words_now().amount(each.facts.balance),
        visits=each.facts.visits,
        returning=returning_sentences(words_now(), models, each.facts, day),
        tried=layout.when(each.tried_at),
        key=str(uuid4()),
    )


@dataclass(frozen=True, slots=True)
class SuggestionCall:
    """Somebody to tell; `phone` is E.164, empty while it is unknown or they want no calls."""

    letter: int
    number: str
    name: str
    kana: str
    phone: str
    spoken: str
    words: str
    title: str
    word: str
    key: str


def suggestion_calls(uow: UnitOfWork) -> list[SuggestionCall]:
    found = suggestions.to_call(uow, limit=_IDEAS_MAX)
    if not found:
        return []
    # Who took a card over is told what was suggested with it.
    keeper = {each: members.keeper(uow, each) for each in {one.member_id for one, _ in found}}
    whose = set(keeper.values())
    owners = {card: owner for owner in whose for card in mergers.with_absorbed(uow, owner)}
    people, unwanted = guests.named(uow, whose), contacts.refused(uow, "phone", owners)
    refused, country = {owners[card] for card in unwanted}, current_programme().shop.country
    calls = []
    for letter, its in found:
        who = people.get(keeper[letter.member_id])
        if who is None:
            continue
        phone = "" if who.member_id in refused else who.phone
        calls.append(
            SuggestionCall(
                letter.id,
                who.number,
                who.name,
                who.kana,
                phone,
                spoken(phone, country) if phone else "",
                letter.text,
                its.title,
                its.word,
                new_key(),
            )
        )
    return calls


@pages.post("/calls/suggestions/<int:letter_id>")
@staff_page
def suggestion_told(letter_id: int) -> ResponseReturnValue:
    with form_work() as work:
        outcome = note_called(work, letter_id)
    return back_to("staff.calls", outcome.refused, "told")
