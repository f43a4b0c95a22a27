"""A server on this machine, and a client that takes it for LINE."""

from collections.abc import Iterator

import pytest

from bot.line.client import LineClient
from tests.bot.line.loopback import Loopback, serving


@pytest.fixture
def line() -> Iterator[Loopback]:
    with serving() as loopback:
        yield loopback


@pytest.fixture
def outcomes() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def client(line: Loopback, outcomes: list[tuple[str, str]]) -> LineClient:
    return LineClient(
        "token",
        line.url,
        observe=lambda call, outcome: outcomes.append((call, outcome)),
    )
