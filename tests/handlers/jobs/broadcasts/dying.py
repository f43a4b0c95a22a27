"""A process that dies at a commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.store import Store


class Killed(BaseException):
    """The process dies here."""


@contextmanager
def dies_at(monkeypatch: pytest.MonkeyPatch, turn: int, *, after: bool) -> Iterator[list[int]]:
    """At the `turn`th transaction that writes: before it is committed, or right after."""
    begin: Callable[..., Any] = Store.begin
    count = [0]

    @contextmanager
    def dying(store: Store, **options: Any) -> Iterator[Any]:
        count[0] += 1
        mine = count[0]
        with begin(store, **options) as uow:
            yield uow
            if mine == turn and not after:
                raise Killed
        if mine == turn:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Store, "begin", dying)
        yield count
