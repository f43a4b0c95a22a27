from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bot.store import Store
from tests.bot.leaving.exports import fill
from tests.conftest import FreshDatabase


@pytest.fixture
def clubs(
    fresh_sqlite: FreshDatabase, fresh_postgresql: FreshDatabase
) -> Iterator[dict[str, list[str]]]:
    """Two empty databases of each kind, by their URLs."""
    with ExitStack() as stack:
        yield {
            kind: [stack.enter_context(fresh()) for _ in range(2)]
            for kind, fresh in (("sqlite", fresh_sqlite), ("postgresql", fresh_postgresql))
        }


@pytest.fixture
def full(fresh_sqlite: FreshDatabase) -> Iterator[Store]:
    with fresh_sqlite() as url:
        store = Store(url)
        fill(store)
        yield store
        store.close()
