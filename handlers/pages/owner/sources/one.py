"""One source: its link, QR and poster, what it brought beside the days before, whom, and what it
cost."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.figures import source_reading
from bot.store.members import sources
from bot.store.members.sources import MemberSource
from handlers.actions.programme.sources import PaidFor, add_cost, change_cost
from handlers.showing.poster import source_poster
from handlers.showing.views import Scene
from images.poster import poster_pdf, poster_preview
from images.qr import link_svg
from rules.base import LANGS, Lang, Refusal
from rules.characters import spaced_number, whole_number
from rules.explaining.cost_words import source_lines
from rules.explaining.figure_words import day_word, span_line
from rules.figures.sources import EARLY_DAYS, SourceCost
from rules.wording.names import formal

from ...current import current_club, current_programme
from ...headers import safe
from ...staff.frame import forms
from ...staff.frame.access import language, manager_page, owner_page, signed
from ...staff.frame.layout import not_found, when
from ...staff.frame.looks import note_look
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import period_select, store_names
from .listing import kind_text
from .results import may_see, period_asked, rows_of

#: So many stand on a page of people.
PAGE = 50


@dataclass(frozen=True, slots=True)
class TypedCost:
    """What stands in the form of a cost, of which it is: 0 for a new one."""

    cost_id: int = 0
    yen: str = ""
    first: str = ""
    last: str = ""
    revision: int = 0


def seen_source(source_id: int) -> MemberSource:
    """The source, if there is one that the reader may see."""
    with current_club().store.read() as uow:
        source = sources.get(uow, source_id)
    if source is None or not may_see(source):
        not_found()
    return source


def poster_text(lang: str) -> str:
    """The text of the poster in that language."""
    return f"owner.sources.poster.{lang}"


@pages.get("/sources/<int:source_id>", endpoint="source")
@manager_page
def show_source(source_id: int) -> ResponseReturnValue:
    return source_page(seen_source(source_id))


def source_page(
    source: MemberSource, typed: TypedCost | None = None, problem: str = "", status: int = 200
) -> Response:
    club, words, of = current_club(), words_now(), period_asked()
    with club.store.read() as uow:
        row = rows_of(uow, of, [source]).named
        costs = sources.costs(uow, [source.id])
    found, typed = row[0] if row else None, _placed(typed, source, costs)
    link = club.source_link(source.code)
    return layout.page(
        "source",
        status=status,
        source=source,
        link=link,
        qr=link_svg(link, title=words.say("owner.sources.qr", name=source.name)),
        langs=LANGS,
        of=of,
        selects=(period_select(of),),
        kind_text=kind_text,
        poster_text=poster_text,
        at_store=store_names().get(source.store or "", source.store or ""),
        closed_at=when(source.closed_at) if source.closed_at else "",
        span=span_line(words, of.whole),
        before=span_line(words, of.before) if found and found.before else "",
        lines=source_lines(words, found.now, found.before) if found else (),
        young=found.now.young if found else 0,
        days=EARLY_DAYS,
        costs=[(each, _days_said(each)) for each in costs],
        typed=typed,
        problem=problem or forms.problem_line(),
        done=forms.done_line("owner.sources.done"),
        new_key=forms.new_key,
    )


def _placed(
    typed: TypedCost | None, source: MemberSource, costs: list[SourceCost]
) -> TypedCost | None:
    """In which form it stands what was typed: of a cost that somebody took away meanwhile, in that
    of a new one; None where there is none."""
    if typed is None or any(each.id == typed.cost_id for each in costs):
        return typed
    return None if source.dropped_at else replace(typed, cost_id=0, revision=0)


def _days_said(cost: SourceCost) -> str:
    words = words_now()
    if cost.first == cost.last:
        return day_word(words, cost.first)
    first, last = (day_word(words, day) for day in (cost.first, cost.last))
    return words.say("owner.figures.span", first=first, last=last)


# ── What it cost ──


@pages.post("/sources/<int:source_id>/cost", endpoint="source_cost")
@owner_page
def save_cost(source_id: int) -> ResponseReturnValue:
    """Writes down a cost, changes one or takes it away; what can't be so stays in the form."""
    typed = _typed_cost()
    paid = PaidFor(forms.yen("yen"), _day("first"), _day("last"))
    if _is_no_day("first") or _is_no_day("last"):
        return _refused(source_id, typed, Refusal("cost_days"))
    if not typed.yen:
        paid = PaidFor(-1, paid.first, paid.last)
    with forms.form_work() as work:
        if typed.cost_id:
            wanted = None if request.form.get("how") == "drop" else paid
            no = change_cost(work, typed.cost_id, wanted, revision=typed.revision)
        else:
            made = add_cost(work, source_id, paid)
            no = made if isinstance(made, Refusal) else None
    if no is not None:
        return _refused(source_id, typed, no)
    where = url_for("owner.source", source_id=source_id, done="cost", _anchor="costs")
    return redirect(where, 303)


def _refused(source_id: int, typed: TypedCost, no: Refusal) -> Response:
    status = 409 if no.code == "source_changed" else 422
    return source_page(seen_source(source_id), typed, refusal_line(no.code), status)


def _typed_cost() -> TypedCost:
    return TypedCost(
        whole_number(request.form.get("cost", ""), 9) or 0,
        forms.field("yen", 40),
        forms.field("first", 20),
        forms.field("last", 20),
        whole_number(request.form.get("revision", ""), 9) or 0,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(forms.field(name, 20))
    except ValueError:
        return None


def _is_no_day(name: str) -> bool:
    """Whether something was typed that is no day: it must not pass for nothing."""
    return bool(request.form.get(name, "").strip()) and _day(name) is None


# ── What is printed ──


@pages.get("/sources/<int:source_id>/poster.pdf", endpoint="source_poster")
@manager_page
def poster(source_id: int) -> ResponseReturnValue:
    """Its poster, to print, and to print again: the same as ever, by the programme in force."""
    source, lang = seen_source(source_id), _lang_asked()
    scene = Scene(current_programme(), current_club().art, lang)
    pdf = poster_pdf(source_poster(current_club(), scene, source.code), scene.look)
    answer = safe(Response(pdf, content_type="application/pdf"), "staff")
    name = f"poster-{source.code}-{lang}.pdf"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@pages.get("/sources/<int:source_id>/poster.jpg", endpoint="source_poster_small")
@manager_page
def poster_small(source_id: int) -> ResponseReturnValue:
    """The poster as it looks, small."""
    source, lang = seen_source(source_id), _lang_asked()
    scene = Scene(current_programme(), current_club().art, lang)
    jpeg = poster_preview(source_poster(current_club(), scene, source.code), scene.look)
    return safe(Response(jpeg, content_type="image/jpeg"), "staff")


@pages.get("/sources/<int:source_id>/qr.svg", endpoint="source_qr")
@manager_page
def qr(source_id: int) -> ResponseReturnValue:
    """The QR alone, for a flyer, a sign or an advert of one's own: sharp at any size."""
    source = seen_source(source_id)
    svg = link_svg(current_club().source_link(source.code), title=source.code)
    answer = safe(Response(svg, content_type="image/svg+xml"), "staff")
    name = f"qr-{source.code}.svg"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _lang_asked() -> Lang:
    asked = request.args.get("lang", "")
    return next((each for each in LANGS if each == asked), language())


# ── Whom it brought ──


@pages.get("/sources/<int:source_id>/people", endpoint="source_people")
@manager_page
def people(source_id: int) -> ResponseReturnValue:
    """Whom it brought in the period, the latest first."""
    source, words, of = seen_source(source_id), words_now(), period_asked()
    after = _place()
    with current_club().store.read() as uow:
        found = source_reading.people(uow, source.id, of.whole, after=after, limit=PAGE)
    note_look(signed().desk, "figure_seen")
    lang, more = language(), dict[str, Any]()
    if found.ends_at is not None:
        day, card = found.ends_at
        more = {"day": day.isoformat(), "after": card, "period": of.name}
    return layout.page(
        "source_people",
        source=source,
        of=of,
        span=span_line(words, of.whole),
        people=[
            (each, formal(each.name, lang), day_word(words, each.joined_on))
            for each in found.people
        ],
        spaced=spaced_number,
        more=more,
        is_first=after is None,
    )


def _place() -> tuple[date, int] | None:
    """Where the page before ended; None for the first page."""
    after = whole_number(request.args.get("after", ""), 15)
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    if after is None:
        abort(404)
    return day, after
