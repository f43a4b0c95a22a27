"""How a page of the staff is put together: its words, its frame, and where one can go from it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NoReturn
from urllib.parse import urlsplit

from flask import Response, abort, make_response, render_template, request

from bot.store.staff import flags
from bot.store.staff.staff import Role
from rules.base import YEN_MAX, Lang
from rules.characters import one_width, whole_number
from rules.programme.programme import Programme
from rules.shop import Branch
from rules.wording.texts import say, show

from .access import SignedInStaff, access, language, signed, signed_or_none
from .lengths import LENGTHS

HOME = "/staff/"
#: What people type with an amount, that isn't the amount.
_AROUND_DIGITS = re.compile(r"[\s,¥\\円]")


@dataclass(frozen=True, slots=True)
class NavLink:
    """A page one can go to: its endpoint, the text that names it, its sign (in icons.html), and who
    sees it. `always`: in the bar that is always there, which has room for four; the others are on
    the page "more"."""

    endpoint: str
    text: str
    icon: str
    roles: tuple[Role, ...] = ("owner", "manager", "staff")
    always: bool = False


_MANAGERS: tuple[Role, ...] = ("owner", "manager")

#: Where one can go, in this order.
LINKS = (
    NavLink("staff.home", "staff.nav.home", "scan", always=True),
    NavLink("staff.members", "staff.nav.members", "members", always=True),
    NavLink("staff.today", "staff.nav.today", "today", always=True),
    NavLink("staff.qr", "staff.nav.qr", "qr", always=True),
    NavLink("staff.slips", "staff.nav.slips", "yen"),
    NavLink("staff.letters", "staff.nav.letters", "talk"),
    NavLink("staff.calls", "staff.nav.calls", "phone"),
    NavLink("staff.team", "staff.nav.team", "person", _MANAGERS),
    NavLink("staff.devices", "staff.nav.devices", "device", _MANAGERS),
    NavLink("staff.flags", "staff.nav.flags", "alert", _MANAGERS),
    NavLink("staff.log", "staff.nav.log", "note", _MANAGERS),
    NavLink("staff.account", "staff.nav.account", "settings"),
)


def page(
    template: str, *, status: int = 200, anonymous: Lang | None = None, **values: Any
) -> Response:
    """The page `staff/<template>.html`. It knows `say` (a text by its key), `lang`, `signed` (None
    before somebody is), `shop`, `programme`, `store` (the desk's, or None), `links`,
    `lengths` (how much a field takes) and `flag_count` (what waits for a manager to look at it).

    `anonymous`: as nobody would see it, in that language, whoever is signed in.
    """
    lang = anonymous or language()
    someone = None if anonymous else signed_or_none()
    programme = access().programme()
    said: Callable[..., str] = partial(say, lang)
    html = render_template(
        f"staff/{template}.html",
        say=said,
        lang=lang,
        signed=someone,
        anonymous=anonymous is not None,
        programme=programme,
        shop=programme.shop.name.in_(lang),
        store=programme.store(someone.desk.store) if someone else None,
        flag_count=_flag_count(someone),
        links=_links(someone, programme),
        lengths=LENGTHS,
        **values,
    )
    return make_response(html, status)


def _flag_count(someone: SignedInStaff | None) -> int:
    """How many unusual patterns wait for whoever is signed in; none for who doesn't manage."""
    if someone is None or not someone.desk.manages:
        return 0
    with access().club.store.read() as uow:
        return flags.unseen(uow, store=None if someone.everywhere else someone.desk.store)


def stores() -> tuple[Branch, ...]:
    """The stores whose matters are those of whoever is signed in."""
    someone = signed()
    return tuple(s for s in access().programme().stores if someone.may_act_at(s.id))


def role(name: str) -> str:
    return words(f"staff.role.{name}")


def store_name(store: str | None) -> str:
    """The name of a store, or that it is every one; its id once the programme has it no more."""
    if store is None:
        return words("staff.store.every")
    known = access().programme().store(store)
    return known.name.in_(language()) if known else store


def when(at: datetime | None) -> str:
    """A moment on the shop's clock; "" for none."""
    return show(language(), access().programme().shop.local(at)) if at else ""


def _links(someone: SignedInStaff | None, programme: Programme) -> list[NavLink]:
    """Where somebody may go; nowhere before they have signed in."""
    if someone is None:
        return []
    off = set() if programme.visits.counter_qr else {"staff.qr"}
    return [link for link in LINKS if someone.desk.role in link.roles and link.endpoint not in off]


def words(key: str, **values: Any) -> str:
    """The text `key` in the reader's language."""
    return say(language(), key, **values)


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
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/staff/")
    return wanted if is_ours and "/../" not in f"{parts.path}/" else HOME


def number(name: str) -> int | None:
    """The number in a form's field, in any width, with or without commas; None for none."""
    wide = one_width(request.form.get(name, "")[:40])
    text = _AROUND_DIGITS.sub("", wide)
    return whole_number(text, 15)


def yen(name: str) -> int:
    """The amount in a form's field; 0 where it was left empty, -1 for what is no amount, which no
    action takes: what was mistyped must not pass for nothing."""
    if not request.form.get(name, "").strip():
        return 0
    amount = number(name)
    return amount if amount is not None and amount <= YEN_MAX else -1


def field(name: str, length_max: int) -> str:
    """What was typed into a form, without blanks at its ends; "" if there is nothing usable."""
    text = request.form.get(name, "").strip()
    return text if len(text) <= length_max and "\0" not in text else ""
