"""How a page of the console is put together, and where one can go from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from ...staff.frame.access import may_see, signed
from ...staff.frame.layout import link, surroundings

link(45, "owner.home", "settings")


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
#: What belongs together: by name, up to which number (`owner.group.<name>` in the texts).
_GROUPS = {
    "monday": 5, "programme": 39, "messages": 56, "members": 59, "events": 65, "figures": 68,
    "heard": 69, "shop": 99,
}  # fmt: skip


def place(number: int, endpoint: str) -> None:
    """Leads to a page of this module from all others."""
    PLACES.append(Place(number, endpoint))


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Places that belong together; one goes to the first of them."""

    name: str
    places: tuple[Place, ...]

    @property
    def text(self) -> str:
        """The key of the text that names it."""
        return f"owner.group.{self.name}"


def page(template: str, *, status: int = 200, at: str = "", **values: Any) -> Response:
    """The page `owner/<template>.html`, which knows what the staff's pages know, the `groups` of
    places one can go to, and in which `group` at which `place` one is: None where at none. `at`:
    the endpoint of the place that the page belongs to, where its address doesn't say so."""
    groups = tuple(_groups())
    here = _place_of(url_for(at) if at else request.path)
    frame = {
        "groups": groups,
        "group": next((each for each in groups if here in each.places), None),
        "place": here,
    }
    html = render_template(
        f"owner/{template}.html", member_at=member_at, **frame, **surroundings(), **values
    )
    return make_response(html, status)


def member_at(number: str) -> str:
    """Where a member's page is: the owner's; for managers, whose members are fewer than those whom
    they see counted, the staff's."""
    return url_for("owner.member" if signed().desk.owns else "staff.member", number=number)


def _seen() -> list[Place]:
    """The places that the reader may see."""
    role = signed().desk.role
    return [each for each in sorted(PLACES) if may_see(each.endpoint, role)]


def _groups() -> Iterator[PlaceGroup]:
    seen, first = _seen(), 0
    for name, last in _GROUPS.items():
        places = tuple(each for each in seen if first <= each.number <= last)
        if places:
            yield PlaceGroup(name, places)
        first = last + 1


def _place_of(path: str) -> Place | None:
    """The place at this address, or the nearest one above it."""
    above = [each for each in PLACES if f"{path}/".startswith(f"{url_for(each.endpoint)}/")]
    return max(above, key=lambda each: len(url_for(each.endpoint)), default=None)
