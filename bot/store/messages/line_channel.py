"""LINE's channel, as it was connected in the console; what is kept of it is sealed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ..engine.db import Store, UnitOfWork
from ..tables import line_channel

_THE_ONE = 1


@dataclass(frozen=True, slots=True)
class SealedChannel:
    """The channel's secret and access token, sealed, and what the account is called."""

    secret: str
    token: str
    account: str

    @property
    def mark(self) -> str:
        """Another one for any other channel, which tells nothing of it."""
        return hashlib.sha256(f"{self.secret} {self.token}".encode()).hexdigest()


def find(uow: UnitOfWork) -> SealedChannel | None:
    """The channel; None where none was connected here."""
    row = uow.run(select(line_channel)).one_or_none()
    return SealedChannel(row.secret, row.token, row.account) if row else None


def put(uow: UnitOfWork, channel: SealedChannel, *, at: datetime) -> None:
    """Connects it, in place of any other."""
    uow.run(delete(line_channel))
    row = {"id": _THE_ONE, "secret": channel.secret, "token": channel.token}
    row |= {"account": channel.account, "connected_at": at}
    uow.run(insert(line_channel).values(row))


def channel_at(url: str) -> SealedChannel | None:
    """The channel that the database at `url` knows, before anything else is built on it. None also
    where there is no database yet, or an older one, or one that doesn't answer: it tells of none.
    """
    try:
        return _asked(url)
    except SQLAlchemyError:
        return None


def is_another_at(url: str, known: SealedChannel | None) -> bool:
    """Whether the database at `url` knows another channel than the one that was `known`. One that
    doesn't answer says nothing: nobody may take its silence for a channel that was given up."""
    try:
        return _asked(url) != known
    except SQLAlchemyError:
        return False


def _asked(url: str) -> SealedChannel | None:
    path = make_url(url).database
    if url.startswith("sqlite") and not (path and Path(path).exists()):
        return None
    store = Store(url)
    try:
        if not inspect(store.engine).has_table(line_channel.name):
            return None
        with store.read() as uow:
            return find(uow)
    finally:
        store.close()
