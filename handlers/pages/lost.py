"""What can't be answered outside of the staff's pages is told kindly, in the reader's language.

Nothing is asked of the club for it: neither whoever tries addresses costs anything, nor does what
went wrong go wrong again.
"""

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from rules.wording.texts import say

from .headers import safe
from .language import browser_language, page_language

#: The words of each status, by their name below `page.lost`.
_WORDS = {400: "old", 404: "missing", 405: "missing", 500: "broken"}


def install(app: Flask) -> None:
    for status in _WORDS:
        app.register_error_handler(status, lost)


def lost(error: HTTPException) -> ResponseReturnValue:
    """The page of that status; the status alone for whatever asks for no page in so many words: a
    program, a script, or what draws a picture."""
    if not any(kind == "text/html" for kind, _ in request.accept_mimetypes):
        return error
    status = error.code or 500
    lang = page_language(browser_language()).lang
    words = _WORDS[status]
    is_staff = request.path.startswith("/staff/")
    html = render_template(
        "programme/lost.html",
        lang=lang,
        title=say(lang, f"page.lost.{words}.title"),
        body=say(lang, f"page.lost.{words}.body"),
        onward="/staff/" if is_staff else f"/programme?lang={lang}",
        onward_words=say(lang, "page.lost.staff" if is_staff else "page.lost.programme"),
    )
    # With what HTTP wants of that status: which methods there are, for one.
    headers = dict(error.get_headers())
    headers["Content-Type"] = "text/html; charset=utf-8"
    return safe(Response(html, status, headers), "secret")
