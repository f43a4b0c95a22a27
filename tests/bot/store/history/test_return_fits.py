from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.store import Store
from bot.store.history import programs, return_fits
from bot.store.history.programs import Programmes
from bot.store.history.return_fits import ReturnFit
from bot.store.tables import return_fits as table
from rules.science.learned import PRIOR
from rules.science.model import ReturnModel
from rules.science.quality import Quality
from tests.rules.examples import CAFE

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
MONDAY = date(2026, 1, 5)
#: Those of a club whose members come and go as those of no other.
LEARNED = replace(
    PRIOR,
    by_horizon={**PRIOR.by_horizon, 30: ReturnModel(30, tuple(n / 7 for n in range(22)))},
    fitted_on=MONDAY,
    qualities={30: Quality(80, 0.83, 0.11)},
)
SHIPPED = {30: Quality(80, 0.81, 0.12), 60: Quality(80, 0.79, 0.14)}
FIT = ReturnFit(NOW, LEARNED, SHIPPED)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    with store.begin() as uow:
        programs.publish(uow, CAFE, since=NOW)
    yield store
    store.close()


def learns(store: Store) -> None:
    with store.begin() as uow:
        return_fits.add(uow, FIT)


def test_what_was_learned_last_is_gone_by_to_the_last_digit(store: Store) -> None:
    with store.begin() as uow:
        assert return_fits.newest(uow) is None
        return_fits.add(uow, ReturnFit(NOW - timedelta(days=7), replace(PRIOR, fitted_on=MONDAY)))
        return_fits.add(uow, FIT)
        assert return_fits.newest(uow) == FIT
    assert FIT.worse == (60,)


def test_a_process_that_served_before_goes_by_a_fit_once_it_looks_again(store: Store) -> None:
    one, other = Programmes(store), Programmes(store)
    assert one.timeline().models == other.timeline().models == PRIOR
    learns(store)
    one.forget()
    assert one.timeline().models == LEARNED
    assert other.timeline().models == PRIOR
    other.forget()
    assert other.timeline().models == LEARNED
    assert other.timeline().latest.number == 1


def test_what_another_version_wrote_in_its_own_way_is_left_aside(store: Store) -> None:
    learns(store)
    for text in ("[]", '{"weights": {}}', '{"weights": {"14": [1.0]}}', "no json"):
        with store.begin() as uow:
            uow.run(update(table).values(models=text))
            assert return_fits.newest(uow) is None
        assert Programmes(store).timeline().models == PRIOR
