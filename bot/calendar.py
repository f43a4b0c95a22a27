"""Public holidays, by the country's law (the `holidays` library)."""

from datetime import date
from functools import cache

from holidays import country_holidays


def is_public_holiday(country: str, day: date) -> bool:
    """Whether `day` is a public holiday in `country` (ISO 3166 code, e.g. JP).

    False all year for a country the library does not know.
    """
    return day in _of_year(country, day.year)


@cache
def _of_year(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
