"""The document of the API, for machines and people."""

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from ..frame.blueprint import pages
from ..frame.document import document

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@pages.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """What is the same for everybody, and holds nobody's data."""
    sent = jsonify(document())
    sent.headers["Cache-Control"] = "max-age=60"
    return sent


@pages.get("/docs")
def docs() -> ResponseReturnValue:
    sent = Response(render_template("api_docs.html"), mimetype="text/html")
    sent.headers["Content-Security-Policy"] = _POLICY
    return sent
