"""What the pages of a member's session share: their frame, and the way from one to the next."""

from flask import Response, current_app, make_response, render_template, request

from handlers.showing.viewer import Viewer

from .session import form_token

#: The sections in the order in which they are offered; one that has no page yet is left out.
_SECTIONS = ("card", "points", "rewards", "badges", "history", "me", "data")


def page(viewer: Viewer, template: str, **shown: object) -> Response:
    """A page of theirs, by its template below `card/`, which is handed `lang`, `say`, `shop`,
    `viewer` and the `form_token` beside what is `shown`."""
    html = render_template(
        f"card/{template}.html",
        lang=viewer.lang,
        say=viewer.words.say,
        shop=viewer.shop,
        viewer=viewer,
        form_token=form_token(),
        sections=[name for name in _SECTIONS if "card." + name in current_app.view_functions],
        section=(request.endpoint or "").removeprefix("card."),
        **shown,
    )
    return make_response(html)
