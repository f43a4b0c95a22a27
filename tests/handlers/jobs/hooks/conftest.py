from collections.abc import Iterator

import pytest

from tests.handlers.clubs import SmallClub
from tests.handlers.receivers import Receiver, Telling, receiver_on_loopback, telling_from


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiver_on_loopback() as receiver:
        yield receiver


@pytest.fixture
def telling(cafe: SmallClub) -> Iterator[Telling]:
    with telling_from(cafe) as telling:
        yield telling
