"""The card on the member's own screen: a code that moves, and what a scan has just brought."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import Response, jsonify, make_response, render_template, url_for

from bot.store.history import ledger, stock
from bot.store.members import members
from handlers.actions.telling.warnings import note_shown
from handlers.showing.card_links import open_card
from handlers.showing.viewer import Viewer
from images.qr import link_svg
from rules.characters import spaced_number
from rules.wording.card import CardHolder, ExpiringPoints, card_view, going_soon
from rules.wording.refusals import refusal_text
from rules.wording.texts import show

from ..current import current_club
from ..headers import safe
from .reader import end_page, pages, reader_of


@dataclass(frozen=True, slots=True)
class CardFace:
    """What the card shows: `visits` tells the page when a scan was counted, `thanks` what it then
    says."""

    name: str
    number: str
    rank: str
    colours: tuple[str, str]
    points: str
    step: str
    progress: int | None
    expiring: str
    hand: str
    visits: int
    thanks: str


@pages.get("/card/<token>/")
def live(token: str) -> Response:
    looked = _look(token)
    if looked is None:
        return end_page("card_over")
    reader, face = looked
    if face.expiring:
        _note_shown(reader)
    html = render_template(
        "card/live.html",
        lang=reader.lang,
        say=reader.words.say,
        shop=reader.shop,
        points_name=reader.words.points,
        face=face,
        over=refusal_text(reader.words, "card_over", "member"),
        svg=_svg(reader),
        code_url=url_for(".live_code", token=token),
        state_url=url_for(".live_state", token=token),
    )
    return safe(make_response(html), "secret")


@pages.get("/card/<token>/code")
def live_code(token: str) -> Response:
    looked = _look(token)
    if looked is None:
        return safe(make_response(jsonify(error="ended"), 404), "secret")
    return safe(make_response(jsonify(svg=_svg(looked[0]))), "secret")


@pages.get("/card/<token>/state")
def live_state(token: str) -> Response:
    looked = _look(token)
    if looked is None:
        return safe(make_response(jsonify(error="ended"), 404), "secret")
    return safe(make_response(jsonify(asdict(looked[1]))), "secret")


def _look(token: str) -> tuple[Viewer, CardFace] | None:
    club = current_club()
    page = open_card(club, token)
    if page is None or not page.left:
        return None
    with club.store.read() as uow:
        reader = reader_of(uow, page.number, page.issue)
        if reader is None:
            return None
        lots = ledger.open_lots(uow, reader.member.id)
        held_until = reader.member.held_until
        withheld = stock.withheld(uow, reader.programme, held_until, now=club.now())
    number = reader.member.number
    view = card_view(
        reader.programme, reader.facts, CardHolder(number, reader.name), lots,
        day=reader.day, lang=reader.lang, withheld=withheld,
    )  # fmt: skip
    return reader, CardFace(
        name=view.name,
        number=spaced_number(view.number),
        rank=view.rank,
        colours=view.colours,
        points=show(reader.lang, view.points),
        step=view.step_text,
        progress=None if view.progress is None else round(view.progress * 100),
        expiring=_expiring(reader, view.expiring),
        hand=reader.words.say("card_page.card.hand", count=view.vouchers) if view.vouchers else "",
        visits=view.visits,
        thanks=reader.words.say("card_page.card.counted"),
    )


def _expiring(reader: Viewer, soon: ExpiringPoints | None) -> str:
    if soon is None:
        return ""
    last = soon.on - timedelta(days=1)
    return reader.words.say("card_page.card.expiring", count=soon.points, last=last)


def _note_shown(reader: Viewer) -> None:
    """Whom no message reaches is warned by this page, as it is opened."""
    club = current_club()
    with club.work("member") as work:
        member = members.lock(work.uow, reader.member.id)
        lots = ledger.open_lots(work.uow, member.id)
        soon = going_soon(work.programme.points, work.settled(member), lots, day=work.day)
        if soon:
            note_shown(work, member, lots, until=soon.on)


def _svg(reader: Viewer) -> str:
    """The QR of the card's code as it is now."""
    club = current_club()
    code = club.codes.live_card(reader.member.number, reader.member.issue, club.now())
    return link_svg(code, title=reader.words.say("card_page.card.qr"))
