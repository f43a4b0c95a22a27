"""One member, for who manages: what they were written and why not, what the model says, what was
done for them, and what they did. What is done about them is done on the staff's page."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.figures import friends
from bot.store.finding import risks
from bot.store.heard import cases
from bot.store.heard.cases import Case
from bot.store.members import members, mergers
from bot.store.members.members import Member
from bot.store.messages import broadcasts, crowds, outbox_by_member
from bot.store.messages.crowds import asked_for
from bot.store.messages.outbox_by_member import MemberMessage
from rules.broadcasts.broadcast import Broadcast, Whom, id_of
from rules.characters import whole_number
from rules.explaining.explain_journeys import journey_name
from rules.explaining.explain_returning import models_sentences

from ...current import current_club, current_programme
from ...staff.frame.access import manager_page, signed
from ...staff.frame.layout import not_found, when, words
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ...staff.members.contact_log import contact_lines
from ...staff.members.drifting import risk_text
from ...staff.members.member_history import member_history
from ...staff.members.member_standing import member_standing
from ...staff.members.member_views import by_number, member_page
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.unsent import ended_text, waits_text
from .filtered import own_store

_MESSAGES_MAX, _CONTACTS_MAX = 30, 20


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A message for the member: what it was, when, and what became of it."""

    what: str
    at: str
    by: str
    said: str
    #: How it is marked: good, warn, or "" for what won't come.
    tone: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """Something they said that is answered, with where it is."""

    card: str
    number: int
    reason: str
    state: str
    at: str
    is_open: bool


@pages.get("/members/<card:number>", endpoint="member")
@manager_page
def show_member(number: str) -> ResponseReturnValue:
    """The page of whoever stands for the card now; 404 for nobody, and for somebody of another
    store."""
    older = whole_number(request.args.get("before", ""), 8)
    with current_club().store.read() as uow:
        who = by_number(uow, number)
        if not _is_theirs(uow, who):
            not_found()
        if who.number != number:
            return redirect(url_for("owner.member", number=who.number), 303)
        ids = mergers.with_absorbed(uow, who.id)
        shown, standing = member_page(uow, who), member_standing(uow, who)
        past = member_history(uow, who, before=older)
        written = _written(uow, ids)
        log = contact_lines(uow, ids, limit=_CONTACTS_MAX)
        heard = _cases(uow, ids)
        brought = friends.brought_by(uow, [who.id]).get(who.id)
        risk = risks.flags_of(uow, [who.id])[who.id]
    note_look(signed().desk, "member_seen", who.id)
    return layout.page(
        "member",
        member=shown,
        standing=standing,
        at_risk=risk_text(risk),
        models=models_sentences(words_now(), current_club().timeline().models),
        written=written,
        log=[line for line in log if not line.case],
        heard=heard,
        past=past,
        brought=brought,
        state=words(f"staff.members.state.{shown.state}"),
    )


def _is_theirs(uow: UnitOfWork, who: Member) -> bool:
    day = current_programme().shop.business_date(current_club().now())
    theirs = asked_for(current_programme(), Whom(), day, own_store())
    return crowds.is_among(uow, theirs, who.id)


def _written(uow: UnitOfWork, ids: list[int]) -> list[WrittenLine]:
    found = outbox_by_member.newest(uow, ids, limit=_MESSAGES_MAX)
    numbers = {number for each in found if (number := id_of(each.journey)) is not None}
    known = broadcasts.contents_of(uow, numbers)
    return [_line(each, known) for each in found]


def _line(message: MemberMessage, known: dict[int, Broadcast]) -> WrittenLine:
    number = id_of(message.journey)
    name = journey_name(words_now(), message.journey)
    if number in known:
        name = words("owner.member.broadcast", kind=name, name=known[number].name)
    match message.status:
        case "sent" | "sending":
            said, tone = f"owner.member.fate.{message.status}", "good"
        case "queued":
            said, tone = waits_text(message.reason), "warn"
        case _:
            said, tone = ended_text(message.status, message.reason), ""
    by = words(f"owner.members.reached.{'sms' if message.channel == 'sms' else 'line'}")
    return WrittenLine(name, when(message.sent_at or message.queued_at), by, words(said), tone)


def _cases(uow: UnitOfWork, ids: list[int]) -> list[CaseLine]:
    cards = {member.id: member.number for member in members.many(uow, ids)}
    return [_case(each, cards[each.name.member_id]) for each in cases.of_members(uow, ids)]


def _case(case: Case, card: str) -> CaseLine:
    return CaseLine(
        card=card,
        number=case.name.number,
        reason=words(f"staff.inbox.reason.{case.reason}"),
        state=words(f"staff.inbox.state.{case.state}"),
        at=when(case.last_at),
        is_open=case.state == "open",
    )
