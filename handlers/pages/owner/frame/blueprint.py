"""The blueprint of all that is below /owner. Requests and answers are held to what those of the
staff's pages are, and people sign in there."""

from flask import Blueprint

from ...staff.frame.blueprint import guard
from ...staff.frame.errors import answer_on

#: Whoever adds a view to it says below its address who it is for (`staff.frame.access`).
pages = Blueprint(
    "owner",
    "handlers.pages",
    url_prefix="/owner",
    template_folder="templates",
    static_folder="static/owner",
    static_url_path="/static",
)
guard(pages, {"owner.static"})
answer_on(pages)
