"""Members in a table: filtered, in an order that an index carries, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.phones import e164
from bot.store import UnitOfWork
from bot.store.many import member_lists
from bot.store.many.member_lists import ListedMember, ListPlace, MemberOrder
from bot.store.members import legible, members, mergers, searching
from bot.store.members.members import Member
from bot.store.messages import crowds, segments
from bot.store.messages.crowds import asked_for
from handlers.showing.viewer import as_of
from rules.broadcasts.broadcast import MOSTLY_DAYS, Whom
from rules.broadcasts.bulk import BulkKind
from rules.characters import instant, spaced_number, whole_number
from rules.editing import labels
from rules.explaining.explain_funnel import stage_word
from rules.explaining.explain_returning import absence_sentence, returning_short
from rules.journeys.risk import ABSENT
from rules.outlook.gone import gone
from rules.outlook.returning import return_outlook
from rules.wording.name_search import name_query
from rules.wording.names import formal
from rules.wording.texts import long_date

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.layout import QUERY_MAX, words
from ...staff.frame.looks import note_look
from ...staff.frame.sealed import card_number, sealed_card, sealed_search, search_of
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.absence import absence_mark, is_new
from ..frame.blueprint import pages
from ..frame.money import by_worth, has_money
from .filtered import MemberFilter, asked_by_address, filter_of, own_store

layout.place(57, "owner.members")

#: So many stand on a page.
SHOWN = 40
ORDERS: tuple[MemberOrder, ...] = get_args(MemberOrder)
#: Between a value and a card in an address.
_AND = "~"


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member in the table; each text is empty where there is nothing to say."""

    number: str
    spaced: str
    name: str
    kana: str
    rank: str
    last: str
    visits: int
    recent: int
    stage: str
    chance: str
    #: Why they count as staying away.
    why: str
    #: How they drift away, in the words of the filter that finds them, and since this week.
    absence: str
    is_new: bool
    is_gone: bool
    #: What they did in the year up to now.
    year: str
    yen: str
    points: str
    joined: str
    #: By what they are reached: the end of a text's key.
    reach: str
    #: Their membership, where it isn't active.
    state: str


def order_text(order: str) -> str:
    """The text that names an order, or the column that it is of."""
    return f"owner.members.order.{order}"


def bulk_text(kind: str) -> str:
    """The text that names what is done to many."""
    return f"owner.bulk.kind.{kind}"


def kinds() -> list[BulkKind]:
    """What can be done to many: nobody is asked into a circle that there isn't."""
    has_circle = current_programme().circle is not None
    return [each for each in get_args(BulkKind) if each != "circle" or has_circle]


def reach_text(reach: str) -> str:
    """The text of by what somebody is reached."""
    return f"owner.members.reached.{reach}"


@pages.get("/members", endpoint="members")
@manager_page
def show_members() -> ResponseReturnValue:
    query = search_of(request.args.get("found", ""))
    with current_club().store.read() as uow:
        asked = filter_of(uow, asked_by_address())
        found = _found(uow, query) if query else _page(uow, asked)
        lines = member_lines(uow, [each.member_id for each in found[:SHOWN]])
        named = segments.every(uow)
    note_look(signed().desk, "search" if query else "members_listed")
    more = found[SHOWN - 1] if len(found) > SHOWN else None
    return layout.page(
        "members",
        status=422 if asked.problems and not asked.whom else 200,
        asked=asked,
        query=query,
        lines=lines,
        more=_address_of(more, lines[-1].number) if more else "",
        begins_here=not request.args.get("after"),
        order=_order(asked),
        orders=_orders(),
        has_money=has_money(),
        segments=named,
        problem=asked.problems.get("", ""),
        fields=asked.fields,
        done=forms.done_line("owner.members.done"),
        new_key=forms.new_key,
        labels=labels,
        words=words_now(),
        order_text=order_text,
        bulk_text=bulk_text,
        kinds=kinds(),
        reach_text=reach_text,
        is_of_store=bool(own_store()),
    )


@pages.post("/members", endpoint="search_members")
@manager_page
def search() -> ResponseReturnValue:
    """On to a page that can be gone back to, and whose address tells nobody who was looked for."""
    query = request.form.get("q", "").replace("\0", "").strip()[:QUERY_MAX]
    found = sealed_search(query) if query else None
    return redirect(url_for("owner.members", found=found), 303)


@pages.get("/members/count", endpoint="count_members")
@manager_page
def count() -> ResponseReturnValue:
    """How many it finds now, for the page's script."""
    with current_club().store.read() as uow:
        asked = filter_of(uow, asked_by_address())
        many = crowds.size(uow, asked.asked) if asked.asked else 0
    problem = next(iter(asked.problems.values()), "")
    return layout.page("members_count", many=many, problem=problem)


def _orders() -> list[MemberOrder]:
    """Those that there are: by money only where the shop writes it down."""
    return [each for each in ORDERS if each != "yen" or has_money()]


def _order(asked: MemberFilter) -> MemberOrder:
    """As the address has it; else who stays away stands by what they did in the year, all others by
    their last visit."""
    named = next((each for each in _orders() if each == request.args.get("sort")), None)
    whom = asked.whom
    stays_away = whom is not None and (whom.drifting_since or set(whom.risks) & set(ABSENT))
    return named or (by_worth() if stays_away else ORDERS[0])


def _page(uow: UnitOfWork, asked: MemberFilter) -> list[ListPlace]:
    if asked.asked is None:
        return []
    order = _order(asked)
    after = _place_of(uow, order)
    return member_lists.places(uow, asked.asked, order, after=after, limit=SHOWN + 1)


def _found(uow: UnitOfWork, query: str) -> list[ListPlace]:
    """Who is found by what was typed, those who came last first."""
    programme = current_programme()
    wanted = name_query(query, e164(query, programme.shop.country))
    if theirs := own_store():
        day = programme.shop.business_date(current_club().now())
        asked = asked_for(programme, Whom(), day, theirs)
        found = searching.search_among(uow, wanted, *crowds.are_meant(asked))
    else:
        found = searching.search(uow, wanted)
    return [ListPlace(None, each) for each in found]


def _address_of(place: ListPlace, number: str) -> str:
    value = place.value.isoformat() if isinstance(place.value, datetime) else place.value
    return f"{'' if value is None else value}{_AND}{sealed_card(number)}"


def _place_of(uow: UnitOfWork, order: MemberOrder) -> ListPlace | None:
    """After whom the page goes on; None for the first one, and for what is no place."""
    value, _, card = request.args.get("after", "").rpartition(_AND)
    number = card_number(card)
    member_id = members.by_code(uow, "number", number) if number else None
    if member_id is None:
        return None
    if not value:
        return ListPlace(None, member_id) if order in ("last_visit", "year", "yen") else None
    if order not in ("last_visit", "joined"):
        known = whole_number(value, 15)
        return ListPlace(known, member_id) if known is not None else None
    at = instant(value)
    return ListPlace(at, member_id) if at else None


def member_lines(uow: UnitOfWork, ids: Sequence[int]) -> list[MemberLine]:
    """Those members as the table shows them, in that order: by a few statements for all."""
    day = current_programme().shop.business_date(current_club().now())
    known = {member.id: member for member in legible.many(uow, ids)}
    beside = member_lists.listed(uow, ids, ladder=current_programme().ranks is not None)
    since = day - timedelta(days=MOSTLY_DAYS)
    recent = member_lists.visits_since(uow, mergers.by_card(uow, ids), since)
    return [_line(known[each], beside[each], recent.get(each, 0)) for each in ids if each in known]


def _line(member: Member, beside: ListedMember, recent: int) -> MemberLine:
    club, programme, lang = current_club(), current_programme(), language()
    timeline, now = club.timeline(), club.now()
    facts, day = as_of(timeline, member, now).facts, programme.shop.business_date(now)
    outlook = return_outlook(timeline.models, programme.shop, facts, day)
    rank = programme.ranks.get(facts.rank.id) if programme.ranks else None
    reach = "line" if beside.by_line else "sms" if beside.by_sms else "none"
    return MemberLine(
        number=member.number,
        spaced=spaced_number(member.number),
        name=formal(beside.name, lang),
        kana=beside.kana,
        rank=rank.name.in_(lang) if rank else "",
        last=long_date(lang, facts.last_visit_on) if facts.last_visit_on else "",
        visits=facts.visits,
        recent=recent,
        stage=stage_word(words_now(), beside.stage),
        chance=returning_short(words_now(), timeline.models, outlook) if outlook else "",
        why=absence_sentence(words_now(), outlook) if outlook and beside.risk in ABSENT else "",
        absence=absence_mark(beside.risk),
        is_new=is_new(beside.risk, beside.drift_on, day),
        is_gone=gone(timeline.models, programme.shop, facts, day) is not None,
        year=words("owner.figures.unit.times", count=f"{beside.year:,}"),
        yen=words("owner.figures.unit.yen", count=f"{beside.yen:,}"),
        points=words_now().amount(facts.balance),
        joined=long_date(lang, facts.joined_on),
        reach="blocked" if reach == "none" and beside.is_blocked else reach,
        state=""
        if facts.membership == "active"
        else words(f"staff.members.state.{facts.membership}"),
    )
