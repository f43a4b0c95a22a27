"""Whether a branch is open, and until or from when."""

from datetime import datetime

import pytest

from rules.outlook.opening import opening
from tests.rules.examples import LEAST, changed, least, programme

#: A bar in a town, open until two, shut on Mondays and over New Year.
BAR = changed(
    LEAST,
    (
        'legal_name = "店"',
        'legal_name = "店"\nhours = { start = 18:00:00, end = 02:00:00 }\n'
        'closed_weekdays = ["mon"]\n'
        "closed = [{ on = 2026-12-31, until = 2027-01-02 }]",
    ),
)


@pytest.mark.parametrize(
    ("at", "is_open", "until", "is_early", "is_open_day"),
    [
        ("2026-11-24T18:00", True, "2026-11-25T02:00", False, True),
        ("2026-11-25T01:59", True, "2026-11-25T02:00", False, True),
        # On Monday after midnight it is still Sunday there.
        ("2026-11-23T01:00", True, "2026-11-23T02:00", False, True),
        ("2026-11-25T02:00", False, "2026-11-25T18:00", False, True),
        ("2026-11-25T12:00", False, "2026-11-25T18:00", True, True),
        ("2026-11-23T20:00", False, "2026-11-24T18:00", False, False),
        ("2026-12-31T20:00", False, "2027-01-03T18:00", False, False),
    ],
)
def test_how_a_bar_stands(
    at: str, is_open: bool, until: str, is_early: bool, is_open_day: bool
) -> None:
    bar = programme(BAR)
    zone = bar.shop.zone
    found = opening(bar, "main", datetime.fromisoformat(at).replace(tzinfo=zone))
    assert found is not None
    assert found.until == datetime.fromisoformat(until).replace(tzinfo=zone)
    assert (found.is_open, found.is_early, found.is_open_day) == (is_open, is_early, is_open_day)


def test_of_a_shop_whose_hours_nobody_told_it_isnt_known() -> None:
    assert opening(least(), "main", datetime.fromisoformat("2026-11-24T18:00+09:00")) is None


def test_a_shop_that_is_shut_for_years_opens_nowhen() -> None:
    shut = changed(BAR, ("until = 2027-01-02", "until = 2036-01-02"))
    found = opening(programme(shut), "main", datetime.fromisoformat("2027-05-01T19:00+09:00"))
    assert found is not None
    assert (found.is_open, found.until) == (False, None)
