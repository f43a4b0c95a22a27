"""The newsletter: its issues, written here or in a file, and sent to who asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import newsletters
from bot.store.messages.newsletters import IssueFigures, IssuePicture, StoredIssue
from handlers.actions.newsletter.issue import send_all
from handlers.actions.newsletter.writing import keep_issue, may_send
from images.photo import photo
from rules.editing import labels
from rules.editing.broadcasts import by_field
from rules.editing.fields import Filled
from rules.editing.issues import CONTROLS, issue_values, new_issue_id, read_issue_form
from rules.editing.typed import NOTHING, read
from rules.programme.newsletter import Issue

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import not_found, when
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages

layout.place(52, "owner.newsletter")

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue in the list."""

    stored: StoredIssue
    figures: IssueFigures
    at: str


@dataclass(frozen=True, slots=True)
class TypedIssue:
    """What stands in an issue's form, and what is to be said of it."""

    values: Mapping[str, Any]
    #: Its name in addresses; "" for a new one.
    issue_id: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""


@pages.get("/newsletter", endpoint="newsletter")
@owner_page
def show_issues() -> ResponseReturnValue:
    return _list()


@pages.get("/newsletter/new", endpoint="new_issue")
@owner_page
def open_new() -> ResponseReturnValue:
    return _page(TypedIssue(NOTHING))


@pages.post("/newsletter/new", endpoint="save_new_issue")
@owner_page
def save_new() -> ResponseReturnValue:
    return _save("")


@pages.get("/newsletter/<issue>/edit", endpoint="edit_issue")
@owner_page
def open_draft(issue: str) -> ResponseReturnValue:
    stored = _stored(issue)
    if stored.sent_at is not None:
        # It stays as it went out.
        return redirect(url_for("owner.newsletter"), 303)
    return _page(TypedIssue(issue_values(stored.issue), issue))


@pages.post("/newsletter/<issue>/edit", endpoint="save_issue")
@owner_page
def save_draft(issue: str) -> ResponseReturnValue:
    _stored(issue)
    return _save(issue)


@pages.post("/newsletter/<issue>/send", endpoint="send_issue")
@owner_page
def send(issue: str) -> ResponseReturnValue:
    """To all who asked for it; each gets it once, however often it is sent."""
    with forms.form_work() as work:
        no = may_send(work, issue)
        stored = newsletters.get(work.uow, issue)
    if no is not None or stored is None:
        return _list(refusal_line(no.code if no else "no_newsletter"))
    send_all(current_club().work, stored)
    return redirect(url_for("owner.newsletter", done="sent"), 303)


def _stored(issue: str) -> StoredIssue:
    """404 for none."""
    with current_club().store.read() as uow:
        stored = newsletters.get(uow, issue)
    if stored is None:
        not_found()
    return stored


def _save(issue_id: str) -> ResponseReturnValue:
    club, words = current_club(), words_now()
    values = read(CONTROLS, {name: request.form.getlist(name) for name in request.form})
    with club.store.read() as uow:
        taken = {each.issue.id for each in newsletters.issues(uow)}
    day = current_programme().shop.business_date(club.now())
    done = read_issue_form(values, issue_id or new_issue_id(day, taken))
    problems = {} if isinstance(done, Issue) else by_field(words, done)
    file = request.files.get("photo")
    made = photo(file.read()) if file and file.filename else None
    if file and file.filename and made is None:
        problems |= {"photo": words.say("owner.newsletter.no_picture")}
    if problems or not isinstance(done, Issue):
        return _page(TypedIssue(values, issue_id, problems))
    picture = IssuePicture(made[0], f"{made[1][0]}:{made[1][1]}") if made else None
    with forms.form_work() as work:
        no = keep_issue(work, done, picture)
    if no is not None:
        return _page(TypedIssue(values, issue_id, refused=refusal_line(no.code)))
    if "more" in request.form:
        return redirect(url_for("owner.edit_issue", issue=done.id), 303)
    return redirect(url_for("owner.newsletter", done="saved"), 303)


def _page(typed: TypedIssue) -> ResponseReturnValue:
    return layout.page(
        "issue_form",
        status=422 if typed.problems else 409 if typed.refused else 200,
        typed=typed,
        fields=Filled(typed.values, typed.problems).fields(CONTROLS),
        problem=typed.problems.get("", ""),
        picture_problem=typed.problems.get("photo", ""),
        labels=labels,
        words=words_now(),
        new_key=forms.new_key,
    )


def _list(problem: str = "") -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found = newsletters.issues(uow, limit=_SHOWN)
        lines = [
            IssueLine(each, newsletters.figures(uow, each.issue.id), when(each.sent_at))
            for each in found
        ]
        count = newsletters.count_subscribers(uow)
    return layout.page(
        "newsletter",
        status=409 if problem else 200,
        lines=lines,
        count=count,
        its=current_programme().newsletter,
        problem=problem,
        done=forms.done_line("owner.newsletter.done"),
        new_key=forms.new_key,
    )
