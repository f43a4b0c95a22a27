"""Reviews (`/staff/voices`): read, confirmed, and taken off the public page where they harm
somebody. What waits is confirmed by its words; its stars are seen only then."""

from dataclasses import dataclass

from flask import abort, request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.heard import reviews
from bot.store.heard.reviews import REASONS, Review
from bot.store.members import members, profiles
from bot.store.staff import staff
from handlers.actions.heard.moderating import confirm_review, put_back, take_down
from rules.characters import whole_number
from rules.heard.stars import stars_line
from rules.wording.names import formal
from rules.wording.texts import long_date

from ...current import current_club
from ..frame import layout
from ..frame.access import language, manager_page, signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, form_work, new_key, problem_line
from ..frame.looks import note_look

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as staff read it. `stars` is empty for one that waits, `standing` says whether it is
    shown, and why not."""

    number: str
    n: int
    name: str
    day: str
    words: str
    stars: str
    waits: bool
    rewarded: bool
    standing: str
    #: Whether its writer lets it be shown, so that there is something to take down.
    is_shown: bool
    is_down: bool
    key: str


layout.link(65, "staff.voices", "note")


@pages.get("/voices")
@staff_page
def voices() -> ResponseReturnValue:
    note_look(signed().desk, "reviews_seen")
    is_all = bool(request.args.get("all"))
    after = whole_number(request.args.get("after", ""), 7) or 0
    with current_club().store.read() as uow:
        people = staff.names(uow)
        waiting = reviews.count_waiting(uow)
        # Where nothing waits, one comes to read.
        is_all = is_all or not waiting
        found = reviews.told(uow, waiting=not is_all, after=after, limit=SHOWN_MAX + 1)
        shown = [_view(uow, review, people) for review in found[:SHOWN_MAX]]
    return layout.page(
        "voices",
        reviews=shown,
        is_all=is_all,
        waiting=waiting,
        older=after + SHOWN_MAX if len(found) > SHOWN_MAX else 0,
        reasons=[(each, layout.words(f"staff.voices.reason.{each}")) for each in REASONS],
        public=current_club().voices_link(language()),
        done=done_line("staff.voices.done"),
        problem=problem_line(),
    )


@pages.post("/voices/<card:number>/<int:n>/confirm")
@staff_page
def voice_confirm(number: str, n: int) -> ResponseReturnValue:
    with form_work() as work:
        outcome = confirm_review(work, _found(work.uow, number, n).member_id, n)
    return back_to("staff.voices", outcome.refused, "confirmed")


@pages.post("/voices/<card:number>/<int:n>/take-down")
@staff_page
def voice_take_down(number: str, n: int) -> ResponseReturnValue:
    """Only for one of the reasons, of which none is what somebody thinks of the shop."""
    reason = next((each for each in REASONS if each == request.form.get("reason")), None)
    if reason is None:
        return back_to("staff.voices", "review_reason", "", all=1)
    with form_work() as work:
        outcome = take_down(work, _found(work.uow, number, n), reason)
    return back_to("staff.voices", outcome.refused, "taken_down", all=1)


@pages.post("/voices/<card:number>/<int:n>/put-back")
@manager_page
def voice_put_back(number: str, n: int) -> ResponseReturnValue:
    with form_work() as work:
        outcome = put_back(work, _found(work.uow, number, n))
    return back_to("staff.voices", outcome.refused, "put_back", all=1)


def _found(uow: UnitOfWork, number: str, n: int) -> Review:
    card = members.by_code(uow, "number", number)
    found = reviews.get(uow, card, n) if card is not None else None
    if found is None:
        abort(404)
    return found


def _view(uow: UnitOfWork, review: Review, people: dict[int, str]) -> ReviewView:
    lang = language()
    member = members.get(uow, review.member_id)
    waits = review.status == "waiting"
    name = formal(profiles.contact(uow, member).name, lang) if member else ""
    return ReviewView(
        number=member.number if member else "",
        n=review.n,
        name=name or layout.words("staff.today.nameless"),
        day=long_date(lang, review.business_date),
        words=review.words,
        stars="" if waits else stars_line(review.stars),
        waits=waits,
        rewarded=review.rewarded,
        standing=_standing(review, people),
        is_shown=review.shown_as is not None,
        is_down=review.taken_down is not None,
        key=new_key(),
    )


def _standing(review: Review, people: dict[int, str]) -> str:
    if review.taken_down is not None:
        why = layout.words(f"staff.voices.reason.{review.taken_down}")
        name = people.get(review.taken_down_by or 0, "")
        on = layout.when(review.taken_down_at)
        return layout.words("staff.voices.is_down", why=why, name=name, on=on)
    if review.shown_as is None:
        return layout.words("staff.voices.not_shown")
    name = review.shown_as or layout.words("voices.nobody")
    return layout.words("staff.voices.shown", name=name)
