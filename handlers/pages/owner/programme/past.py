"""What was published, since when it holds, and the way back to it."""

from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from bot.store.history import programs
from handlers.actions.programme.drafting import begin_with
from handlers.actions.programme.publishing import withdraw_waiting
from rules.explaining.differences import SectionChange, differences
from rules.wording.texts import show

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page
from ...staff.frame.layout import not_found
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.segment_names import owner_words
from .drafted import drafted_now, problem_of
from .overview import titled

layout.place(30, "owner.history")


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the programme, and what it changed against the one before it."""

    number: int
    since: str
    #: "waits" for its moment, "holds", or "" for what is past.
    state: str
    changes: tuple[SectionChange, ...]


@pages.get("/history", endpoint="history")
@owner_page
def open_history() -> ResponseReturnValue:
    return _page()


@pages.post("/history/<int:number>/back", endpoint="go_back")
@owner_page
def go_back(number: int) -> ResponseReturnValue:
    """Makes that version the draft, to be looked at and published like any other."""
    with forms.form_work() as work:
        found = [each for each in programs.published(work.uow) if each.number == number]
        if not found:
            not_found()
        done = begin_with(work, found[0].text, forms.number("revision") or 0)
    if problem := problem_of(done):
        return _page(problem)
    return redirect(url_for("owner.draft", done="old"), 303)


@pages.post("/history/withdraw", endpoint="withdraw")
@owner_page
def withdraw() -> ResponseReturnValue:
    with forms.form_work() as work:
        no = withdraw_waiting(work)
    if problem := problem_of(no):
        return _page(problem)
    current_club().programmes.forget()
    return redirect(url_for("owner.history", done="withdrawn"), 303)


def _page(problem: str = "") -> ResponseReturnValue:
    return layout.page(
        "history",
        status=409 if problem else 200,
        editions=list(reversed(_editions())),
        drafted=drafted_now(),
        problem=problem,
        done=forms.done_line("owner.done"),
    )


def _editions() -> list[Edition]:
    club, lang = current_club(), language()
    timeline, now = club.timeline(), club.now()
    holding, before, found = timeline.at(now).number, None, []
    for version in timeline.versions:
        words = owner_words(version.programme)
        names = words.segment_names
        changes = differences(before, version.programme, lang, names) if before else ()
        named = titled(words, changes)
        since = show(lang, version.programme.shop.local(version.since))
        waits = version.since > now
        state = "waits" if waits else "holds" if version.number == holding else ""
        found.append(Edition(version.number, since, state, named))
        before = version.programme
    return found
