"""An issue of the newsletter (`/newsletter/<id>`), for anybody; by a member's own link its opening
is noted first."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bot.store.messages import newsletters
from bot.store.messages.newsletters import StoredIssue
from handlers.actions.newsletter.issue import open_issue
from handlers.showing.newsletter_links import (
    draft_picture,
    issue_page,
    reader_of,
    shows_draft,
)
from rules.base import Lang
from rules.wording.texts import long_date
from rules.wording.words import Words

from .current import current_club, current_programme
from .headers import safe
from .language import page_language

#: For so long a browser may keep the picture of an issue, which never changes.
_PICTURE_SECONDS = 30 * 24 * 3600

pages = Blueprint(
    "newsletter",
    __name__,
    template_folder="templates",
    static_folder="static/newsletter",
    static_url_path="/newsletter/static",
)


@pages.get("/newsletter/<issue>")
def show(issue: str) -> Response:
    """In Japanese, or with `?lang=en`."""
    return _page(_sent_issue(issue))


def _page(stored: StoredIssue) -> Response:
    language = page_language()
    lang = language.lang
    programme = current_programme()
    words = Words(programme, lang)
    newsletter, shop, sent_at = programme.newsletter, programme.shop, stored.sent_at
    page = render_template(
        "newsletter/page.html",
        lang=lang,
        language=language,
        shop=words.name(shop.name),
        name=words.name(newsletter.name) if newsletter else "",
        title=words.name(stored.issue.title),
        day=long_date(lang, shop.local(sent_at).date()) if sent_at else "",
        picture=_picture_of(stored) if stored.has_picture else "",
        sections=[
            (words.name(each.heading) if each.heading else "", each.body.in_(lang))
            for each in stored.issue.sections
        ],
        how_to_stop=words.say("newsletter.how_to_stop"),
        sender=shop.legal_name,
        contact=programme.privacy.contact.in_(lang),
    )
    return safe(make_response(page), "newsletter")


@pages.get("/newsletter/<issue>/picture.jpg")
def picture(issue: str) -> Response:
    with current_club().store.read() as uow:
        data = newsletters.picture(uow, issue)
        draft = newsletters.draft_picture(uow, issue) if data is None else None
    if data is not None:
        answer = Response(data, mimetype="image/jpeg")
        answer.headers["Cache-Control"] = f"public, max-age={_PICTURE_SECONDS}"
        return safe(answer, "picture")
    if draft is None or not shows_draft(current_club(), issue, request.args.get("draft", "")):
        abort(404)
    answer = Response(draft.data, mimetype="image/jpeg")
    # The next may be another.
    answer.headers["Cache-Control"] = "no-store"
    return safe(answer, "picture")


@pages.get("/newsletter/<issue>/<token>")
def read(issue: str, token: str) -> ResponseReturnValue:
    """On to the page whose address tells nothing of anybody, so that it can be passed on. A draft
    is shown here, to who tries it."""
    club = current_club()
    if shows_draft(club, issue, token):
        stored = _stored(issue)
        if stored is not None and stored.sent_at is None:
            return _page(stored)
    number = reader_of(club, issue, token)
    lang: Lang = "ja"
    if number is not None and request.method == "GET":
        with club.work() as work:
            lang = open_issue(work, number, issue) or "ja"
    onward = redirect(issue_page(club, issue) + ("?lang=en" if lang == "en" else ""), 303)
    return safe(make_response(onward), "secret")


def _picture_of(stored: StoredIssue) -> str:
    if stored.sent_at is None:
        return draft_picture(current_club(), stored.issue.id)
    return f"/newsletter/{stored.issue.id}/picture.jpg"


def _stored(issue: str) -> StoredIssue | None:
    with current_club().store.read() as uow:
        return newsletters.get(uow, issue)


def _sent_issue(issue: str) -> StoredIssue:
    """The issue, if it has gone out."""
    stored = _stored(issue)
    if stored is None or stored.sent_at is None:
        abort(404)
    return stored
