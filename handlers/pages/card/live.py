"""The card on the member's own screen, at its one lasting address `/card`: a code that moves, and
what a scan has just brought."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.store.finding.cards import CardDetails, details
from bot.store.history import ledger, stock
from bot.store.members import members
from handlers.actions.telling.warnings import note_shown
from handlers.showing import addresses
from handlers.showing.addresses import card_name
from handlers.showing.card_links import open_card
from handlers.showing.viewer import Viewer
from handlers.showing.views import barcode
from images.barcode import barcode_svg
from images.qr import link_svg
from rules.characters import spaced_number
from rules.explaining.explain_subscriptions import held_lines
from rules.explaining.fan_words import fan_line
from rules.wording.card import CardHolder, CardView, ExpiringPoints, card_view, going_soon
from rules.wording.refusals import refusal_text
from rules.wording.texts import show
from rules.wording.today import running_line

from ..current import current_club
from ..headers import safe
from .frame import SECTIONS, page
from .moment import mark_of, moment_since
from .reader import end_page, mini_app_here, pages
from .selecting import here, packed_selection, selecting
from .session import (
    begin_session,
    cards_of,
    chosen,
    current_session,
    end_session,
    keep_session,
    member_page,
    outside_link,
    session_of,
    session_outside,
    viewer_of_session,
)
from .shell import is_in_line


@dataclass(frozen=True, slots=True)
class CardFace:
    """What the card shows beside its code."""

    name: str
    number: str
    rank: str
    colours: tuple[str, str]
    points: str
    #: The campaigns that are on; empty for none.
    today: str
    step: str
    progress: int | None
    expiring: str
    hand: str
    #: How far they are on the fan steps; empty for who isn't on them.
    fan: str
    #: What they subscribe to; empty for nothing.
    subscribed: str


@dataclass(frozen=True, slots=True)
class FamilyCard:
    """A card that may be shown instead, and whose it is."""

    number: str
    name: str


@pages.get("/card/<token>/")
def opening(token: str) -> AnyResponse:
    """A link from the chat begins a session, one from another browser's card goes on with its
    own; and leads to the page it is about."""
    session, link = session_outside(token), open_card(current_club(), token)
    with current_club().store.read() as uow:
        if link is not None:
            session = session_of(uow, link.account, link.number, link.issue)
        if session is None:
            return end_page("card_link_over")
        if viewer_of_session(uow, session) is None:
            return end_page("card_over")
    to = request.args.get("to", "")
    answer = redirect(url_for(f".{to if to in SECTIONS else 'card'}"), 303)
    begin_session(answer, session)
    return safe(make_response(answer), "secret")


@pages.get("/card", strict_slashes=False)
@member_page
def card(viewer: Viewer) -> Response:
    face = _face(viewer)
    if face.expiring:
        _note_shown(viewer)
    return _page(viewer, face, _svg(viewer))


@pages.get("/card/kept")
@member_page
def kept(viewer: Viewer) -> Response:
    """The page as the phone keeps it for when there is no network: with the lasting code, and
    without what is on today alone. Nobody has read it yet."""
    return _page(viewer, replace(_face(viewer), today=""), "")


@pages.get("/card/picture.jpg")
@member_page
def picture(viewer: Viewer) -> AnyResponse:
    """Leads to the card's picture."""
    club = current_club()
    view, _ = _look(viewer)
    address = addresses.card(club, viewer.scene, view, viewer.facts, viewer.member.issue)
    return redirect(urlsplit(address.url).path, 303)


@pages.post("/card/sign-out")
@member_page
def sign_out(_viewer: Viewer) -> AnyResponse:
    """Ends the session in this browser."""
    answer = redirect(url_for(".card"), 303)
    end_session(answer)
    return answer


def _page(viewer: Viewer, face: CardFace, moving: str) -> Response:
    """`moving`: the code of this moment; empty on a page that is kept."""
    member = viewer.member
    lasting = current_club().codes.card_code(member.number, member.issue)
    app = mini_app_here()
    answer = page(
        viewer,
        "live",
        mini_app=app,
        face=face,
        over=refusal_text(viewer.words, "card_over", "member"),
        moving=moving,
        lasting=link_svg(lasting, title=viewer.words.say("card_page.card.qr")),
        mark=mark_of(viewer),
        family=_family(viewer),
        in_line=is_in_line(),
        outside=outside_link(),
        bars=_bars(viewer),
        selected=selecting(viewer),
        here=here(),
    )
    return safe(answer, "mini_app") if app else answer


def _family(viewer: Viewer) -> list[FamilyCard]:
    """The other cards that may be shown instead."""
    session = current_session()
    with current_club().store.read() as uow:
        cards = cards_of(uow, session.account) if session else []
        return [
            FamilyCard(
                card.number,
                card_name(uow, card, "")
                or viewer.words.say("card_page.family.number", number=spaced_number(card.number)),
            )
            for card in cards
            if card.id != viewer.member.id
        ]


@pages.post("/card/choose")
@member_page
def choose(_viewer: Viewer) -> AnyResponse:
    """Shows another card of the same LINE account: a parent has several."""
    session, wanted = current_session(), request.form.get("card", "")
    answer = redirect(url_for(".card"), 303)
    with current_club().store.read() as uow:
        other = chosen(uow, session, wanted) if session else None
    if other is not None:
        keep_session(answer, other)
    return answer


@pages.get("/card/code")
@member_page
def code(viewer: Viewer) -> Response:
    """The card's code as it moves on, and whose it is: the page that asks may be of before."""
    return jsonify(svg=_svg(viewer), number=spaced_number(viewer.member.number))


@pages.get("/card/state")
@member_page
def state(viewer: Viewer) -> Response:
    """How the card stands now, for a page that is open, and the moment after a scan."""
    with current_club().store.read() as uow:
        moment = moment_since(uow, viewer, request.args.get("mark", ""))
    face = _face(viewer)
    if face.expiring and "read" in request.args:
        _note_shown(viewer)
    return jsonify(
        **asdict(face),
        mark=mark_of(viewer),
        moment=asdict(moment) if moment else None,
        selected=selecting(viewer).mark,
    )


def _look(viewer: Viewer) -> tuple[CardView, CardDetails]:
    """The card, and what it was made of."""
    club = current_club()
    with club.store.read() as uow:
        beside = details(uow, viewer.member.id, viewer.day)
        withheld = stock.withheld(uow, viewer.programme, viewer.member, now=club.now())
    view = card_view(
        viewer.programme, viewer.facts, CardHolder(viewer.member.number, viewer.name), beside.lots,
        day=viewer.day, lang=viewer.lang, withheld=withheld,
    )  # fmt: skip
    return view, beside


def _face(viewer: Viewer) -> CardFace:
    view, beside = _look(viewer)
    return CardFace(
        name=view.name,
        number=spaced_number(view.number),
        rank=view.rank,
        colours=view.colours,
        points=show(viewer.lang, view.points),
        today=running_line(viewer.words, viewer.campaigns_on(beside.switched_on)),
        step=view.step_text,
        progress=None if view.progress is None else round(view.progress * 100),
        expiring=_expiring(viewer, view.expiring),
        hand=viewer.words.say("card_page.card.hand", count=view.vouchers) if view.vouchers else "",
        fan=fan_line(viewer.words, viewer.facts, viewer.day),
        subscribed=viewer.words.listed(held_lines(viewer.words, viewer.facts, viewer.day)),
    )


def _expiring(viewer: Viewer, soon: ExpiringPoints | None) -> str:
    if soon is None:
        return ""
    last = soon.on - timedelta(days=1)
    return viewer.words.say("card_page.card.expiring", count=soon.points, last=last)


def _note_shown(viewer: Viewer) -> None:
    """Whom no message reaches is warned by this page, as it is opened."""
    club = current_club()
    with club.work("member") as work:
        member = members.lock(work.uow, viewer.member.id)
        lots = ledger.open_lots(work.uow, member.id)
        soon = going_soon(work.programme.points, work.settled(member), lots, day=work.day)
        if soon:
            note_shown(work, member, lots, until=soon.on)


def _bars(viewer: Viewer) -> tuple[str, str] | None:
    """The barcode below the QR, and what it says to be read; None where the programme has none."""
    drawn = barcode(viewer.programme, viewer.member.number)
    if drawn is None:
        return None
    return barcode_svg(drawn, title=viewer.words.say("card_page.card.bars")), drawn.readable


def _svg(viewer: Viewer) -> str:
    """The QR of the card's code as it is now."""
    club = current_club()
    selection = packed_selection(viewer)
    member = viewer.member
    code = club.codes.live_card(member.number, member.issue, club.now(), selection)
    return link_svg(code, title=viewer.words.say("card_page.card.qr"))
