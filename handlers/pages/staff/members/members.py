"""Members: found by any name or number, their page, and a card for somebody without LINE.

Everything works without JavaScript: each change is a form with a key of its own, and ends where it
began, with a word on how it went.
"""

from typing import get_args

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.phones import e164
from bot.store.finding import risks
from bot.store.members import searching
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.recording.outcome import Outcome
from handlers.showing.birthdays import guardian_wording
from rules.activity import Membership
from rules.base import Lang, Refusal
from rules.characters import whole_number
from rules.facts import Birthday
from rules.programme.birthdays import read_birthday
from rules.wording.additions import excluded_goods
from rules.wording.explain_points import points_terms
from rules.wording.name_search import name_query

from ...current import current_club, current_programme
from ..frame import forms, layout
from ..frame.access import language, signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import done_line, form_work, new_key, problem_line
from ..frame.layout import QUERY_MAX
from ..frame.looks import note_look
from ..frame.sealed import sealed_search, search_of
from ..frame.words import refusal_line, sms_wording, words_now
from .came_by import note_source, sources_here
from .contact_log import contact_log
from .drifting import drifting_page, risk_text
from .member_codes import codes_handed
from .member_events import member_circle, member_events
from .member_history import member_history
from .member_standing import member_standing, member_subscriptions
from .member_views import MemberRow, by_number, member_page, member_rows
from .mending import mending_of, typed_profile
from .same_person import same_phone_as, with_phone
from .survey_answers import answers_of
from .told import told_page

layout.link(20, "staff.members", "members", always=True)


@pages.get("/members")
@staff_page
def members() -> ResponseReturnValue:
    if request.args.get("at_risk"):
        return drifting_page()
    query = search_of(request.args.get("found", ""))
    return layout.page("members", query=query, found=_search(query))


@pages.post("/members")
@staff_page
def members_search() -> ResponseReturnValue:
    """On to a page that can be gone back to, and whose address tells nobody who was looked for."""
    query = request.form.get("q", "").replace("\0", "").strip()[:QUERY_MAX]
    return redirect(url_for("staff.members", found=sealed_search(query) if query else None), 303)


@pages.post("/api/members")
@staff_page
def api_members() -> ResponseReturnValue:
    asked = request.get_json(silent=True)
    query = asked.get("q") if isinstance(asked, dict) else None
    found = _search(query.strip()[:QUERY_MAX]) if isinstance(query, str) else []
    return jsonify(
        members=[
            {
                "number": each.number,
                "name": each.name,
                "kana": each.kana,
                "phone": each.phone,
                "rank": {"name": each.rank} if each.rank else None,
                "last": each.last,
                "born": each.born,
                "left": each.left,
            }
            for each in found
        ]
    )


@pages.get("/members/new")
@staff_page
def member_new() -> ResponseReturnValue:
    return _form_page({})


@pages.post("/members/new")
@staff_page
def member_add() -> ResponseReturnValue:
    outcome = _join()
    if isinstance(outcome, Refusal):
        return _form_page(request.form.to_dict(), outcome.code)
    with current_club().store.read() as uow:
        made = member_rows(uow, [outcome.member_id])[0]
    return redirect(url_for("staff.member", number=made.number, done="joined"), 303)


@pages.get("/members/<card:number>")
@staff_page
def member(number: str) -> ResponseReturnValue:
    """The page of whoever stands for the card now; a card that was merged leads on to them."""
    with current_club().store.read() as uow:
        who = by_number(uow, number)
        if who.number != number:
            return redirect(url_for("staff.member", number=who.number, done="merged_here"), 303)
        older = whole_number(request.args.get("before", ""), 8)
        shown, past = member_page(uow, who), member_history(uow, who, before=older)
        standing, told = member_standing(uow, who), told_page(uow, who)
        log = contact_log(uow, who)
        answers, codes = answers_of(uow, who), codes_handed(uow, who)
        events = member_events(uow, who, on_line=shown.on_line and not shown.blocked)
        circle = member_circle(uow, who)
        risk = risks.flags_of(uow, [who.id])[who.id]
    note_look(signed().desk, "member_seen", who.id)
    return layout.page(
        "member",
        member=shown,
        mending=mending_of(who),
        standing=standing,
        codes=codes,
        told=told,
        same=same_phone_as(who),
        past=past,
        log=log,
        answers=answers,
        events=events,
        circle=circle,
        subscriptions=member_subscriptions(who),
        at_risk=risk_text(risk),
        done=done_line("staff.members.done"),
        problem=problem_line(count=_count_told()),
        force=whole_number(request.args.get("force", ""), 8),
        new_key=new_key,
        late_days=_late_days(),
        excluded_goods=excluded_goods(words_now()),
        sms_wording=sms_wording() if current_club().sms else "",
        states={s: layout.words(f"staff.members.state.{s}") for s in get_args(Membership)},
    )


def _search(query: str) -> list[MemberRow]:
    """Who is found by what was typed, those who came last first."""
    if query:
        note_look(signed().desk, "search")
    country = current_programme().shop.country
    with current_club().store.read() as uow:
        return member_rows(uow, searching.search(uow, name_query(query, e164(query, country))))


def _count_told() -> int:
    return whole_number(request.args.get("count", ""), 8) or 0


def _late_days() -> int | None:
    """How long a receipt may be brought; None where the programme has no purchases."""
    policy = current_programme().purchase
    return policy.late_receipt_days if policy else None


def _form_page(typed: dict[str, str], refused: str = "") -> ResponseReturnValue:
    programme = current_programme()
    return layout.page(
        "member_new",
        status=400 if refused else 200,
        typed=typed,
        problem=refusal_line(refused),
        known=with_phone(typed["phone"]) if refused == "phone_known" else (),
        # What was refused was answered under its key, and would be once more.
        key=new_key(),
        purpose=programme.privacy.purpose.in_(language()),
        terms=points_terms(words_now()),
        guardian=guardian_wording(words_now()),
        guardian_age=programme.profile.guardian_age,
        sms_wording=sms_wording() if current_club().sms else "",
        came_by=sources_here(),
    )


def _join() -> Outcome | Refusal:
    """Makes the card, unless it can't be made."""
    if not request.form.get("agreed"):
        return Refusal("agreement_missing")
    born = forms.field("birthday", 40)
    day = read_birthday(born) if born else None
    if born and day is None:
        return Refusal("birthday_unread")
    newcomer = Newcomer(
        language=_language_chosen(),
        purpose=current_programme().privacy.purpose.in_(language()),
        profile=typed_profile(),
        birthday=Birthday(day[1], day[2], day[0]) if day else None,
        guardian=guardian_wording(words_now()) if request.form.get("guardian") else None,
        sms=sms_wording() if current_club().sms and request.form.get("sms") else None,
        another=bool(request.form.get("another")),
    )
    with form_work() as work:
        outcome = join_at_counter(work, newcomer)
        note_source(work, outcome)
    return Refusal(outcome.refused) if outcome.refused else outcome


def _language_chosen() -> Lang:
    return "en" if request.form.get("language") == "en" else "ja"
