"""How a page of the console is put together, and where one can go from it."""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ...staff.frame.access import manager_page, may_see, signed
from ...staff.frame.layout import link, surroundings
from .blueprint import pages

link(85, "owner.home", "settings")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A page one can go to from any page, if its guard lets one in. They stand by `number`."""

    number: int
    endpoint: str

    @property
    def text(self) -> str:
        """The key of the text that names it."""
        return f"owner.place.{self.endpoint.removeprefix('owner.')}"


#: Where one can go; each page's module adds its own.
PLACES: list[Place] = []


def place(number: int, endpoint: str) -> None:
    """Leads to a page of this module from all others."""
    PLACES.append(Place(number, endpoint))


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """The page `owner/<template>.html`, which knows what the staff's pages know, and `places`."""
    role = signed().desk.role
    seen = [each for each in sorted(PLACES) if may_see(each.endpoint, role)]
    html = render_template(f"owner/{template}.html", places=seen, **surroundings(), **values)
    return make_response(html, status)


@pages.get("/")
@manager_page
def home() -> ResponseReturnValue:
    """The first page that the reader may see: a manager has not all of them."""
    role = signed().desk.role
    first = next(each for each in sorted(PLACES) if may_see(each.endpoint, role))
    return redirect(url_for(first.endpoint), 303)
