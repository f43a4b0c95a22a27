from collections.abc import Iterator

import pytest

from tests.handlers.clubs import SmallClub
from tests.handlers.receivers import Telling, telling_from


@pytest.fixture
def telling(cafe: SmallClub) -> Iterator[Telling]:
    with telling_from(cafe) as telling:
        yield telling
