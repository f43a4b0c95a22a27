"""Public holidays, by the country's law (the `holidays` library)."""

import sys
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import Lock
from typing import Any

from holidays.registry import COUNTRIES

_PACKAGE = "holidays.countries"
_loading = Lock()


def is_public_holiday(country: str, day: date) -> bool:
    """Whether `day` is a public holiday in `country` (ISO 3166 code, e.g. JP).

    False all year for a country the library does not know.
    """
    return day in _of_year(country, day.year)


def learn(country: str) -> None:
    """Loads the country's law, so that nobody who asks for a day later waits for it."""
    _law(country)


@cache
def _of_year(country: str, year: int) -> frozenset[date]:
    law = _law(country)
    return frozenset(law(years=year)) if law else frozenset()


@cache
def _law(country: str) -> Callable[..., Iterable[date]] | None:
    """What makes the holidays of a year; None for a country the library does not know."""
    for module, names in COUNTRIES.items():
        if country in names[1:]:
            with _loading:
                law: Callable[..., Iterable[date]] = getattr(_alone(module), country)
                return law
    return None


def _alone(module: str) -> Any:
    """A country's module, without those of two hundred others.

    The package that holds them imports them all when it is imported itself. So an empty one stands
    in for it meanwhile, and gives way again to the library's own for whoever asks for that.
    """
    if _PACKAGE in sys.modules:
        return import_module(f"{_PACKAGE}.{module}")
    spec = find_spec(_PACKAGE)
    if spec is None:
        raise ImportError(_PACKAGE)
    sys.modules[_PACKAGE] = module_from_spec(spec)
    try:
        return import_module(f"{_PACKAGE}.{module}")
    finally:
        del sys.modules[_PACKAGE]
