"""The headers of pages that hold something secret: kept nowhere, framed nowhere, quiet."""

from flask import Response

#: Scripts and styles from our own files alone.
OWN_FILES_ONLY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def guarded(answer: Response) -> Response:
    """`answer` with the headers of a page that holds a code."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = OWN_FILES_ONLY
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
