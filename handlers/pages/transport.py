"""What holds for every request: that it was meant for us, that its address names what can be, that
what can't be read as JSON is none, and that browsers ask over HTTPS alone where we are reached
so."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from werkzeug.sansio.utils import host_is_trusted

#: No name that others could lead here by their own DNS.
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ELSEWHERE = "Nothing is served under this name. Its owner can add it to ALLOWED_HOSTS.\n"
#: A year, in seconds (RFC 6797).
_HTTPS_ONLY = "max-age=31536000"
#: What the smallest column of numbers can hold. No shop has more of anything that has an address.
_NUMBER_MAX = (1 << 31) - 1


def install(app: Flask, *, base_url: str, hosts: tuple[str, ...]) -> None:
    """For every address of `app`. `hosts`: names it is asked by, beside that of `base_url`; one
    that begins with a dot stands for all below it."""
    app.json = _Json(app)
    own = urlsplit(base_url)
    always = {own.hostname, *_LOOPBACK}

    @app.before_request
    def _refuse_other_hosts() -> ResponseReturnValue | None:
        # Whoever watches over us asks by whatever address the machine has just now.
        if request.blueprint == "health" or _name(request.host) in always:
            return None
        if hosts and host_is_trusted(request.host, hosts):
            return None
        return _ELSEWHERE, 400, {"Content-Type": "text/plain"}

    @app.before_request
    def _refuse_impossible() -> None:
        if any(map(is_impossible, (request.view_args or {}).values())):
            abort(404)

    @app.after_request
    def _lead_on_here(answer: Response) -> Response:
        """Redirects name no scheme and host: a proxy knows better than we what they were."""
        if answer.location and answer.location.startswith(request.host_url):
            answer.location = answer.location.removeprefix(request.host_url.rstrip("/"))
        if own.scheme == "https":
            answer.headers.setdefault("Strict-Transport-Security", _HTTPS_ONLY)
        return answer


def is_impossible(named: object) -> bool:
    """Whether no database can hold what an address names: it leads nowhere."""
    if isinstance(named, str):
        return "\0" in named
    return isinstance(named, int) and named > _NUMBER_MAX


class _Json(DefaultJSONProvider):
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """As always; but what is nested a thousand deep is no JSON, either."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as problem:
            raise ValueError("nested too deep") from problem


def _name(host: str) -> str:
    """The name in a Host header, without its port; "" if there is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
