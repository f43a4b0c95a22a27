"""The newsletter: its issues, written here or in a file, and sent to who asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import newsletters
from bot.store.messages.newsletters import IssueFigures, IssuePicture, IssueState, StoredIssue
from handlers.actions.newsletter.sending import send_issue, stop_issue, withdraw_issue
from handlers.actions.newsletter.trying import try_issue
from handlers.actions.newsletter.writing import CHANGED, add_issue, keep_issue
from handlers.showing.newsletter_links import draft_page
from images.photo import photo
from rules.base import Refusal
from rules.characters import one_width
from rules.editing import labels
from rules.editing.broadcasts import by_field
from rules.editing.fields import Filled
from rules.editing.issues import CONTROLS, issue_values, new_issue_id, read_issue_form
from rules.editing.typed import NOTHING, read
from rules.programme.newsletter import Issue

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.blueprint import takes_pictures
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
    #: Where a draft can be looked at; "" for what went out.
    draft: str

    @property
    def total(self) -> int:
        """How many it is for, as far as is known yet."""
        return self.stored.recipients

    @property
    def over(self) -> int:
        """For how many of them it is decided."""
        return self.total - self.figures.of("queued", "sending")


@dataclass(frozen=True, slots=True)
class TypedIssue:
    """What stands in an issue's form, and what is to be said of it."""

    values: Mapping[str, Any]
    #: Its name in addresses; "" for a new one.
    issue_id: str = ""
    revision: int = 0
    problems: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True, slots=True)
class TypedCard:
    """What was typed for a trial of that issue that was refused."""

    issue_id: str = ""
    number: str = ""


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
@takes_pictures
def save_new() -> ResponseReturnValue:
    return _save("")


@pages.get("/newsletter/<issue>/edit", endpoint="edit_issue")
@owner_page
def open_draft(issue: str) -> ResponseReturnValue:
    stored = _stored(issue)
    if stored.sent_at is not None:
        # It stays as it went out.
        return redirect(url_for("owner.newsletter"), 303)
    return _page(TypedIssue(issue_values(stored.issue), issue, stored.revision))


@pages.post("/newsletter/<issue>/edit", endpoint="save_issue")
@owner_page
@takes_pictures
def save_draft(issue: str) -> ResponseReturnValue:
    _stored(issue)
    return _save(issue)


@pages.post("/newsletter/<issue>/send", endpoint="send_issue")
@owner_page
def send(issue: str) -> ResponseReturnValue:
    """To all who asked for it: the clock does it, and each gets it once."""
    with forms.form_work() as work:
        no = send_issue(work, issue, revision=forms.number("revision") or 0)
    return _answer(no, "sent")


@pages.post("/newsletter/<issue>/stop", endpoint="stop_issue")
@owner_page
def stop(issue: str) -> ResponseReturnValue:
    with forms.form_work() as work:
        no = stop_issue(work, issue)
    if no is None:
        # What needs no long transaction; should we die here, the clock does it.
        withdraw_issue(current_club().store, issue)
    return _answer(no, "stopped")


@pages.post("/newsletter/<issue>/try", endpoint="try_issue")
@owner_page
def try_on(issue: str) -> ResponseReturnValue:
    typed = forms.field("card", 40)
    with forms.form_work() as work:
        no = try_issue(work, issue, "".join(char for char in one_width(typed) if char.isdigit()))
    return _answer(no, "tried", TypedCard(issue, typed))


def _answer(no: Refusal | None, done: str, card: TypedCard | None = None) -> ResponseReturnValue:
    if no is not None:
        return _list(refusal_line(no.code), card)
    return redirect(url_for("owner.newsletter", done=done), 303)


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
    day, revision = current_programme().shop.business_date(club.now()), forms.number("revision")
    done = read_issue_form(values, issue_id or new_issue_id(day, ()))
    problems = {} if isinstance(done, Issue) else by_field(words, done)
    file = request.files.get("photo")
    drawn = photo(file.read()) if file and file.filename else None
    if file and file.filename and drawn is None:
        problems |= {"photo": words.say("owner.newsletter.no_picture")}
    if problems or not isinstance(done, Issue):
        return _page(TypedIssue(values, issue_id, revision or 0, problems))
    picture = IssuePicture(drawn[0], f"{drawn[1][0]}:{drawn[1][1]}") if drawn else None
    with forms.form_work() as work:
        if issue_id:
            no = keep_issue(work, done, picture, revision=revision or 0)
        else:
            made = add_issue(work, done, picture, lambda taken: new_issue_id(day, taken))
            no = None if made else CHANGED
            issue_id = made or ""
    if no is not None:
        typed = TypedIssue(values, issue_id, revision or 0, refused=refusal_line(no.code))
        return _page(typed)
    if "more" in request.form:
        return redirect(url_for("owner.edit_issue", issue=issue_id), 303)
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


def _list(problem: str = "", card: TypedCard | None = None) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found = newsletters.issues(uow, limit=_SHOWN)
        figures = newsletters.figures(uow, [each for each in found if each.sent_at])
        lines = [_line(each, figures) for each in found]
        count = newsletters.count_subscribers(uow)
    return layout.page(
        "newsletter",
        status=409 if problem else 200,
        lines=lines,
        moving=any(each.stored.state in ("sending", "stopping") for each in lines),
        count=count,
        its=current_programme().newsletter,
        problem=problem,
        card=card or TypedCard(),
        state_text=state_text,
        done=forms.done_line("owner.newsletter.done"),
        new_key=forms.new_key,
    )


def _line(stored: StoredIssue, figures: Mapping[str, IssueFigures]) -> IssueLine:
    name = stored.issue.id
    draft = "" if stored.sent_at else draft_page(current_club(), name)
    none = IssueFigures({}, 0)
    return IssueLine(stored, figures.get(name, none), when(stored.sent_at), draft)


def state_text(state: IssueState) -> str:
    """The text that names it."""
    return f"owner.newsletter.state.{state}"
