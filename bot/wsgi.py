"""What stands before Flask."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def wrap(app: Flask, around: "Callable[[WSGIApplication], WSGIApplication]") -> None:
    """Puts something around all that stands there already."""
    app.wsgi_app = around(app.wsgi_app)  # type: ignore[assignment,method-assign]


def lead_past(app: Flask, rule: str, door: "WSGIApplication") -> None:
    """Has `door` answer each POST to the address `rule`, without Flask, which takes longer for a
    request than what little is done there. It knows that the address is there, and says so to
    whoever asks for it in another way."""
    app.add_url_rule(rule, rule, methods=["POST"])

    def around(others: "WSGIApplication") -> "WSGIApplication":
        def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
            is_its = environ.get("PATH_INFO") == rule and environ["REQUEST_METHOD"] == "POST"
            return (door if is_its else others)(environ, start)

        return answer

    wrap(app, around)
