"""Where the QR of a poster, a flyer or a sign leads (`/from/<code>`): to the shop's chat, with the
code typed in, by which it is known what brought the member.

The address stands on paper: it leads to the chat for as long as there is one, also where the source
was closed, taken off the list, or never was.
"""

import structlog
from flask import Response, make_response, redirect

from bot.line.errors import LineError
from bot.store.members import sources
from handlers.club import Club
from rules.wording.words import Words

from ..current import current_club, current_programme
from ..headers import safe
from ..language import browser_language
from .reader import pages

log = structlog.get_logger("sources")


@pages.get("/from/<code>")
def lead_on(code: str) -> Response:
    club, lang = current_club(), browser_language()
    try:
        where = chat_of(club, code, Words(current_programme(), lang))
    except LineError as problem:
        # LINE doesn't tell us right now who we are: what there is to join can be read meanwhile.
        log.warning("link_not_made", kind=type(problem).__name__)
        where = club.programme_link(lang)
    return safe(make_response(redirect(where, 303)), "secret")


def chat_of(club: Club, code: str, words: Words) -> str:
    """The chat, with the code of a source typed in where it is one. Raises LineError."""
    with club.store.read() as uow:
        source = sources.by_code(uow, code.upper()) if code.isalnum() else None
    if source is None:
        return club.add_friend_link()
    return club.chat_link(words.say("chat.came_by.message", code=source.code))
