"""The blueprint of all that is below /api/v1, and what holds for each request there.

There is no session and no cookie, so no form's token either: whoever asks shows their key each
time.
"""

from flask import Blueprint, Response, request

from .problems import PREFIX, answer_on

#: So much is read of a request, and no more.
BODY_BYTES_MAX = 1_000_000

pages = Blueprint(
    "api",
    "handlers.api",
    url_prefix=PREFIX,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
answer_on(pages)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@pages.before_request
def _hold_to_size() -> None:
    request.max_content_length = BODY_BYTES_MAX


@pages.after_request
def private(sent: Response) -> Response:
    for name, value in _HEADERS.items():
        sent.headers.setdefault(name, value)
    return sent
