import pytest

from tests.handlers.clubs import SmallClub


@pytest.fixture
def member(cafe: SmallClub) -> int:
    """Somebody on a day without a campaign."""
    joined = cafe.joins()
    cafe.passes(days=1)
    return joined
