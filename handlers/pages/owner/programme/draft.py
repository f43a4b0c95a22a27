"""The draft: what it changes, whom that moves, and how it comes into force or goes away."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.history import programs
from bot.store.history.programs import NOTICE
from handlers.actions.programme.drafting import CaughtUp, catch_up, discard
from handlers.actions.programme.publishing import publish_draft
from handlers.showing.events import events_ahead
from handlers.showing.losses import losses_of
from rules.checking.reading import InvalidProgramme
from rules.checking.warnings import warnings
from rules.editing.changes import part_differences
from rules.editing.labels import in_words
from rules.explaining.differences import differences
from rules.wording.texts import show

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page
from ...staff.frame.layout import words
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from .drafted import drafted_now, problem_of
from .overview import title, titled

layout.place(20, "owner.draft")

#: Cautions about events that don't come.
_OF_EVENTS = ("perk_no_event", "fan_no_event")


@pages.get("/draft", endpoint="draft")
@owner_page
def open_draft() -> ResponseReturnValue:
    return _page()


@pages.post("/draft/publish", endpoint="publish")
@owner_page
def publish() -> ResponseReturnValue:
    """At once, or at the moment that the form says."""
    at: datetime | None = None
    if request.form.get("when") == "later":
        at = forms.moment("at")
        if at is None:
            return _page(refusal_line("moment_unreadable"))
    club, now = current_club(), drafted_now()
    lost = losses_of(club, club.timeline().latest.programme, now.programme)
    if lost and request.form.get("sure") != str(len(lost)):
        return _page(refusal_line("losses_unread"))
    with forms.form_work() as work:
        done = publish_draft(work, _revision(), at)
    if problem := problem_of(done):
        return _page(problem)
    club.programmes.forget()
    return redirect(url_for("owner.history", done="later" if at else "published"), 303)


@pages.post("/draft/discard", endpoint="discard")
@owner_page
def throw_away() -> ResponseReturnValue:
    with forms.form_work() as work:
        no = discard(work, _revision())
    if problem := problem_of(no):
        return _page(problem)
    return redirect(url_for("owner.programme", done="discarded"), 303)


@pages.post("/draft/catch-up", endpoint="catch_up")
@owner_page
def put_on_newest() -> ResponseReturnValue:
    """Puts the draft's changes onto what somebody published meanwhile."""
    with forms.form_work() as work:
        done = catch_up(work)
    if isinstance(done, CaughtUp):
        named = [title(drafted_now().words, part.section) for part in done.lost]
        return _page(lost=tuple(dict.fromkeys(named)))
    if isinstance(done, InvalidProgramme):
        return _page(words("owner.draft.cannot_follow"))
    return _page(refusal_line(done.code))


def _revision() -> int:
    return forms.number("revision") or 0


def _published(number: int) -> Mapping[str, Any]:
    """That version, as it was written."""
    with current_club().store.read() as uow:
        texts = {each.number: each.text for each in programs.published(uow)}
    return tomllib.loads(texts[number])


def _page(problem: str = "", *, lost: tuple[str, ...] = ()) -> ResponseReturnValue:
    club, now, lang = current_club(), drafted_now(), language()
    newest = club.timeline().latest
    names = now.words.segment_names
    changes = differences(newest.programme, now.programme, lang, names) if now.is_begun else ()
    today = now.programme.shop.business_date(club.now())
    coming = events_ahead(club)
    unwise = partial(warnings, today=today, events=coming)
    told = [each.message(lang) for each in unwise(now.programme)] if changes else []
    # What no event comes for is said as long as it is so: what mends it is not in the draft.
    known = {e.message(lang) for e in unwise(newest.programme) if e.code not in _OF_EVENTS}
    return layout.page(
        "draft",
        status=409 if problem else 200,
        drafted=now,
        changes=titled(now.words, changes),
        fields=[
            (title(now.words, each.part.section), each)
            for each in part_differences(now.words, _published(newest.number), now.data)
        ],
        losses=[each.message(lang) for each in losses_of(club, newest.programme, now.programme)]
        if changes
        else [],
        cautions=[in_words(now.words, said) for said in told if said not in known],
        waits=show(lang, newest.programme.shop.local(newest.since))
        if newest.since > club.now() + NOTICE
        else "",
        problem=problem,
        lost=lost,
        done=forms.done_line("owner.done"),
    )
