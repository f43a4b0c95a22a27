"""The shift at a glance (`/staff/today`): who came, what deserves a word, praise at one tap."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.finding.today import DayFigures, VisitOfDay, figures, praised, visitors
from bot.store.heard import cases
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.messages import unsaid
from bot.store.staff import staff
from bot.store.staff.staff import StaffMember
from handlers.actions.heard.letters import is_time
from handlers.actions.telling.praise import WordOfPraise
from rules.outlook.moments import Moment, moments, worth_a_word
from rules.programme.programme import Programme
from rules.wording.names import formal

from ...current import current_club, current_programme
from ..frame import forms, layout
from ..frame.access import language, signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, problem_line
from ..frame.praising import PraiseForm, praise_form, send_praise
from . import flags

#: More visitors than this nobody looks through; the figure above the list still counts them.
SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """One visit as the list shows it. `form` sends a word; None where there is no occasion, or no
    way."""

    number: str
    name: str
    at: str
    rank: str
    moments: tuple[tuple[str, str], ...]
    thanks: bool
    form: PraiseForm | None
    #: Somebody of the staff has sent one today: one a day is enough.
    sent: bool
    blocked: bool


layout.link(30, "staff.today", "today", always=True)


@pages.get("/today")
@staff_page
def today() -> ResponseReturnValue:
    return layout.page(
        "today", **_contents(), done=done_line("staff.today.done"), problem=problem_line()
    )


@pages.get("/today/list")
@staff_page
def today_list() -> ResponseReturnValue:
    """What the page puts in the place of its list, every few seconds."""
    return render_template("staff/today_list.html", say=layout.words, **_contents())


@pages.post("/today/praise")
@staff_page
def today_praise() -> ResponseReturnValue:
    moment = _praiseworthy(forms.field("number", 10))
    if moment is None:
        return back_to("staff.today", "praise_gone", "")
    member, worth = moment
    refused = send_praise(member, WordOfPraise(worth.kind, worth.target))
    return back_to("staff.today", refused, "praised")


def _contents() -> dict[str, Any]:
    """What the page shows: visits of the desk's store, and how much waits elsewhere."""
    programme, day = _today()
    store = signed().desk.store
    with current_club().store.read() as uow:
        since = programme.shop.opens(day)
        came = visitors(uow, day=day, since=since, limit=SHOWN_MAX, store=store)
        sent = praised(uow, since=since)
        whole = figures(uow, day=day, since=since, store=store)
        undone = _undone(uow, whole)
        letters = cases.count_waiting(uow)
        alarms = flags.alarms(uow)
        missed = unsaid.reasons(uow, since=since)
        me = staff.get(uow, signed().staff_id)
    return {
        "is_letter_time": _is_letter_time(),
        "visitors": [_visitor(programme, visit, sent, me) for visit in came],
        "figures": _figures(programme, whole), "undone": undone,
        "letters": letters, "alarms": alarms,
        "unsaid": _in_words(missed), "unsaid_count": sum(missed.values()),
    }  # fmt: skip


def _is_letter_time() -> bool:
    """Whether owners are told that a round of letters is open."""
    if signed().desk.role != "owner" or current_programme().letters is None:
        return False
    with current_club().reading() as work:
        return is_time(work)


def _figures(programme: Programme, whole: DayFigures) -> list[tuple[str, str]]:
    """The figures of the store's whole day, each with what it is of."""
    found = [
        ("visits", whole.visits),
        ("first", whole.first),
        *((("yen", whole.yen),) if programme.purchase else ()),
        ("redemptions", whole.redemptions),
        ("undos", sum(whole.undos.values())),
    ]
    return [
        (f"{count:,}", layout.words(f"staff.today.{what}", count=count)) for what, count in found
    ]


def _undone(uow: UnitOfWork, whole: DayFigures) -> str:
    """Who took how much back, for those who manage; empty for others, and for nothing."""
    if not (signed().desk.manages and whole.undos):
        return ""
    people = staff.names(uow)
    said = [
        layout.words("staff.today.undone_by", name=people.get(who, f"#{who}"), count=times)
        for who, times in sorted(whole.undos.items(), key=lambda each: (-each[1], each[0]))
    ]
    return layout.words(
        "staff.today.undone", people=layout.words("staff.today.unsaid.and").join(said)
    )


#: How staff are told why an answer reached nobody; everything else is trouble of ours.
_WHY = {
    "too_late": "late", "blocked": "blocked", "unreachable": "blocked",
    "unknown": "unsure", "uncertain": "unsure",
}  # fmt: skip


def _in_words(reasons: dict[str, int]) -> list[str]:
    """Why answers reached nobody, with how many of each."""
    counts: Counter[str] = Counter()
    for reason, count in reasons.items():
        counts[_WHY.get(reason, "trouble")] += count
    return [
        layout.words(f"staff.today.unsaid.{why}", count=count)
        for why, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def _today() -> tuple[Programme, date]:
    programme = current_programme()
    return programme, programme.shop.business_date(current_club().now())


def _visitor(
    programme: Programme, came: VisitOfDay, sent: frozenset[int], me: StaffMember | None
) -> Visitor:
    lang, facts = language(), came.member.facts
    day = programme.shop.business_date(came.at)
    found = _noticed(programme, came, day)
    rank = programme.ranks.get(facts.rank.id) if programme.ranks else None
    worth = worth_a_word(found)
    is_sent = came.member.id in sent
    reached = came.member.line_user_id and not came.blocked and not is_sent
    word = WordOfPraise(worth.kind, worth.target) if worth and reached else None
    return Visitor(
        number=came.member.number,
        name=formal(came.name, lang) or layout.words("staff.today.nameless"),
        at=f"{programme.shop.local(came.at):%H:%M}",
        rank=rank.name.in_(lang) if rank else "",
        moments=tuple((moment.kind, _moment_text(programme, moment)) for moment in found),
        thanks=worth is not None and worth.kind == "first_visit",
        form=praise_form(programme, came.member, word, me) if word else None,
        sent=is_sent,
        blocked=came.blocked,
    )


def _noticed(programme: Programme, came: VisitOfDay, day: date) -> tuple[Moment, ...]:
    models = current_club().timeline().models
    return moments(programme, models, came.member.facts, came.rank_changes, day)


def _moment_text(programme: Programme, moment: Moment) -> str:
    lang, target = language(), ""
    if moment.kind in ("rank_up", "rank_back") and programme.ranks:
        rank = programme.ranks.get(moment.target)
        target = rank.name.in_(lang) if rank else ""
    if moment.kind == "badge":
        badge = programme.badge(moment.target or "")
        target = badge.name.in_(lang) if badge else ""
    return layout.words(f"staff.today.moment.{moment.kind}", target=target, count=moment.count)


def _praiseworthy(number: str) -> tuple[Member, Moment] | None:
    """The visitor of today with that card, and what they are praised for."""
    programme, day = _today()
    with current_club().store.read() as uow:
        member_id = members.by_code(uow, "number", number)
        if member_id is None:
            return None
        since, store = programme.shop.opens(day), signed().desk.store
        came = visitors(uow, day=day, since=since, limit=1, store=store, member_id=member_id)
    if not came:
        return None
    mine = came[0]
    worth = worth_a_word(_noticed(programme, mine, day))
    return (mine.member, worth) if worth else None
