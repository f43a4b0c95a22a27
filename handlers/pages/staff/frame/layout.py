"""How a page of the staff is put together: its words, its frame, and where one can go from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

import structlog
from flask import Response, abort, make_response, render_template

from bot.base32 import CODE_LENGTH_MAX
from bot.line.errors import LineError
from bot.store.staff import flags
from handlers.actions.heard.answering import ANSWER_LENGTH_MAX
from handlers.actions.heard.contacting import WORDS_MAX
from handlers.actions.members.profile import NAME_MAX, NOTE_MAX
from handlers.actions.staff import staffing, two_steps
from images.qr import link_svg
from rules.base import Lang
from rules.judging.undo import REASON_LENGTH_MAX
from rules.programme.programme import Programme
from rules.programme.purchases import RECEIPT_LENGTH_MAX
from rules.shop import Branch
from rules.wording.texts import show
from rules.wording.words import Words

from ...current import current_club, current_programme
from .access import SignedInStaff, language, may_see, signed, signed_or_none
from .blueprint import UPLOAD_BODY_MAX
from .browsers import new_browsers

log = structlog.get_logger("staff")

HOME, CONSOLE = "/staff/", "/owner/"
#: Where pages begin that one may be led back to.
_OURS = (HOME, CONSOLE)
#: What somebody looks for.
QUERY_MAX = 100
#: How much may be typed into each field: as the actions take it, for the forms to say so too.
LENGTHS = {
    "answer": ANSWER_LENGTH_MAX,
    "call": WORDS_MAX,
    "card": CODE_LENGTH_MAX,
    "login": staffing.LOGIN_MAX,
    "name": NAME_MAX,
    "note": NOTE_MAX,
    "one_time_code": two_steps.CODE_LENGTH_MAX,
    "password": staffing.PASSWORD_MAX,
    "password_min": staffing.PASSWORD_MIN,
    "pin": staffing.PIN_MAX,
    "query": QUERY_MAX,
    "reason": REASON_LENGTH_MAX,
    "receipt": RECEIPT_LENGTH_MAX,
    "public_name": staffing.PUBLIC_NAME_MAX,
    "staff_name": staffing.NAME_MAX,
    "upload": UPLOAD_BODY_MAX,
}


@dataclass(frozen=True, slots=True, order=True)
class NavLink:
    """A page one can go to from any page, if its guard lets one in."""

    #: Links stand by it, the lowest first.
    place: int
    endpoint: str
    #: Its sign, in icons.html.
    icon: str
    #: In the bar that is always there, which has room for four; the others are on the page "more".
    always: bool = False

    @property
    def text(self) -> str:
        """The key of the text that names it."""
        return f"staff.nav.{self.endpoint.removeprefix('staff.')}"


#: Where one can go; each page's module adds its own.
LINKS: list[NavLink] = []


def link(place: int, endpoint: str, icon: str, *, always: bool = False) -> None:
    """Links to a page of this module from all others (see `NavLink`)."""
    LINKS.append(NavLink(place, endpoint, icon, always))


def page(
    template: str, *, status: int = 200, anonymous: Lang | None = None, **values: Any
) -> Response:
    """The page `staff/<template>.html`, which knows what `surroundings` tells, and `values`.

    `anonymous`: as nobody would see it, in that language, whoever is signed in.
    """
    around = surroundings(anonymous)
    html = render_template(f"staff/{template}.html", **around, **values)
    return make_response(html, status)


def surroundings(anonymous: Lang | None = None) -> dict[str, Any]:
    """What every page knows: `say` (a text by its key), `lang`, `signed` (None before somebody is),
    `shop`, `programme`, `store` (the desk's, or None), `links`, `lengths` (how much a field takes),
    `flag_count` (what waits for a manager to look at it) and `new_browsers` (in which somebody
    signed in as the reader), and `when`, which shows a moment."""
    lang = anonymous or language()
    someone = None if anonymous else signed_or_none()
    programme = current_programme()
    return {
        "say": Words(programme, lang).say,
        "lang": lang,
        "signed": someone,
        "anonymous": anonymous is not None,
        "programme": programme,
        "shop": programme.shop.name.in_(lang),
        "store": programme.store(someone.desk.store) if someone else None,
        "flag_count": _flag_count(someone),
        "links": _links(someone, programme),
        "lengths": LENGTHS,
        "new_browsers": [] if anonymous else new_browsers(),
        "when": when,
    }


def _flag_count(someone: SignedInStaff | None) -> int:
    """How many unusual patterns wait for whoever is signed in; none for who doesn't manage."""
    if someone is None or not someone.desk.manages:
        return 0
    with current_club().store.read() as uow:
        return flags.unseen(uow, store=None if someone.everywhere else someone.desk.store)


def stores() -> tuple[Branch, ...]:
    """The stores whose matters are those of whoever is signed in."""
    someone = signed()
    return tuple(s for s in current_programme().stores if someone.may_act_at(s.id))


def role(name: str) -> str:
    return words(f"staff.role.{name}")


def store_name(store: str | None) -> str:
    """The name of a store, or that it is every one; its id once the programme has it no more."""
    if store is None:
        return words("staff.store.every")
    known = current_programme().store(store)
    return known.name.in_(language()) if known else store


def when(at: datetime | None) -> str:
    """A moment on the shop's clock; "" for none."""
    return show(language(), current_programme().shop.local(at)) if at else ""


def _links(someone: SignedInStaff | None, programme: Programme) -> list[NavLink]:
    """Where somebody may go; nowhere before they have signed in."""
    if someone is None:
        return []
    off = set() if programme.visits.counter_qr else {"staff.qr"}
    seen = (link for link in sorted(LINKS) if may_see(link.endpoint, someone.desk.role))
    return [link for link in seen if link.endpoint not in off]


def words(key: str, **values: Any) -> str:
    """The text `key` in the reader's language, with the shop's own words."""
    return Words(current_programme(), language()).say(key, **values)


def link_qr(link: Callable[[], str]) -> str:
    """The QR of a link to the chat, empty while LINE doesn't tell us the account's id."""
    try:
        return link_svg(link(), title=words("staff.members.qr"))
    except LineError as problem:
        log.warning("link_not_made", kind=type(problem).__name__)
        return ""


def not_found() -> NoReturn:
    """What isn't there, or isn't theirs to see: which of the two is nobody's business."""
    abort(404)


def after(wanted: str | None) -> str:
    """Where to go on: `wanted` if it is one of the staff's own pages, else their first one.

    Whatever a browser could take for another host's address is not.
    """
    if not wanted or "\\" in wanted or not wanted.isprintable():
        return HOME
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith(_OURS)
    return wanted if is_ours and "/../" not in f"{parts.path}/" else HOME
