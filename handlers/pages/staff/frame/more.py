"""The page "more": where one can go, and what readers choose for themselves on any page, which is
their language, and the store they are at."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from bot import VERSION
from bot.store.events import guests
from handlers.actions.staff.signing import know_new_browsers
from handlers.actions.staff.staffing import choose_language
from handlers.showing.call_list import CALLS_MAX, waiting_for_a_call
from rules.base import Lang

from ...current import current_club, current_programme
from . import layout
from .access import (
    choose_language_here,
    choose_store,
    signed,
    signed_or_none,
    signed_work,
    staff_page,
)
from .blueprint import pages
from .browsers import this_browser


@pages.get("/more")
@staff_page
def more() -> ResponseReturnValue:
    # The list costs more than a figure: it is counted where it is shown, for who sees to it.
    count = _to_call() if signed().desk.manages else 0
    return layout.page("more", call_count=count, version=VERSION)


def _to_call() -> int:
    club = current_club()
    with club.store.read() as uow:
        told_of_events = guests.untold(uow, club.now(), limit=CALLS_MAX)
    return len(waiting_for_a_call(club)) + len(told_of_events)


@pages.post("/language", endpoint="choose_language")
def change_language() -> ResponseReturnValue:
    """Also before anybody has signed in."""
    chosen: Lang = "en" if request.form.get("language") == "en" else "ja"
    someone = signed_or_none()
    if someone is not None:
        with current_club().store.begin() as uow:
            choose_language(uow, someone.staff_id, chosen)
    choose_language_here(chosen)
    return redirect(layout.after(request.form.get("next")), 303)


@pages.post("/account/browsers", endpoint="know_browsers")
@staff_page
def know_browsers() -> ResponseReturnValue:
    """It was they who signed in there."""
    with signed_work() as work:
        know_new_browsers(work, signed().staff_id, this_browser())
    return redirect(layout.after(request.form.get("next")), 303)


@pages.post("/store", endpoint="choose_store")
@staff_page
def change_store() -> ResponseReturnValue:
    store = request.form.get("store", "")
    if signed().chooses_store and current_programme().store(store) is not None:
        choose_store(store)
    return redirect(layout.after(request.form.get("next")), 303)
