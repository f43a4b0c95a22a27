"""How a page of the staff is put together: its words, its frame, and where one can go from it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

from bot.store.staff import Role
from rules.texts import say

from .access import access, language, signed_or_none

HOME = "/staff/"


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the navigation: its endpoint, the text that names it, and who sees it."""

    endpoint: str
    text: str
    roles: tuple[Role, ...] = ("owner", "manager", "staff")


_MANAGERS: tuple[Role, ...] = ("owner", "manager")

#: What stands in the navigation, in this order.
LINKS = (
    Link("staff.home", "staff.nav.home"),
    Link("staff.today", "staff.nav.today"),
    Link("staff.letters", "staff.nav.letters"),
)


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """The page `staff/<template>.html`. It knows `say` (a text by its key), `lang`, `signed` (None
    before somebody is), `shop`, `programme`, `store` (the desk's, or None) and `nav`."""
    lang, someone = language(), signed_or_none()
    programme = access().programme()
    said: Callable[..., str] = partial(say, lang)
    html = render_template(
        f"staff/{template}.html",
        say=said,
        lang=lang,
        signed=someone,
        programme=programme,
        shop=programme.shop.name.in_(lang),
        store=programme.store(someone.desk.store) if someone else None,
        nav=[link for link in LINKS if someone and someone.desk.role in link.roles],
        **values,
    )
    return make_response(html, status)


def words(key: str, **values: Any) -> str:
    """The text `key` in the reader's language."""
    return say(language(), key, **values)


def after(wanted: str | None) -> str:
    """Where to go on: `wanted` if it is one of the staff's own pages, else their first one.

    Whatever a browser could take for another host's address is not.
    """
    if not wanted or "\\" in wanted or not wanted.isprintable():
        return HOME
    parts = urlsplit(wanted)
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/staff/")
    return wanted if is_ours and "/../" not in f"{parts.path}/" else HOME


def field(name: str, length_max: int) -> str:
    """What was typed into a form, without blanks at its ends; "" if there is nothing usable."""
    text = request.form.get(name, "").strip()
    return text if len(text) <= length_max and "\0" not in text else ""
