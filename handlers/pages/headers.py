"""The security headers of every page of ours, by what kind of page it is.

Nothing is allowed but what is named: no page may be framed, none runs what stands in its HTML, and
what is secret is kept nowhere and tells no other site where somebody came from.
"""

from typing import Literal

from flask import Response

PageKind = Literal[
    "secret",
    "card",
    "mini_app",
    "sms",
    "programme",
    "newsletter",
    "share",
    "staff",
    "staff_file",
    "picture",
    "machine",
]


def _policy(*allowed: str, forms: str = "'none'") -> str:
    """A Content-Security-Policy of what is `allowed`; `forms`: where forms may be sent."""
    always = ("base-uri 'none'", f"form-action {forms}", "frame-ancestors 'none'")
    return "; ".join(("default-src 'none'", *allowed, *always))


_SECRET = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_STAFF_FILE = {
    "Content-Security-Policy": _policy(
        # The scanner's decoder is WebAssembly.
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        forms="'self'",
    ),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_HEADERS: dict[PageKind, dict[str, str]] = {
    # A page that holds a code: the card, a reward about to be used, the counter's QR.
    "secret": _SECRET
    | {
        "Content-Security-Policy": _policy(
            "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'"
        )
    },
    # A member's own page: forms, pictures, what makes it an app. Its address says nothing, and the
    # browser's word on where a request came from is wanted.
    "card": _SECRET
    | {
        "Content-Security-Policy": _policy(
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            forms="'self'",
        ),
        "Referrer-Policy": "same-origin",
    },
    # The same where LINE's SDK is loaded, which asks LINE.
    "mini_app": _SECRET
    | {
        "Content-Security-Policy": _policy(
            "script-src 'self' https://static.line-scdn.net",
            "style-src 'self'",
            "connect-src 'self' https://*.line.me https://*.line-scdn.net",
            "img-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            forms="'self'",
        ),
        "Referrer-Policy": "same-origin",
    },
    # The page behind an SMS's link: one form, no script.
    "sms": _SECRET | {"Content-Security-Policy": _policy("style-src 'self'", forms="'self'")},
    # The programme, for anybody.
    "programme": {
        "Cache-Control": "max-age=60",
        "Content-Security-Policy": _policy("style-src 'self'"),
        "X-Content-Type-Options": "nosniff",
    },
    # An issue of the newsletter, with its picture.
    "newsletter": {
        "Cache-Control": "max-age=60",
        "Content-Security-Policy": _policy("style-src 'self'", "img-src 'self'"),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    },
    "staff": _STAFF_FILE | {"Cache-Control": "no-store"},
    # What is the same for everybody, and says itself how long it may be kept.
    "staff_file": _STAFF_FILE,
    # What a member shares, for anybody, with the script that tells that somebody came.
    "share": _SECRET
    | {
        "Content-Security-Policy": _policy(
            "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'"
        )
    },
    # Pictures say themselves how long they may be kept.
    "picture": {"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"},
    # What machines ask: whether we are well.
    "machine": {"Cache-Control": "no-store"},
}


def safe(answer: Response, kind: PageKind) -> Response:
    """`answer` with the headers of its kind; those that it has already stay."""
    for name, value in _HEADERS[kind].items():
        answer.headers.setdefault(name, value)
    return answer
