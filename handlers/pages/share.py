"""Where a member's share leads (`/pr/<code>`): what they recommend, that it is advertising, and the
way to the shop's LINE.

That somebody came is told by their first touch or key on the page, which a script sends with the
page's own token: what only looks at a link, to show a preview of it, does neither.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from bot.store.heard.shares import Share
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.heard.sharing import LinkVisitor, found, note_own, note_visit
from handlers.actions.recording.work import Work
from handlers.showing import addresses
from handlers.showing.views import Scene
from rules.wording.words import Words

from .card.session import current_session
from .cookies import cookie_of, keep_cookie
from .current import current_club
from .headers import safe
from .language import page_language

pages = Blueprint(
    "share",
    __name__,
    template_folder="templates",
    static_folder="static/share",
    static_url_path="/pr/static",
)
#: What a browser keeps in which a member opened a share of their own: whose it is, sealed.
_OWN, _OWN_LINK, _READER = "kayoi_shares", "own_share", "share_reader"
#: What those of the shop keep (`staff.frame.access`).
_STAFF = ("kayoi_staff", "kayoi_device")
#: Nobody reads a page faster, and one that was left open for a day says nothing.
_READ_MIN, _READ_MAX_SECONDS = timedelta(seconds=1), 24 * 3600


@dataclass(frozen=True, slots=True)
class _Shared:
    """A share, and who stands behind it now."""

    share: Share
    member: Member
    #: What leads a friend of theirs to the chat.
    referral: str


@pages.get("/pr/<code>")
def show(code: str) -> ResponseReturnValue:
    """The page of a share. The member's own link to it (`own`) has the browser known as theirs.
    Where there is none any more, the programme is told."""
    club = current_club()
    with club.reading() as work:
        shared = _shared(work, code)
        programme = work.programme
    if shared is None:
        return safe(make_response(redirect(club.programme_link("ja"), 303)), "share")
    if request.args.get("own"):
        return _remember(shared, request.args["own"])
    # At first in the language of whoever recommends it, as the picture that others were sent is.
    language = page_language(shared.member.language)
    words = Words(programme, language.lang)
    scene = Scene(programme, club.art, language.lang)
    shop = words.name(programme.shop.name)
    picture = addresses.share(club, scene, shared.member.number, shared.share.line)
    page = render_template(
        "share/page.html",
        lang=language.lang,
        language=language,
        say=words.say,
        shop=shop,
        sender=programme.shop.legal_name,
        said=words.say(f"share.line.{shared.share.line}", shop=shop),
        picture=picture,
        link=club.pr_link(code),
        chat=club.chat_link(words.say("chat.referral.message", code=shared.referral)),
        voices=club.voices_link(language.lang),
        token=club.codes.sign(_READER, code),
    )
    return safe(make_response(page), "share")


@pages.post("/pr/<code>/seen")
def seen(code: str) -> ResponseReturnValue:
    """Somebody is there, says the page's script. What came of it is not theirs to know."""
    club = current_club()
    token = request.form.get("token", "")[:300]
    read = club.codes.unsign_aged(_READER, token, _READ_MAX_SECONDS)
    # Before anything is asked of the database: anybody can make one up, as often as they like.
    if read is None or read[0] != code:
        abort(404)
    if read[1] >= _READ_MIN:
        with club.work() as work:
            shared = _shared(work, code)
            if shared is None:
                abort(404)
            note_visit(work, code, _visitor(shared))
    return safe(Response(status=204), "share")


def _shared(work: Work, code: str) -> _Shared | None:
    share = found(work, code)
    keeper = members.keeper(work.uow, share.member_id) if share else None
    member = members.get(work.uow, keeper) if keeper is not None else None
    if share is None or member is None or member.erased_at is not None:
        return None
    return _Shared(share, member, members.code_of(work.uow, "referral", share.member_id) or "")


def _remember(shared: _Shared, token: str) -> ResponseReturnValue:
    """Sends on to the page, in a browser that is known from now on."""
    club, code = current_club(), shared.share.code
    there = safe(make_response(redirect(url_for("share.show", code=code), 303)), "share")
    if club.codes.unsign(_OWN_LINK, token, None) == code:
        with club.work() as work:
            note_own(work, shared.share, _visitor(shared))
        keep_cookie(there, _OWN, club.codes.seal(_OWN, shared.member.number), samesite="Lax")
    return there


def _visitor(shared: _Shared) -> LinkVisitor:
    """Who asks. Their network's address and browser are known again by a keyed hash alone."""
    club, number = current_club(), shared.member.number
    session = current_session()
    shown = [card for card, _ in session.cards] if session else []
    is_theirs = number in shown or club.codes.unseal(_OWN, cookie_of(_OWN)) == number
    is_shops = any(cookie_of(name) for name in _STAFF)
    browser = f"{request.remote_addr} {request.user_agent.string}"
    return LinkVisitor(club.codes.marks("browser", browser), is_ours=is_theirs or is_shops)
