"""What the pages of a member's session share: their frame, and the way from one to the next."""

from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for

from handlers.showing.viewer import Viewer

from .session import form_token

#: The sections in the order in which they are offered.
SECTIONS = ("card", "points", "rewards", "badges", "events", "circle", "history", "me", "data")


@dataclass(frozen=True, slots=True)
class CardSection:
    """A page that one gets to from each of the others."""

    url: str
    name: str
    is_here: bool


def page(viewer: Viewer, template: str, **shown: object) -> Response:
    """A page of theirs, by its template below `card/`, which is handed `lang`, `say`, `shop`,
    `viewer`, the `sections` and the `form_token` beside what is `shown`."""
    here = request.endpoint
    html = render_template(
        f"card/{template}.html",
        lang=viewer.lang,
        say=viewer.words.say,
        shop=viewer.shop,
        viewer=viewer,
        form_token=form_token(),
        sections=[
            CardSection(
                url_for(f"card.{name}"),
                viewer.words.say(f"card_page.nav.{name}"),
                here == f"card.{name}",
            )
            for name in SECTIONS
            if name != "circle" or viewer.programme.circle is not None
        ],
        **shown,
    )
    return make_response(html)
