"""The counter's page (/staff/qr): a QR that changes every minute, on a tablet facing the customer.

It is reached by a signed link, as nobody stays signed in there: one that a command prints, or one
that staff open, which is good as long as they, or the registered device it was, work in that store.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import structlog
from flask import Blueprint, Response, jsonify, make_response, render_template, url_for

from bot.codes import SLOT
from bot.line.errors import LineError
from bot.store.staff import devices, staff
from handlers.club import Club
from images.qr import link_svg
from images.theme import palette
from rules.base import LANGS, Lang
from rules.programme.programme import Programme
from rules.shop import Branch
from rules.wording.refusals import refusal_text
from rules.wording.texts import say
from rules.wording.words import Words

from .current import current_club, current_programme
from .headers import safe

#: What links to this page are signed for, and how long they work: half a year.
PURPOSE = "counter"
LINK_SECONDS = 180 * 24 * 3600
#: Who reads a QR needs some time to send it: an old one is taken off the screen so much earlier.
_TO_SEND_SECONDS = 60
_COMMAND = "flask --app app counter-link"
log = structlog.get_logger("counter")

pages = Blueprint(
    "counter",
    __name__,
    template_folder="templates",
    static_folder="static/counter",
    static_url_path="/staff/qr/static",
)


@dataclass(frozen=True, slots=True)
class CounterCode:
    """What the page shows now. `text` is what a customer sends, `link` opens the chat with it typed
    in, `svg` is the link's QR. It is replaced in `left_ms`, and may stay for `good_ms` if no new
    one comes.
    """

    text: str
    link: str
    svg: str
    left_ms: int
    good_ms: int


@dataclass(frozen=True, slots=True)
class _Counter:
    """Whose page a link leads to."""

    programme: Programme
    store: Branch


@dataclass(frozen=True, slots=True)
class Opener:
    """On whose word a link works: a registered device's, or a member of staff's."""

    kind: Literal["device", "staff"]
    id: int


def counter_path(club: Club, store: str, opener: Opener | None = None) -> str:
    """The path of the page of `store`, good for half a year from now, and no longer than its
    `opener` works there; None for a command's."""
    said = f"{store} {opener.kind} {opener.id}" if opener else store
    return f"/staff/qr/{club.codes.sign(PURPOSE, said)}/"


@pages.get("/staff/qr/<token>/")
def page(token: str) -> Response:
    counter = _counter_of(token)
    if counter is None:
        return safe(make_response(_end_page("counter_over", _COMMAND), 404), "secret")
    if not counter.programme.visits.counter_qr:
        return safe(make_response(_end_page("counter_off", ""), 404), "secret")
    return safe(make_response(_page(counter, token, _code_or_none(counter))), "secret")


@pages.get("/staff/qr/<token>/code")
def code(token: str) -> Response:
    counter = _counter_of(token)
    if counter is None or not counter.programme.visits.counter_qr:
        return safe(make_response(jsonify(error="ended"), 404), "secret")
    shown = _code_or_none(counter)
    if shown is None:
        return safe(make_response(jsonify(error="preparing"), 503), "secret")
    return safe(make_response(jsonify(asdict(shown))), "secret")


@pages.get("/staff/qr/<token>/colours.css")
def colours(token: str) -> Response:
    counter = _counter_of(token)
    if counter is None:
        return safe(Response("", 404, content_type="text/css; charset=utf-8"), "secret")
    css = colours_css(counter.programme.shop.accent)
    return safe(Response(css, content_type="text/css; charset=utf-8"), "secret")


def _counter_of(token: str) -> _Counter | None:
    """What the link is for; None if it isn't ours, too old, or its store or opener is gone."""
    codes = current_club().codes
    store, _, opener = (codes.unsign(PURPOSE, token, LINK_SECONDS) or "").partition(" ")
    programme = current_programme()
    branch = programme.store(store)
    if branch is None or (opener and not _works_there(opener, store)):
        return None
    return _Counter(programme, branch)


def _works_there(opener: str, store: str) -> bool:
    """Whether who opened a link, as it says ("device 3"), may still work in the store."""
    kind, _, known_as = opener.partition(" ")
    with current_club().store.read() as uow:
        if kind == "device":
            device = devices.get(uow, int(known_as))
            return device is not None and device.revoked_at is None and device.store == store
        person = staff.get(uow, int(known_as))
    return person is not None and person.disabled_at is None and person.works_at(store)


def _code_or_none(counter: _Counter) -> CounterCode | None:
    """None while LINE doesn't tell us the account's id; the page asks again by itself."""
    club = current_club()
    try:
        return counter_code(club, counter.programme, counter.store.id, club.now())
    except LineError as problem:
        log.warning("the counter's link can't be made", problem=type(problem).__name__)
        return None


def counter_code(club: Club, programme: Programme, store: str, now: datetime) -> CounterCode:
    """What `store`'s counter shows at `now`. LineError when the account's id isn't known."""
    text = say("ja", "counter.message", code=club.codes.counter_code(store, now))
    link = club.chat_link(text)
    slot = SLOT.total_seconds()
    left = slot - now.timestamp() % slot
    good = left + programme.visits.counter_code_minutes * 60 - _TO_SEND_SECONDS
    svg = link_svg(link, title=say("ja", "counter.qr"))
    return CounterCode(text, link, svg, round(left * 1000), round(good * 1000))


def _page(counter: _Counter, token: str, shown: CounterCode | None) -> str:
    shop = counter.programme.shop
    return render_template(
        "counter/page.html",
        ja=_texts("ja", counter.programme),
        en=_texts("en", counter.programme),
        shop=shop.name,
        store=counter.store.name if len(counter.programme.stores) > 1 else None,
        shown=shown,
        code_url=url_for(".code", token=token),
        colours_url=url_for(".colours", token=token),
    )


def _end_page(code: str, command: str) -> str:
    """Why there is no page, for whoever set up the tablet: in both languages."""
    programme = current_programme()
    texts = [refusal_text(Words(programme, lang), code, "staff") for lang in LANGS]
    return render_template(
        "counter/ended.html",
        title=[text.why for text in texts],
        help=[text.then for text in texts],
        command=command,
    )


def _texts(lang: Lang, programme: Programme) -> Callable[[str], str]:
    """The page's texts by their last word."""
    points = programme.points.name.in_(lang)
    return lambda key: say(lang, f"counter.{key}", points=points)


def colours_css(accent: str) -> str:
    """The shop's palette as the custom properties that our style sheets use."""
    chosen = {name.replace("_", "-"): value for name, value in asdict(palette(accent)).items()}
    return ":root{" + "".join(f"--{name}:{value};" for name, value in chosen.items()) + "}\n"
