"""A member's own pages in the browser, reached by links from the chat: the card that moves, and a
reward about to be used. No log-in: the link is the secret, and good for a short time."""

from flask import Blueprint, Response

from handlers.club import Club
from handlers.pages.counter import colours_css

from .live import add_live_pages
from .use import add_use_pages


def card_blueprint(club: Club) -> Blueprint:
    """`/card/<token>/` and `/card/use/<token>/`: the pages, with `code` and `state` (JSON) below
    each, and the shop's `colours.css`."""
    pages = Blueprint(
        "card",
        __name__,
        template_folder="../templates",
        static_folder="../static/card",
        static_url_path="/card/static",
    )

    @pages.get("/card/colours.css")
    def colours() -> Response:
        accent = club.timeline().at(club.now()).programme.shop.accent
        return Response(colours_css(accent), content_type="text/css; charset=utf-8")

    add_use_pages(pages, club)
    add_live_pages(pages, club)
    return pages
