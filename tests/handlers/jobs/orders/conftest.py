import pytest

from tests.handlers.clubs import SmallClub
from tests.handlers.sellers import PlayedSystem, Selling, selling_of


@pytest.fixture
def system() -> PlayedSystem:
    return PlayedSystem()


@pytest.fixture
def selling(cafe: SmallClub, system: PlayedSystem) -> Selling:
    cafe.passes(days=1)
    return selling_of(cafe, system)
