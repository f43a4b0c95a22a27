import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Store
from bot.store.history import programs
from bot.store.history.programs import NoProgramme, Programmes
from tests.rules.examples import CAFE, GYM

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def test_before_the_first_version_there_is_none(store: Store) -> None:
    with pytest.raises(NoProgramme):
        Programmes(store).timeline()


def test_a_version_is_in_force_from_its_moment(store: Store) -> None:
    known = Programmes(store)
    with store.begin() as uow:
        assert programs.publish(uow, CAFE, since=NOW).new
        second = programs.publish(uow, GYM, since=NOW + timedelta(days=1))
    assert second.number == 2
    timeline = known.timeline()
    assert timeline.at(NOW).number == 1
    assert timeline.at(NOW + timedelta(days=1)).number == 2


def test_the_same_text_again_is_no_version(store: Store) -> None:
    with store.begin() as uow:
        programs.publish(uow, CAFE, since=NOW)
        again = programs.publish(uow, CAFE, since=NOW + timedelta(days=1))
    assert (again.number, again.since, again.new) == (1, NOW, False)


def test_a_version_never_comes_into_force_before_the_one_it_follows(store: Store) -> None:
    with store.begin() as uow:
        programs.publish(uow, CAFE, since=NOW)
        second = programs.publish(uow, GYM, since=NOW - timedelta(days=1))
    assert second.since > NOW


def test_a_broken_programme_is_not_published(store: Store) -> None:
    with pytest.raises(ValueError, match="format"), store.begin() as uow:
        programs.publish(uow, "format = 2", since=NOW)


def test_a_new_version_is_known_once_it_is_looked_for(store: Store) -> None:
    known = Programmes(store)
    with store.begin() as uow:
        programs.publish(uow, CAFE, since=NOW)
    assert known.timeline().latest.number == 1
    with store.begin() as uow:
        programs.publish(uow, GYM, since=NOW)
    assert known.timeline().latest.number == 1
    known.forget()
    assert known.timeline().latest.number == 2


def test_what_waits_for_its_moment_can_be_taken_back_and_is_forgotten(store: Store) -> None:
    known = Programmes(store)
    with store.begin() as uow:
        programs.publish(uow, CAFE, since=NOW)
        programs.publish(uow, GYM, since=NOW + timedelta(days=1))
    assert known.timeline().latest.number == 2
    with store.begin() as uow:
        assert programs.withdraw_after(uow, NOW + timedelta(hours=1)) == 1
        programs.publish(uow, CAFE + "#", since=NOW + timedelta(days=2))
        assert [v.text for v in programs.published(uow)] == [CAFE, CAFE + "#"]
    known.forget()
    # Another one has its number now.
    assert known.timeline().at(NOW + timedelta(days=1)).number == 1
    assert known.timeline().latest.since == NOW + timedelta(days=2)


def test_the_law_of_its_country_is_there_before_anybody_comes(store: Store) -> None:
    abroad = 'country = "IS"\ntimezone = "Asia/Tokyo"'
    with store.begin() as uow:
        programs.publish(uow, CAFE.replace('timezone = "Asia/Tokyo"', abroad), since=NOW)
    Programmes(store).timeline()
    assert "holidays.countries.iceland" in sys.modules


def test_the_first_version_is_published_once_whoever_else_begins(store: Store) -> None:
    with store.begin() as uow:
        assert programs.publish_first(uow, CAFE, since=NOW)
    with store.begin() as uow:
        assert not programs.publish_first(uow, GYM, since=NOW + timedelta(days=1))
        assert [each.text for each in programs.published(uow)] == [CAFE]
