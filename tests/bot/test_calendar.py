import subprocess
import sys
from datetime import date

import pytest

from bot.calendar import is_public_holiday


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),  # 元日
        date(2026, 1, 12),  # 成人の日, a Monday
        date(2026, 5, 6),  # 振替休日
        date(2026, 9, 22),  # 国民の休日, between two others
        date(2027, 3, 22),  # 振替休日 of 春分の日
    ],
)
def test_japans_holidays_are_known(day: date) -> None:
    assert is_public_holiday("JP", day)


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 5, 7), date(2026, 12, 25)])
def test_other_days_are_none(day: date) -> None:
    assert not is_public_holiday("JP", day)


def test_a_country_that_nobody_knows_has_none() -> None:
    assert not is_public_holiday("XX", date(2026, 1, 1))


_LOADED = """
import sys
from datetime import date
from bot.calendar import is_public_holiday
assert is_public_holiday("JP", date(2026, 1, 1))
print(*(name for name in sys.modules if name.startswith("holidays.countries")))
"""


def test_no_other_countrys_law_is_loaded() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["holidays.countries.japan"]
