"""Who is really away, and who is merely late."""

from datetime import date, timedelta

from rules.outlook.gone import GONE_BELOW, gone
from rules.science.drift import drift_on
from rules.science.learned import PRIOR
from tests.rules.builders import JOINED, club
from tests.rules.science.foretelling import falling
from tests.rules.science.test_pattern import came

SHOP = club().shop
LAST = 57
EVERY_THREE = came(*range(0, LAST + 1, 3))


def _on(days: int) -> date:
    return JOINED + timedelta(days=days)


def test_who_drifts_is_late_until_hardly_anybody_like_them_comes_again() -> None:
    drifts = drift_on(PRIOR, SHOP, EVERY_THREE)
    assert drifts
    assert gone(PRIOR, SHOP, EVERY_THREE, drifts) is None
    found = gone(PRIOR, SHOP, EVERY_THREE, drifts + timedelta(days=90))
    assert found is not None
    assert found.chance < GONE_BELOW
    assert found.drifts


def test_who_was_never_expected_is_not_gone() -> None:
    rare = falling(0.45, 0.1, after=19)
    often = falling(0.91, 0.1, after=19)
    assert gone(rare, SHOP, EVERY_THREE, _on(LAST + 60)) is None
    assert gone(often, SHOP, EVERY_THREE, _on(LAST + 60)) is not None


def test_whose_rhythm_is_not_known_is_not_told_of() -> None:
    assert gone(falling(0.91, 0.1, after=19), SHOP, came(0, 3, 6, 9), _on(80)) is None
