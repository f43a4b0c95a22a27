"""The blueprint of all that is below /staff, and what holds for each request there.

A POST needs the page's CSRF token (field `csrf_token`, or header `X-CSRFToken`), and every answer
has the same strict headers.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect

from ...headers import safe
from ...transport import is_impossible
from .sealed import CardConverter

#: So much is read of a request, and no more.
BODY_BYTES_MAX = 800_000
#: And one with a picture in it.
UPLOAD_BODY_MAX = 12_000_000
#: And one with the file of another system: a little more than is read of one.
FILE_BODY_MAX = 60_000_000
_TAKES_PICTURES = "kayoi_takes_pictures"
_View = TypeVar("_View", bound=Callable[..., object])
#: What is the same for everybody, and says itself how long it may be kept.
_KEPT_BY_BROWSERS = {"staff.static", "staff.file", "staff.icon", "staff.colours"}

#: Whoever adds a view to it says below its address who it is for (see `access`).
pages = Blueprint(
    "staff",
    "handlers.pages",
    url_prefix="/staff",
    template_folder="templates",
    static_folder="static/staff",
    static_url_path="/static",
)
_csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Gives `app` its tokens, and the pages: all of them must be imported by now."""
    # Each request of ours is checked below; those of machines (webhook, simulator) are not forms.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    # The cookie's __Host- name does what a look at the Referer would, and no proxy can spoil it.
    app.config.update(WTF_CSRF_SSL_STRICT=False)
    _csrf.init_app(app)
    app.url_map.converters["card"] = CardConverter
    app.register_blueprint(pages)


def takes_pictures(view: _View) -> _View:
    """Lets pictures be handed in to a view. It stands next to the view, below its guard."""
    vars(view)[_TAKES_PICTURES] = UPLOAD_BODY_MAX
    return view


def takes_many_pictures(view: _View) -> _View:
    """The same, of several at once as telephones take them."""
    vars(view)[_TAKES_PICTURES] = 3 * UPLOAD_BODY_MAX
    return view


def takes_files(view: _View) -> _View:
    """Lets the file of another system be handed in to a view, however many rows it has."""
    vars(view)[_TAKES_PICTURES] = FILE_BODY_MAX
    return view


def guard(blueprint: Blueprint, kept: set[str]) -> None:
    """Holds each request below `blueprint` to a form's token and size, and gives each answer the
    headers of a private page, but for `kept`, which browsers may keep."""

    def refuse_impossible() -> None:
        """404 for a question that names what no database can hold, as for a path that does
        (`transport`). And no more is read of a form than a form can hold, whoever sends it."""
        view = current_app.view_functions.get(request.endpoint or "")
        # A guard around the view has what the view has.
        its = vars(view) if view is not None else {}
        request.max_content_length = its.get(_TAKES_PICTURES, BODY_BYTES_MAX)
        if any(map(is_impossible, request.args.values())):
            abort(404)

    def private_unless_kept(answer: Response) -> Response:
        return safe(answer, "staff_file" if request.endpoint in kept else "staff")

    blueprint.before_request(refuse_impossible)
    blueprint.before_request(_csrf.protect)
    blueprint.after_request(private_unless_kept)


def private(answer: Response) -> Response:
    """With the headers of a private page."""
    return safe(answer, "staff")


guard(pages, _KEPT_BY_BROWSERS)
