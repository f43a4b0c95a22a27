"""The counter's page (/staff/qr/now/): a QR that changes every minute, on a tablet facing the
customer.

Nobody stays signed in there, so the browser in which it was opened keeps a signed cookie: its
address alone, which customers can read, shows nothing. Staff open it, and it is good as long as
they, or the registered device it was, work in that store; or a link opens it once that a command
prints.
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import structlog
from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, url_for

from bot.codes import SLOT
from bot.line.errors import LineError
from bot.store.history import claims
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

from .cookies import cookie_of, keep_cookie
from .current import current_club, current_programme
from .headers import safe

#: What the cookie is called and signed for, and how long it works: half a year.
PURPOSE, _COOKIE = "counter", "kayoi_counter"
PAGE_SECONDS = 180 * 24 * 3600
#: What a command's link is signed for, and how long it waits to be opened: a day.
OPENING = "counter opening"
LINK_SECONDS = 24 * 3600
#: Who reads a QR needs some time to send it: an old one is taken off the screen so much earlier.
_TO_SEND_SECONDS = 60
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
    """Whose page a browser shows."""

    programme: Programme
    store: Branch


@dataclass(frozen=True, slots=True)
class Opener:
    """On whose word a page works: a registered device's, or a member of staff's."""

    kind: Literal["device", "staff"]
    id: int


def opening_path(club: Club, store: str) -> str:
    """The path of a link that opens the page of `store` in one browser, within a day."""
    return f"/staff/qr/open/{club.codes.sign(OPENING, f'{store} {secrets.token_hex(8)}')}/"


def open_here(store: str, opener: Opener | None = None) -> Response:
    """Leads to the page of `store`, which this browser may show from now on for half a year, and no
    longer than its `opener` works there; None for a command's link."""
    said = f"{store} {opener.kind} {opener.id}" if opener else store
    answer = make_response(redirect(url_for("counter.page"), 303))
    token = current_club().codes.sign(PURPOSE, said)
    keep_cookie(answer, _COOKIE, token, seconds=PAGE_SECONDS, samesite="Lax")
    return safe(answer, "secret")


@pages.get("/staff/qr/open/<token>/")
def opening(token: str) -> Response:
    """Whoever opens a command's link first has the page; it shows it to nobody else."""
    club = current_club()
    store, _, nonce = (club.codes.unsign(OPENING, token, LINK_SECONDS) or "").partition(" ")
    here = _counter_here()
    if here is not None and here.store.id == store:
        return safe(make_response(redirect(url_for(".page"), 303)), "secret")
    if not nonce:
        return _over()
    with club.work(key=f"counter:{nonce}") as work:
        is_first = claims.claim(work.uow, work.key, store, at=work.now) is None
    return open_here(store) if is_first else _over()


@pages.get("/staff/qr/now/")
def page() -> Response:
    counter = _counter_here()
    if counter is None:
        return _over()
    if not counter.programme.visits.counter_qr:
        return safe(make_response(_end_page("counter_off"), 404), "secret")
    return safe(make_response(_page(counter, _code_or_none(counter))), "secret")


@pages.get("/staff/qr/now/code")
def code() -> Response:
    counter = _counter_here()
    if counter is None or not counter.programme.visits.counter_qr:
        return safe(make_response(jsonify(error="ended"), 404), "secret")
    shown = _code_or_none(counter)
    if shown is None:
        return safe(make_response(jsonify(error="preparing"), 503), "secret")
    return safe(make_response(jsonify(asdict(shown))), "secret")


@pages.get("/staff/qr/<_token>/")
def before(_token: str) -> Response:
    """The address of a page that was opened before its browser kept what it may show."""
    return _over()


@pages.get("/staff/qr/now/colours.css")
def colours() -> Response:
    css = colours_css(current_programme().shop.accent)
    return safe(Response(css, content_type="text/css; charset=utf-8"), "secret")


def _over() -> Response:
    return safe(make_response(_end_page("counter_over"), 404), "secret")


def _counter_here() -> _Counter | None:
    """What this browser may show; None for nothing: it never was opened here, or too long ago, or
    its store or opener is gone."""
    codes = current_club().codes
    said = codes.unsign(PURPOSE, cookie_of(_COOKIE), PAGE_SECONDS) or ""
    store, _, opener = said.partition(" ")
    programme = current_programme()
    branch = programme.store(store)
    if branch is None or (opener and not _works_there(opener, store)):
        return None
    return _Counter(programme, branch)


def _works_there(opener: str, store: str) -> bool:
    """Whether who opened it, as the cookie says ("device 3"), may still work in the store."""
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
    svg = link_svg(link, title=Words(programme, "ja").say("counter.qr"))
    return CounterCode(text, link, svg, round(left * 1000), round(good * 1000))


def _page(counter: _Counter, shown: CounterCode | None) -> str:
    shop = counter.programme.shop
    return render_template(
        "counter/page.html",
        ja=_texts("ja", counter.programme),
        en=_texts("en", counter.programme),
        shop=shop.name,
        store=counter.store.name if len(counter.programme.stores) > 1 else None,
        shown=shown,
        code_url=url_for(".code"),
        colours_url=url_for(".colours"),
    )


def _end_page(code: str) -> str:
    """Why there is no page, for whoever set up the tablet: in both languages."""
    programme = current_programme()
    texts = [refusal_text(Words(programme, lang), code, "staff") for lang in LANGS]
    return render_template(
        "counter/ended.html",
        title=[text.why for text in texts],
        help=[text.then for text in texts],
    )


def _texts(lang: Lang, programme: Programme) -> Callable[[str], str]:
    """The page's texts by their last word."""
    words = Words(programme, lang)
    return lambda key: words.say(f"counter.{key}")


def colours_css(accent: str) -> str:
    """The shop's palette as the custom properties that our style sheets use."""
    chosen = {name.replace("_", "-"): value for name, value in asdict(palette(accent)).items()}
    return ":root{" + "".join(f"--{name}:{value};" for name, value in chosen.items()) + "}\n"
