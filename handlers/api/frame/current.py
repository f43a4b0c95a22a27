"""The club and the system that this request is about and of."""

from contextlib import AbstractContextManager

from flask import Flask, current_app, g

from bot.store.history import claims
from handlers.actions.recording.actor import ApiClient
from handlers.actions.recording.work import Work
from handlers.club import Club

_EXTENSION = "kayoi.api.club"


def install(app: Flask, club: Club) -> None:
    """Makes `club` the one that systems ask through `app`."""
    app.extensions[_EXTENSION] = club


def current_club() -> Club:
    club: Club = current_app.extensions[_EXTENSION]
    return club


def asking() -> ApiClient:
    """Who asks; LookupError where no key was looked at."""
    client: ApiClient | None = g.get("api_client")
    if client is None:
        raise LookupError("nobody showed a key")
    return client


def api_work() -> AbstractContextManager[Work]:
    """A transaction of the system that asks, under the key that it made for this request."""
    return current_club().work(asking(), key=asking().key(g.api_idempotency_key))


def is_repeat(work: Work) -> bool:
    """Whether this request was answered before: what only a first one must meet is no matter."""
    return claims.is_claimed(work.uow, work.key)


def reading() -> AbstractContextManager[Work]:
    """The same for looking only."""
    return current_club().reading(asking())
