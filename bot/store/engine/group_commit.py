"""Group commit: those who want to write the same kind of thing at the same moment share one commit.

A commit waits for the disk, and on SQLite for its turn too; what it holds hardly matters. Whoever
comes while another commit is under way joins the next one. Nobody waits for company: alone, a
caller commits at once. PostgreSQL has those who commit at the same moment share their wait by
itself: there each caller commits alone.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

import structlog

from .db import Store, UnitOfWork

log = structlog.get_logger(__name__)

Item = TypeVar("Item")


class _Batch(Generic[Item]):
    """What goes into one commit. Its leader holds `under_way` until it is over."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.kept = False
        self.under_way = Lock()
        self.under_way.acquire()


class GroupCommit(Generic[Item]):
    """Writes items durably, those of concurrent callers together.

    `write` puts items into one unit of work, by one statement, and gives how many were new.
    `written` is told `(items, new)` once for each commit, after it. Both may be called from any
    thread that writes.
    """

    def __init__(
        self,
        store: Store,
        write: Callable[[UnitOfWork, Sequence[Item]], int],
        written: Callable[[int, int], None],
    ) -> None:
        self._store, self._write, self._written = store, write, written
        self._joining = Lock()
        self._turn = Lock()
        self._open: _Batch[Item] | None = None

    def add(self, items: Sequence[Item]) -> None:
        """Returns when `items` are committed, and raises what kept them from it.

        A commit that failed is not shared: each of its callers tries again alone, so that what is
        wrong with one caller's items is nobody else's trouble.
        """
        if not self._store.is_sqlite:
            self._alone(items)
            return
        with self._joining:
            leads = self._open is None
            batch = self._open = self._open or _Batch()
            batch.items.extend(items)
        if leads:
            self._commit(batch)
        else:
            # Passed on from one to the next, so that they don't all wake at once.
            with batch.under_way:
                pass
        if not batch.kept:
            self._alone(items)

    def _commit(self, batch: _Batch[Item]) -> None:
        """Commits the batch; others join it until the transaction has begun."""
        try:
            with self._turn, self._store.begin() as uow:
                self._close(batch)
                new = self._write(uow, batch.items)
            batch.kept = True
            self._written(len(batch.items), new)
        except Exception:
            log.warning("group_commit_failed", items=len(batch.items), exc_info=True)
        finally:
            self._close(batch)
            batch.under_way.release()

    def _close(self, batch: _Batch[Item]) -> None:
        with self._joining:
            if self._open is batch:
                self._open = None

    def _alone(self, items: Sequence[Item]) -> None:
        with self._store.stroke(durable=True) as uow:
            new = self._write(uow, items)
        self._written(len(items), new)
