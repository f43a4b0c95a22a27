"""What holds for every request: that it was meant for us, that its address names what can be, that
what can't be read as JSON is none, and that browsers ask over HTTPS alone where we are reached
so."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
    ours = _Address(base_url, hosts)

    @app.before_request
    def _refuse_other_hosts() -> ResponseReturnValue | None:
        # Whoever watches over us asks by whatever address the machine has just now.
        if request.blueprint == "health" or ours.is_asked_by(request.host):
            return None
        return _elsewhere()

    @app.before_request
    def _refuse_impossible() -> None:
        if any(map(is_impossible, (request.view_args or {}).values())):
            abort(404)

    @app.after_request
    def _lead_on_here(answer: Response) -> Response:
        """Redirects name no scheme and host: a proxy knows better than we what they were."""
        if answer.location and answer.location.startswith(request.host_url):
            answer.location = answer.location.removeprefix(request.host_url.rstrip("/"))
        for name, value in ours.headers:
            answer.headers.setdefault(name, value)
        return answer


def guarded(door: "WSGIApplication", *, base_url: str, hosts: tuple[str, ...]) -> "WSGIApplication":
    """The same for a `door` that Flask doesn't lead to."""
    ours = _Address(base_url, hosts)

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        def with_headers(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start(status, [*headers, *ours.headers], *error)

        if ours.is_asked_by(get_host(environ)):
            return door(environ, with_headers)
        return _elsewhere()(environ, with_headers)

    return answer


class _Address:
    """Where we are reached."""

    def __init__(self, base_url: str, hosts: tuple[str, ...]) -> None:
        own = urlsplit(base_url)
        self._always, self._hosts = {own.hostname, *_LOOPBACK}, hosts
        #: What every answer says.
        self.headers = [("Strict-Transport-Security", _HTTPS_ONLY)] * (own.scheme == "https")

    def is_asked_by(self, host: str) -> bool:
        """Whether who asks for that host means us."""
        if _name(host) in self._always:
            return True
        return bool(self._hosts) and host_is_trusted(host, self._hosts)


def _elsewhere() -> Response:
    return Response(_ELSEWHERE, 400, content_type="text/plain")


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
